import { join } from 'node:path';
import type { DatabaseChoice, DatabaseFollow } from '../../shared/model/migration';
import { createRateLimit } from '../../electron/control-plane/migration/copy/rate-limit';
import { createWorkPool } from '../../electron/control-plane/migration/copy/work-pool';
import type { Followed } from '../../electron/control-plane/migration/follow/follow-set';
import { openJournal } from '../../electron/control-plane/migration/journal';
import { createLinkWatch } from '../../electron/control-plane/migration/worker/link-watch';
import type { RunContext } from '../../electron/control-plane/migration/worker/run-context';
import { createRunSteps } from '../../electron/control-plane/migration/worker/run-steps';
import { createSide } from '../../electron/control-plane/migration/worker/sides';
import { createTelling } from '../../electron/control-plane/migration/worker/telling';
import type { WorkerEvent } from '../../electron/control-plane/migration/worker-protocol';
import { orderOf } from './migration-worker';
import type { TestServer } from './postgres';

/** What a run of the worker has, in the process of a test. */
export interface TestRun {
  readonly ctx: RunContext;
  readonly events: readonly WorkerEvent[];
  close(): Promise<void>;
}

/** A run of one task between two servers whose folder is there; a second one on the same folder goes on with its journal. */
export async function openRun(
  source: TestServer,
  target: TestServer,
  folder: string,
  options: object = {},
): Promise<TestRun> {
  const order = orderOf(source, target, { folder, options: { type: 'fullAndIncrement', ...options } });
  const events: WorkerEvent[] = [];
  const ending = new AbortController();
  const telling = createTelling({
    emit: (event) => {
      events.push(event);
      return true;
    },
    copyJobs: order.copyJobs,
    indexJobs: order.indexJobs,
  });
  const watch = createLinkWatch({ holding: () => false, onAway: () => ending.abort(), onWaiting: () => undefined });
  const side = (role: 'source' | 'target') =>
    createSide({
      role,
      endpoint: order[role],
      jobId: order.jobId,
      watch,
      indexJobs: () => order.indexJobs,
      onWarning: () => undefined,
    });
  const journal = await openJournal(join(folder, 'journal.jsonl'));
  const ctx: RunContext = {
    order,
    source: side('source'),
    target: side('target'),
    journal,
    telling,
    watch,
    copyPool: createWorkPool(order.copyJobs),
    copyJobs: () => order.copyJobs,
    indexPool: createWorkPool(order.indexJobs),
    limit: createRateLimit(0),
    signal: ending.signal,
    steps: createRunSteps(telling),
  };
  return {
    ctx,
    events,
    async close() {
      ending.abort();
      await watch.stop();
      await journal.close();
    },
  };
}

const NOW: DatabaseFollow = {
  database: '',
  state: 'following',
  slot: '',
  applied: '',
  written: '',
  lagBytes: 0,
  lagSeconds: 0,
  retainedBytes: 0,
  walStatus: '',
  transactions: 0,
  inserted: 0,
  updated: 0,
  deleted: 0,
  truncated: 0,
  drifted: 0,
  quietSeconds: 0,
  halts: [],
  problem: '',
};

/** A database whose changes arrive by `bring`, called for each drain; it returns how many rows have come since the beginning. */
export function fakeFollowed(choice: DatabaseChoice, bring: () => Promise<number>): Followed {
  let inserted = 0;
  return {
    choice,
    identity: { jobId: 'dts-test0001', database: choice.name, direction: 'forward', slot: 'none', system: '0' },
    to: choice.newName === '' ? choice.name : choice.newName,
    applied: { endLsn: 0n, committedAt: 0 },
    halts: [],
    now: () => ({ ...NOW, inserted }),
    async drainTo() {
      inserted = await bring();
    },
    settle: () => Promise.resolve(),
    stop: () => Promise.resolve(),
    start: () => undefined,
    makeDeferred: () => Promise.resolve(0),
  };
}
