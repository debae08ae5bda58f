import type { CheckContext, CheckedDatabase } from './check';
import { scopeOf } from './object-scope';

/** An extension of the source and how the target stands to it. */
export interface ExtensionState {
  readonly name: string;
  readonly version: string;
  readonly schema: string;
  /** Objects that travel and depend on it. */
  readonly uses: number;
  /** Null: not installed in the database of the target, or there is none yet. */
  readonly installed: { readonly version: string; readonly schema: string } | null;
  /** Null: the server does not have it. */
  readonly available: { readonly version: string; readonly versions: readonly string[] } | null;
  /** Whether the account may create it. */
  readonly allowed: boolean;
}

/** `$1` relations, `$2` functions; what hangs on them (indexes, defaults, constraints, rules, triggers) counts as they do. */
export const EXTENSIONS = `WITH chosen (classid, objid) AS (
SELECT 'pg_catalog.pg_class'::pg_catalog.regclass::oid, unnest($1::oid[])
UNION ALL SELECT 'pg_catalog.pg_class'::pg_catalog.regclass::oid, indexrelid FROM pg_catalog.pg_index WHERE indrelid = ANY ($1::oid[])
UNION ALL SELECT 'pg_catalog.pg_proc'::pg_catalog.regclass::oid, unnest($2::oid[])
UNION ALL SELECT 'pg_catalog.pg_attrdef'::pg_catalog.regclass::oid, oid FROM pg_catalog.pg_attrdef WHERE adrelid = ANY ($1::oid[])
UNION ALL SELECT 'pg_catalog.pg_constraint'::pg_catalog.regclass::oid, oid FROM pg_catalog.pg_constraint WHERE conrelid = ANY ($1::oid[])
UNION ALL SELECT 'pg_catalog.pg_rewrite'::pg_catalog.regclass::oid, oid FROM pg_catalog.pg_rewrite WHERE ev_class = ANY ($1::oid[])
UNION ALL SELECT 'pg_catalog.pg_trigger'::pg_catalog.regclass::oid, oid FROM pg_catalog.pg_trigger WHERE tgrelid = ANY ($1::oid[])
UNION ALL SELECT 'pg_catalog.pg_foreign_server'::pg_catalog.regclass::oid, s.ftserver FROM pg_catalog.pg_foreign_table s WHERE s.ftrelid = ANY ($1::oid[]))
SELECT x.extname AS name, x.extversion AS version, n.nspname AS schema, (SELECT count(DISTINCT (d.classid, d.objid))
FROM pg_catalog.pg_depend m JOIN pg_catalog.pg_depend d ON (d.refclassid, d.refobjid) = (m.classid, m.objid)
JOIN chosen c ON (c.classid, c.objid) = (d.classid, d.objid)
WHERE m.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass AND m.refobjid = x.oid AND m.deptype = 'e')::int AS uses
FROM pg_catalog.pg_extension x JOIN pg_catalog.pg_namespace n ON n.oid = x.extnamespace ORDER BY 1`;

const INSTALLED = `SELECT x.extname AS name, x.extversion AS version, n.nspname AS schema
FROM pg_catalog.pg_extension x JOIN pg_catalog.pg_namespace n ON n.oid = x.extnamespace`;

/** Trusted ones (13 and newer) need CREATE on the database only. */
const AVAILABLE = (
  major: number,
): string => `SELECT e.name, e.default_version AS version, array_agg(v.version::text) AS versions,
bool_or(v.version = e.default_version AND (NOT v.superuser${major >= 13 ? ' OR v.trusted' : ''})) AS open
FROM pg_catalog.pg_available_extensions e JOIN pg_catalog.pg_available_extension_versions v ON v.name = e.name
WHERE e.name = ANY ($1::text[]) GROUP BY 1, 2`;

interface Installed extends Record<string, unknown> {
  readonly name: string;
  readonly version: string;
  readonly schema: string;
}
interface Available extends Record<string, unknown> {
  readonly name: string;
  readonly version: string;
  readonly versions: readonly string[];
  readonly open: boolean;
}

/** The extensions of a database that travel: all of a whole one, those in use of a part. */
export async function readExtensions(context: CheckContext, database: CheckedDatabase): Promise<ExtensionState[]> {
  const { target, signal } = context;
  const scope = scopeOf(database.plan);
  const all = await database.source.query<Installed & { readonly uses: number }>(
    EXTENSIONS,
    [scope.relations, scope.functions],
    signal,
  );
  const ours = all.filter(({ uses }) => database.plan.whole || uses > 0);
  const there = new Map(
    database.target === null
      ? []
      : (await database.target.query<Installed>(INSTALLED, [], signal)).map((each) => [each.name, each]),
  );
  const session = database.target ?? target.server;
  const names = ours.map(({ name }) => name);
  const known = new Map(
    (await session.query<Available>(AVAILABLE(target.major), [names], signal)).map((each) => [each.name, each]),
  );
  return ours.map(({ name, version, schema, uses }) => {
    const available = known.get(name);
    return {
      name,
      version,
      schema,
      uses,
      installed: there.get(name) ?? null,
      available: available ?? null,
      allowed: target.superuser || (available?.open ?? false),
    };
  });
}
