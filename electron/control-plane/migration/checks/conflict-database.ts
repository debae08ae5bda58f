import { quoteIdent } from '../../../../shared/model/quote';
import type { Check, CheckContext, CheckedDatabase, Found } from './check';
import { count, databaseFinding, forDatabases, passed } from './object-scope';

const CREATEDB = 'SELECT rolsuper OR rolcreatedb AS may FROM pg_catalog.pg_roles WHERE rolname = current_user';
/** `$1` schemas of the target that get objects. Those that are not there are made by the account. */
const RIGHTS = `SELECT pg_catalog.has_database_privilege(pg_catalog.current_database(), 'CREATE') AS may,
coalesce((SELECT pg_catalog.array_agg(nspname::text ORDER BY nspname) FROM pg_catalog.pg_namespace
WHERE nspname = ANY ($1::text[]) AND NOT (pg_catalog.has_schema_privilege(oid, 'CREATE') AND pg_catalog.has_schema_privilege(oid, 'USAGE'))), '{}') AS closed,
(SELECT count(*)::int FROM pg_catalog.pg_namespace WHERE nspname = ANY ($1::text[])) AS there`;
const OPEN = 'SELECT datallowconn AS open FROM pg_catalog.pg_database WHERE datname = $1';

async function newDatabase(context: CheckContext, database: CheckedDatabase): Promise<Found> {
  const { target, signal } = context;
  const name = quoteIdent(database.plan.target);
  const [closed] = await target.server.query<{ open: boolean }>(OPEN, [database.plan.target], signal);
  if (closed)
    return databaseFinding(database, 'target', OPEN, [database.plan.target], {
      level: 'failed',
      found: `The database ${name} is on the target, but cannot be entered${closed.open ? '' : ': it allows no connections'}`,
      effect: 'Nothing can be copied into it.',
      remedy: `ALTER DATABASE ${name} ALLOW_CONNECTIONS true, GRANT CONNECT ON DATABASE ${name} TO ${quoteIdent(target.user)}, or give it another name on the target.`,
    });
  const [account] = await target.server.query<{ may: boolean }>(CREATEDB, [], signal);
  if (account?.may === true)
    return passed(database, 'target', CREATEDB, `${target.user} may create the database ${name}`);
  return databaseFinding(database, 'target', CREATEDB, [database.plan.target], {
    level: 'failed',
    found: `The database ${name} is not on the target, and ${target.user} may not create databases`,
    effect: 'Nothing can be copied.',
    remedy: `A superuser of the target runs CREATE DATABASE ${name} OWNER ${quoteIdent(target.user)}, or ALTER ROLE ${quoteIdent(target.user)} CREATEDB.`,
  });
}

async function rightsIn(
  context: CheckContext,
  database: CheckedDatabase & { target: NonNullable<CheckedDatabase['target']> },
): Promise<Found> {
  const { user } = context.target;
  const schemas = database.plan.schemas.map(({ targetName }) => targetName);
  const [row] = await database.target.query<{ may: boolean; closed: string[]; there: number }>(
    RIGHTS,
    [schemas],
    context.signal,
  );
  const name = quoteIdent(database.plan.target);
  const account = quoteIdent(user);
  const closed = row?.closed ?? [];
  const missing = row?.may !== true && (row?.there ?? 0) < schemas.length;
  if (closed.length === 0 && !missing)
    return passed(database, 'target', RIGHTS, `${user} may create objects in ${count(schemas.length, 'schema')}`);
  const statements = [
    ...(missing ? [`GRANT CREATE ON DATABASE ${name} TO ${account}`] : []),
    ...closed.map((schema) => `GRANT CREATE, USAGE ON SCHEMA ${quoteIdent(schema)} TO ${account}`),
  ];
  return databaseFinding(
    database,
    'target',
    RIGHTS,
    [...(missing ? ['CREATE on the database'] : []), ...closed.map((schema) => `CREATE on the schema ${schema}`)],
    {
      level: 'failed',
      found: `${user} may not create what travels in ${name}`,
      effect: 'Schemas or objects cannot be made, nor filled.',
      remedy: `The owner of the target's database runs ${statements.join('; ')}`,
    },
  );
}

const targetDatabase: Check = {
  id: 'target-database',
  step: 'DstPrivilegeCheck',
  title: 'Right to create databases, schemas and objects',
  applies: ({ databases }) => databases.length > 0,
  run: (context) =>
    forDatabases(context, (database) =>
      database.target === null
        ? newDatabase(context, database)
        : rightsIn(context, { ...database, target: database.target }),
    ),
};

export const DATABASE_CONFLICT_CHECKS: readonly Check[] = [targetDatabase];
