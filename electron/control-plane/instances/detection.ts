import { dataFolderThere } from '../cluster/data-folder';
import { answers } from '../cluster/health';
import { readPidFile } from '../cluster/postmaster';
import { exists, glance, type ProcessIdentity } from '../processes';

/** How a server that was there is doing, from small observations that are made all the time. */

export interface Watched {
  readonly identity: ProcessIdentity | undefined;
  /** Data folder. */
  readonly data: string;
  /** Path of the private socket. */
  readonly socket: string;
}

/**
 * `hung`: it is there and takes no new connections. `stopping`: somebody else told it to stop and it waits for its sessions, refusing new ones
 * (what SIGTERM means to PostgreSQL).
 */
export type Finding = 'well' | 'ended' | 'folder-gone' | 'hung' | 'stopping';

export interface ProbePace {
  readonly everyMs: number;
  readonly limitMs: number;
  /** Failures in a row after which it counts as hung. */
  readonly tries: number;
  /** The same for a process that the system says is stopped. */
  readonly stoppedTries: number;
}

/** Of a primary: together with the fail-over itself the outage must stay below 5 s. */
export const PRIMARY_PACE: ProbePace = { everyMs: 1_000, limitMs: 600, tries: 3, stoppedTries: 2 };
/** Of a primary that nobody can take over from: that it hangs is told, no more. */
export const SINGLE_PACE: ProbePace = { everyMs: 4_000, limitMs: 1_500, tries: 3, stoppedTries: 3 };
/** Of a standby: nobody waits for it longer than the instance's own limits say. */
export const STANDBY_PACE: ProbePace = { everyMs: 5_000, limitMs: 1_500, tries: 3, stoppedTries: 2 };

/** How often the server's own file is asked whether it is being stopped, and how long it may take to come to its end by itself. */
const STATUS_MS = 1_000;
const STOPPING_MS = 1_500;

/** So late our own timers may be without it being the machine that is too busy for a probe to mean anything. */
const OUR_DELAY_MS = 300;
/** So far apart looks may be: beyond that we ourselves did not get our turn, and the server may have waited for its own. */
const LOOKS_APART_MS = 500;

/** The state of the process is read at every so many looks; that it is there at all, at every look. */
const LOOKS = 3;

export interface Detector {
  /** One look; cheap. Probes go on beside it. */
  look(now: number): Finding;
}

/** Watches one server process. A new process of the node gets a new detector. */
export function createDetector(watched: Watched, pace: ProbePace): Detector {
  let looks = 0;
  let state: ReturnType<typeof glance> = 'alive';
  let folderMissed = 0;
  let failures = 0;
  let nextProbe = 0;
  let nextStatus = 0;
  let stoppingSince: number | null = null;
  let probing = false;
  let lookedAt: number | null = null;
  let lateAt = 0;

  const probe = async (now: number): Promise<void> => {
    probing = true;
    const alive = await answers(watched.socket, pace.limitMs);
    const took = Date.now() - now;
    probing = false;
    if (alive) failures = 0;
    else if (took < pace.limitMs + OUR_DELAY_MS && lateAt < now) failures += 1;
    // After a failure the next one follows at once: it is a matter of seconds.
    nextProbe = alive ? now + pace.everyMs : 0;
  };

  return {
    look(now) {
      const { identity, data } = watched;
      if (lookedAt !== null && now - lookedAt > LOOKS_APART_MS) lateAt = now;
      lookedAt = now;
      if (!identity || !exists(identity.pid)) return 'ended';
      // The dearer questions in turn, and again as long as the answer is not as usual.
      if (looks % LOOKS === 0 || state === 'stopped') state = glance(identity);
      if (state === 'gone') return 'ended';
      looks += 1;
      if (looks % 2 === 0 || folderMissed > 0) folderMissed = dataFolderThere({ data }) ? 0 : folderMissed + 1;
      if (folderMissed >= 2) return 'folder-gone';
      if (now >= nextStatus) {
        nextStatus = now + STATUS_MS;
        stoppingSince = readPidFile(data)?.status === 'stopping' ? (stoppingSince ?? now) : null;
      }
      if (stoppingSince !== null && now - stoppingSince > STOPPING_MS) return 'stopping';
      if (state === 'stopped' && failures === 0) nextProbe = Math.min(nextProbe, now);
      if (!probing && now >= nextProbe) void probe(now);
      return failures >= (state === 'stopped' ? pace.stoppedTries : pace.tries) ? 'hung' : 'well';
    },
  };
}
