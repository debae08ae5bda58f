import { quoteIdent, quoteQualified } from '../../../shared/model/quote';
import type { PrivilegeObject, PrivilegeObjectType } from '../../../shared/model/account';
import type { PgSession } from '../../adapters/postgres/session';
import { ApiError } from '../api/errors';

/** Kinds that live in the catalogs; accounts have a type instead. */
export type CatalogKind = Exclude<PrivilegeObjectType, 'account'>;

/**
 * Rows of one kind: `name`, unique within its schema (an overloaded function has its arguments behind it), `arguments` of functions, `owner`,
 * and `acl`, the privileges that hold (the default where none were given yet). $1 is the schema, $2 the table of columns.
 */
const relations = (kinds: string, acl: 'r' | 's'): string => `
  SELECT c.relname::text AS name, '' AS arguments, c.relowner AS owner,
         coalesce(c.relacl, pg_catalog.acldefault('${acl}', c.relowner)) AS acl
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
   WHERE n.nspname = $1 AND $2::text IS NOT NULL AND c.relkind IN (${kinds})`;

const functions = (only: string): string => `
  SELECT CASE WHEN pg_catalog.count(*) OVER (PARTITION BY p.proname) = 1 THEN p.proname::text
              ELSE p.proname || '(' || pg_catalog.pg_get_function_identity_arguments(p.oid) || ')' END AS name,
         p.proname::text AS bare, pg_catalog.pg_get_function_identity_arguments(p.oid) AS arguments, p.proowner AS owner,
         coalesce(p.proacl, pg_catalog.acldefault('f', p.proowner)) AS acl
    FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
   WHERE n.nspname = $1 AND $2::text IS NOT NULL AND ${only}`;

const ROWS: Readonly<Record<CatalogKind, (version: number) => string>> = {
  database: () => `
  SELECT d.datname::text AS name, '' AS arguments, d.datdba AS owner,
         coalesce(d.datacl, pg_catalog.acldefault('d', d.datdba)) AS acl
    FROM pg_catalog.pg_database d WHERE NOT d.datistemplate AND $1::text IS NOT NULL AND $2::text IS NOT NULL`,
  // The server's own schemas are left out: privileges in them reach the verifiers of all passwords, and the files of the machine.
  schema: () => `
  SELECT n.nspname::text AS name, '' AS arguments, n.nspowner AS owner,
         coalesce(n.nspacl, pg_catalog.acldefault('n', n.nspowner)) AS acl
    FROM pg_catalog.pg_namespace n
   WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND $1::text IS NOT NULL AND $2::text IS NOT NULL`,
  sequence: () => relations("'S'", 's'),
  table: () => relations("'r', 'p', 'f'", 'r'),
  view: () => relations("'v'", 'r'),
  matview: () => relations("'m'", 'r'),
  function: (version) => functions(version >= 110_000 ? "p.prokind <> 'p'" : 'true'),
  procedure: (version) => functions(version >= 110_000 ? "p.prokind = 'p'" : 'false'),
  type: () => `
  SELECT t.typname::text AS name, '' AS arguments, t.typowner AS owner,
         coalesce(t.typacl, pg_catalog.acldefault('T', t.typowner)) AS acl
    FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
    LEFT JOIN pg_catalog.pg_class c ON c.oid = t.typrelid
   WHERE n.nspname = $1 AND $2::text IS NOT NULL AND t.typtype IN ('b', 'c', 'd', 'e', 'r')
     AND (c.oid IS NULL OR c.relkind = 'c')
     AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_type e WHERE e.typarray = t.oid)`,
  column: () => `
  SELECT a.attname::text AS name, '' AS arguments, c.relowner AS owner,
         coalesce(a.attacl, pg_catalog.acldefault('c', c.relowner)) AS acl
    FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
   WHERE n.nspname = $1 AND c.relname = $2 AND a.attnum > 0 AND NOT a.attisdropped`,
};

/** Fails for the server's own schemas, whose objects nobody is given. */
export function refuseSystemSchema(schema: string): void {
  if (!schema.startsWith('pg_') && schema !== 'information_schema') return;
  throw new ApiError('InvalidParameterValue.InvalidDatabaseObjectName', `The schema ${schema} belongs to the server`);
}

/** Names of one kind of objects, in order. */
export async function listObjects(
  session: PgSession,
  kind: CatalogKind,
  where: { readonly schema: string; readonly table: string },
): Promise<string[]> {
  const rows = await session.query<{ name: string }>(
    `SELECT o.name FROM (${ROWS[kind](session.serverVersionNum)}) o ORDER BY o.name COLLATE "C"`,
    [where.schema, where.table],
  );
  return rows.map(({ name }) => name);
}

/** One privilege that a role was given on an object, and by whom. */
export interface Grant {
  readonly privilege: string;
  readonly grantor: string;
  readonly byOwner: boolean;
}

/** An object that exists. */
export interface FoundObject {
  /** What stands behind ON in GRANT, e.g. `TABLE public.orders`. */
  readonly target: string;
  /** Column privileges name the column behind each privilege. */
  readonly column: string;
  readonly grants: readonly Grant[];
}

type ObjectRow = {
  readonly bare: string;
  readonly arguments: string;
  readonly privilege: string | null;
  readonly grantor: string | null;
  readonly by_owner: boolean;
};

function targetOf(object: PrivilegeObject, kind: CatalogKind, row: ObjectRow): string {
  switch (kind) {
    case 'database':
      return `DATABASE ${quoteIdent(object.name)}`;
    case 'schema':
      return `SCHEMA ${quoteIdent(object.name)}`;
    case 'sequence':
      return `SEQUENCE ${quoteQualified(object.schema, object.name)}`;
    case 'type':
      return `TYPE ${quoteQualified(object.schema, object.name)}`;
    case 'function':
    case 'procedure':
      // The arguments are as the server itself writes them, quoted where needed.
      return `${kind === 'function' ? 'FUNCTION' : 'PROCEDURE'} ${quoteQualified(object.schema, row.bare)}(${row.arguments})`;
    case 'table':
    case 'view':
    case 'matview':
      return `TABLE ${quoteQualified(object.schema, object.name)}`;
    case 'column':
      return `TABLE ${quoteQualified(object.schema, object.table)}`;
  }
}

/** Finds an object and what a role was given on it. Fails with `InvalidParameterValue.InvalidDatabaseObjectName` when it is not there. */
export async function findObject(session: PgSession, object: PrivilegeObject, roleOid: string): Promise<FoundObject> {
  const { type } = object;
  if (type === 'account') throw new Error('an account is not in the catalogs of objects');
  if (type !== 'database' && type !== 'schema') refuseSystemSchema(object.schema);
  const functionLike = type === 'function' || type === 'procedure';
  const bare = functionLike ? 'o.bare' : 'o.name';
  const match = functionLike ? "(o.name = $3 OR o.bare || '(' || o.arguments || ')' = $3)" : 'o.name = $3';
  const rows = await session.query<ObjectRow>(
    `SELECT ${bare} AS bare, o.arguments, a.privilege_type AS privilege,
            pg_catalog.pg_get_userbyid(a.grantor)::text AS grantor, coalesce(a.grantor = o.owner, false) AS by_owner
       FROM (${ROWS[type](session.serverVersionNum)}) o
       LEFT JOIN LATERAL (SELECT * FROM pg_catalog.aclexplode(o.acl) e WHERE e.grantee = $4::oid) a ON true
      WHERE ${match}`,
    [object.schema, object.table, object.name, roleOid],
  );
  const [row] = rows;
  if (!row) {
    const where = [object.database, object.schema, object.table].filter((part) => part !== '').join('.');
    throw new ApiError(
      'InvalidParameterValue.InvalidDatabaseObjectName',
      `There is no ${type} ${object.name}${where === '' ? '' : ` in ${where}`}`,
    );
  }
  return {
    target: targetOf(object, type, row),
    column: type === 'column' ? object.name : '',
    grants: rows.flatMap(({ privilege, grantor, by_owner }) =>
      privilege === null || grantor === null ? [] : [{ privilege, grantor, byOwner: by_owner }],
    ),
  };
}
