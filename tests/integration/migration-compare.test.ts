import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compareServers } from '../support/migration-compare';
import { TYPES, typesSql } from '../support/migration-compare-types';
import { startServer, type TestServer } from '../support/postgres';

let old: TestServer;
let middle: TestServer;
let newest: TestServer;

beforeAll(async () => {
  [old, middle, newest] = await Promise.all([10, 11, 18].map((major) => startServer({ major })));
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
