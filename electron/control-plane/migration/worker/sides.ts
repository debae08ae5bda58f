import { setTimeout as pause } from 'node:timers/promises';
import { AppError, throwIfAborted } from '../../../../shared/errors';
import { openCopySession, type CopySession } from '../../../adapters/postgres/copy-session';
import { openSession, type PgSession } from '../../../adapters/postgres/session';
import type { ConnectionProfile } from '../../../ports';
import { applicationName, profileOf, type Reachable } from '../endpoint';
import { failureKind, needsPerson } from './failure';
import type { LinkWatch } from './link-watch';
import { settingsOf, settingsStatement, type Setting, type SideRole } from './session-settings';

/** One server of a run: sessions that are prepared for their purpose, and watched. */
export interface Side {
  readonly role: SideRole;
  /** Where the server itself is asked. */
  readonly maintenance: string;
  /** `server_version_num`, e.g. 170006; known after `meet`. */
  readonly versionNum: number;
  profile(database: string): ConnectionProfile;
  /** Logs in, learns the version, ends sessions that an earlier worker of this task left, and begins to watch. */
  meet(signal: AbortSignal): Promise<void>;
  /** For catalog work and statements; `index` with memory for index builds. */
  open(database: string, signal: AbortSignal, purpose?: 'plain' | 'index'): Promise<PgSession>;
  openCopy(database: string, encoding: string, signal: AbortSignal): Promise<CopySession>;
}

export interface SideOptions {
  readonly role: SideRole;
  readonly endpoint: Reachable;
  readonly jobId: string;
  readonly watch: LinkWatch;
  readonly indexJobs: () => number;
  readonly onWarning: (text: string) => void;
}

/** Waits before the next attempt, in milliseconds. */
const BACK_OFF = [250, 500, 1000, 2000];
const OLD_SESSIONS_MS = 10_000;

/** How often something is tried in all while a connection is lost. */
export const ATTEMPTS = BACK_OFF.length + 1;

/** Waits before attempt `next` (2, 3, …). Fails with `cancelled`. */
export async function backOff(next: number, signal: AbortSignal): Promise<void> {
  await pause(BACK_OFF[next - 2] ?? 0, undefined, { signal }).catch(() => undefined);
  throwIfAborted(signal);
}

/** Does it again while a connection is lost or the server is busy, a few times. Fails with the last reason. */
export async function withRetries<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      const kind = failureKind(error);
      if (kind === 'cancelled' || kind === 'object' || needsPerson(error) || attempt >= ATTEMPTS) throw error;
      await backOff(attempt + 1, signal);
    }
  }
}

/** Opens a session for the work and closes it; does both again while connections are lost. The work must bear being done again. */
export function withSession<T>(
  open: () => Promise<PgSession>,
  signal: AbortSignal,
  work: (session: PgSession) => Promise<T>,
): Promise<T> {
  return withRetries(async () => {
    const session = await open();
    try {
      return await work(session);
    } finally {
      await session.end();
    }
  }, signal);
}

/** The same with a session at each end. */
export const withBoth = <T>(
  openSource: () => Promise<PgSession>,
  openTarget: () => Promise<PgSession>,
  signal: AbortSignal,
  work: (source: PgSession, target: PgSession) => Promise<T>,
): Promise<T> =>
  withSession(openSource, signal, (source) => withSession(openTarget, signal, (target) => work(source, target)));

/** Ends what an earlier worker of the task left on the server, and waits until it is gone: it may hold locks or be about to commit. */
async function endOldSessions(session: PgSession, jobId: string, signal: AbortSignal): Promise<void> {
  const mine = [applicationName(jobId)];
  const theirs =
    "application_name = $1 AND pid <> pg_catalog.pg_backend_pid() AND backend_type IN ('client backend', 'walsender')";
  const end = `SELECT pg_catalog.pg_terminate_backend(pid) FROM pg_catalog.pg_stat_activity WHERE ${theirs}`;
  for (const deadline = Date.now() + OLD_SESSIONS_MS; ;) {
    const left = await session.query(end, mine, signal);
    if (left.length === 0) return;
    if (Date.now() > deadline) break;
    await pause(50);
    throwIfAborted(signal);
  }
  throw new AppError({
    code: 'lost-connection',
    message: 'Sessions of an earlier attempt of this task do not end',
    hint: `Look for sessions named "${applicationName(jobId)}" on the server.`,
    retry: true,
  });
}

/** Sets all at once, or one by one when one is refused. */
async function apply(
  settings: readonly Setting[],
  run: (sql: string) => Promise<unknown>,
  onRefused: (name: string) => void,
): Promise<void> {
  try {
    await run(settingsStatement(settings));
  } catch (error) {
    if (failureKind(error) !== 'object') throw error;
    for (const setting of settings) {
      try {
        await run(settingsStatement([setting]));
      } catch (refused) {
        if (failureKind(refused) !== 'object' || !setting.optional) throw refused;
        onRefused(setting.name);
      }
    }
  }
}

export function createSide(options: SideOptions): Side {
  const { role, endpoint, jobId, watch } = options;
  let versionNum = 0;
  const refused = new Set<string>();
  const profile = (database: string): ConnectionProfile => profileOf(endpoint, database, jobId);
  const settings = (purpose: 'plain' | 'copy' | 'index', encoding: string, version: number): Setting[] =>
    settingsOf({ role, versionNum: version, purpose, indexJobs: options.indexJobs(), encoding }).filter(
      ({ name }) => !refused.has(name),
    );
  const onRefused = (name: string): void => {
    // The next session does not ask for it again.
    refused.add(name);
    if (name === 'session_replication_role')
      options.onWarning(
        'The account of the target may not set session_replication_role: triggers of tables that were there before see the rows',
      );
  };

  const open: Side['open'] = async (database, signal, purpose = 'plain') => {
    const session = await openSession(profile(database), signal);
    try {
      await apply(
        settings(purpose, 'UTF8', session.serverVersionNum),
        (sql) => session.query(sql, [], signal),
        onRefused,
      );
    } catch (error) {
      await session.end();
      throw error;
    }
    watch.session(role, session);
    return session;
  };

  return {
    role,
    maintenance: endpoint.database,
    get versionNum() {
      return versionNum;
    },
    profile,
    async meet(signal) {
      await withSession(
        () => open(endpoint.database, signal),
        signal,
        async (session) => {
          versionNum = session.serverVersionNum;
          await endOldSessions(session, jobId, signal);
        },
      );
      watch.start(role, (until) => openSession(profile(endpoint.database), until));
    },
    open,
    async openCopy(database, encoding, signal) {
      const session = await openCopySession(profile(database), signal);
      try {
        await apply(
          settings('copy', encoding, session.serverVersionNum),
          (sql) => session.run(sql, {}, signal),
          onRefused,
        );
      } catch (error) {
        await session.end();
        throw error;
      }
      return session;
    },
  };
}
