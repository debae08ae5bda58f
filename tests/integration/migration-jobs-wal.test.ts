import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openSession } from '../../electron/adapters/postgres/session';
import { endpoint, profileOf } from '../../electron/control-plane/migration/endpoint';
import { installCapture } from '../../electron/control-plane/migration/follow/ddl/capture';
import { openProgress } from '../../electron/control-plane/migration/follow/apply/progress';
import { slotName } from '../../electron/control-plane/migration/follow/follow-model';
import { cleaningSql } from '../../electron/control-plane/migration/job-left';
import { ended, openBench, PASSED, phase, refusal, type Bench, type Play } from '../support/migration-jobs';
import { startServer, type TestServer } from '../support/postgres';

/** WAL that a real source keeps for tasks at which no worker is; workers are stand-ins. */

const MIB = 1024 * 1024;
let source: TestServer;
let bench: Bench;

beforeAll(async () => {
  source = await startServer({ major: 17, settings: ['wal_level = logical'] });
});
afterAll(() => source?.stop());
beforeEach(async () => {
  bench = await openBench({ walEveryMs: 50 });
});
afterEach(() => bench.close());

const sideOf = (server: TestServer) => ({
  endpoint: endpoint.parse({ accessType: 'extranet', host: '127.0.0.1', port: server.port, user: 'postgres' }),
  secrets: { password: 'x', sshPassword: null },
});
const CLEANED: Play = [[ended('done')]];

/** A task on the real source, with a slot as a worker makes it. */
async function started(run: Play[number], options: { walAlarm: number; walCeiling: number }): Promise<string> {
  const plays = JSON.stringify({ runs: [PASSED, run], clean: CLEANED });
  const id = await bench.made([PASSED], {
    source: sideOf(source),
    target: { ...sideOf(source), endpoint: { ...sideOf(source).endpoint, options: plays } },
    options: { type: 'fullAndIncrement', ...options },
  });
  await bench.jobs.start(id);
  await source.sql(`SELECT pg_create_logical_replication_slot('${slotName(id, 5, 'forward')}', 'pgoutput')`);
  return id;
}
const write = async (mib: number): Promise<void> => {
  for (let at = 0; at < mib; at += 1)
    await source.sql(`SELECT pg_logical_emit_message(false, 'x', repeat('x', ${MIB}))`);
};
const slots = async (id: string): Promise<unknown[]> =>
  source.sql(`SELECT slot_name FROM pg_replication_slots WHERE slot_name = '${slotName(id, 5, 'forward')}'`);

describe('a task at which no worker is', () => {
  it.each([
    ['is paused', 'manualPaused', [phase('following'), { await: 'pause' }, ended('paused')]],
    ['waits for what is away', 'running', [ended('waits', 'The target does not answer')]],
    ['has failed', 'failed', [ended('failed', 'No')]],
  ] as const)('and that %s raises the alarm, and gives its slot up at the ceiling', async (_how, status, run) => {
    const id = await started(run, { walAlarm: 2 * MIB, walCeiling: 12 * MIB });
    if (status === 'manualPaused') {
      await expect.poll(() => bench.events(id)).toContain('following');
      await bench.jobs.act(id, 'pause');
    }
    await bench.until(id, status);
    await write(4);
    await expect.poll(() => bench.events(id), { timeout: 10_000 }).toContain('wal-alarm');
    expect(await slots(id)).toHaveLength(1);
    expect(bench.status(id)).toBe(status);
    await write(10);
    await expect.poll(() => slots(id), { timeout: 10_000 }).toEqual([]);
    await bench.until(id, 'failed');
    await expect.poll(() => bench.events(id).at(-1)).toBe('cleaned');
    expect(bench.events(id).filter((kind) => kind === 'wal-alarm')).toHaveLength(1);
    const { problem, hint, actions } = bench.jobs.detail(id);
    expect(problem).toMatch(
      /^The source kept .* GiB of WAL for the task, more than was allowed: its slots were dropped/,
    );
    expect(hint).toContain('begin anew');
    expect(actions).toEqual(['stop', 'isolate']);
    expect(await refusal(bench.jobs.act(id, 'resume'))).toBe('conflict');
    expect(bench.starts(id).at(-1)).toMatch(/^clean/);
    await bench.jobs.act(id, 'isolate');
    await bench.jobs.act(id, 'destroy');
  });
});

it('leaves nothing that the statements for a person do not take away', async () => {
  const id = 'dts-byhand01';
  const other = 'dts-byhand02';
  await source.createDatabase('left');
  const publication = slotName(id, 5, 'forward');
  const { signal } = new AbortController();
  const session = await openSession(
    profileOf({ ...sideOf(source).endpoint, password: 'x', sshPassword: null }, 'left', id),
    signal,
  );
  try {
    await session.query(`CREATE PUBLICATION ${publication}`);
    await session.query(`CREATE PUBLICATION ${publication}_insert`);
    await session.query("SELECT pg_create_logical_replication_slot($1, 'pgoutput')", [publication]);
    for (const jobId of [id, other]) {
      expect(await installCapture(session, { jobId, publication, signal })).toBe(true);
      const identity = { jobId, database: 'left', direction: 'forward' as const, slot: publication, system: '1' };
      await openProgress((work) => work(session), identity);
      await session.query(
        "INSERT INTO howdah_migration.progress (job, database, direction, shard, shards, slot, system) VALUES ($1, 'left', 'forward', 0, 1, $2, '1') ON CONFLICT DO NOTHING",
        [jobId, publication],
      );
    }
  } finally {
    await session.end();
  }
  const left = async (): Promise<unknown> => {
    const [row] = await source.sql(
      `SELECT (SELECT count(*)::int FROM pg_replication_slots WHERE slot_name = '${publication}') AS slots,
        (SELECT count(*)::int FROM pg_publication) AS publications, (SELECT count(*)::int FROM pg_event_trigger) AS triggers,
        (SELECT count(*)::int FROM pg_proc WHERE pronamespace = to_regnamespace('howdah_migration')) AS functions,
        (SELECT count(*)::int FROM pg_class WHERE relkind = 'r' AND relnamespace = to_regnamespace('howdah_migration')) AS tables,
        to_regnamespace('howdah_migration') IS NOT NULL AS schema`,
      'left',
    );
    return row;
  };
  const both = await left();
  expect(both).toMatchObject({ slots: 1, publications: 2, triggers: 6, schema: true });
  await source.sql(cleaningSql(id), 'left');
  const one = await left();
  expect(one).toMatchObject({ slots: 0, publications: 0, triggers: 3, schema: true });
  await source.sql(cleaningSql(id), 'left');
  expect(await left()).toEqual(one);
  await source.sql(cleaningSql(other), 'left');
  expect(await left()).toEqual({ slots: 0, publications: 0, triggers: 0, functions: 0, tables: 0, schema: false });
});
