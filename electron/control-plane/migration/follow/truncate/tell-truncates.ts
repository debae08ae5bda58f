import { AppError, errorInfo } from '../../../../../shared/errors';
import type { PgSession } from '../../../../adapters/postgres/session';
import { underBriefLock } from '../brief-lock';
import { truncateNames, TRUNCATE_FROM, type TruncateNames } from './truncate-names';
import {
  dropLogStatement,
  dropTriggerStatement,
  EMPTY,
  logStatements,
  STATE,
  TOLD,
  triggerStatement,
  UNTOLD,
} from './truncate-sql';

/** What a server says to somebody who may not do it, and of a table that has gone, or got another name, meanwhile. */
const NOT_ALLOWED = '42501';
const NO_TABLE = new Set(['42P01', '3F000']);

type TableRow = { readonly schema: string; readonly name: string; readonly oid: string };
type UntoldRow = TableRow & { readonly some: boolean };
type StateRow = { readonly log: boolean; readonly note: boolean; readonly published: boolean };

export interface TellOrder {
  /** Of the stream; takes the log. */
  readonly publication: string;
  readonly tables: readonly { readonly oid: number }[];
  readonly signal: AbortSignal;
}

async function stateOf(
  session: PgSession,
  names: TruncateNames,
  publication: string,
  signal: AbortSignal,
): Promise<StateRow> {
  const [row] = await session.query<StateRow>(STATE, [names.schema, names.log, names.note, publication], signal);
  return row ?? { log: false, note: false, published: false };
}

/** False: the account may not. */
async function makeLog(session: PgSession, names: TruncateNames, order: TellOrder): Promise<boolean> {
  const { publication, signal } = order;
  const { log, note, published } = await stateOf(session, names, publication, signal);
  if (log && note && published) return true;
  if (log || note) await dropAll(session, names, signal);
  await session.query('BEGIN', [], signal);
  try {
    // Two tasks that make the schema at once would stand in each other's way.
    await session.query("SELECT pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtext('howdah_migration'))", [], signal);
    for (const statement of logStatements(names, publication)) await session.query(statement, [], signal);
    await session.query('COMMIT', [], signal);
    return true;
  } catch (error) {
    if (!session.closed) await session.query('ROLLBACK').catch(() => undefined);
    if (errorInfo(error).sqlstate === NOT_ALLOWED) return false;
    throw error;
  }
}

/**
 * Goes through what `find` names until it names nothing more: tables get other names, and go, meanwhile. Answers the oids of those at which the
 * account may not do it.
 */
async function eachTable<T extends TableRow>(
  session: PgSession,
  find: () => Promise<T[]>,
  statement: (table: T) => string,
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const refused = new Set<string>();
  for (;;) {
    const tables = (await find()).filter(({ oid }) => !refused.has(oid));
    if (tables.length === 0) return refused;
    for (const table of tables)
      try {
        await underBriefLock(session, statement(table), signal);
      } catch (error) {
        const state = errorInfo(error).sqlstate;
        if (state === NOT_ALLOWED) refused.add(table.oid);
        else if (!NO_TABLE.has(state ?? '')) throw error;
      }
  }
}

/**
 * On a server that does not send TRUNCATE: from now on the stream is told when one of the tables is emptied. To be called when the publication is
 * there, and before the tables are read. Done twice it does nothing more. Answers the oids of tables where the account may not do it. Fails
 * with `sql` and `cancelled`.
 */
export async function tellTruncates(session: PgSession, order: TellOrder): Promise<ReadonlySet<string>> {
  const { publication, tables, signal } = order;
  if (session.serverVersionNum >= TRUNCATE_FROM || tables.length === 0) return new Set();
  const names = truncateNames(publication);
  const oids = tables.map(({ oid }) => String(oid));
  if (!(await makeLog(session, names, order))) return new Set(oids);
  return eachTable(
    session,
    () => session.query<UntoldRow>(UNTOLD, [names.schema, names.note, oids], signal),
    (table) => {
      const make = triggerStatement(names, table);
      return table.some ? `${dropTriggerStatement(names, table)}; ${make}` : make;
    },
    signal,
  );
}

async function dropAll(session: PgSession, names: TruncateNames, signal: AbortSignal): Promise<void> {
  await eachTable(
    session,
    () => session.query<TableRow>(TOLD, [names.schema, names.note], signal),
    (table) => dropTriggerStatement(names, table),
    signal,
  );
  await underBriefLock(session, dropLogStatement(names), signal);
}

/** Takes away what `tellTruncates` has made; nothing when it is not there. Fails with `sql` and `cancelled`. */
export async function forgetTruncates(session: PgSession, publication: string, signal: AbortSignal): Promise<void> {
  if (session.serverVersionNum >= TRUNCATE_FROM) return;
  const names = truncateNames(publication);
  const { log, note } = await stateOf(session, names, publication, signal);
  if (!log && !note) return;
  await dropAll(session, names, signal);
  const [row] = await session.query<{ empty: boolean }>(EMPTY, [names.schema], signal);
  if (row?.empty !== true) return;
  // Somebody else may have put something into it meanwhile.
  await session.query(`DROP SCHEMA IF EXISTS ${names.schema}`, [], signal).catch((error: unknown) => {
    if (!(error instanceof AppError) || error.code !== 'sql') throw error;
  });
}
