import type { PgSession } from '../../../adapters/postgres/session';
import { AppError, type ErrorInfo } from '../../../../shared/errors';
import { quoteIdent, quoteLiteral } from '../../../../shared/model/quote';
import type { Journal } from '../journal';
import { refusal } from '../structure/refusal';
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
  readonly journal: Journal;
  readonly telling: Telling;
  readonly signal: AbortSignal;
}

/** The target does not know the locale, or not in this encoding. Source: src/backend/commands/dbcommands.c. */
const UNKNOWN_LOCALE = new Set(['22023', '42809', '0A000', '22P02', '42602']);
/** Also when somebody else was about to make it. */
const EXISTS = new Set(['42P04', '23505']);

/**
 * Makes the database where it is missing, with encoding, locale and provider of the source as far as the target knows them. Its owner, settings
 * (of roles in it as well), comment and privileges follow, by every attempt while it is one that the journal knows we made; a database of
 * somebody else keeps those it has. Fails with `sql` when it cannot be made; what becomes of the rest is told.
 */
export async function makeDatabase(options: MakeDatabaseOptions): Promise<void> {
  const { source, target, from, to, signal, telling } = options;
  const database = await mustReadDatabase(source, from, signal);
  const before = await readDatabase(target, to, signal);
  const ours = before ? isOurs(options) : await create(database, options);
  if (before && before.encoding !== database.encoding)
    telling.log('warning', `Database ${to} is there already, in ${before.encoding} instead of ${database.encoding}`);
  const now = before ?? (await mustReadDatabase(target, to, signal));
  for (const { kind, key, sql, skipped } of await steps(database, now, ours, options)) {
    const error = sql === '' ? null : await refusal(target, sql, signal);
    telling.object({
      database: from,
      key: `DATABASE ${key}`,
      kind,
      schema: '',
      name: to,
      outcome: error ? 'failed' : skipped ? 'skipped' : 'done',
      reason: error?.message ?? skipped ?? '',
      statement: error ? sql : '',
    });
  }
}

/** It could not be made: whoever makes it now, it was not us. */
const NOT_MADE = 'database-not-made';

function isOurs({ journal, from }: MakeDatabaseOptions): boolean {
  const last = journal.entries.findLast(
    (entry) =>
      entry.database === from && (entry.did === 'database' || (entry.did === 'step' && entry.step === NOT_MADE)),
  );
  return last?.did === 'database';
}

/** Returns whether it is ours now: somebody else may have been faster. */
async function create(database: SourceDatabase, options: MakeDatabaseOptions): Promise<boolean> {
  const { target, from, to, journal, signal, telling } = options;
  const begunBefore = isOurs(options);
  let last: ErrorInfo | null = null;
  // Invariant: in the journal before it is there.
  if (!begunBefore) await journal.add({ did: 'database', database: from });
  for (const { sql, differs } of databaseTries(to, database, target.serverVersionNum)) {
    last = await refusal(target, sql, signal);
    if (!last) {
      if (differs !== '') telling.log('warning', `Database ${to} was made, but ${differs}`);
      return true;
    }
    // The statement of a worker that was killed may have come to its end only now.
    if (begunBefore && EXISTS.has(last.sqlstate ?? '')) return true;
    if (!UNKNOWN_LOCALE.has(last.sqlstate ?? '')) break;
  }
  await journal.add({ did: 'step', database: from, step: NOT_MADE });
  if (EXISTS.has(last?.sqlstate ?? '')) return false;
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
  /** The same in each attempt. */
  readonly key: string;
  /** Empty: nothing is left to do, or it is skipped. */
  readonly sql: string;
  /** Why the target cannot have it. */
  readonly skipped?: string;
}

/** What follows the creation, all of it as often as you like; for a database of somebody else, what it does not have of its own. */
async function steps(
  from: SourceDatabase,
  now: SourceDatabase,
  ours: boolean,
  { target, to, keepOwners, keepPrivileges, signal }: MakeDatabaseOptions,
): Promise<Step[]> {
  const name = quoteIdent(to);
  const found: Step[] = [];
  // What is there already is told of a database of ours: an earlier attempt may have told that it failed.
  const add = (kind: string, key: string, there: boolean, sql: string): void => {
    if (ours || !there) found.push({ kind, key, sql: there ? '' : sql });
  };
  if (keepOwners && ours)
    add('OWNER', 'OWNER', from.owner === now.owner, `ALTER DATABASE ${name} OWNER TO ${quoteIdent(from.owner)}`);
  if (from.comment !== null)
    add('COMMENT', 'COMMENT', now.comment !== null, `COMMENT ON DATABASE ${name} IS ${quoteLiteral(from.comment)}`);
  const roles = new Set(
    (await target.query<{ name: string }>('SELECT rolname AS name FROM pg_catalog.pg_roles', [], signal)).map(
      (row) => row.name,
    ),
  );
  const settingName = (setting: string): string => setting.slice(0, setting.indexOf('='));
  for (const { role, setting } of from.settings) {
    const kind = 'DATABASE SETTING';
    const key = `SETTING ${JSON.stringify([role, settingName(setting)])}`;
    const there = now.settings.some((each) => each.role === role && settingName(each.setting) === settingName(setting));
    const what = role === null ? `DATABASE ${name}` : `ROLE ${quoteIdent(role)} IN DATABASE ${name}`;
    if (role !== null && !roles.has(role))
      found.push({ kind, key, sql: '', skipped: `The target has no role ${role}` });
    else add(kind, key, there, settingStatement(what, setting));
  }
  if (keepPrivileges && from.privileges && (ours || now.privileges === null))
    found.push(...grants(name, from, from.privileges, keepOwners));
  return found;
}

/** The privileges of the source, those of everybody else taken away; the owner has all in any case. */
function grants(
  name: string,
  { owner }: SourceDatabase,
  privileges: NonNullable<SourceDatabase['privileges']>,
  keepOwners: boolean,
): Step[] {
  const found = [{ kind: 'ACL', key: 'ACL', sql: `REVOKE ALL ON DATABASE ${name} FROM PUBLIC` }];
  for (const { grantee, privilege, grantable } of privileges) {
    if (grantee === owner && keepOwners) continue;
    const to = grantee === null ? 'PUBLIC' : quoteIdent(grantee);
    found.push({
      kind: 'ACL',
      key: `ACL ${JSON.stringify([grantee, privilege])}`,
      sql: `GRANT ${privilege} ON DATABASE ${name} TO ${to}${grantable ? ' WITH GRANT OPTION' : ''}`,
    });
  }
  return found;
}
