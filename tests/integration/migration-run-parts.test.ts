import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openSession } from '../../electron/adapters/postgres/session';
import { contentsOf, expectNothingLeft, mixedSql, structureOf } from '../support/migration-mixed';
import { orderOf, startWorker } from '../support/migration-worker';
import { startServer, type TestServer } from '../support/postgres';

let source: TestServer;
let target: TestServer;
let base: string;
let folder: string;
let number = 0;
/** Of the target, another one for each test. */
let to: string;

beforeAll(async () => {
  [source, target] = await Promise.all([startServer({ major: 16 }), startServer({ major: 17 })]);
  base = await mkdtemp(join(tmpdir(), 'howdah-run-'));
  await source.createDatabase('mixed');
  await source.sql(mixedSql(source, { rows: 20_000, smallTables: 10 }), 'mixed');
});
afterAll(async () => {
  await Promise.all([source?.stop(), target?.stop()]);
  await rm(base, { recursive: true, force: true });
});
beforeEach(async () => {
  folder = await mkdtemp(join(base, 'job-'));
  number += 1;
  to = `copy${number}`;
});

const whole = () => ({ mode: 'partial', roleMode: 'none', databases: [{ name: 'mixed', newName: to, mode: 'all' }] });
const order = (options: object = {}) => orderOf(source, target, { folder, options: { objects: whole(), ...options } });

describe('of a database', () => {
  test('the structure alone travels, with its indexes and constraints and without a row', async () => {
    const worker = await startWorker(order({ type: 'structure' }));
    expect(await worker.ended).toEqual({ outcome: 'done', problem: '', hint: '' });
    expect(await structureOf(target, to)).toEqual(await structureOf(source, 'mixed'));
    expect(await target.sql('SELECT count(*)::int AS n FROM shop.item', to)).toEqual([{ n: 0 }]);
    expect(worker.progress()?.steps.find(({ step }) => step === 'copy')).toMatchObject({ state: 'skipped' });
    await expectNothingLeft(source);
  });

  test('what is chosen travels under other names, and only the rows that the filter lets through', async () => {
    const objects = {
      mode: 'partial',
      roleMode: 'none',
      databases: [
        {
          name: 'mixed',
          newName: to,
          mode: 'partial',
          schemas: [
            {
              name: 'shop',
              newName: 'store',
              mode: 'partial',
              tables: [
                { name: 'customer', newName: 'client', rowFilter: 'id <= 10' },
                { name: 'item', rowFilter: 'customer <= 10 AND id % 2 = 0' },
              ],
            },
            { name: 'small', mode: 'all' },
          ],
        },
      ],
    };
    const worker = await startWorker(order({ objects }));
    expect(await worker.ended).toEqual({ outcome: 'done', problem: '', hint: '' });
    const [expected] = await source.sql(
      'SELECT count(*)::int AS n FROM shop.item WHERE customer <= 10 AND id % 2 = 0',
      'mixed',
    );
    expect(await target.sql('SELECT count(*)::int AS n FROM store.item', to)).toEqual([expected]);
    expect(await target.sql('SELECT count(*)::int AS n FROM store.client', to)).toEqual([{ n: 10 }]);
    expect(
      await target.sql("SELECT confrelid::regclass::text AS to FROM pg_constraint WHERE contype = 'f'", to),
    ).toEqual([{ to: 'store.client' }]);
    const copied = await contentsOf(target, to);
    const there = await contentsOf(source, 'mixed');
    expect(copied['small.t9']).toBe(there['small.t9']);
    expect(Object.keys(copied)).not.toContain('store.scratch');
  });

  test('a table that cannot be copied is told with its reason, and the others arrive', async () => {
    await source
      .sql('CREATE TABLE shop.orphan (id int REFERENCES shop.nothing_there) ', 'mixed')
      .catch(() => undefined);
    const objects = {
      ...whole(),
      databases: [
        {
          name: 'mixed',
          newName: to,
          mode: 'all',
          schemas: [{ name: 'shop', mode: 'all', tables: [{ name: 'item', rowFilter: '1 / (id - 5) > 0' }] }],
        },
      ],
    };
    const worker = await startWorker(order({ objects }));
    const end = await worker.ended;
    expect(end).toMatchObject({ outcome: 'incomplete' });
    expect(end?.problem).toContain('1 tables');
    expect(worker.tables.get('mixed shop.item')).toMatchObject({ state: 'failed', reason: 'division by zero' });
    expect(worker.tables.get('mixed shop.customer')).toMatchObject({ state: 'done' });
    expect(worker.progress()?.steps.find(({ step }) => step === 'copy')).toMatchObject({ state: 'failed' });
    await expectNothingLeft(source);
  });
});

describe('text', () => {
  test.each([
    ['SQL_ASCII', "E'\\xff\\xfe\\x80 raw'"],
    ['LATIN1', "U&'caf\\00e9'"],
    ['EUC_JP', "U&'\\65e5\\672c'"],
  ])('of a database in %s arrives byte by byte', async (encoding, text) => {
    const name = `text_${encoding.toLowerCase()}`;
    await source.createDatabase(name, `ENCODING '${encoding}' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0`);
    const fill = encoding === 'SQL_ASCII' ? 'SET client_encoding = SQL_ASCII' : 'SET client_encoding = UTF8';
    await source.sql(`${fill}; CREATE TABLE t AS SELECT ${text}::text AS t`, name);
    const worker = await startWorker(orderOf(source, target, { folder, database: name }));
    expect(await worker.ended).toMatchObject({ outcome: 'done' });
    const raw = "SELECT encode(textsend(t), 'hex') AS bytes, getdatabaseencoding() AS encoding FROM t";
    const read = `SET client_encoding = ${encoding}; ${raw}`;
    expect(await target.sql(read, name)).toEqual(await source.sql(read, name));
  });
});

describe('tables that the target has already', () => {
  const prepare = async (): Promise<void> => {
    await target.createDatabase(to);
    await target.sql(
      `CREATE SCHEMA shop; CREATE TABLE shop.scratch (id int, text text); CREATE TABLE shop.parent (id int, other text);
       CREATE FUNCTION shop.deny() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'it fired'; END $$;
       INSERT INTO shop.scratch VALUES (-1, 'was there');
       CREATE TRIGGER deny BEFORE INSERT ON shop.scratch FOR EACH ROW EXECUTE FUNCTION shop.deny();`,
      to,
    );
  };
  const count = async (): Promise<unknown> =>
    (await target.sql('SELECT count(*)::int AS n FROM shop.scratch', to))[0]?.['n'];

  test('and that hold rows are left alone unless one says otherwise; other columns are no place for the rows', async () => {
    await prepare();
    const worker = await startWorker(order());
    expect(await worker.ended).toMatchObject({ outcome: 'incomplete' });
    expect(worker.tables.get('mixed shop.scratch')?.reason).toContain('holds rows already');
    expect(worker.tables.get('mixed shop.parent')?.reason).toContain('has no column text');
    expect(await count()).toBe(1);
    // Put right and resumed, the rest arrives.
    await target.sql('TRUNCATE shop.scratch; DROP TABLE shop.child, shop.parent', to);
    const again = await startWorker(order());
    await again.ended;
    expect(await count()).toBe(500);
  });

  test('are emptied when that is wanted', async () => {
    await prepare();
    const worker = await startWorker(order({ existingRows: 'truncate' }));
    await worker.ended;
    expect(worker.tables.get('mixed shop.scratch')).toMatchObject({ state: 'done', rows: 500 });
    expect(await count()).toBe(500);
  });

  test('keep their rows when ours are appended, also when that is asked for twice', async () => {
    await prepare();
    const worker = await startWorker(order({ existingRows: 'append' }));
    await worker.ended;
    expect(await count()).toBe(501);
    const again = await startWorker(order({ existingRows: 'append' }));
    await again.ended;
    expect(await count()).toBe(501);
  });
});

describe('a table of the source', () => {
  test('that is emptied while the snapshot is taken is seen as it is afterwards, not as an empty one', async () => {
    await source.sql('CREATE TABLE small.moving AS SELECT generate_series(1, 1000) AS n', 'mixed');
    const holder = await openSession(source.profile('mixed'));
    await holder.query('BEGIN');
    await holder.query('LOCK TABLE small.moving IN ACCESS EXCLUSIVE MODE');
    const worker = await startWorker(order());
    const waits = "SELECT 1 FROM pg_locks WHERE relation = 'small.moving'::regclass AND NOT granted";
    await expect.poll(() => source.sql(waits, 'mixed'), { timeout: 30_000 }).not.toEqual([]);
    await holder.query('TRUNCATE small.moving');
    await holder.query('INSERT INTO small.moving VALUES (1), (2)');
    await holder.query('COMMIT');
    await holder.end();
    expect(await worker.ended).toMatchObject({ outcome: 'done' });
    expect(worker.lines.some(({ text }) => text.includes('taking another snapshot'))).toBe(true);
    expect(await target.sql('SELECT count(*)::int AS n FROM small.moving', to)).toEqual([{ n: 2 }]);
  });

  test('that is emptied before its turn comes is told, nobody had to wait, and Resume copies it as it is', async () => {
    const worker = await startWorker(order({ bytesPerSecond: 600_000 }));
    await expect.poll(() => worker.progress()?.totals.bytes ?? 0, { timeout: 60_000 }).toBeGreaterThan(100_000);
    await source.sql("SET lock_timeout = '2s'; TRUNCATE small.moving", 'mixed');
    expect(await worker.ended).toMatchObject({ outcome: 'incomplete' });
    expect(worker.tables.get('mixed small.moving')).toMatchObject({
      state: 'failed',
      reason: expect.stringContaining('was emptied or rewritten'),
    });
    const next = await startWorker(order());
    expect(await next.ended).toMatchObject({ outcome: 'done' });
    expect(await contentsOf(target, to)).toEqual(await contentsOf(source, 'mixed'));
  });

  test('that is rewritten between two of its parts is copied anew, as a whole', async () => {
    const worker = await startWorker(order({ bytesPerSecond: 1_000_000, splitAbove: 300_000 }));
    await expect
      .poll(() => worker.tables.get('mixed shop.item')?.partsDone ?? 0, { timeout: 60_000 })
      .toBeGreaterThan(0);
    await source.sql('VACUUM FULL shop.item', 'mixed');
    expect(await worker.ended).toMatchObject({ outcome: 'done' });
    expect(await contentsOf(target, to)).toEqual(await contentsOf(source, 'mixed'));
    expect(worker.lines.some(({ text }) => text.includes('is copied again'))).toBe(true);
  });
});
