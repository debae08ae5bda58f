import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { arrangedSql } from '../../shared/model/arrange';
import type { Arrangement, Row } from '../../shared/model/query';
import { startServer, type TestServer } from '../support/postgres';
import { errorsOf, queryBench, type QueryBench, valuesOf } from '../support/query';

describe.each([10, 18] as const)('results sorted and filtered by a server of version %i', (major) => {
  let server: TestServer;
  let bench: QueryBench;
  let session: string;
  beforeAll(async () => {
    server = await startServer({ major });
    bench = await queryBench(server);
    session = await bench.open();
  });
  afterAll(async () => {
    await bench?.close();
    await server?.stop();
  });

  /** Runs a statement, then again with the arrangement, and returns names and values. */
  async function arranged(sql: string, change: Partial<Arrangement>): Promise<{ names: string[]; rows: Row[] }> {
    const first = await bench.run(session, sql);
    expect(errorsOf(first)).toEqual([]);
    const columns = first.results[0]?.columns ?? [];
    const state = await bench.run(session, arrangedSql(sql, columns, { sort: [], filters: [], where: '', ...change }));
    expect(errorsOf(state)).toEqual([]);
    return {
      names: (state.results[0]?.columns ?? []).map(({ name }) => name),
      rows: await valuesOf(bench, state),
    };
  }

  it('by columns of equal, odd and no names', async () => {
    const sql = `SELECT 1, n, n * 2 AS n, 'x' || n AS "ü ""q"" ; --" FROM generate_series(1, 4) n -- end`;
    const { names, rows } = await arranged(sql, {
      sort: [{ column: 2, descending: true }],
      filters: [{ column: 3, test: 'not-equals', value: 'x2' }],
      where: '"ü ""q"" ; --" <> \'x4\' AND n_2 < 100',
    });
    expect(names).toEqual(['?column?', 'n', 'n', 'ü "q" ; --']);
    expect(rows).toEqual([
      ['1', '3', '6', 'x3'],
      ['1', '1', '2', 'x1'],
    ]);
  });

  it('around ORDER BY, LIMIT, locks, VALUES, TABLE, UNION and WITH', async () => {
    await bench.run(session, 'CREATE TEMP TABLE items AS SELECT i AS id FROM generate_series(1, 5) i');
    const greatest = { sort: [{ column: 0, descending: true }], filters: [] };
    for (const sql of [
      'SELECT id FROM items ORDER BY id LIMIT 3',
      'SELECT id FROM items WHERE id < 4 FOR UPDATE;',
      'VALUES (1), (2), (3)',
      'WITH a AS (SELECT 1 AS result) SELECT result FROM a UNION ALL SELECT 3 /* end */ -- end',
      '(SELECT 3) UNION SELECT 2',
    ]) {
      const { rows } = await arranged(sql, greatest);
      expect({ sql, first: rows[0] }).toEqual({ sql, first: ['3'] });
    }
    expect((await arranged('TABLE items', greatest)).rows).toHaveLength(5);
  });

  it('every test, with NULL and the values of types that cannot be compared', async () => {
    const sql = `SELECT * FROM (VALUES (1, '50%', '{"a": 1}'::json, point(1, 2), '2024-01-02'::date, '\\x00ff'::bytea),
      (2, 'It''s 50', '{"a":1}', point(2, 2), '2024-02-01', '\\x'), (3, NULL, NULL, NULL, NULL, NULL)) AS v (id, t, j, p, d, b)`;
    const ids = async (column: number, test: Arrangement['filters'][number]['test'], value = '') =>
      (await arranged(sql, { filters: [{ column, test, value }], sort: [{ column: 0, descending: false }] })).rows
        .map(([id]) => id)
        .join('');
    expect(await ids(0, 'at-least', '2')).toBe('23');
    expect(await ids(0, 'less', '2')).toBe('1');
    expect(await ids(1, 'contains', '50%')).toBe('1');
    expect(await ids(1, 'starts', "it's")).toBe('2');
    expect(await ids(1, 'not-contains', '%')).toBe('23');
    expect(await ids(1, 'not-equals', '50%')).toBe('23');
    expect(await ids(1, 'null')).toBe('3');
    expect(await ids(2, 'equals', '{"a": 1}')).toBe('1');
    expect(await ids(2, 'not-null')).toBe('12');
    expect(await ids(3, 'equals', '(2,2)')).toBe('2');
    expect(await ids(4, 'greater', '2024-01-15')).toBe('2');
    expect(await ids(4, 'contains', '-02-')).toBe('2');
    expect(await ids(5, 'equals', String.raw`\x00ff`)).toBe('1');
    const sorted = await arranged(sql, {
      sort: [
        { column: 3, descending: false },
        { column: 2, descending: true },
      ],
    });
    expect(sorted.rows.map(([id]) => id)).toEqual(['1', '2', '3']);
  });
});
