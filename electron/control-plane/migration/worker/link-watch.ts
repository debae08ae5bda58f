import { AppError } from '../../../../shared/errors';
import type { PgSession } from '../../../adapters/postgres/session';
import { failureKind, needsPerson } from './failure';
import type { SideRole } from './session-settings';

/** A session that runs single statements. */
interface Watched {
  readonly pid: number;
  readonly busy: () => boolean;
  readonly cut: () => void;
  /** How often in a row the server said that it has nothing to do while we wait for an answer. */
  missed: number;
  /** Its process was once among those that the server lists; one behind a pooler never is. */
  seen: boolean;
}

/** Two sessions between which rows flow. */
export interface WatchedFlow {
  readonly sourcePid: number;
  readonly targetPid: number;
  /** Bytes so far; what stands still is looked at. */
  readonly moved: () => number;
  readonly active: () => boolean;
  readonly cut: () => void;
}

interface Flow extends WatchedFlow {
  before: number;
  takenBefore: string | null;
  stuck: number;
  /** As for single sessions: both processes were listed once. */
  seen: boolean;
}

interface Backend {
  readonly pid: number;
  readonly state: string | null;
  readonly wait: string | null;
  readonly waited: string[] | null;
  /** Bytes of a COPY that the server has seen; null when it runs none, or does not tell. */
  readonly taken: string | null;
}

/**
 * Finds connections that are dead without having been closed: a road on which nothing arrives any more keeps both ends waiting for hours.
 * Each server is asked now and then what our sessions do there.
 */
export interface LinkWatch {
  session(role: SideRole, session: PgSession): void;
  flow(flow: WatchedFlow): () => void;
  /** Begins to look. `open` logs in to be asked by. */
  start(role: SideRole, open: (signal: AbortSignal) => Promise<PgSession>): void;
  stop(): Promise<void>;
}

export interface LinkWatchOptions {
  /** Nothing comes from this side any more. Told once until it answers again; then its sessions and the flows are cut. */
  readonly onAway: (error: AppError) => void;
  /** Somebody waits for a lock that we hold on the source. */
  readonly onWaiting: (text: string) => void;
  /** Whether the flows are held back by us. */
  readonly holding: () => boolean;
  readonly everyMs?: number;
  readonly patienceMs?: number;
}

const EVERY_MS = 5000;
const PATIENCE_MS = 15_000;
/** Looks in a row after which what stands still counts as dead. */
const LOOKS = 3;
/** A person is told of a waiting statement after this. */
const WAITING_SECONDS = 10;

const TAKEN_FROM = 140_000;
const TAKEN = '(SELECT c.bytes_processed::text FROM pg_catalog.pg_stat_progress_copy c WHERE c.pid = a.pid)';

const look = (versionNum: number): string => `SELECT a.pid, a.state, a.wait_event AS wait,
  (SELECT array_agg(w.pid || ': ' || left(w.query, 200)) FROM pg_catalog.pg_stat_activity w
    WHERE w.wait_event_type = 'Lock' AND w.state_change < now() - interval '${WAITING_SECONDS} s'
      AND w.application_name IS DISTINCT FROM a.application_name
      AND a.pid = ANY (pg_catalog.pg_blocking_pids(w.pid))) AS waited,
  ${versionNum >= TAKEN_FROM ? TAKEN : 'NULL::text'} AS taken
  FROM pg_catalog.pg_stat_activity a
  WHERE a.application_name = pg_catalog.current_setting('application_name')`;

const late = (): AppError =>
  new AppError({ code: 'lost-connection', message: 'The server gives no answer', retry: true });

async function inTime<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(late()), ms);
  });
  try {
    return await Promise.race([work, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}

/** Cuts the connection under a session, whatever runs on it: that fails with `lost-connection`. */
const cutSession = (session: PgSession): void => void session.client.connection.stream.destroy();

export function createLinkWatch(options: LinkWatchOptions): LinkWatch {
  const { everyMs = EVERY_MS, patienceMs = PATIENCE_MS } = options;
  const sessions: Record<SideRole, Set<Watched>> = { source: new Set(), target: new Set() };
  const flows = new Set<Flow>();
  /** As seen last; null while a side cannot be asked. */
  const known: Record<SideRole, ReadonlyMap<number, Backend> | null> = { source: null, target: null };
  const told = new Set<string>();
  const ending = new AbortController();
  const timers = new Set<NodeJS.Timeout>();
  const askers = new Set<PgSession>();
  let away = false;

  const lookAtSessions = (role: SideRole, backends: ReadonlyMap<number, Backend>): void => {
    for (const each of sessions[role]) {
      const backend = backends.get(each.pid);
      each.seen ||= backend !== undefined;
      const idle = backend ? (backend.state ?? '').startsWith('idle') : each.seen;
      const lost = each.busy() && idle;
      each.missed = lost ? each.missed + 1 : 0;
      if (each.missed >= LOOKS) each.cut();
    }
  };
  const lookAtFlows = (): void => {
    if (!known.source || !known.target) return;
    for (const flow of flows) {
      const moved = flow.moved();
      const stands = moved === flow.before;
      const reads = known.source.get(flow.sourcePid);
      const writes = known.target.get(flow.targetPid);
      flow.seen ||= reads !== undefined && writes !== undefined;
      const taken = writes?.taken ?? null;
      const starves = writes?.wait === 'ClientRead';
      // Either end is gone; the source cannot get rid of rows while the target waits for some; or we send and nothing arrives.
      const lost =
        (flow.seen && (!reads || !writes)) ||
        (starves && stands && (reads?.wait === 'ClientWrite' || reads?.wait === 'ClientRead')) ||
        (starves && !stands && taken !== null && taken === flow.takenBefore);
      const still = flow.active() && !options.holding() && (stands || starves);
      flow.before = moved;
      flow.takenBefore = taken;
      flow.stuck = still && lost ? flow.stuck + 1 : 0;
      if (flow.stuck >= LOOKS) flow.cut();
    }
  };
  /** Nobody else would ever end what waits for an answer of that side. */
  const cutAll = (role: SideRole): void => {
    for (const each of sessions[role]) each.cut();
    for (const flow of flows) flow.cut();
  };
  const tellWaiting = (backends: readonly Backend[]): void => {
    for (const text of backends.flatMap(({ waited }) => waited ?? [])) {
      if (told.has(text)) continue;
      told.add(text);
      options.onWaiting(text);
    }
  };

  const start: LinkWatch['start'] = (role, open) => {
    let asker: PgSession | null = null;
    let failed = 0;
    const ask = async (): Promise<void> => {
      if (!asker || asker.closed) {
        asker = await inTime(open(ending.signal), patienceMs);
        askers.add(asker);
      }
      const rows = await inTime(
        asker.query<Backend & { [column: string]: unknown }>(look(asker.serverVersionNum)),
        patienceMs,
      );
      const backends = new Map(rows.map((row) => [row.pid, row]));
      known[role] = backends;
      lookAtSessions(role, backends);
      if (role === 'target') lookAtFlows();
      else tellWaiting(rows);
    };
    const turn = async (): Promise<void> => {
      try {
        await ask();
        failed = 0;
        away = false;
      } catch (error) {
        if (ending.signal.aborted) return;
        if (asker) {
          askers.delete(asker);
          cutSession(asker);
        }
        asker = null;
        known[role] = null;
        // A server that has no session left for us, or refuses one, is there all the same.
        failed = failureKind(error) === 'away' && !needsPerson(error) ? failed + 1 : 0;
        if (failed >= 2 && !away) {
          away = true;
          options.onAway(
            new AppError({
              code: 'unreachable',
              message: `The ${role} gives no answer any more`,
              hint: 'Check the server and the network on the way to it.',
              retry: true,
            }),
          );
          cutAll(role);
        }
      }
      again();
    };
    const again = (): void => {
      if (ending.signal.aborted) return;
      const timer = setTimeout(() => {
        timers.delete(timer);
        void turn();
      }, everyMs);
      timer.unref();
      timers.add(timer);
    };
    again();
  };

  return {
    session(role, session) {
      const watched: Watched = {
        pid: session.backendPid,
        busy: () => session.busy && !session.closed,
        cut: () => cutSession(session),
        missed: 0,
        seen: false,
      };
      sessions[role].add(watched);
      session.onClose(() => sessions[role].delete(watched));
    },
    flow(flow) {
      const watched: Flow = { ...flow, before: -1, takenBefore: null, stuck: 0, seen: false };
      flows.add(watched);
      return () => void flows.delete(watched);
    },
    start,
    async stop() {
      ending.abort();
      for (const timer of timers) clearTimeout(timer);
      await Promise.all([...askers].map((asker) => asker.end()));
    },
  };
}
