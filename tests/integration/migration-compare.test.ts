import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSideReader, ALL } from '../../electron/control-plane/migration/compare/side-reader';
import { readShape } from '../../electron/control-plane/migration/compare/table-shape';
import { createTypeCatalog } from '../../electron/control-plane/migration/compare/type-tree';
import { openSession } from '../../electron/adapters/postgres/session';
import { compareServers } from '../support/migration-compare';
import { TYPES, typesSql } from '../support/migration-compare-types';
import { startServer, type TestServer } from '../support/postgres';

let old: TestServer;
let middle: TestServer;
let newest: TestServer;

beforeAll(async () => {
  old = await startServer({ major: 10 });
  middle = await startServer({ major: 11 });
  newest = await startServer({ major: 18 });
}, 120_000);
afterAll(async () => {
  await Promise.all([old, middle, newest].map((server) => server?.stop()));
});

const both = async (servers: readonly TestServer[], database: string, sql: string): Promise<void> => {
  for (const server of servers) {
    await server.createDatabase(database);
    await server.sql(sql, database);
  }
};

describe('values of all types', () => {
  beforeAll(async () => {
    await both([old, middle, newest], 'types', typesSql());
    // What a computation makes is not what 'NaN' is read as.
    await old.sql(
      `UPDATE cases.float8 SET value = value + ('Infinity'::float8 - 'Infinity'::float8) WHERE value = 'NaN'`,
      'types',
    );
  });

  test.each([
    ['10 and 18', () => [old, newest] as const],
    ['18 and 11', () => [newest, middle] as const],
    ['10 and 11', () => [old, middle] as const],
  ])('are equal between %s', async (_name, sides) => {
    const { totals, tables } = await compareServers(...sides(), 'types');
    expect([...tables.values()].filter(({ result }) => result !== 'equal')).toEqual([]);
    expect(totals).toMatchObject({ tables: TYPES.length, equal: TYPES.length, differences: 0 });
  });

  test('one value that is changed is found in each', async () => {
    for (const { name, planted } of TYPES)
      await newest.sql(`UPDATE cases."${name}" SET value = ${planted} WHERE id = 1`, 'types');
    for (const sides of [[old, newest] as const, [newest, middle] as const]) {
      const { totals, tables, differences } = await compareServers(...sides, 'types');
      expect([...tables.values()].filter(({ result }) => result !== 'different').map(({ name }) => name)).toEqual([]);
      expect(totals).toMatchObject({ different: TYPES.length, differences: TYPES.length });
      for (const { name } of TYPES) {
        const [found, ...more] = differences.get(`cases.${name}`) ?? [];
        expect(more).toEqual([]);
        expect(found).toMatchObject({ kind: 'changed', key: [{ column: 'id', value: '1' }] });
        expect(found?.columns.map(({ column }) => column)).toEqual(['value']);
      }
    }
  });
});

describe('what cannot be compared alike', () => {
  test('is said of its columns, and the others are compared', async () => {
    const sql = `CREATE TYPE spot AS (at float8);
      CREATE TABLE spots (id int PRIMARY KEY, spots spot[], note text);
      INSERT INTO spots VALUES (1, ARRAY[ROW(0.1)::spot], 'a');`;
    await both([old, newest], 'spots', sql);
    const { tables } = await compareServers(old, newest, 'spots');
    expect(tables.get('public.spots')).toMatchObject({ result: 'unfit', differences: 0, sourceRows: 1 });
    expect(tables.get('public.spots')?.reason).toContain('column spots');
    await newest.sql("UPDATE spots SET note = 'b'", 'spots');
    const again = await compareServers(old, newest, 'spots');
    expect(again.tables.get('public.spots')).toMatchObject({ result: 'different', differences: 1 });
  });

  test('is told of tables and columns that are missing or of another type', async () => {
    await both(
      [old, newest],
      'shapes',
      'CREATE TABLE a (id int PRIMARY KEY, n int, t text); INSERT INTO a VALUES (1, 2, 3);',
    );
    await old.sql('CREATE TABLE b (id int); INSERT INTO b VALUES (1)', 'shapes');
    await newest.sql('ALTER TABLE a ALTER n TYPE numeric, DROP t', 'shapes');
    const { tables, totals } = await compareServers(old, newest, 'shapes');
    expect(tables.get('public.b')).toMatchObject({ result: 'different', reason: 'The target has no table public.b' });
    expect(tables.get('public.a')).toMatchObject({
      result: 'unfit',
      reason: 'column n is integer on the source and numeric on the target; the target has no column t',
    });
    expect(totals).toMatchObject({ different: 1, failed: 1 });
    await newest.sql('ALTER TABLE a ALTER n TYPE bigint, ADD t text; UPDATE a SET t = 3', 'shapes');
    const again = await compareServers(old, newest, 'shapes');
    expect(again.tables.get('public.a')).toMatchObject({ result: 'equal' });
  });
});

test('servers that make no md5 are compared by another hash, and tables of many columns in groups of them', async () => {
  const columns = Array.from({ length: 300 }, (_, at) => `c${at} text DEFAULT '${at}'`);
  const sql = `CREATE TABLE wide (id int PRIMARY KEY, b bytea, x xml, ${columns.join(', ')});
    INSERT INTO wide (id, b, x) SELECT i, decode(md5(i::text), 'hex'), '<a/>' FROM generate_series(1, 50) i;`;
  await both([middle, newest], 'wide', sql);
  const sessions = await Promise.all([middle, newest].map((server) => openSession(server.profile('wide'))));
  const [here, there] = sessions;
  if (!here || !there) throw new Error('no sessions');
  const { signal } = new AbortController();
  const form = { convert: false, floatsDiffer: true, charsDiffer: true, hash: 'sha256' as const };
  const name = { schema: 'public', name: 'wide', targetSchema: 'public', targetName: 'wide' };
  const sums = async (): Promise<string[]> => {
    const shape = await readShape(
      { ...name, rows: 0, bytes: 0, rowFilter: '', filterTarget: false },
      {
        source: here,
        target: there,
        types: { source: createTypeCatalog(), target: createTypeCatalog() },
        forms: { source: form, target: { ...form, convert: true } },
        strings: true,
        signal,
      },
    );
    if ('missing' in shape) throw new Error('no table');
    const looked = [
      await createSideReader(shape.source, true).sums(here, ALL, signal),
      await createSideReader(shape.target, true).sums(there, ALL, signal),
    ];
    return looked.map(({ rows, sum }) => `${rows} ${sum}`);
  };
  try {
    const [first, second] = await sums();
    expect(first).toMatch(/^50 -?[0-9]+\/-?[0-9]+$/);
    expect(first).toBe(second);
    await newest.sql('UPDATE wide SET c299 = NULL WHERE id = 50', 'wide');
    const [again, changed] = await sums();
    expect(again).toBe(first);
    expect(changed).not.toBe(first);
  } finally {
    await Promise.all(sessions.map((session) => session.end()));
  }
  const { differences } = await compareServers(middle, newest, 'wide');
  expect(differences.get('public.wide')?.[0]?.columns).toEqual([{ column: 'c299', source: '299', target: null }]);
});
