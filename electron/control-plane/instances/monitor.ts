import { AppError } from '../../../shared/errors';
import { dataFolderThere } from '../cluster/data-folder';
import { socketPath, type ClusterNode } from '../cluster/node';
import { glance } from '../processes';
import { changeRecord } from './change-record';
import type { Ground } from './context';
import { createDetector, PRIMARY_PACE, SINGLE_PACE, STANDBY_PACE, type Detector, type Finding } from './detection';
import { isFullBeside } from './full-disk';
import { clusterNode } from './node-of';
import type { Operations } from './operations';
import { candidate } from './preconditions';
import { primaryOf, standbysOf, type InstanceRecord, type NodeRecord } from './record';
import { served, shouldServe } from './status';
import type { Supervisor } from './supervisor';
import { isUnsettled } from './sync-rules';

const TICK_MS = 200;
/** Nobody can take over from a single server: it is looked at every so many ticks. */
const SINGLE_TICKS = 2;
/** Between two looks at how much room the disk of a primary has. */
const DISK_MS = 1_000;
/** How often the primary is asked about its standbys: when all is well and nothing lags, and otherwise. */
const SETTLED_MS = 2_000;
const UNSETTLED_MS = 1_000;
/** So long a standby may be away while an operation goes on, before commits stop waiting for it. */
const BLINK_MS = 1_500;
/** A server that could not be brought up and answers for so long came up after all. */
const CAME_UP_MS = 5_000;
/** So many unexpected ends in a minute are no accident: from then on it is tried less and less often. */
const CRASHES_IN_A_MINUTE = 3;
const FIRST_WAIT_MS = 5_000;
const LONGEST_WAIT_MS = 600_000;

interface Watch {
  /** By node id; made anew when another process runs the node. */
  detectors: Map<string, { key: string; detector: Detector }>;
  crashes: number[];
  /** Not before this time. */
  tryAt: number;
  waitMs: number;
  hung: boolean;
  limitedSince: number | null;
  standbyLostSince: number | null;
  supervisedAt: number;
  /** When the disk of the primary is looked at next, and how often in a row it was full. */
  diskAt: number;
  fullLooks: number;
}

const HUNG = 'The server does not answer new connections';

const WORDS: Readonly<Record<Exclude<Finding, 'well'>, string>> = {
  ended: 'The server process ended unexpectedly',
  'folder-gone': 'The data folder vanished',
  hung: HUNG,
  stopping: 'The server was told to stop by somebody else',
};

export interface MonitorDeps {
  readonly ground: Ground;
  readonly operations: Operations;
  readonly supervisor: Supervisor;
  readonly noteProblem: (id: string, problem: string) => Promise<void>;
}

/**
 * Sees servers that ended, hang, or lost their data (adopted ones are not our children, so their end is looked for), and lets the standby take
 * over or starts them again. Costs one read of /proc and one stat per server and tick.
 */
export function startMonitor({ ground, operations, supervisor, noteProblem }: MonitorDeps): { stop(): void } {
  const { repository, servers, log } = ground;
  const watches = new Map<string, Watch>();
  const watchOf = (id: string): Watch => {
    const known = watches.get(id);
    if (known) return known;
    const made: Watch = {
      detectors: new Map(),
      crashes: [],
      tryAt: 0,
      waitMs: FIRST_WAIT_MS,
      hung: false,
      limitedSince: null,
      standbyLostSince: null,
      supervisedAt: 0,
      diskAt: 0,
      fullLooks: 0,
    };
    watches.set(id, made);
    return made;
  };
  const nodeOf = (record: InstanceRecord, node: NodeRecord): ClusterNode => clusterNode(ground.place, record, node);

  const look = (record: InstanceRecord, node: NodeRecord, now: number): Finding => {
    const { detectors } = watchOf(record.id);
    const identity = servers.get(record.id, node.id);
    const key = `${identity?.pid ?? 0} ${identity?.start ?? ''} ${node.role} ${node.listenPort} ${record.nodes.length}`;
    let found = detectors.get(node.id);
    if (found?.key !== key) {
      const where = nodeOf(record, node);
      const pace = node.role === 'standby' ? STANDBY_PACE : record.nodes.length > 1 ? PRIMARY_PACE : SINGLE_PACE;
      found = { key, detector: createDetector({ identity, data: where.data, socket: socketPath(where) }, pace) };
      detectors.set(node.id, found);
    }
    return found.detector.look(now);
  };

  /** The primary is started again, less and less often when that does not help. */
  const recover = async (record: InstanceRecord, reason: string, now: number): Promise<void> => {
    const watch = watchOf(record.id);
    if (now < watch.tryAt) return;
    watch.crashes = [...watch.crashes.filter((at) => now - at < 60_000), now];
    const often = watch.crashes.length >= CRASHES_IN_A_MINUTE || record.status === 'limited run';
    watch.waitMs = often ? Math.min(watch.waitMs * 2, LONGEST_WAIT_MS) : FIRST_WAIT_MS;
    watch.tryAt = often ? now + watch.waitMs : now;
    await operations.begin('recover', record.id, { reason: `${reason} and was started again` });
  };

  const failOver = async (record: InstanceRecord, reason: string, now: number): Promise<void> => {
    const watch = watchOf(record.id);
    // The last one did not succeed and the primary it left is lost again: not at once, the reason may be the same.
    const again = record.status === 'limited run';
    if (again && now < watch.tryAt) return;
    watch.waitMs = again ? Math.min(watch.waitMs * 2, LONGEST_WAIT_MS) : FIRST_WAIT_MS;
    watch.tryAt = now + watch.waitMs;
    await operations.begin('failover', record.id, { reason });
  };

  const onLost = async (record: InstanceRecord, finding: Exclude<Finding, 'well'>, now: number): Promise<void> => {
    const primary = primaryOf(record);
    const at = new Date(now).toISOString().replace('T', ' ').slice(0, 19);
    const reason = `${WORDS[finding]} at ${at} UTC`;
    if (record.operation) {
      operations.interrupt(record.id, reason);
      return;
    }
    log.write('warn', 'a primary is lost', { instance: record.id, node: primary.id, finding });
    const found = candidate(ground, record, now);
    if ('id' in found) {
      const standby = servers.get(record.id, found.id);
      const isUp = standby !== undefined && glance(standby) !== 'gone';
      // All servers ended at once, by a reboot for one: the data that served last comes first.
      const comesBack = finding === 'ended' && !isUp && record.status !== 'limited run';
      if (!comesBack || !dataFolderThere(nodeOf(record, primary))) return failOver(record, reason, now);
    }
    if (finding !== 'hung') return recover(record, reason, now);
    const watch = watchOf(record.id);
    if (watch.hung) return;
    watch.hung = true;
    await noteProblem(record.id, HUNG);
  };

  const watchStandbys = async (record: InstanceRecord, now: number): Promise<void> => {
    const watch = watchOf(record.id);
    const findings = standbysOf(record)
      .filter(({ state }) => state === 'ready')
      .map((node) => ({ node, finding: look(record, node, now) }));
    const lost = findings.some(({ finding }) => finding !== 'well');
    if (record.operation) {
      // The operation may be starting it again.
      watch.standbyLostSince = lost ? (watch.standbyLostSince ?? now) : null;
      const away = watch.standbyLostSince !== null && now - watch.standbyLostSince < BLINK_MS;
      if (away || now - watch.supervisedAt < UNSETTLED_MS) return;
      watch.supervisedAt = now;
      return supervisor.keepSync(record.id);
    }
    watch.standbyLostSince = null;
    const hung = findings.find(({ finding }) => finding !== 'well' && finding !== 'ended');
    if (hung) await supervisor.restartHung(record.id, hung.node.id);
    const calm =
      !isUnsettled(record) && standbysOf(record).every(({ id }) => ground.lagOf(record.id, id)?.lagBytes === 0);
    if (!lost && now - watch.supervisedAt < (calm ? SETTLED_MS : UNSETTLED_MS)) return;
    watch.supervisedAt = now;
    await supervisor.lookAfter(record.id);
  };

  /** Whether the primary has no room left, twice in a row, and the standby that may take over has. */
  const isFull = (record: InstanceRecord, now: number): boolean => {
    const watch = watchOf(record.id);
    if (now < watch.diskAt) return false;
    watch.diskAt = now + DISK_MS;
    const found = candidate(ground, record, now);
    const standby = 'id' in found && record.nodes.find(({ id }) => id === found.id);
    const full = standby && isFullBeside(nodeOf(record, primaryOf(record)).data, nodeOf(record, standby).data);
    watch.fullLooks = full ? watch.fullLooks + 1 : 0;
    return watch.fullLooks >= 2;
  };

  const lookAfter = async (record: InstanceRecord, now: number): Promise<void> => {
    const serves = record.operation ? operations.isInterruptible(record.id) : shouldServe(record.status);
    if (!serves) return;
    const watch = watchOf(record.id);
    const finding = look(record, primaryOf(record), now);
    if (finding !== 'well') watch.limitedSince = null;
    if (finding !== 'well') return onLost(record, finding, now);
    if (watch.hung) {
      watch.hung = false;
      if (record.problem === HUNG) await noteProblem(record.id, '');
    }
    if (record.status !== 'limited run') watch.limitedSince = null;
    else if (!record.operation && now - (watch.limitedSince ??= now) > CAME_UP_MS) {
      watch.limitedSince = null;
      await changeRecord(repository, record.id, { status: served(record), problem: '' });
    }
    if (record.nodes.length < 2) return;
    if (!record.operation && isFull(record, now)) {
      log.write('warn', 'the disk of a primary is full', { instance: record.id, node: primaryOf(record).id });
      return failOver(record, 'The disk of the primary was full', now);
    }
    await watchStandbys(record, now);
  };

  let ticks = 0;
  const timer = setInterval(() => {
    const now = Date.now();
    ticks += 1;
    for (const record of repository.all()) {
      if (record.nodes.length < 2 && ticks % SINGLE_TICKS !== 0) continue;
      // What follows from a look may take longer than a tick; the looks at a primary go on meanwhile.
      lookAfter(record, now).catch((error: unknown) => {
        // Somebody was quicker: an operation has begun in this moment.
        if (!(error instanceof AppError && error.code === 'conflict')) log.bug(`monitor of ${record.id}`, error);
      });
    }
    for (const id of watches.keys()) if (!repository.get(id)) watches.delete(id);
  }, TICK_MS);
  return { stop: () => clearInterval(timer) };
}
