import { expect } from 'vitest';
import { completion, type Completion, type DatabaseFollow } from '../../shared/model/migration';
import type { WorkerOrder, WorkerPhase } from '../../electron/control-plane/migration/worker-protocol';
import { orderOf, startWorker, type TestWorker } from './migration-worker';
import type { TestServer } from './postgres';

/** Settings of a server whose changes can be followed; time passes quickly for its walsenders. */
export const LOGICAL = ['wal_level = logical', 'max_replication_slots = 20', 'max_wal_senders = 20'];

/** A task that follows one database, or what is given. */
export const followOrder = (
  source: TestServer,
  target: TestServer,
  change: Parameters<typeof orderOf>[2] & { readonly to?: string } = {},
): WorkerOrder => {
  const { to = '', database, options, ...rest } = change;
  const databases = database === undefined ? [] : [{ name: database, newName: to, mode: 'all' }];
  return orderOf(source, target, {
    ...rest,
    options: {
      type: 'fullAndIncrement',
      objects: { mode: 'partial', roleMode: 'none', databases },
      ...options,
    },
  });
};

export const startFollow = (...order: Parameters<typeof followOrder>): Promise<TestWorker> =>
  startWorker(followOrder(...order));

/**
 * The worker has told the phase as its last one, and so many times (`times`: what was taken back comes again); fails with its end, when it has one
 * instead.
 */
export async function untilPhase(worker: TestWorker, phase: WorkerPhase, times = 1): Promise<void> {
  const told = (): WorkerPhase[] => worker.events.flatMap((event) => (event.event === 'phase' ? [event.phase] : []));
  const seen = (): unknown => [told().at(-1), told().filter((each) => each === phase).length >= times];
  const wanted = expect.poll(seen, { timeout: 60_000, interval: 50 }).toEqual([phase, true]);
  const ended = worker.ended.then((end) => {
    throw new Error(`it has ended instead: ${JSON.stringify(end)} ${worker.errors()}`);
  });
  await Promise.race([wanted, ended]);
}

export const followOf = (worker: TestWorker, database: string): DatabaseFollow | undefined =>
  worker.progress()?.follow?.databases.find((each) => each.database === database);

/** Cuts over, as a person does who has stopped the writers, and leads the clients to the target. */
export async function cutOver(worker: TestWorker, change: Partial<Completion> = {}): Promise<void> {
  await untilPhase(worker, 'ready');
  worker.send({ command: 'complete', completion: completion.parse({ compare: null, ...change }) });
  await untilPhase(worker, 'drained');
  worker.send({ command: 'opened' });
  expect(await worker.ended).toEqual({ outcome: 'done', problem: '', hint: '' });
}

/** Nothing of a task is left: slot, publication, event trigger, schema of ours. */
export async function expectCleaned(server: TestServer, databases: readonly string[]): Promise<void> {
  expect(await server.sql('SELECT slot_name FROM pg_replication_slots')).toEqual([]);
  for (const database of databases) {
    const rows = await server.sql(
      `SELECT pubname::text AS name FROM pg_publication UNION ALL SELECT evtname::text FROM pg_event_trigger
       UNION ALL SELECT nspname::text FROM pg_namespace WHERE nspname LIKE 'howdah%'`,
      database,
    );
    expect(rows).toEqual([]);
  }
}

/** What a database holds beside what tasks keep in it while they run; `contents` as `contentsOf` tells them. */
export const withoutOurs = (contents: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(contents).filter(([name]) => !/^(?:sequence )?howdah_migration\./.test(name)));
