import type { PgSession } from '../../../adapters/postgres/session';
import { AppError, errorInfo, throwIfAborted, type ErrorInfo } from '../../../../shared/errors';
import { quoteIdent, quoteLiteral } from '../../../../shared/model/quote';
import type { Telling } from '../worker-protocol';
import { databaseTries } from './database-locale';
import { mustReadDatabase, readDatabase, type SourceDatabase } from './read-database';
import { settingStatement } from './setting-statements';

export interface MakeDatabaseOptions {
  /** To any database of the source. */
  readonly source: PgSession;
  /** To any database of the target, outside of a transaction. */
  readonly target: PgSession;
  readonly from: string;
  readonly to: string;
  readonly keepOwners: boolean;
  readonly keepPrivileges: boolean;
  readonly telling: Telling;
  readonly signal: AbortSignal;
}

/** The target does not know the locale, or not in this encoding. Source: src/backend/commands/dbcommands.c. */
const UNKNOWN_LOCALE = new Set(['22023', '42809', '0A000', '22P02', '42602']);
const EXISTS = '42P04';

/**
 * Makes the database where it is missing, with encoding, locale and provider of the source as far as the target knows them. Its owner, settings
 * (of roles in it as well), comment and privileges follow; a database that was there keeps those it has. Fails with `sql` when it cannot be made;
 * what else fails is told.
 */
export async function makeDatabase(options: MakeDatabaseOptions): Promise<void> {
  const { source, target, from, to, signal, telling } = options;
  const database = await mustReadDatabase(source, from, signal);
  const before = await readDatabase(target, to, signal);
  if (!before) await create(database, options);
  else if (before.encoding !== database.encoding)
    telling.log('warning', `Database ${to} is there already, in ${before.encoding} instead of ${database.encoding}`);
  const now = before ?? (await mustReadDatabase(target, to, signal));
  for (const { kind, sql } of await statements(database, now, before === null, options)) {
    const error = await refusal(target, sql, signal);
    if (!error) continue;
    telling.object({
      database: from,
      key: `DATABASE ${kind} ${sql}`.slice(0, 1000),
      kind,
      schema: '',
      name: to,
      outcome: 'failed',
      reason: error.message,
      statement: sql,
    });
  }
}

async function refusal(session: PgSession, sql: string, signal: AbortSignal): Promise<ErrorInfo | null> {
  try {
    await session.query(sql, [], signal);
    return null;
  } catch (error) {
    throwIfAborted(signal);
    if (!(error instanceof AppError) || error.code !== 'sql' || session.closed) throw error;
    return errorInfo(error);
  }
}

async function create(database: SourceDatabase, { target, to, signal, telling }: MakeDatabaseOptions): Promise<void> {
  let last: ErrorInfo | null = null;
  for (const { sql, differs } of databaseTries(to, database, target.serverVersionNum)) {
    const error = await refusal(target, sql, signal);
    if (!error || error.sqlstate === EXISTS) {
      if (differs !== '') telling.log('warning', `Database ${to} was made, but ${differs}`);
      return;
    }
    last = error;
    if (!UNKNOWN_LOCALE.has(error.sqlstate ?? '')) break;
  }
  throw new AppError({
    code: 'sql',
    message: `Database ${to} could not be made on the target: ${last?.message ?? ''}`,
    ...(last?.sqlstate === undefined ? {} : { sqlstate: last.sqlstate }),
    hint:
      last?.sqlstate === '42501'
        ? 'Give the account of the target CREATEDB, or make the database by hand.'
        : 'Make the database on the target by hand, then go on.',
  });
}

interface Step {
  readonly kind: string;
  readonly sql: string;
}

/** What follows the creation; for a database that was there, what it does not have of its own. */
async function statements(
  from: SourceDatabase,
  now: SourceDatabase,
  fresh: boolean,
  { target, to, keepOwners, keepPrivileges, signal }: MakeDatabaseOptions,
): Promise<Step[]> {
  const name = quoteIdent(to);
  const steps: Step[] = [];
  if (keepOwners && fresh && from.owner !== now.owner)
    steps.push({ kind: 'OWNER', sql: `ALTER DATABASE ${name} OWNER TO ${quoteIdent(from.owner)}` });
  if (from.comment !== null && now.comment === null)
    steps.push({ kind: 'COMMENT', sql: `COMMENT ON DATABASE ${name} IS ${quoteLiteral(from.comment)}` });
  const roles = new Set(
    (await target.query<{ name: string }>('SELECT rolname AS name FROM pg_catalog.pg_roles', [], signal)).map(
      (row) => row.name,
    ),
  );
  const settingName = (setting: string): string => setting.slice(0, setting.indexOf('='));
  const has = (role: string | null, setting: string): boolean =>
    now.settings.some((each) => each.role === role && settingName(each.setting) === settingName(setting));
  for (const { role, setting } of from.settings) {
    if (has(role, setting) || (role !== null && !roles.has(role))) continue;
    const what = role === null ? `DATABASE ${name}` : `ROLE ${quoteIdent(role)} IN DATABASE ${name}`;
    steps.push({ kind: 'DATABASE SETTING', sql: settingStatement(what, setting) });
  }
  if (keepPrivileges && from.privileges && now.privileges === null)
    steps.push(...grants(name, from, from.privileges, keepOwners));
  return steps;
}

/** The privileges of the source, all others taken away; the owner has all in any case. */
function grants(
  name: string,
  { owner }: SourceDatabase,
  privileges: NonNullable<SourceDatabase['privileges']>,
  keepOwners: boolean,
): Step[] {
  const steps = [`REVOKE ALL ON DATABASE ${name} FROM PUBLIC`];
  for (const { grantee, privilege, grantable } of privileges) {
    if (grantee === owner && keepOwners) continue;
    const to = grantee === null ? 'PUBLIC' : quoteIdent(grantee);
    steps.push(`GRANT ${privilege} ON DATABASE ${name} TO ${to}${grantable ? ' WITH GRANT OPTION' : ''}`);
  }
  return steps.map((sql) => ({ kind: 'ACL', sql }));
}
