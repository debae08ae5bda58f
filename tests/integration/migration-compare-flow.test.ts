import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Client } from 'pg';
import type { Flow } from '../../electron/control-plane/migration/compare/compare-model';
import { compareServers } from '../support/migration-compare';
import { startServer, type TestServer } from '../support/postgres';

/** Comparisons while changes flow from one side to the other, and arrive late. */

let source: TestServer;
let target: TestServer;

beforeAll(async () => {
  source = await startServer({ major: 16 });
  target = await startServer({ major: 17 });
  for (const server of [source, target]) {
    await server.createDatabase('flow');
    await server.sql(
      `CREATE TABLE accounts (id int PRIMARY KEY, v int); INSERT INTO accounts SELECT i, 0 FROM generate_series(1, 20000) i;
       CREATE TABLE bare (v int); INSERT INTO bare VALUES (0);
       CREATE TABLE hot (id int PRIMARY KEY, v int); INSERT INTO hot VALUES (1, 0), (2, 0); ANALYZE;`,
      'flow',
    );
  }
}, 120_000);
afterAll(async () => {
  await Promise.all([source?.stop(), target?.stop()]);
});

const lsnOf = (text: unknown): bigint => {
  const [high = '0', low = '0'] = String(text).split('/');
  return (BigInt(`0x${high}`) << 32n) + BigInt(`0x${low}`);
};

interface Stream {
  readonly flow: Flow;
  readonly changes: number;
  stop(): Promise<void>;
}

/** Statements that are run on one server and, some time later and in the same order, on the other one. */
async function openStream(from: 'source' | 'target', next: (at: number) => string, lateMs: number): Promise<Stream> {
  const [written, copied] = from === 'source' ? [source, target] : [target, source];
  const clients = await Promise.all(
    [written, written, copied].map(async (server) => {
      const client = new Client(server.uri('flow'));
      await client.connect();
      return client;
    }),
  );
  const [writer, asker, applier] = clients;
  if (!writer || !asker || !applier) throw new Error('no clients');
  const current = async (): Promise<bigint> =>
    lsnOf((await asker.query<{ lsn: string }>('SELECT pg_current_wal_lsn()::text AS lsn')).rows[0]?.lsn);
  const queue: string[] = [];
  let applied = 0n;
  let changes = 0;
  let over = false;
  const write = async (): Promise<void> => {
    for (let at = 1; !over; at += 1) {
      const sql = next(at);
      if (sql !== '') {
        await writer.query(sql);
        queue.push(sql);
        changes += 1;
      }
      await pause(2);
    }
  };
  const apply = async (): Promise<void> => {
    while (!over) {
      // What is written by now is in the queue, but for the statement under way: that is not acknowledged before the next round.
      const lsn = await current();
      const known = queue.splice(0);
      await pause(lateMs);
      for (const sql of known) await applier.query(sql);
      applied = lsn;
    }
  };
  const [writing, applying] = [write(), apply()];
  return {
    flow: { from, applied: async () => applied, written: current },
    get changes() {
      return changes;
    },
    async stop() {
      over = true;
      await Promise.all([writing, applying]);
      for (const sql of queue.splice(0)) await applier.query(sql);
      await Promise.all(clients.map((client) => client.end()));
    },
  };
}

const random = (at: number): number => 1 + ((at * 7919) % 19_000);

test.each(['source', 'target'] as const)(
  'nothing is taken for a difference that only arrives late, from the %s',
  async (from) => {
    const stream = await openStream(from, (at) => `UPDATE accounts SET v = v + 1 WHERE id = ${random(at)}`, 100);
    try {
      await expect.poll(() => stream.changes).toBeGreaterThan(100);
      const { tables } = await compareServers(source, target, 'flow', { lag: stream.flow, chunkRows: 3000 });
      expect(tables.get('public.accounts')).toMatchObject({ result: 'equal', differences: 0 });
    } finally {
      await stream.stop();
    }
  },
);

test('what does differ is found among what arrives late', async () => {
  await target.sql(
    'UPDATE accounts SET v = -5 WHERE id = 19500; DELETE FROM accounts WHERE id = 19600; INSERT INTO accounts VALUES (99999, 1)',
    'flow',
  );
  const stream = await openStream('source', (at) => `UPDATE accounts SET v = v + 1 WHERE id = ${random(at)}`, 100);
  try {
    await expect.poll(() => stream.changes).toBeGreaterThan(100);
    const { tables, differences } = await compareServers(source, target, 'flow', { lag: stream.flow, chunkRows: 3000 });
    expect(tables.get('public.accounts')).toMatchObject({ result: 'different', differences: 3 });
    const found = (differences.get('public.accounts') ?? []).map(({ kind, key }) => `${kind} ${key[0]?.value}`);
    expect(found.toSorted()).toEqual(['changed 19500', 'extra 99999', 'missing 19600']);
  } finally {
    await stream.stop();
    await target.sql(
      'UPDATE accounts SET v = 0 WHERE id = 19500; INSERT INTO accounts VALUES (19600, 0); DELETE FROM accounts WHERE id = 99999',
      'flow',
    );
  }
});

test('rows that never rest, and tables without a key that never do, are not called different', async () => {
  const stream = await openStream(
    'source',
    (at) => (at % 2 ? 'UPDATE hot SET v = v + 1 WHERE id = 1' : 'UPDATE bare SET v = v + 1'),
    100,
  );
  try {
    await expect.poll(() => stream.changes).toBeGreaterThan(10);
    const { tables } = await compareServers(source, target, 'flow', { lag: stream.flow });
    for (const name of ['public.hot', 'public.bare']) {
      const { result, differences, reason } = tables.get(name) ?? {};
      // By good luck a look meets them at rest.
      expect(result === 'equal' || reason?.includes('at every look')).toBe(true);
      expect(differences).toBe(0);
    }
  } finally {
    await stream.stop();
  }
});

test('changes that do not arrive are said to, and nothing is called different', async () => {
  await source.sql('UPDATE hot SET v = v + 1; UPDATE bare SET v = v + 1', 'flow');
  const flow: Flow = { from: 'source', applied: async () => 0n, written: async () => 1n };
  const { tables, totals } = await compareServers(source, target, 'flow', { lag: flow, patienceMs: 500 });
  for (const name of ['public.hot', 'public.bare'])
    expect(tables.get(name)?.reason).toContain('Changes are not applied at the moment');
  expect(totals).toMatchObject({ different: 0, failed: 2, equal: 1 });
});
