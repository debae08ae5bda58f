import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { migrateCommand } from '../../electron/cli/migrate';
import { openStateFolder, startControlPlane, stopEverything } from '../support/control-plane';
import { dtsService } from '../support/dts-client';
import { startServer, type TestServer } from '../support/postgres';

/** `howdah migrate --type incremental` from the first row to the cut-over, with a source that is written to. */

let state: string;
let source: TestServer;
let target: TestServer;
let jobs: () => Promise<{ JobId: string; Status: string }[]>;

beforeAll(async () => {
  state = await openStateFolder();
  const [plane] = await Promise.all([
    startControlPlane(state),
    startServer({ major: 16, settings: ['wal_level = logical'] }).then((server) => (source = server)),
    startServer({ major: 17, settings: ['wal_level = logical'] }).then((server) => (target = server)),
  ]);
  const dts = dtsService(plane);
  jobs = async () =>
    (await dts.answer<{ JobList: { JobId: string; Status: string }[] }>('DescribeMigrationJobs', { Limit: 100 }))
      .JobList;
});
afterAll(async () => {
  await stopEverything(state);
  await Promise.all([source?.stop(), target?.stop()]);
});

const event = z.looseObject({
  event: z.enum(['state', 'lag', 'worker', 'halt', 'end']),
  id: z.string(),
  state: z.string(),
  lag: z.object({ bytes: z.number(), seconds: z.number().nullable() }).nullable(),
  workerPid: z.number().nullable(),
  outcome: z.string().optional(),
  problem: z.string().optional(),
  decide: z.string().optional(),
});
type Event = z.output<typeof event>;

interface Running {
  readonly ended: Promise<{ readonly code: number; readonly err: string }>;
  events(): Event[];
  /** Everything that was written on standard output. */
  said(): string;
  interrupt(): void;
}

function howdah(args: readonly string[]): Running {
  const out: string[] = [];
  const err: string[] = [];
  const stop = new AbortController();
  const io = { out: (text: string) => out.push(text), err: (text: string) => err.push(text), signal: stop.signal };
  return {
    ended: migrateCommand([...args, '--json', '--state', state], io).then((code) => ({ code, err: err.join('\n') })),
    events: () => out.map((line) => event.parse(JSON.parse(line))),
    said: () => out.join('\n'),
    interrupt: () => stop.abort(),
  };
}

async function makeDatabase(name: string): Promise<string[]> {
  await source.createDatabase(name);
  await source.sql(
    `CREATE TABLE item (id int PRIMARY KEY, word text, at timestamptz DEFAULT now());
     INSERT INTO item SELECT n, 'word ' || n FROM generate_series(1, 20000) n`,
    name,
  );
  await target.createDatabase(name);
  return ['--from', source.uri(name), '--to', target.uri(name), '--type', 'incremental', '--skip-warnings'];
}
const sumOf = (server: TestServer, name: string) =>
  server.sql("SELECT count(*)::int AS n, md5(string_agg(i::text, ',' ORDER BY id)) AS sum FROM item i", name);
const untilState = (running: Running, wanted: string): Promise<void> =>
  expect.poll(() => running.events().map((each) => each.state), { timeout: 60_000 }).toContain(wanted);
const left = async (): Promise<unknown[]> => [
  ...(await source.sql('SELECT slot_name FROM pg_replication_slots')),
  ...(await source.sql('SELECT pubname FROM pg_publication', 'shop')),
];

describe('howdah migrate --type incremental', () => {
  test('follows, is kept when it is interrupted, goes on under another worker, and completes', async () => {
    const first = howdah([...(await makeDatabase('shop')), '--no-owner']);
    await untilState(first, 'readyComplete');
    await source.sql("UPDATE item SET word = 'changed' WHERE id % 7 = 0; DELETE FROM item WHERE id % 11 = 0", 'shop');
    first.interrupt();
    expect((await first.ended).code).toBe(1);
    const [kept] = await jobs();
    expect(kept?.Status).toBe('manualPaused');
    expect(first.events().at(-1)).toMatchObject({ event: 'end', outcome: 'paused', id: kept?.JobId });
    await source.sql("INSERT INTO item SELECT n, 'later' FROM generate_series(20001, 21000) n", 'shop');

    const second = howdah(['--resume', kept?.JobId ?? '']);
    await untilState(second, 'readyComplete');
    const workers = () => second.events().flatMap((each) => (each.event === 'worker' ? [each.workerPid ?? 0] : []));
    const [worker = 0] = workers();
    process.kill(worker, 'SIGKILL');
    await expect.poll(workers, { timeout: 30_000 }).toHaveLength(2);
    await source.sql('DELETE FROM item WHERE id % 13 = 0', 'shop');
    await expect.poll(() => sumOf(target, 'shop'), { timeout: 30_000 }).toEqual(await sumOf(source, 'shop'));
    expect(second.events().filter((each) => each.event === 'lag').length).toBeGreaterThan(0);
    second.interrupt();
    await second.ended;

    const third = howdah(['--resume', kept?.JobId ?? '', '--complete', '--compare', 'full']);
    expect({ ...(await third.ended), end: third.events().at(-1) }).toMatchObject({
      code: 0,
      end: { event: 'end', outcome: 'done', state: 'success' },
    });
    expect(await sumOf(target, 'shop')).toEqual(await sumOf(source, 'shop'));
    expect(await left()).toEqual([]);
  }, 180_000);

  test('says that a task that is over does not go on', async () => {
    const [done] = await jobs();
    const running = howdah(['--resume', done?.JobId ?? '']);
    expect((await running.ended).code).toBe(1);
    expect(running.said()).toContain('is success: it does not go on');
  });

  test('halts, says how to decide, and goes on when another command has decided', async () => {
    const first = howdah([...(await makeDatabase('halts')), '--no-owner', '--no-ddl']);
    await untilState(first, 'readyComplete');
    await source.sql("ALTER TABLE item ADD more int; INSERT INTO item VALUES (20001, 'new', now(), 1)", 'halts');
    const halted = () => first.events().find((each) => each.event === 'halt');
    await expect.poll(halted, { timeout: 30_000 }).toBeDefined();
    const [, , ...args] = (halted()?.decide ?? '').replace(/--decide \S+/, '--decide retry').split(' ');
    expect(args.slice(0, 4)).toEqual(['--resume', halted()?.id, '--decide', 'retry']);
    const decide = async (words: readonly string[]) => {
      const out: string[] = [];
      const { signal } = new AbortController();
      const note = (text: string): void => void out.push(text);
      const code = await migrateCommand([...words, '--state', state], { out: note, err: note, signal });
      return { code, said: out.join('\n') };
    };
    expect(await decide(['--resume', halted()?.id ?? '', '--decide', 'apply', '--halt', 'x'])).toMatchObject({
      ...{ code: 1, said: expect.stringContaining('does not wait for the decision x') },
    });
    await target.sql('ALTER TABLE item ADD more int', 'halts');
    expect(await decide(args)).toMatchObject({ code: 0, said: expect.stringContaining('decided: retry') });
    await expect.poll(() => sumOf(target, 'halts'), { timeout: 30_000 }).toEqual(await sumOf(source, 'halts'));
    first.interrupt();
    await first.ended;
    const last = howdah(['--resume', halted()?.id ?? '', '--complete', '--stop-writes']);
    expect((await last.ended).code).toBe(0);
    expect(last.events().at(-1)).toMatchObject({ event: 'end', outcome: 'done' });
  }, 120_000);

  test('cuts over with a way back, and goes back', async () => {
    const cut = howdah([...(await makeDatabase('back')), '--no-owner', '--complete', '--stop-writes', '--fail-back']);
    expect((await cut.ended).code).toBe(0);
    const end = cut.events().at(-1);
    expect(end).toMatchObject({ event: 'end', outcome: 'guarding', state: 'guarding' });
    await target.sql("UPDATE item SET word = 'on the target' WHERE id < 100", 'back');
    const back = howdah(['--resume', end?.id ?? '', '--go-back', '--stop-writes', '--compare', 'full']);
    expect({ ...(await back.ended), end: back.events().at(-1) }).toMatchObject({
      code: 0,
      end: { event: 'end', outcome: 'went-back', state: 'success' },
    });
    expect(await sumOf(source, 'back')).toEqual(await sumOf(target, 'back'));
    expect(await left()).toEqual([]);
  });
});
