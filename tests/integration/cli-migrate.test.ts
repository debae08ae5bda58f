import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { migrateCommand } from '../../electron/cli/migrate';
import { AppError } from '../../shared/errors';
import { parseMigrate } from '../../electron/cli/migrate-options';
import { openStateFolder, startControlPlane, stopEverything } from '../support/control-plane';
import { dtsService } from '../support/dts-client';
import { contentsOf, expectNothingLeft, mixedSql } from '../support/migration-mixed';
import { startServer, type TestServer } from '../support/postgres';

let state: string;
let source: TestServer;
let target: TestServer;
let folder: string;
let jobs: () => Promise<{ Status: string }[]>;

beforeAll(async () => {
  state = await openStateFolder();
  const [plane] = await Promise.all([
    startControlPlane(state),
    startServer({ major: 16, settings: ['wal_level = logical'] }).then((server) => (source = server)),
    startServer({ major: 17 }).then((server) => (target = server)),
  ]);
  const dts = dtsService(plane);
  jobs = async () =>
    (await dts.answer<{ JobList: { Status: string }[] }>('DescribeMigrationJobs', { Limit: 100 })).JobList;
  folder = await mkdtemp(join(tmpdir(), 'howdah-migrate-'));
  await source.createDatabase('shop');
  await source.sql(mixedSql(source, { rows: 5000, smallTables: 5 }), 'shop');
  await source.sql("CREATE ROLE keeper LOGIN PASSWORD 'a secret'; ALTER DATABASE shop OWNER TO keeper");
});
afterAll(async () => {
  await stopEverything(state);
  await Promise.all([source?.stop(), target?.stop()]);
  await rm(folder, { recursive: true, force: true });
});

async function howdah(args: readonly string[], signal = new AbortController().signal) {
  const out: string[] = [];
  const err: string[] = [];
  const code = await migrateCommand([...args, '--state', state], {
    out: (text) => out.push(text),
    err: (text) => err.push(text),
    signal,
  });
  return { code, out: out.join('\n'), err: err.join('\n') };
}

const answer = z.looseObject({
  id: z.string(),
  outcome: z.string(),
  problem: z.string(),
  findings: z.array(z.looseObject({ level: z.string() })),
  tables: z.array(z.looseObject({ name: z.string(), reason: z.string() })).optional(),
  objects: z.array(z.looseObject({ name: z.string(), reason: z.string() })).optional(),
});
const sides = (to = 'postgres') => ['--from', source.uri('shop'), '--to', target.uri(to)];

const BOTH = ['--from', 'postgresql://a@b/c', '--to', 'postgresql://a@b/d'];

describe('howdah migrate', () => {
  test.each([
    [[], 'Name both sides'],
    [['--from', 'postgresql://a@b/c', '--to', 'postgresql://a@b/d'], '--type is'],
    [[...BOTH, '--type', 'full', '--complete'], '--complete belongs to --type incremental'],
    [[...BOTH, '--type', 'incremental', '--on-drift', 'cry'], '--on-drift is halt, log'],
    [[...BOTH, '--type', 'incremental', '--compare', 'no'], '--compare is none, '],
    [[...BOTH, '--type', 'incremental', '--finish'], 'go with --resume'],
    [['--resume', 'dts-00000000', '--type', 'full'], '--type does not go with --resume'],
    [['--resume', 'dts-00000000', '--finish', '--go-back'], 'exclude each other'],
    [['--from', 'postgresql://a@b/c', '--to', 'x://', '--type', 'full'], '--to is no connection'],
    [['--from', 'postgresql://a@b', '--to', 'postgresql://a@b', '--type', 'full', '--objects', 's.t'], 'one database'],
    [['--from', 'postgresql://a@b/c', '--to', 'postgresql://a@b/d', '--type', 'full', '--jobs', '99'], '--jobs'],
    [['--from', 'postgresql://a@b/c', '--to', 'postgresql://a@b/d', '--type', 'full', '--rate', 'fast'], '--rate'],
    [['--from', 'postgresql://a@b/c', '--to', 'postgresql://a@b/d', '--type', 'full', '--existing', 'x'], '--existing'],
    [['--from', 'postgresql://a@b/c', '--to', 'postgresql://a@b/d', '--type', 'full', '--split-above', 'x'], '--split'],
    [['--unknown'], 'no option'],
  ])('does not understand %j', async (args, words) => {
    const { code, err } = await howdah(args);
    expect(code).toBe(2);
    expect(err).toContain(words);
  });

  test('takes what it is told about the copy, and what is usual for the rest', () => {
    const words = ['--from', 'postgresql://a@b/c', '--to', 'postgresql://a@b/d', '--type', 'full'];
    expect(parseMigrate(words)).toMatchObject({
      retryMinutes: 120,
      options: { splitAbove: 1024 ** 3, tuneTarget: true, bytesPerSecond: 0 },
    });
    const told = ['--split-above', '64M', '--no-tune', '--rate', '20k', '--retry', '5'];
    expect(parseMigrate([...words, ...told])).toMatchObject({
      retryMinutes: 5,
      options: { splitAbove: 64 * 1024 ** 2, tuneTarget: false, bytesPerSecond: 20 * 1024 },
    });
    expect(parseMigrate([...words, '--split-above', '0']).options.splitAbove).toBe(0);
  });

  test('takes what it is told about following and the cut-over', () => {
    const words = [...BOTH, '--type', 'incremental'];
    expect(parseMigrate(words)).toMatchObject({
      ...{ resume: null, complete: false, way: null },
      completion: { stopWrites: 'byHand', moveAddress: false, failBack: false, compare: 'rowCount' },
      options: { type: 'fullAndIncrement', applyJobs: 1, followDdl: true, onDrift: 'halt' },
    });
    const cut = ['--complete', '--stop-writes', '--compare', 'none', '--fail-back'];
    expect(parseMigrate([...words, ...cut, '--apply-jobs', '4', '--no-ddl', '--on-drift', 'log'])).toMatchObject({
      complete: true,
      completion: { stopWrites: 'readOnly', moveAddress: false, failBack: true, compare: null },
      options: { applyJobs: 4, followDdl: false, onDrift: 'log' },
    });
    expect(parseMigrate(['--resume', 'dts-00000000', '--complete', '--compare', 'full'])).toMatchObject({
      ...{ resume: 'dts-00000000', complete: true },
      completion: { compare: 'full' },
    });
  });

  test('takes an answer to a halt, and how much WAL may be kept', () => {
    expect(parseMigrate(['--resume', 'dts-0', '--decide', 'skip']).decide).toEqual({ choice: 'skip', halt: null });
    const named = ['--resume', 'dts-0', '--decide', 'copyAgain', '--halt', '0/5:1'];
    expect(parseMigrate(named).decide).toEqual({ choice: 'copyAgain', halt: '0/5:1' });
    const wal = ['--wal-alarm', '2G', '--wal-ceiling', '0'];
    expect(parseMigrate([...BOTH, '--type', 'incremental', ...wal])).toMatchObject({
      decide: null,
      options: { walAlarm: 2 * 1024 ** 3, walCeiling: 0 },
    });
    for (const words of [
      [...BOTH, '--type', 'incremental', '--decide', 'skip'],
      [...BOTH, '--type', 'full', ...wal],
      ['--resume', 'dts-0', '--decide', 'cry'],
      ['--resume', 'dts-0', '--halt', '0/5:1'],
      ['--resume', 'dts-0', '--decide', 'skip', '--complete'],
    ])
      expect(() => parseMigrate(words)).toThrow(AppError);
  });

  test('a folder or a file that is named like a schema is no selection', async () => {
    const started = process.cwd();
    const words = ['--from', 'postgresql://a@b/c', '--to', 'postgresql://a@b/d', '--type', 'full', '--objects'];
    const schemas = (objects: string) =>
      parseMigrate([...words, objects]).options.objects.databases.map((database) => database.schemas);
    const place = await mkdtemp(join(tmpdir(), 'howdah-names-'));
    try {
      process.chdir(place);
      await mkdir(join(place, 'shop'));
      await mkdir(join(place, 'odd.json'));
      await writeFile(join(place, 'crm'), 'a letter');
      await writeFile(join(place, 'plan.json'), 'a letter');
      expect(schemas('shop,crm')).toMatchObject([[{ name: 'shop' }, { name: 'crm' }]]);
      expect(schemas('shop')).toMatchObject([[{ name: 'shop', mode: 'all' }]]);
      expect(schemas('crm')).toMatchObject([[{ name: 'crm', mode: 'all' }]]);
      expect(schemas('odd.json')).toMatchObject([[{ name: 'odd', tables: [{ name: 'json' }] }]]);
      for (const file of ['plan.json', './crm'])
        expect(() => schemas(file)).toThrow(`${file} is no selection of objects`);
    } finally {
      process.chdir(started);
      await rm(place, { recursive: true });
    }
  });

  test('leaves no task behind that could not be made ready', async () => {
    const before = (await jobs()).length;
    const file = join(folder, 'twice.json');
    const databases = ['shop', 'postgres'].map((name) => ({ name, newName: 'same', mode: 'all' }));
    await writeFile(file, JSON.stringify({ mode: 'partial', roleMode: 'none', databases }));
    const { code, err } = await howdah([...sides(), '--type', 'full', '--objects', file]);
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining('Two databases would become same') });
    expect((await jobs()).length).toBe(before);
  });

  test('checks only when asked to, and leaves nothing behind', async () => {
    const { code, out } = await howdah([...sides('shop'), '--type', 'full', '--check-only', '--json']);
    expect(code).toBe(0);
    const { outcome, findings } = answer.parse(JSON.parse(out));
    expect(outcome).toBe('checked');
    expect(findings.length).toBeGreaterThan(10);
    expect(await jobs()).toEqual([]);
  });

  test('moves a database, tells its progress and how it ended', async () => {
    const { code, out, err } = await howdah([...sides('shop'), '--type', 'full', '--skip-warnings', '--no-owner']);
    expect({ code, err }).toMatchObject({ code: 0 });
    expect(out).toMatch(/^dts-\w+: done \(1\d tables, [\d,]+ rows, \d+ objects, [\d.]+ s\)$/);
    expect(await contentsOf(target, 'shop')).toEqual(await contentsOf(source, 'shop'));
    await expectNothingLeft(source);
    expect((await jobs()).map(({ Status }) => Status)).toEqual(['success']);
  });

  test('moves chosen tables into a database of another name, from a list or a file', async () => {
    const list = await howdah([
      ...sides('renamed'),
      ...['--type', 'full', '--objects', 'small,shop.parent', '--skip-warnings', '--no-owner', '--json'],
    ]);
    expect(list).toMatchObject({ code: 0, err: '' });
    expect(answer.parse(JSON.parse(list.out)).outcome).toBe('done');
    const there = Object.keys(await contentsOf(target, 'renamed')).filter((name) => !name.startsWith('large'));
    expect(there.toSorted()).toEqual(['shop.parent', ...Array.from({ length: 5 }, (_none, at) => `small.t${at}`)]);

    const file = join(folder, 'objects.json');
    const schemas = [{ name: 'small', mode: 'partial', tables: [{ name: 't3', newName: 'three' }] }];
    const databases = [{ name: 'shop', newName: 'from_file', mode: 'partial', schemas }];
    await writeFile(file, JSON.stringify({ mode: 'partial', roleMode: 'none', databases }));
    const chosen = await howdah([
      ...sides(),
      ...['--type', 'full', '--objects', file, '--skip-warnings', '--no-owner', '--json'],
    ]);
    expect(chosen).toMatchObject({ code: 0 });
    expect(await target.sql('SELECT count(*)::int AS n FROM small.three', 'from_file')).toEqual([{ n: 3 }]);
  });

  test('does not start when a table of the target holds rows already, and says which', async () => {
    await target.createDatabase('taken');
    await target.sql(
      "CREATE SCHEMA small; CREATE TABLE small.t4 (id int, word text NOT NULL, at timestamptz); INSERT INTO small.t4 VALUES (1, 'x')",
      'taken',
    );
    const words = [
      ...sides('taken'),
      '--type',
      'full',
      '--objects',
      'small',
      '--skip-warnings',
      '--no-owner',
      '--json',
    ];
    const { code, out } = await howdah(words);
    const { outcome, findings } = answer.parse(JSON.parse(out));
    expect({ code, outcome }).toEqual({ code: 1, outcome: 'not started' });
    const failed = findings.filter(({ level }) => level === 'failed');
    expect(failed).toEqual([expect.objectContaining({ items: [expect.stringContaining('small.t4')] })]);
  });

  test('says with its exit code and a reason that a table could not be moved', async () => {
    await target.createDatabase('closed');
    await target.sql(
      `CREATE SCHEMA small; CREATE TABLE small.t4 (id int, word text NOT NULL, at timestamptz);
       CREATE FUNCTION public.refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''no rows here''; END';
       CREATE TRIGGER refuse BEFORE INSERT ON small.t4 FOR EACH ROW EXECUTE FUNCTION public.refuse();
       ALTER TABLE small.t4 ENABLE ALWAYS TRIGGER refuse`,
      'closed',
    );
    const { code, out } = await howdah([
      ...sides('closed'),
      ...['--type', 'full', '--objects', 'small', '--skip-warnings', '--no-owner', '--json'],
    ]);
    const { outcome, tables } = answer.parse(JSON.parse(out));
    expect({ code, outcome }).toEqual({ code: 3, outcome: 'incomplete' });
    expect(tables).toMatchObject([{ name: 't4', reason: expect.stringContaining('no rows here') }]);
  });

  test('tells of everything that could not be moved, however much it is', async () => {
    const views = 620;
    await source.createDatabase('many');
    await source.sql(
      `DO $$ BEGIN FOR i IN 1..${views} LOOP EXECUTE format('CREATE VIEW v%s AS SELECT 1 AS n', i); END LOOP; END $$`,
      'many',
    );
    await target.createDatabase('many');
    await target.sql(
      `CREATE FUNCTION public.refuse() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''no views here''; END';
       CREATE EVENT TRIGGER refuse ON ddl_command_start WHEN TAG IN ('CREATE VIEW') EXECUTE FUNCTION public.refuse()`,
      'many',
    );
    const { code, out } = await howdah([
      ...['--from', source.uri('many'), '--to', target.uri('many'), '--type', 'structural'],
      ...['--skip-warnings', '--no-owner', '--json'],
    ]);
    const { outcome, objects } = answer.parse(JSON.parse(out));
    expect({ code, outcome }).toEqual({ code: 3, outcome: 'incomplete' });
    const named = new Set(objects?.filter(({ reason }) => reason.includes('no views here')).map(({ name }) => name));
    expect(named.size).toBe(views);
  });

  test('gives its task up when it is interrupted', async () => {
    const before = (await jobs()).length;
    const stop = new AbortController();
    const words = [...sides('slow'), '--type', 'full', '--skip-warnings', '--no-owner', '--rate', '20k', '--jobs', '1'];
    const running = howdah(words, stop.signal);
    const busy =
      "SELECT 1 FROM pg_stat_activity WHERE application_name LIKE 'howdah dts%' AND query LIKE '%COPY (SELECT%shop.item%'";
    await expect.poll(async () => (await source.sql(busy)).length, { timeout: 60_000 }).toBeGreaterThan(0);
    stop.abort();
    expect(await running).toMatchObject({ code: 1, err: expect.stringContaining('Interrupted') });
    expect((await jobs()).length).toBe(before);
    await expectNothingLeft(source);
    await expectNothingLeft(target);
  });

  test('moves a whole server with its roles', async () => {
    const other = await startServer({ major: 18 });
    try {
      const bare = (server: TestServer): string => server.uri('').replace(/\/$/, '');
      const { code, out, err } = await howdah([
        ...['--from', bare(source), '--to', bare(other), '--type', 'full', '--skip-warnings', '--json'],
      ]);
      expect({ code, err, outcome: answer.parse(JSON.parse(out)) }).toMatchObject({ code: 0 });
      expect(await contentsOf(other, 'shop')).toEqual(await contentsOf(source, 'shop'));
      const owner = "SELECT pg_get_userbyid(datdba) AS owner FROM pg_database WHERE datname = 'shop'";
      expect(await other.sql(owner)).toEqual([{ owner: 'keeper' }]);
      const password = "SELECT rolpassword FROM pg_authid WHERE rolname = 'keeper'";
      expect(await other.sql(password)).toEqual(await source.sql(password));
    } finally {
      await other.stop();
    }
  });
});
