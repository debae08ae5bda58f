import { quoteIdent, quoteLiteral, quoteQualified } from '../../../../shared/model/quote';
import type { PgSession } from '../../../adapters/postgres/session';
import { sqlFor, type VersionedSql } from '../kinds/kind';
import { aclJson, privilegeStatements, type AclEntry } from './acl';
import { attachmentStatements, labelsJson, PHASE, pieceObject, type Attachments, type Piece } from './piece';
import type { Scope } from './scope';

interface EventTriggerRow {
  readonly oid: number;
  readonly name: string;
  readonly event: string;
  readonly tags: readonly string[] | null;
  readonly schema: string;
  readonly function: string;
  readonly owner: string;
  readonly enabled: string;
  readonly comment: string | null;
  readonly labels: Attachments['labels'];
}

const EVENT_TRIGGERS = `
SELECT o.oid, o.evtname AS name, o.evtevent AS event, o.evttags AS tags, n.nspname AS schema, p.proname AS function,
       pg_catalog.pg_get_userbyid(o.evtowner) AS owner, o.evtenabled::text AS enabled,
       pg_catalog.obj_description(o.oid, 'pg_event_trigger') AS comment, ${labelsJson('pg_event_trigger', 'o.oid')} AS labels
  FROM pg_catalog.pg_event_trigger o JOIN pg_catalog.pg_proc p ON p.oid = o.evtfoid JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace`;

const STATES: Readonly<Record<string, string>> = { D: 'DISABLE', R: 'ENABLE REPLICA', A: 'ENABLE ALWAYS' };

export async function eventTriggerPieces(session: PgSession, scope: Scope, signal: AbortSignal): Promise<Piece[]> {
  const rows = await session.query<EventTriggerRow>(
    `${EVENT_TRIGGERS} WHERE ${scope.where('pg_event_trigger')} ORDER BY 2`,
    scope.params,
    signal,
  );
  return rows.map((row) => {
    const name = quoteIdent(row.name);
    const tags = row.tags ? `\n    WHEN TAG IN (${row.tags.map(quoteLiteral).join(', ')})` : '';
    const state = STATES[row.enabled];
    return {
      id: `pg_event_trigger:${row.oid}`,
      object: pieceObject('event-trigger', '', row.name),
      phase: PHASE.eventTrigger,
      name,
      sql: [
        `CREATE EVENT TRIGGER ${name} ON ${row.event}${tags}\n    EXECUTE PROCEDURE ${quoteQualified(row.schema, row.function)}();`,
        ...(state === undefined ? [] : [`ALTER EVENT TRIGGER ${name} ${state};`]),
        ...attachmentStatements(`EVENT TRIGGER ${name}`, { ...row, acl: null }),
      ].join('\n'),
      needs: [],
    };
  });
}

interface DefaultPrivilegesRow {
  readonly oid: number;
  readonly role: string;
  readonly schema: string | null;
  readonly kind: string;
  readonly acl: readonly AclEntry[];
  readonly defaults: readonly AclEntry[];
}

const DEFAULT_PRIVILEGES = `
SELECT o.oid, pg_catalog.pg_get_userbyid(o.defaclrole) AS role, n.nspname AS schema, o.defaclobjtype::text AS kind,
       ${aclJson('o.defaclacl')} AS acl,
       CASE WHEN o.defaclnamespace = 0 THEN
         ${aclJson("pg_catalog.acldefault(CASE WHEN o.defaclobjtype = 'S' THEN 's'::\"char\" ELSE o.defaclobjtype END, o.defaclrole)")}
       ELSE '[]'::json END AS defaults
  FROM pg_catalog.pg_default_acl o LEFT JOIN pg_catalog.pg_namespace n ON n.oid = o.defaclnamespace`;

const NOUNS: Readonly<Record<string, string>> = {
  r: 'TABLES',
  S: 'SEQUENCES',
  f: 'FUNCTIONS',
  T: 'TYPES',
  n: 'SCHEMAS',
  L: 'LARGE OBJECTS',
};

/** At the end of a script: what was made before must not be granted by them. */
export async function defaultPrivilegePieces(session: PgSession, scope: Scope, signal: AbortSignal): Promise<Piece[]> {
  const rows = await session.query<DefaultPrivilegesRow>(
    `${DEFAULT_PRIVILEGES} WHERE ${scope.where('pg_default_acl')} ORDER BY 2, 3, 4`,
    scope.params,
    signal,
  );
  return rows.map((row) => {
    const within = row.schema === null ? '' : ` IN SCHEMA ${quoteIdent(row.schema)}`;
    const head = `ALTER DEFAULT PRIVILEGES FOR ROLE ${quoteIdent(row.role)}${within} `;
    const statements = privilegeStatements(NOUNS[row.kind] ?? 'TABLES', { ...row, owner: row.role });
    return {
      id: `pg_default_acl:${row.oid}`,
      object: row.schema === null ? pieceObject('database', '', '') : pieceObject('schema', '', row.schema),
      phase: PHASE.privileges,
      name: head,
      sql: statements.map((statement) => `${head}${statement}`).join('\n'),
      needs: [],
    };
  });
}

interface PublicationRow {
  readonly oid: number;
  readonly name: string;
  readonly owner: string;
  readonly allTables: boolean;
  readonly viaRoot: boolean;
  readonly actions: readonly string[];
  readonly generated: string;
  readonly tables: readonly {
    readonly schema: string;
    readonly name: string;
    readonly columns: readonly string[] | null;
    readonly where: string | null;
  }[];
  readonly schemas: readonly string[];
  readonly comment: string | null;
  readonly labels: Attachments['labels'];
}

interface Since {
  readonly truncate: string;
  readonly viaRoot: string;
  readonly detail: string;
  readonly schemas: string;
  readonly generated: string;
}

const publications = (since: Since): string => `
SELECT o.oid, o.pubname AS name, pg_catalog.pg_get_userbyid(o.pubowner) AS owner, o.puballtables AS "allTables", ${since.viaRoot} AS "viaRoot",
       ARRAY(SELECT a FROM unnest(ARRAY[CASE WHEN o.pubinsert THEN 'insert' END, CASE WHEN o.pubupdate THEN 'update' END,
         CASE WHEN o.pubdelete THEN 'delete' END, ${since.truncate}]) a WHERE a IS NOT NULL) AS actions,
       ${since.generated} AS generated,
       coalesce((SELECT pg_catalog.json_agg(pg_catalog.json_build_object('schema', n.nspname, 'name', c.relname, ${since.detail}) ORDER BY n.nspname, c.relname)
          FROM pg_catalog.pg_publication_rel r JOIN pg_catalog.pg_class c ON c.oid = r.prrelid
          JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE r.prpubid = o.oid), '[]'::json) AS tables,
       ${since.schemas} AS schemas, pg_catalog.obj_description(o.oid, 'pg_publication') AS comment,
       ${labelsJson('pg_publication', 'o.oid')} AS labels
  FROM pg_catalog.pg_publication o`;

const OLD: Since = {
  truncate: 'NULL',
  viaRoot: 'false',
  detail: "'columns', NULL, 'where', NULL",
  schemas: "'{}'::text[]",
  generated: "'n'",
};
const SINCE_11: Since = { ...OLD, truncate: "CASE WHEN o.pubtruncate THEN 'truncate' END" };
const SINCE_13: Since = { ...SINCE_11, viaRoot: 'o.pubviaroot' };
const SINCE_15: Since = {
  ...SINCE_13,
  detail: `'columns', (SELECT pg_catalog.json_agg(a.attname ORDER BY a.attnum) FROM pg_catalog.pg_attribute a
      WHERE a.attrelid = r.prrelid AND a.attnum = ANY (r.prattrs)), 'where', pg_catalog.pg_get_expr(r.prqual, r.prrelid)`,
  schemas: `ARRAY(SELECT n.nspname::text FROM pg_catalog.pg_publication_namespace s JOIN pg_catalog.pg_namespace n ON n.oid = s.pnnspid
      WHERE s.pnpubid = o.oid ORDER BY 1)`,
};
const SINCE_18: Since = { ...SINCE_15, generated: 'o.pubgencols::text' };
const PUBLICATIONS: VersionedSql = {
  100000: publications(OLD),
  110000: publications(SINCE_11),
  130000: publications(SINCE_13),
  150000: publications(SINCE_15),
  180000: publications(SINCE_18),
};

export async function publicationPieces(session: PgSession, scope: Scope, signal: AbortSignal): Promise<Piece[]> {
  const sql = sqlFor(PUBLICATIONS, session.serverVersionNum);
  const rows = await session.query<PublicationRow>(
    `${sql} WHERE ${scope.where('pg_publication')} ORDER BY 2`,
    scope.params,
    signal,
  );
  return rows.map((row) => {
    const name = quoteIdent(row.name);
    const members = [
      ...row.tables.map((table) => {
        const columns = table.columns ? ` (${table.columns.map(quoteIdent).join(', ')})` : '';
        const where = table.where === null ? '' : ` WHERE (${table.where})`;
        return `TABLE ONLY ${quoteQualified(table.schema, table.name)}${columns}${where}`;
      }),
      ...row.schemas.map((schema) => `TABLES IN SCHEMA ${quoteIdent(schema)}`),
    ];
    const options = [`publish = ${quoteLiteral(row.actions.join(', '))}`];
    if (row.viaRoot) options.push('publish_via_partition_root = true');
    if (row.generated === 's') options.push('publish_generated_columns = stored');
    return {
      id: `pg_publication:${row.oid}`,
      object: pieceObject('publication', '', row.name),
      phase: PHASE.publication,
      name,
      sql: [
        `CREATE PUBLICATION ${name}${row.allTables ? ' FOR ALL TABLES' : ''} WITH (${options.join(', ')});`,
        ...members.map((member) => `ALTER PUBLICATION ${name} ADD ${member};`),
        ...attachmentStatements(`PUBLICATION ${name}`, { ...row, acl: null }),
      ].join('\n'),
      needs: [],
    };
  });
}
