import { quoteIdent, quoteLiteral } from '../../../../shared/model/quote';
import type { PgSession } from '../../../adapters/postgres/session';
import { aclJson, type AclEntry } from './acl';
import { pieceObject, attachmentStatements, labelsJson, PHASE, type Attachments, type Piece } from './piece';

interface SchemaRow {
  readonly oid: number;
  readonly name: string;
  readonly owner: string;
  readonly acl: readonly AclEntry[] | null;
  readonly defaults: readonly AclEntry[];
  /** Privileges that initdb gave; null for schemas that a person made. */
  readonly initial: readonly AclEntry[] | null;
  readonly comment: string | null;
  readonly labels: Attachments['labels'];
}

const SCHEMAS = `
SELECT n.oid, n.nspname AS name, pg_catalog.pg_get_userbyid(n.nspowner) AS owner, ${aclJson('n.nspacl')} AS acl,
       ${aclJson("pg_catalog.acldefault('n', n.nspowner)")} AS defaults, ${aclJson('i.initprivs')} AS initial,
       pg_catalog.obj_description(n.oid, 'pg_namespace') AS comment, ${labelsJson('pg_namespace', 'n.oid')} AS labels
  FROM pg_catalog.pg_namespace n LEFT JOIN pg_catalog.pg_init_privs i
    ON i.objoid = n.oid AND i.classoid = 'pg_catalog.pg_namespace'::pg_catalog.regclass AND i.objsubid = 0
 WHERE n.oid = ANY ($1::oid[]) ORDER BY n.nspname`;

/** Schemas. `public` is there in every new database: of it only what was changed is said. */
export async function schemaPieces(session: PgSession, oids: readonly number[], signal: AbortSignal): Promise<Piece[]> {
  if (oids.length === 0) return [];
  const rows = await session.query<SchemaRow>(SCHEMAS, [oids], signal);
  return rows.map((row) => {
    const name = quoteIdent(row.name);
    const { acl, initial } = row;
    const isPublic = row.name === 'public';
    const attachments = attachmentStatements(`SCHEMA ${name}`, {
      ...row,
      comment: isPublic && row.comment === 'standard public schema' ? null : row.comment,
      acl: { acl, defaults: isPublic ? asOwner(initial ?? row.defaults, row.owner) : row.defaults, owner: row.owner },
    });
    const uncommented = isPublic && row.comment === null ? changedComment('SCHEMA public', null) : [];
    const create = `CREATE SCHEMA ${isPublic ? 'IF NOT EXISTS ' : ''}${name};`;
    return {
      id: `pg_namespace:${row.oid}`,
      object: pieceObject('schema', '', row.name),
      phase: PHASE.schema,
      name,
      sql: [create, ...attachments, ...uncommented].join('\n'),
      needs: [],
    };
  });
}

/** The comment of a thing that comes with one, which a person changed or took away. */
const changedComment = (target: string, comment: string | null): string[] => [
  `COMMENT ON ${target} IS ${comment === null ? 'NULL' : quoteLiteral(comment)};`,
];

/** What the initial privileges become when the schema is given to another owner. */
function asOwner(initial: readonly AclEntry[], owner: string): AclEntry[] {
  const first = initial.find((entry) => entry.grantee === entry.grantor)?.grantor;
  return initial.map((entry) => ({
    ...entry,
    grantor: entry.grantor === first ? owner : entry.grantor,
    grantee: entry.grantee === first ? owner : entry.grantee,
  }));
}

interface ExtensionRow {
  readonly oid: number;
  readonly name: string;
  readonly schema: string;
  readonly version: string;
  readonly comment: string | null;
  /** The comment that the extension's control file gives. */
  readonly usualComment: string | null;
}

const EXTENSIONS = `
SELECT e.oid, e.extname AS name, n.nspname AS schema, e.extversion AS version, pg_catalog.obj_description(e.oid, 'pg_extension') AS comment,
       a.comment AS "usualComment"
  FROM pg_catalog.pg_extension e JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace
  LEFT JOIN pg_catalog.pg_available_extensions a ON a.name = e.extname WHERE e.oid = ANY ($1::oid[]) ORDER BY e.extname`;

export async function extensionPieces(
  session: PgSession,
  oids: readonly number[],
  signal: AbortSignal,
): Promise<Piece[]> {
  if (oids.length === 0) return [];
  const rows = await session.query<ExtensionRow>(EXTENSIONS, [oids], signal);
  return rows.map((row) => {
    const name = quoteIdent(row.name);
    const version = row.name === 'plpgsql' ? '' : ` VERSION ${quoteLiteral(row.version)}`;
    return {
      id: `pg_extension:${row.oid}`,
      object: pieceObject('extension', '', row.name),
      phase: PHASE.extension,
      name,
      sql: [
        `CREATE EXTENSION IF NOT EXISTS ${name} WITH SCHEMA ${quoteIdent(row.schema)}${version};`,
        ...(row.comment === row.usualComment ? [] : changedComment(`EXTENSION ${name}`, row.comment)),
      ].join('\n'),
      needs: [],
    };
  });
}
