import { setTimeout as pause } from 'node:timers/promises';
import { throwIfAborted } from '../../../../shared/errors';
import type { PgSession } from '../../../adapters/postgres/session';
import { applicationName } from '../endpoint';
import { isOfObject } from '../finish/object-failure';

/** Somebody else's session in a database that is cut over. */
export interface OtherSession {
  readonly pid: number;
  readonly user: string;
  readonly application: string;
  /** It has written something that is not committed yet. */
  readonly writes: boolean;
}

type Row = {
  readonly pid: number;
  readonly user: string | null;
  readonly application: string | null;
  readonly writes: boolean;
};

const TYPES_FROM = 100_000;
/** What a session is, is hidden from accounts that may not see it; that it has a user is not. Only clients and walsenders have one. */
const OF_CLIENTS = `(backend_type = 'client backend' OR (backend_type IS NULL AND usesysid IS NOT NULL
  AND pid NOT IN (SELECT r.pid FROM pg_catalog.pg_stat_replication r WHERE r.pid IS NOT NULL)))`;
const OF_CLIENTS_BEFORE = `pid NOT IN (SELECT r.pid FROM pg_catalog.pg_stat_replication r WHERE r.pid IS NOT NULL)`;
const POLL_MS = 200;
/** Sessions that a note names. */
const NAMED = 5;

/** How the control plane itself looks after instances; it writes nothing of theirs. */
const OWN = 'howdah control plane';

/** Sessions of clients in these databases that are not of this task. */
export async function otherSessions(
  session: PgSession,
  databases: readonly string[],
  jobId: string,
  signal: AbortSignal,
): Promise<OtherSession[]> {
  const ofClients = session.serverVersionNum >= TYPES_FROM ? OF_CLIENTS : OF_CLIENTS_BEFORE;
  const rows = await session.query<Row>(
    `SELECT pid, usename::text AS user, application_name AS application, backend_xid IS NOT NULL AS writes
       FROM pg_catalog.pg_stat_activity
      WHERE datname = ANY ($1) AND ${ofClients} AND pid <> pg_catalog.pg_backend_pid()
        AND pg_catalog."left"(coalesce(application_name, ''), pg_catalog.length($2)) <> $2
        AND coalesce(application_name, '') <> $3`,
    [databases, applicationName(jobId), OWN],
    signal,
  );
  return rows.map(({ pid, user, application, writes }) => ({
    pid,
    user: user ?? '',
    application: application ?? '',
    writes,
  }));
}

/** Names of transactions that are prepared in these databases: they can be committed at any time. */
export async function preparedTransactions(
  session: PgSession,
  databases: readonly string[],
  signal: AbortSignal,
): Promise<string[]> {
  const rows = await session.query<{ gid: string }>(
    'SELECT gid FROM pg_catalog.pg_prepared_xacts WHERE database = ANY ($1) ORDER BY prepared',
    [databases],
    signal,
  );
  return rows.map(({ gid }) => gid);
}

const listed = (names: readonly string[]): string =>
  `${names.slice(0, NAMED).join(', ')}${names.length > NAMED ? ` and ${names.length - NAMED} more` : ''}`;

/** Sessions in words. */
export const tellSessions = (sessions: readonly OtherSession[]): string =>
  listed(
    sessions.map(({ pid, user, application }) => `${pid} (${user}${application === '' ? '' : `, ${application}`})`),
  );

/**
 * Ends the sessions that are there now as far as the account may, without waiting: those that began while their database was read-only stay so until
 * they connect again.
 */
export async function renewOtherSessions(
  session: PgSession,
  databases: readonly string[],
  jobId: string,
  signal: AbortSignal,
): Promise<void> {
  for (const { pid } of await otherSessions(session, databases, jobId, signal)) {
    try {
      await session.query('SELECT pg_catalog.pg_terminate_backend($1)', [pid], signal);
    } catch (error) {
      if (!isOfObject(error)) throw error;
    }
  }
}

export interface EndOthers {
  readonly session: PgSession;
  readonly databases: readonly string[];
  readonly jobId: string;
  readonly signal: AbortSignal;
  /** What is waited for. */
  onWait(text: string): void;
}

/**
 * Ends the sessions that are there now, and waits until they and every prepared transaction are gone: whatever they wrote is committed or undone
 * then. Those that the account may not end, and prepared transactions, are waited for and named: a person has to end them.
 */
export async function endOtherSessions({ session, databases, jobId, signal, onWait }: EndOthers): Promise<void> {
  const first = await otherSessions(session, databases, jobId, signal);
  const before = new Set(first.map(({ pid }) => pid));
  const refused = new Set<number>();
  for (;;) {
    const left = (await otherSessions(session, databases, jobId, signal)).filter(({ pid }) => before.has(pid));
    for (const { pid } of left) {
      if (refused.has(pid)) continue;
      try {
        await session.query('SELECT pg_catalog.pg_terminate_backend($1)', [pid], signal);
      } catch (error) {
        if (!isOfObject(error)) throw error;
        refused.add(pid);
      }
    }
    const prepared = await preparedTransactions(session, databases, signal);
    if (left.length === 0 && prepared.length === 0) return;
    const mine = left.filter(({ pid }) => refused.has(pid));
    if (mine.length > 0)
      onWait(`waits until these sessions are ended, which the account may not do: ${tellSessions(mine)}`);
    else if (left.length > 0) onWait(`waits for sessions to end: ${tellSessions(left)}`);
    else onWait(`waits until prepared transactions are committed or rolled back: ${listed(prepared)}`);
    await pause(POLL_MS);
    throwIfAborted(signal);
  }
}
