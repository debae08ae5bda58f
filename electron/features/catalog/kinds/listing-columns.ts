import type { FolderKind } from '../../../../shared/model/catalog';
import { enabledWords, estimatedRows, functionName, utc } from './facts';

/** Columns of a folder's grid beside the name. */
export interface ListingDefinition {
  /** Catalog that the comments of its things hang on; none have comments without it. */
  readonly catalog?: string;
  /** Their comments are kept for the whole server. */
  readonly shared?: true;
  /** Key in the translations of `catalog.columns`, and its value over the folder's own FROM; null is the note. Nothing that reads files: grids hold 50,000 rows. */
  readonly columns: readonly (readonly [key: string, sql: string | null])[];
}

const owner = (column: string) => ['owner', `pg_catalog.pg_get_userbyid(${column})`] as const;
const type = (column: string): string => `CASE WHEN ${column} <> 0 THEN pg_catalog.format_type(${column}, NULL) END`;

const ESTIMATES = [
  ['estimatedRows', `CASE WHEN c.relkind IN ('r', 'm') THEN ${estimatedRows('c')} END`],
  [
    'estimatedSize',
    "CASE WHEN c.relkind IN ('r', 'm') THEN c.relpages::int8 * pg_catalog.current_setting('block_size')::int8 END",
  ],
] as const;

const FUNCTION: ListingDefinition = {
  catalog: 'pg_proc',
  columns: [
    ['arguments', null],
    ['returnType', 'pg_catalog.pg_get_function_result(p.oid)'],
    ['language', '(SELECT l.lanname FROM pg_catalog.pg_language l WHERE l.oid = p.prolang)'],
    owner('p.proowner'),
  ],
};

/** Grid of every folder. */
export const LISTINGS: Readonly<Record<FolderKind, ListingDefinition>> = {
  databases: {
    catalog: 'pg_database',
    shared: true,
    columns: [
      owner('d.datdba'),
      ['encoding', 'pg_catalog.pg_encoding_to_char(d.encoding)'],
      ['collation', 'd.datcollate'],
      ['tablespace', '(SELECT t.spcname FROM pg_catalog.pg_tablespace t WHERE t.oid = d.dattablespace)'],
      ['connectionLimit', 'd.datconnlimit'],
    ],
  },
  roles: {
    catalog: 'pg_authid',
    shared: true,
    columns: [
      ['canLogin', 'r.rolcanlogin'],
      ['superuser', 'r.rolsuper'],
      ['createDatabases', 'r.rolcreatedb'],
      ['createRoles', 'r.rolcreaterole'],
      ['inherit', 'r.rolinherit'],
      ['replication', 'r.rolreplication'],
      ['bypassRls', 'r.rolbypassrls'],
      ['connectionLimit', 'r.rolconnlimit'],
      ['validUntil', utc('r.rolvaliduntil')],
    ],
  },
  tablespaces: {
    catalog: 'pg_tablespace',
    shared: true,
    columns: [owner('t.spcowner'), ['location', "nullif(pg_catalog.pg_tablespace_location(t.oid), '')"]],
  },
  replicas: {
    columns: [
      ['process', 'r.pid'],
      ['user', 'r.usename'],
      ['clientAddress', 'host(r.client_addr)'],
      ['state', null],
    ],
  },
  schemas: { catalog: 'pg_namespace', columns: [owner('n.nspowner')] },
  catalogs: { catalog: 'pg_namespace', columns: [owner('n.nspowner')] },
  extensions: {
    catalog: 'pg_extension',
    columns: [
      ['version', null],
      ['schema', '(SELECT n.nspname FROM pg_catalog.pg_namespace n WHERE n.oid = e.extnamespace)'],
      owner('e.extowner'),
    ],
  },
  casts: {
    catalog: 'pg_cast',
    columns: [
      ['source', type('k.castsource')],
      ['target', type('k.casttarget')],
      [
        'function',
        "CASE k.castmethod WHEN 'i' THEN 'WITH INOUT' WHEN 'b' THEN 'WITHOUT FUNCTION' ELSE k.castfunc::pg_catalog.regproc::text END",
      ],
      ['context', "CASE k.castcontext WHEN 'i' THEN 'IMPLICIT' WHEN 'a' THEN 'ASSIGNMENT' ELSE 'EXPLICIT' END"],
    ],
  },
  transforms: {
    catalog: 'pg_transform',
    columns: [
      ['language', null],
      ['fromSql', functionName('x.trffromsql')],
      ['toSql', functionName('x.trftosql')],
    ],
  },
  'access-methods': {
    catalog: 'pg_am',
    columns: [
      ['variant', null],
      ['handler', 'm.amhandler::text'],
    ],
  },
  'event-triggers': {
    catalog: 'pg_event_trigger',
    columns: [
      owner('e.evtowner'),
      ['event', null],
      ['enabled', enabledWords('e.evtenabled')],
      ['function', functionName('e.evtfoid')],
    ],
  },
  'foreign-data-wrappers': {
    catalog: 'pg_foreign_data_wrapper',
    columns: [
      owner('w.fdwowner'),
      ['handler', functionName('w.fdwhandler')],
      ['validator', functionName('w.fdwvalidator')],
    ],
  },
  'foreign-servers': {
    catalog: 'pg_foreign_server',
    columns: [owner('s.srvowner'), ['type', 's.srvtype'], ['version', 's.srvversion']],
  },
  'user-mappings': { columns: [] },
  languages: { catalog: 'pg_language', columns: [owner('l.lanowner'), ['trusted', 'l.lanpltrusted']] },
  publications: {
    catalog: 'pg_publication',
    columns: [
      owner('p.pubowner'),
      ['allTables', 'p.puballtables'],
      ['tables', '(SELECT count(*) FROM pg_catalog.pg_publication_rel r WHERE r.prpubid = p.oid)'],
    ],
  },
  subscriptions: {
    catalog: 'pg_subscription',
    columns: [
      owner('s.subowner'),
      ['active', 's.subenabled'],
      ['publications', "pg_catalog.array_to_string(s.subpublications, ', ')"],
      ['slotName', 's.subslotname'],
    ],
  },
  tables: {
    catalog: 'pg_class',
    columns: [owner('c.relowner'), ['partitioned', "c.relkind = 'p'"], ...ESTIMATES],
  },
  partitions: { catalog: 'pg_class', columns: [['bound', null], owner('c.relowner'), ...ESTIMATES] },
  'foreign-tables': {
    catalog: 'pg_class',
    columns: [
      owner('c.relowner'),
      [
        'server',
        '(SELECT s.srvname FROM pg_catalog.pg_foreign_table f JOIN pg_catalog.pg_foreign_server s ON s.oid = f.ftserver WHERE f.ftrelid = c.oid)',
      ],
    ],
  },
  views: { catalog: 'pg_class', columns: [owner('c.relowner')] },
  'materialized-views': {
    catalog: 'pg_class',
    columns: [owner('c.relowner'), ['populated', 'c.relispopulated'], ...ESTIMATES],
  },
  sequences: {
    catalog: 'pg_class',
    columns: [
      owner('c.relowner'),
      [
        'type',
        '(SELECT pg_catalog.format_type(s.seqtypid, NULL) FROM pg_catalog.pg_sequence s WHERE s.seqrelid = c.oid)',
      ],
      ['increment', '(SELECT s.seqincrement FROM pg_catalog.pg_sequence s WHERE s.seqrelid = c.oid)'],
    ],
  },
  functions: FUNCTION,
  procedures: FUNCTION,
  'trigger-functions': FUNCTION,
  aggregates: FUNCTION,
  types: {
    catalog: 'pg_type',
    columns: [
      owner('t.typowner'),
      [
        'variant',
        "CASE WHEN NOT t.typisdefined THEN 'SHELL' WHEN t.typtype = 'c' THEN 'COMPOSITE' WHEN t.typtype = 'e' THEN 'ENUM' WHEN t.typtype = 'r' THEN 'RANGE' WHEN t.typtype = 'p' THEN 'PSEUDO' ELSE 'BASE' END",
      ],
    ],
  },
  domains: {
    catalog: 'pg_type',
    columns: [owner('t.typowner'), ['type', null], ['notNull', 't.typnotnull'], ['default', 't.typdefault']],
  },
  'domain-constraints': {
    catalog: 'pg_constraint',
    columns: [
      ['definition', null],
      ['validated', 'c.convalidated'],
    ],
  },
  collations: {
    catalog: 'pg_collation',
    columns: [
      owner('c.collowner'),
      [
        'provider',
        "CASE c.collprovider WHEN 'c' THEN 'libc' WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin' ELSE 'default' END",
      ],
      ['version', 'c.collversion'],
    ],
  },
  conversions: {
    catalog: 'pg_conversion',
    columns: [
      owner('c.conowner'),
      ['source', 'pg_catalog.pg_encoding_to_char(c.conforencoding)'],
      ['target', 'pg_catalog.pg_encoding_to_char(c.contoencoding)'],
      ['isDefault', 'c.condefault'],
    ],
  },
  operators: {
    catalog: 'pg_operator',
    columns: [
      owner('o.oprowner'),
      ['leftType', type('o.oprleft')],
      ['rightType', type('o.oprright')],
      ['resultType', type('o.oprresult')],
      ['function', functionName('o.oprcode')],
    ],
  },
  'operator-classes': {
    catalog: 'pg_opclass',
    columns: [
      owner('o.opcowner'),
      ['accessMethod', null],
      ['type', type('o.opcintype')],
      ['isDefault', 'o.opcdefault'],
    ],
  },
  'operator-families': { catalog: 'pg_opfamily', columns: [owner('o.opfowner'), ['accessMethod', null]] },
  'text-search-configurations': { catalog: 'pg_ts_config', columns: [owner('c.cfgowner'), ['parser', null]] },
  'text-search-dictionaries': { catalog: 'pg_ts_dict', columns: [owner('d.dictowner'), ['template', null]] },
  'text-search-parsers': { catalog: 'pg_ts_parser', columns: [] },
  'text-search-templates': { catalog: 'pg_ts_template', columns: [] },
  'statistics-objects': { catalog: 'pg_statistic_ext', columns: [owner('s.stxowner'), ['table', null]] },
  columns: {
    catalog: 'pg_class',
    columns: [
      ['type', null],
      [
        'primaryKey',
        "EXISTS (SELECT FROM pg_catalog.pg_constraint k WHERE k.conrelid = $1 AND k.contype = 'p' AND a.attnum = ANY (k.conkey))",
      ],
      ['notNull', 'a.attnotnull'],
      [
        'default',
        '(SELECT pg_catalog.pg_get_expr(d.adbin, d.adrelid) FROM pg_catalog.pg_attrdef d WHERE d.adrelid = a.attrelid AND d.adnum = a.attnum)',
      ],
    ],
  },
  constraints: {
    catalog: 'pg_constraint',
    columns: [
      [
        'variant',
        "CASE c.contype WHEN 'p' THEN 'PRIMARY KEY' WHEN 'f' THEN 'FOREIGN KEY' WHEN 'u' THEN 'UNIQUE' WHEN 'x' THEN 'EXCLUDE' ELSE 'CHECK' END",
      ],
      ['definition', null],
      ['validated', 'c.convalidated'],
    ],
  },
  indexes: {
    catalog: 'pg_class',
    columns: [
      ['accessMethod', null],
      ['unique', 'x.indisunique'],
      ['primaryKey', 'x.indisprimary'],
      ['valid', 'x.indisvalid'],
      ['definition', 'pg_catalog.pg_get_indexdef(i.oid)'],
    ],
  },
  triggers: {
    catalog: 'pg_trigger',
    columns: [
      ['enabled', enabledWords('t.tgenabled')],
      ['definition', 'pg_catalog.pg_get_triggerdef(t.oid)'],
    ],
  },
  rules: {
    catalog: 'pg_rewrite',
    columns: [
      ['event', null],
      ['enabled', enabledWords('r.ev_enabled')],
      ['definition', 'pg_catalog.pg_get_ruledef(r.oid, true)'],
    ],
  },
  policies: {
    catalog: 'pg_policy',
    columns: [
      ['event', null],
      ['using', 'pg_catalog.pg_get_expr(p.polqual, p.polrelid)'],
      ['withCheck', 'pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid)'],
    ],
  },
};
