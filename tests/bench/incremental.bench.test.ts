import { readFileSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Client } from 'pg';
import { startApply } from '../support/migration-apply';
import { startFollow, untilPhase } from '../support/migration-follow';
import { openJobFolder, removeJobFolder } from '../support/migration-worker';
import { startServer, type TestServer } from '../support/postgres';
import { missed, record, ROUNDS, wanted } from './figure';
import { shell } from './support/by-hand';
import { confirmed, contentsOf, fillBoth, subscribe, unsubscribe, writeBacklog } from './support/incremental-backlog';

const DRAIN = 'incremental/drain';
const LAG = 'incremental/lag';
const MEMORY = 'incremental/memory';
const ROWS = Number(process.env['HOWDAH_BENCH_ROWS'] ?? 1_000_000);
const CHANGES = Number(process.env['HOWDAH_BENCH_CHANGES'] ?? 1_000_000);
/** Of one transaction, as its rows are. */
const TRANSACTION_MIB = Number(process.env['HOWDAH_BENCH_TRANSACTION'] ?? 1024);
const TURNS = Math.min(ROUNDS, 3);
const LAG_SECONDS = 15;
const BEAT_MS = 50;
const SETTINGS = [
  'max_wal_size = 8GB',
  'shared_buffers = 512MB',
  'fsync = on',
  'max_wal_senders = 30',
  'max_replication_slots = 30',
];
let source: TestServer;
let target: TestServer;

beforeAll(async () => {
  if (!wanted(DRAIN, LAG, MEMORY)) return;
  [source, target] = await Promise.all([
    startServer({ major: 16, settings: ['wal_level = logical', ...SETTINGS] }),
    startServer({ major: 16, settings: SETTINGS }),
  ]);
});
afterAll(() => Promise.all([source?.stop(), target?.stop()]));

const makeSlot = (database: string, slot: string): Promise<unknown> =>
  source.sql(`SELECT pg_create_logical_replication_slot('${slot}', 'pgoutput')`, database);

it.skipIf(!wanted(DRAIN))('drains a backlog nearly as fast as a subscription of the server', async () => {
  await fillBoth(source, target, { database: 'shop', seed: 'seed', rows: ROWS });
  for (let turn = 0; turn < TURNS; turn += 1)
    for (const way of ['ours', 'native']) {
      await source.sql(`CREATE PUBLICATION ${way}${turn} FOR TABLE item`, 'shop');
      await makeSlot('shop', `${way}${turn}`);
    }
  const end = await writeBacklog(source, 'shop', ROWS, CHANGES);
  const rates = { ours: [] as number[], native: [] as number[] };
  const whole = await contentsOf(source, 'shop', 'item');
  for (let turn = 0; turn < TURNS; turn += 1)
    for (const way of turn % 2 === 0 ? (['ours', 'native'] as const) : (['native', 'ours'] as const)) {
      const slot = `${way}${turn}`;
      await target.sql(`CREATE DATABASE ${slot} TEMPLATE seed`);
      await target.sql('CHECKPOINT');
      const from = performance.now();
      if (way === 'ours') {
        const run = await startApply({ source, target, database: 'shop', to: slot, slot });
        await run.drain();
        rates.ours.push((run.counts.rowsOut / (performance.now() - from)) * 1000);
        await run.close();
      } else {
        await subscribe(source, target, { database: 'shop', to: slot, slot, publication: slot });
        await confirmed(source, slot, end);
        rates.native.push((CHANGES / (performance.now() - from)) * 1000);
        await unsubscribe(target, slot, slot);
      }
      expect(await contentsOf(target, slot, 'item')).toEqual(whole);
      await target.sql(`DROP DATABASE ${slot}`);
    }
  const figure = record({
    name: DRAIN,
    ours: rates.ours,
    peer: rates.native,
    peerName: 'a subscription',
    unit: 'rows/s',
    goal: 'ratio >= 0.9',
  });
  expect(missed([figure])).toEqual([]);
});

/** Milliseconds until a heartbeat of the source is seen on the target, while pgbench writes. */
async function lagsOf(to: string): Promise<number[]> {
  const load = spawn('pgbench', ['-n', '-c', '4', '-T', String(LAG_SECONDS), source.uri('bank')], { stdio: 'ignore' });
  const ended = once(load, 'exit');
  const [writer, reader] = await Promise.all(
    [source.uri('bank'), target.uri(to)].map(async (connectionString) => {
      const client = new Client({ connectionString });
      await client.connect();
      return client;
    }),
  );
  const lags: number[] = [];
  for (let beat = 1; load.exitCode === null; beat += 1) {
    const number = Date.now() * 10 + (beat % 10);
    await writer?.query(`UPDATE beat SET n = ${number}`);
    const from = performance.now();
    const seen = async (): Promise<boolean> =>
      Number((await reader?.query<{ n: string }>('SELECT n FROM beat'))?.rows[0]?.n) >= number;
    while (!(await seen())) await pause(1);
    lags.push(performance.now() - from);
    await pause(BEAT_MS);
  }
  await Promise.all([ended, writer?.end(), reader?.end()]);
  return lags;
}

const p99 = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length * 0.99)] ?? Number.NaN;

it.skipIf(!wanted(LAG))('follows four writers of pgbench closely', async () => {
  await source.createDatabase('bank');
  const load = spawn('pgbench', ['-i', '-q', '-s', '10', source.uri('bank')], { stdio: 'ignore' });
  expect(await once(load, 'exit')).toEqual([0, null]);
  await source.sql('CREATE TABLE beat (id int PRIMARY KEY, n bigint); INSERT INTO beat VALUES (1, 0)', 'bank');
  const lags = { ours: Number.NaN, native: Number.NaN };
  for (const way of ['ours', 'native'] as const) {
    await target.createDatabase(`bank_${way}`);
    for (const statement of [
      'CREATE TABLE pgbench_accounts (aid int PRIMARY KEY, bid int, abalance int, filler char(84))',
      'CREATE TABLE pgbench_branches (bid int PRIMARY KEY, bbalance int, filler char(88))',
      'CREATE TABLE pgbench_tellers (tid int PRIMARY KEY, bid int, tbalance int, filler char(84))',
      'CREATE TABLE pgbench_history (tid int, bid int, aid int, delta int, mtime timestamp, filler char(22))',
      'CREATE TABLE beat (id int PRIMARY KEY, n bigint)',
    ])
      await target.sql(statement, `bank_${way}`);
    await source.sql(`CREATE PUBLICATION bank_${way} FOR ALL TABLES`, 'bank');
    await makeSlot('bank', `bank_${way}`);
    for (const table of ['pgbench_accounts', 'pgbench_branches', 'pgbench_tellers', 'beat'])
      await shell(
        `psql -X -q -c 'COPY ${table} TO STDOUT' ${source.uri('bank')} | psql -X -q -c 'COPY ${table} FROM STDIN' ${target.uri(`bank_${way}`)}`,
      );
    if (way === 'ours') {
      const run = await startApply({ source, target, database: 'bank', to: 'bank_ours', slot: 'bank_ours' });
      lags.ours = p99(await lagsOf('bank_ours'));
      await run.drain();
      await run.close();
    } else {
      await subscribe(source, target, {
        database: 'bank',
        to: 'bank_native',
        slot: 'bank_native',
        publication: 'bank_native',
      });
      lags.native = p99(await lagsOf('bank_native'));
      await unsubscribe(target, 'bank_native', 'bank_native');
    }
  }
  const figure = record({
    name: LAG,
    ours: lags.ours,
    peer: lags.native,
    peerName: 'a subscription',
    unit: 'ms',
    goal: 'ours < 1000',
  });
  expect(missed([figure])).toEqual([]);
});

/** The most memory that a process ever held, in MiB; 0 once it is gone. */
function peakOf(pid: number): number {
  try {
    return Number(/^VmHWM:\s*(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

it.skipIf(!wanted(MEMORY))('holds little memory while one transaction is larger than any', async () => {
  await source.createDatabase('large');
  await source.sql('CREATE TABLE item (id int PRIMARY KEY, body text)', 'large');
  const folder = await openJobFolder();
  const worker = await startFollow(source, target, { folder, database: 'large' });
  try {
    await untilPhase(worker, 'ready');
    const from = performance.now();
    await source.sql(
      `INSERT INTO item SELECT i, repeat(md5(i::text), 32) FROM generate_series(1, ${TRANSACTION_MIB * 1024}) i`,
      'large',
    );
    let peak = 0;
    await expect
      .poll(
        async () => {
          peak = Math.max(peak, peakOf(worker.pid));
          return (await target.sql('SELECT count(*)::int AS n FROM item', 'large'))[0]?.['n'];
        },
        { timeout: 1_500_000, interval: 200 },
      )
      .toBe(TRANSACTION_MIB * 1024);
    const seconds = (performance.now() - from) / 1000;
    const figure = record({
      name: MEMORY,
      ours: peak,
      peer: seconds,
      peerName: 'the seconds it took',
      unit: 'MiB',
      goal: 'ours < 300',
    });
    expect(missed([figure])).toEqual([]);
  } finally {
    worker.kill();
    await worker.ended;
    await removeJobFolder(folder);
  }
});
