import type { Logger } from '../../log';
import { answers } from '../cluster/health';
import { socketPath } from '../cluster/node';
import { isAlive } from '../processes';
import type { Instances } from './instances';
import type { InstanceRecord } from './record';
import { shouldServe } from './status';

const TICK_MS = 500;
const HEALTH_MS = 10_000;
const HEALTH_LIMIT_MS = 5_000;
const HEALTH_TRIES = 3;
/** So many unexpected ends in a minute are no accident: from then on it is tried less and less often. */
const CRASHES_IN_A_MINUTE = 3;
const FIRST_WAIT_MS = 5_000;
const LONGEST_WAIT_MS = 600_000;

interface Watch {
  crashes: number[];
  /** Not before this time. */
  tryAt: number;
  waitMs: number;
  silent: number;
  hung: boolean;
}

const HUNG = 'The server does not answer new connections';

/**
 * Sees servers that ended by themselves (adopted ones are not our children, so their end is looked for) and starts them again; tells of
 * servers that hang. Costs one look at /proc per instance and tick.
 */
export function startMonitor(instances: Instances, log: Logger): { stop(): void } {
  const watches = new Map<string, Watch>();
  const watchOf = (id: string): Watch => {
    const known = watches.get(id);
    if (known) return known;
    const made: Watch = { crashes: [], tryAt: 0, waitMs: FIRST_WAIT_MS, silent: 0, hung: false };
    watches.set(id, made);
    return made;
  };

  const lookAfter = async (record: InstanceRecord): Promise<void> => {
    if (record.operation || !shouldServe(record.status)) return;
    const server = instances.server(record.id);
    if (server && isAlive(server)) return;
    const watch = watchOf(record.id);
    const now = Date.now();
    if (now < watch.tryAt) return;
    watch.crashes = [...watch.crashes.filter((at) => now - at < 60_000), now];
    const often = watch.crashes.length >= CRASHES_IN_A_MINUTE || record.status === 'limited run';
    watch.waitMs = often ? Math.min(watch.waitMs * 2, LONGEST_WAIT_MS) : FIRST_WAIT_MS;
    watch.tryAt = often ? now + watch.waitMs : now;
    log.write('warn', 'a server process is gone', { instance: record.id, pid: server?.pid ?? 0 });
    const at = new Date(now).toISOString().replace('T', ' ').slice(0, 19);
    await instances.begin(
      'recover',
      record.id,
      `The server process ended unexpectedly at ${at} UTC and was started again`,
    );
  };

  const checkHealth = async (record: InstanceRecord): Promise<void> => {
    if (record.operation || (record.status !== 'running' && record.status !== 'readonly')) return;
    const watch = watchOf(record.id);
    const alive = await answers(socketPath(instances.node(record)), HEALTH_LIMIT_MS);
    watch.silent = alive ? 0 : watch.silent + 1;
    if (!alive && watch.silent >= HEALTH_TRIES && !watch.hung) {
      watch.hung = true;
      await instances.noteProblem(record.id, HUNG);
    } else if (alive && watch.hung) {
      watch.hung = false;
      if (instances.get(record.id)?.problem === HUNG) await instances.noteProblem(record.id, '');
    }
  };

  const forAll = (work: (record: InstanceRecord) => Promise<void>) => (): void => {
    for (const record of instances.list()) {
      work(record).catch((error: unknown) => void log.bug(`monitor of ${record.id}`, error));
    }
  };
  const ticks = setInterval(forAll(lookAfter), TICK_MS);
  const healths = setInterval(forAll(checkHealth), HEALTH_MS);
  return {
    stop() {
      clearInterval(ticks);
      clearInterval(healths);
    },
  };
}
