import { timeLimit } from '../../adapters/postgres/deadline';
import { openSession, type PgSession } from '../../adapters/postgres/session';
import { errorInfo } from '../../../shared/errors';
import { quoteIdent, quoteLiteral } from '../../../shared/model/quote';
import type { Connections } from '../../ports';

/** Runs `work` over a session of its own to a database of a registered server (null: the maintenance database). */
export async function withSession<T>(
  connections: Connections,
  serverId: string,
  database: string | null,
  signal: AbortSignal,
  work: (session: PgSession) => Promise<T>,
): Promise<T> {
  const session = await openSession(await connections.profile(serverId, database, signal), signal);
  try {
    return await work(session);
  } finally {
    await session.end();
  }
}

/** Makes an empty database out of template0, so that any encoding can be asked for. Fails with `sql` (42P04: the name is taken). */
export async function createDatabase(
  session: PgSession,
  name: string,
  encoding: string,
  signal: AbortSignal,
): Promise<void> {
  const [server] = await session.query<{ encoding: string }>(
    'SELECT pg_encoding_to_char(encoding) AS encoding FROM pg_database WHERE datname = current_database()',
    [],
    signal,
  );
  const other = encoding !== '' && encoding.toUpperCase() !== server?.encoding;
  // Only the C locale goes with every encoding.
  const locale = other ? ` ENCODING ${quoteLiteral(encoding)} LC_COLLATE 'C' LC_CTYPE 'C'` : '';
  await session.query(`CREATE DATABASE ${quoteIdent(name)} TEMPLATE template0${locale}`, [], signal);
}

/** Drops a database and ends the sessions in it. */
export async function dropDatabase(session: PgSession, name: string, signal: AbortSignal): Promise<void> {
  await session.query(
    'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid()',
    [name],
    signal,
  );
  await session.query(`DROP DATABASE IF EXISTS ${quoteIdent(name)}`, [], signal);
}

/** Ends what a child program left running on the server. Sessions of ours are found by their unique application name. */
export async function endSessions(
  connections: Connections,
  serverId: string,
  applicationNames: readonly string[],
): Promise<void> {
  const signal = timeLimit(10_000);
  await withSession(connections, serverId, null, signal, (session) =>
    session.query(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = ANY($1::text[]) AND pid <> pg_backend_pid()',
      [[...applicationNames]],
      signal,
    ),
  );
}

const plural = (count: number, one: string): string => `${count.toLocaleString('en')} ${one}${count === 1 ? '' : 's'}`;

/** What a database holds now, in one sentence; never fails: an unreachable server is said. */
export async function describeTarget(
  connections: Connections,
  serverId: string,
  database: string,
  created: boolean,
  rolledBack: boolean,
): Promise<string> {
  const where = `Database ${database} on ${connections.name(serverId)}`;
  try {
    const signal = timeLimit(15_000);
    const facts = await withSession(connections, serverId, database, signal, async (session) => {
      const [row] = await session.query<{ tables: number; others: number; filled: number }>(
        `SELECT count(*) FILTER (WHERE relkind IN ('r', 'p'))::int AS tables,
                count(*) FILTER (WHERE relkind NOT IN ('r', 'p', 'i', 'I', 't'))::int AS others,
                count(*) FILTER (WHERE relkind = 'r' AND pg_relation_size(c.oid) > 0)::int AS filled
           FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
          WHERE n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\\_toast%'`,
        [],
        signal,
      );
      return row;
    });
    const holds = `holds ${plural(facts?.tables ?? 0, 'table')} (${facts?.filled ?? 0} of them with rows) and ${plural(facts?.others ?? 0, 'other relation')}`;
    if (rolledBack)
      return created
        ? `${where} was created and is empty: everything else was rolled back. It ${holds}.`
        : `Nothing was changed: everything was rolled back. ${where} ${holds}.`;
    return created
      ? `${where} was created by this import and now ${holds}.`
      : `${where} now ${holds}; what was imported before the end stays.`;
  } catch (error) {
    const { message, sqlstate } = errorInfo(error);
    if (sqlstate === '3D000') return `${where} does not exist.`;
    return `${where} could not be asked what it holds (${message}). ${
      rolledBack
        ? 'The server rolls the open transaction back.'
        : 'Everything before the statement that was running is in it.'
    }`;
  }
}

/** The hint for failures of a run that have one cause. */
export function runHint(sqlstate: string, message: string): string {
  if (sqlstate === '53100' || /No space left on device/i.test(message))
    return 'The disk of the target server is full. Free space or choose another target, then import again.';
  if (sqlstate === '22021' || /invalid byte sequence for encoding/i.test(message))
    return 'The file is not in the encoding it is read as. Make the dump again with --encoding=UTF8, or convert it: iconv -f OLD -t UTF-8.';
  if (sqlstate === '22P05')
    return 'The target’s encoding lacks a character of the source: create the target with encoding UTF8.';
  if (sqlstate.startsWith('57P') || sqlstate.startsWith('08'))
    return 'The server ended or was shut down during the import. Start it, then import again.';
  if (sqlstate === '28P01') return 'Check the password of the server’s registration.';
  return '';
}

export const asFatal = (sqlstate: string): boolean => /^(53100|53200|57P|08|XX001|58030)/.test(sqlstate);
