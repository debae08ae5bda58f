import { AppError, errorInfo } from '../../../shared/errors';
import { timeLimit } from '../../adapters/postgres/deadline';
import { replicationOf, type StandbyState } from '../cluster/replication';
import { glance } from '../processes';
import { changeRecord, withHistory } from './change-record';
import { contextOf, type Ground } from './context';
import { fenceNode } from './fencing';
import type { LagSample } from './ha-rules';
import { dropKeptLog, limitKeptLog, loseStandby } from './kept-log';
import type { OperationContext } from './operation-context';
import { rebuildWait } from './rebuild-wait';
import { standbysOf, type InstanceRecord, type NodeRecord } from './record';
import { start } from './serve';
import type { Sessions } from './sessions';
import { buildStandby, waitStreaming } from './standby';
import { shouldServe } from './status';
import { changeNode, confirmSync, engageSync, releaseSync } from './sync';
import { judgeSync, syncCandidate } from './sync-rules';
import type { Turns } from './turns';

/** What is remembered of an instance between two looks. */
interface Watch {
  lags: Map<string, LagSample>;
  missingSince: Map<string, number>;
  /** Failures in a row to bring a standby up, and when it may be tried again. */
  failures: Map<string, { count: number; tryAt: number }>;
}

export interface Supervisor {
  /** Looks after the standbys of an instance, unless somebody works on it. Resolves when that is done. */
  lookAfter(id: string): Promise<void>;
  /** Lets commits go, or wait, as the mode says: also while an operation is in a long step of its own. */
  keepSync(id: string): Promise<void>;
  /** Ends a standby that does not answer; it is started again by and by. */
  restartHung(id: string, nodeId: string): Promise<void>;
  lagOf(id: string, nodeId: string): LagSample | null;
  forget(id: string): void;
}

/** A standby that runs but is not seen for so long has left the primary's history, or the log it needs is gone. */
const ASTRAY_MS = 15_000;

/** How long the primary may take to tell of its standbys. */
const ANSWER_MS = 4_000;

export interface SupervisorDeps {
  readonly ground: Ground;
  readonly turns: Turns;
  readonly sessions: Sessions;
  readonly nextTask: () => number;
  readonly ending: AbortSignal;
}

/** Keeps every instance at the standbys that its record names: running, following, waited for as the mode says, built anew when lost. */
export function createSupervisor({ ground, turns, sessions, nextTask, ending }: SupervisorDeps): Supervisor {
  const keeping = new Set<string>();
  const { repository, log, servers } = ground;
  const watches = new Map<string, Watch>();
  const watchOf = (id: string): Watch => {
    const known = watches.get(id) ?? { lags: new Map(), missingSince: new Map(), failures: new Map() };
    watches.set(id, known);
    return known;
  };

  const isUp = (id: string, nodeId: string): boolean => {
    const server = servers.get(id, nodeId);
    return server !== undefined && glance(server) !== 'gone';
  };

  /** What the primary sees of its standbys; null when it cannot be asked. */
  const measure = async (context: OperationContext): Promise<StandbyState[] | null> => {
    const record = context.record();
    const watch = watchOf(record.id);
    const now = Date.now();
    let seen: StandbyState[];
    try {
      const primary = context.node();
      const session = await sessions.of(record.id, primary);
      const signal = AbortSignal.any([context.signal, timeLimit(ANSWER_MS)]);
      seen = await replicationOf(primary, { session, signal });
    } catch (error) {
      sessions.drop(record.id);
      log.write('debug', 'the primary cannot be asked', { instance: record.id, reason: errorInfo(error).message });
      return null;
    }
    for (const { id } of standbysOf(record)) {
      const standby = seen.find((each) => each.id === id);
      if (standby) {
        watch.missingSince.delete(id);
        watch.lags.set(id, { at: now, lagBytes: standby.flushLagBytes, lagSeconds: standby.flushLagSeconds });
      } else {
        if (!watch.missingSince.has(id)) watch.missingSince.set(id, now);
        watch.lags.delete(id);
      }
    }
    return seen;
  };

  const keepSync = async (context: OperationContext, seen: readonly StandbyState[]): Promise<void> => {
    const record = context.record();
    const standby = syncCandidate(record);
    const state = standby && seen.find(({ id }) => id === standby.id);
    const verdict = judgeSync(record, {
      now: Date.now(),
      seen: state ?? null,
      alive: standby !== undefined && isUp(record.id, standby.id),
      missingSince: (standby && watchOf(record.id).missingSince.get(standby.id)) ?? null,
    });
    if (verdict === 'release') {
      await releaseSync(context);
      await context.event({
        level: 'warn',
        kind: 'degraded',
        text: 'Commits do not wait for the standby any more: it is gone or too far behind',
      });
    } else if (verdict === 'engage' && standby) {
      await engageSync(context, standby.id);
      await confirmSync(context, standby.id);
      await context.event({
        level: 'info',
        kind: 'synchronous',
        text: `Commits wait for the standby ${standby.id} again`,
      });
    } else if (verdict === 'confirm' && standby) await confirmSync(context, standby.id);
  };

  /** Runs one attempt to bring a standby up, at growing intervals while it fails. */
  const attempt = async (context: OperationContext, node: NodeRecord, work: () => Promise<void>): Promise<void> => {
    const { failures } = watchOf(context.record().id);
    const before = failures.get(node.id) ?? { count: 0, tryAt: 0 };
    if (Date.now() < before.tryAt) return;
    try {
      await work();
      failures.delete(node.id);
    } catch (error) {
      if (context.signal.aborted) return;
      const { code, message, hint } = errorInfo(error);
      if (code === 'bug') log.bug(`standby of ${context.record().id}`, error);
      const count = before.count + 1;
      failures.set(node.id, { count, tryAt: Date.now() + rebuildWait(count) });
      const problem = hint ? `${message}. ${hint}` : message;
      log.write('warn', 'a standby could not be brought up', { instance: context.record().id, node: node.id, problem });
      await changeNode(context, node.id, { problem });
      const now = standbysOf(context.record()).find(({ id }) => id === node.id);
      if (now && now.state !== 'ready') await dropKeptLog(context, node.id);
    }
  };

  const rebuild = async (context: OperationContext, node: NodeRecord): Promise<void> => {
    const { id } = context.record();
    const startedAt = Date.now();
    const done = (message: string) =>
      changeRecord(repository, id, {
        history: withHistory(context.record(), {
          taskId: nextTask(),
          kind: 'rebuild',
          startedAt,
          endedAt: Date.now(),
          ok: message === '',
          message,
        }),
      });
    log.write('info', 'a standby is built', { instance: id, node: node.id });
    try {
      await context.heavy(() => buildStandby(context, node.id));
    } catch (error) {
      if (!context.signal.aborted) await done(errorInfo(error).message);
      throw error;
    }
    await done('');
    await context.event({ level: 'info', kind: 'rebuilt', text: `The standby ${node.id} was built from the primary` });
  };

  /** A standby that ended is started again; one that does not come up is built anew. */
  const bringUp = async (context: OperationContext, node: NodeRecord): Promise<void> => {
    if (node.state !== 'ready') return rebuild(context, node);
    try {
      await start(context, node.id);
      await waitStreaming(context, node.id, ASTRAY_MS);
    } catch (error) {
      if (context.signal.aborted) throw error;
      log.write('warn', 'a standby does not come up again', { node: node.id, reason: errorInfo(error).message });
      await loseStandby(context, node.id, '');
      await rebuild(context, node);
    }
  };

  const round = async (id: string, signal: AbortSignal): Promise<void> => {
    const context = contextOf(ground, id, signal);
    const seen = await measure(context);
    if (!seen) return;
    await keepSync(context, seen);
    await limitKeptLog(context, await sessions.of(id, context.node()));
    for (const node of standbysOf(context.record())) {
      if (signal.aborted) return;
      const missing = watchOf(id).missingSince.get(node.id);
      if (node.state === 'ready' && isUp(id, node.id)) {
        if (missing === undefined || Date.now() - missing < ASTRAY_MS) continue;
        await loseStandby(context, node.id, 'It did not follow the primary');
      }
      await attempt(context, node, () => bringUp(context, node));
    }
  };

  const isOurs = (record: InstanceRecord | undefined): boolean =>
    record !== undefined && record.operation === null && shouldServe(record.status) && record.nodes.length > 1;

  return {
    async lookAfter(id) {
      if (!isOurs(repository.get(id))) return;
      await turns.background(id, async (signal) => {
        if (!isOurs(repository.get(id))) return;
        try {
          await round(id, signal);
        } catch (error) {
          if (!signal.aborted && !(error instanceof AppError && error.code === 'cancelled')) {
            log.write('warn', 'looking after the standbys failed', { instance: id, reason: errorInfo(error).message });
          }
        }
      });
    },
    async keepSync(id) {
      if (keeping.has(id)) return;
      keeping.add(id);
      try {
        const context = contextOf(ground, id, ending);
        const seen = await measure(context);
        if (seen) await keepSync(context, seen);
      } catch (error) {
        log.write('warn', 'synchronous commits could not be looked after', {
          instance: id,
          reason: errorInfo(error).message,
        });
      } finally {
        keeping.delete(id);
      }
    },
    async restartHung(id, nodeId) {
      if (!isOurs(repository.get(id))) return;
      await turns.background(id, async (signal) => {
        const context = contextOf(ground, id, signal);
        await fenceNode(context, nodeId);
      });
    },
    lagOf: (id, nodeId) => watches.get(id)?.lags.get(nodeId) ?? null,
    forget: (id) => void watches.delete(id),
  };
}
