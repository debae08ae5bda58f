import type { ObjectKind } from '../../../../shared/model/catalog';
import { quoteIdent, quoteQualified } from '../../../../shared/model/quote';
import type { PgSession } from '../../../adapters/postgres/session';
import { sqlFor, type VersionedSql } from '../kinds/kind';
import { aclJson, privilegeStatements, type AclEntry } from './acl';
import { PHASE, pieceObject, type Piece } from './piece';

interface GivenRow {
  readonly id: string;
  readonly kind: ObjectKind;
  /** What GRANT calls it. */
  readonly noun: string;
  readonly schema: string;
  readonly name: string;
  /** Argument types of a function; null for what has none. */
  readonly types: string | null;
  /** Column of a relation; null for the whole. */
  readonly column: string | null;
  readonly owner: string;
  readonly acl: readonly AclEntry[] | null;
  readonly initial: readonly AclEntry[];
}

/**
 * What came with the server or an extension, whose privileges aren't those that it came with. `initial` falls back to the defaults of
 * the kind, as `letter` names it to acldefault.
 */
const given = (row: {
  catalog: string;
  kind: string;
  noun: string;
  schema: string;
  name: string;
  types?: string;
  owner: string;
  acl: string;
  letter: string;
  from?: string;
  where?: string;
}): string => `
SELECT '${row.catalog}:' || o.oid AS id, ${row.kind} AS kind, ${row.noun} AS noun, ${row.schema} AS schema, ${row.name} AS name,
       ${row.types ?? 'NULL'} AS types, NULL AS "column", pg_catalog.pg_get_userbyid(${row.owner}) AS owner, ${aclJson(row.acl)} AS acl,
       ${aclJson(`coalesce(i.initprivs, pg_catalog.acldefault(${row.letter}, ${row.owner}))`)} AS initial
  FROM pg_catalog.${row.catalog} o ${row.from ?? ''}
  LEFT JOIN pg_catalog.pg_init_privs i ON i.objoid = o.oid AND i.objsubid = 0 AND i.classoid = 'pg_catalog.${row.catalog}'::pg_catalog.regclass
 WHERE ${row.acl} IS NOT NULL AND ${row.acl} IS DISTINCT FROM i.initprivs AND ${row.where ?? 'true'}
   AND (o.oid < 16384 OR EXISTS (SELECT FROM pg_catalog.pg_depend e WHERE e.deptype = 'e' AND e.objid = o.oid
     AND e.classid = 'pg_catalog.${row.catalog}'::pg_catalog.regclass))`;

const RELATION_KIND = `CASE o.relkind WHEN 'S' THEN 'sequence' WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized-view'
  WHEN 'f' THEN 'foreign-table' ELSE 'table' END`;
/** Of the information schema nobody knows what it came with. */
const IN_SCHEMA = (namespace: string): string =>
  `JOIN pg_catalog.pg_namespace n ON n.oid = o.${namespace} AND n.nspname <> 'information_schema'`;

const COLUMNS = `
SELECT 'pg_class:' || o.oid || '.' || a.attnum AS id, ${RELATION_KIND} AS kind, 'TABLE' AS noun, n.nspname AS schema, o.relname AS name,
       NULL AS types, a.attname AS "column", pg_catalog.pg_get_userbyid(o.relowner) AS owner, ${aclJson('a.attacl')} AS acl,
       ${aclJson("coalesce(i.initprivs, pg_catalog.acldefault('c', o.relowner))")} AS initial
  FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class o ON o.oid = a.attrelid ${IN_SCHEMA('relnamespace')}
  LEFT JOIN pg_catalog.pg_init_privs i ON i.objoid = o.oid AND i.objsubid = a.attnum AND i.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass
 WHERE a.attacl IS NOT NULL AND a.attacl IS DISTINCT FROM i.initprivs AND NOT a.attisdropped
   AND (o.oid < 16384 OR EXISTS (SELECT FROM pg_catalog.pg_depend e WHERE e.deptype = 'e' AND e.objid = o.oid
     AND e.classid = 'pg_catalog.pg_class'::pg_catalog.regclass))`;

const privileges = (functionKind: string, functionNoun: string): string =>
  [
    given({
      catalog: 'pg_class',
      kind: RELATION_KIND,
      noun: "CASE o.relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END",
      schema: 'n.nspname',
      name: 'o.relname',
      owner: 'o.relowner',
      acl: 'o.relacl',
      letter: "CASE o.relkind WHEN 'S' THEN 's'::\"char\" ELSE 'r'::\"char\" END",
      from: IN_SCHEMA('relnamespace'),
    }),
    COLUMNS,
    given({
      catalog: 'pg_proc',
      kind: functionKind,
      noun: functionNoun,
      schema: 'n.nspname',
      name: 'o.proname',
      types: 'pg_catalog.oidvectortypes(o.proargtypes)',
      owner: 'o.proowner',
      acl: 'o.proacl',
      letter: "'f'",
      from: IN_SCHEMA('pronamespace'),
    }),
    given({
      catalog: 'pg_type',
      kind: "CASE o.typtype WHEN 'd' THEN 'domain' ELSE 'type' END",
      noun: "'TYPE'",
      schema: 'n.nspname',
      name: 'o.typname',
      owner: 'o.typowner',
      acl: 'o.typacl',
      letter: "'T'",
      from: IN_SCHEMA('typnamespace'),
    }),
    given({
      catalog: 'pg_namespace',
      kind: "'schema'",
      noun: "'SCHEMA'",
      schema: "''",
      name: 'o.nspname',
      owner: 'o.nspowner',
      acl: 'o.nspacl',
      letter: "'n'",
      where: "o.nspname NOT IN ('public', 'information_schema')",
    }),
    ...(
      [
        ['pg_language', 'lan', 'language', 'LANGUAGE', 'l'],
        ['pg_foreign_data_wrapper', 'fdw', 'foreign-data-wrapper', 'FOREIGN DATA WRAPPER', 'F'],
        ['pg_foreign_server', 'srv', 'foreign-server', 'FOREIGN SERVER', 'S'],
      ] as const
    ).map(([catalog, prefix, kind, noun, letter]) =>
      given({
        catalog,
        kind: `'${kind}'`,
        noun: `'${noun}'`,
        schema: "''",
        name: `o.${prefix}name`,
        owner: `o.${prefix}owner`,
        acl: `o.${prefix}acl`,
        letter: `'${letter}'`,
      }),
    ),
  ].join('\nUNION ALL ');

const PRIVILEGES: VersionedSql = {
  100000: privileges("CASE WHEN o.proisagg THEN 'aggregate' ELSE 'function' END", "'FUNCTION'"),
  110000: privileges(
    "CASE o.prokind WHEN 'a' THEN 'aggregate' WHEN 'p' THEN 'procedure' ELSE 'function' END",
    "CASE o.prokind WHEN 'p' THEN 'PROCEDURE' ELSE 'FUNCTION' END",
  ),
};

/** Privileges that people granted or revoked on what is there without them: things of the server and of extensions. */
export async function givenPrivilegePieces(session: PgSession, signal: AbortSignal): Promise<Piece[]> {
  const rows = await session.query<GivenRow>(sqlFor(PRIVILEGES, session.serverVersionNum), [], signal);
  return rows.flatMap((row): Piece[] => {
    const name = quoteQualified(row.schema, row.name);
    const types = row.types === null ? '' : `(${row.types})`;
    const target = `${row.noun} ${name}${types}`;
    const statements = privilegeStatements(
      target,
      { acl: row.acl, defaults: row.initial, owner: row.owner },
      row.column === null ? undefined : quoteIdent(row.column),
    );
    return statements.length === 0
      ? []
      : [
          {
            id: `given:${row.id}`,
            object: pieceObject(row.kind, row.schema, `${row.name}${types}`),
            phase: PHASE.privileges - 1,
            name: `${target} ${row.column ?? ''}`,
            sql: statements.join('\n'),
            needs: [],
          },
        ];
  });
}
