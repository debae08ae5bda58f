import { describe, expect, test } from 'vitest';
import { compareView, type CompareRecord } from '../../electron/control-plane/migration/compare-record';
import { awaitFlow } from '../../electron/control-plane/migration/compare/await-flow';
import { isTaken } from '../../electron/control-plane/migration/compare/compare-chunks';
import { comparedTables, type Flow } from '../../electron/control-plane/migration/compare/compare-model';
import { differing, orderedKeys } from '../../electron/control-plane/migration/compare/find-differences';
import { joinText } from '../../electron/control-plane/migration/compare/value-text';
import { createCompareTelling } from '../../electron/control-plane/migration/worker/compare-telling';
import type { WorkerEvent } from '../../electron/control-plane/migration/worker-protocol';
import type { TableCompare } from '../../shared/model/migration-api';

const table = (change: Partial<TableCompare>): TableCompare => ({
  database: 'shop',
  schema: 'public',
  name: 't',
  result: 'waiting',
  mode: 'full',
  rows: 0,
  estimatedRows: 0,
  sourceRows: null,
  targetRows: null,
  chunks: 0,
  chunksDone: 0,
  differences: 0,
  startedAt: null,
  endedAt: null,
  reason: '',
  ...change,
});
const record: CompareRecord = {
  id: 'dts-a-cmp-b',
  name: 'n',
  status: 'running',
  mode: 'full',
  samplePercent: 10,
  threads: 0,
  tables: [],
  createdAt: 1,
  startedAt: 2,
  endedAt: null,
  problem: '',
  hint: '',
};

describe('what is shown of a comparison', () => {
  test('weighs its tables by their rows, each at least as one', () => {
    const tables = [
      table({ result: 'equal', estimatedRows: 0, endedAt: 3 }),
      table({ result: 'comparing', estimatedRows: 99, chunks: 4, chunksDone: 1, rows: 20 }),
      table({ result: 'waiting', estimatedRows: 100 }),
    ];
    expect(compareView(record, tables)).toMatchObject({ fraction: (1 + 99 / 4) / 200, tables: 3, equal: 1, rows: 20 });
    expect(compareView({ ...record, startedAt: null }, tables).fraction).toBeNull();
    expect(compareView({ ...record, status: 'success' }, []).fraction).toBe(1);
    expect(compareView(record, []).fraction).toBe(0);
  });

  test('counts what could not be compared apart from what differs', () => {
    const tables = (['unfit', 'failed', 'different', 'equal'] as const).map((result) =>
      table({ result, differences: result === 'different' ? 7 : 0 }),
    );
    expect(compareView(record, tables)).toMatchObject({ failed: 2, different: 1, equal: 1, differences: 7 });
  });
});

test('a sample takes its share, the same parts each time, and the first one always', () => {
  const taken = (percent: number): number[] =>
    Array.from({ length: 10_000 }, (_, at) => at).filter((at) => isTaken('seed', at, percent));
  expect(taken(100)).toHaveLength(10_000);
  expect(taken(10).length).toBeGreaterThan(900);
  expect(taken(10).length).toBeLessThan(1100);
  expect(taken(10)).toEqual(taken(10));
  expect(taken(1)).toContain(0);
});

test('rows of two lists are matched by their keys, also where a key comes twice', () => {
  const row = (id: string, hash: string) => ({ id, key: [id], hash });
  expect(
    differing(
      [row('a', '1'), row('b', '1'), row('c', '1'), row('c', '2'), row('d', '1')],
      [row('a', '1'), row('b', '2'), row('c', '2'), row('c', '1'), row('d', '1'), row('d', '1'), row('e', '1')],
    ).map(({ id, kind }) => `${kind} ${id}`),
  ).toEqual(['changed b', 'extra d', 'extra e']);
  expect(differing([row('a', '1')], [])).toEqual([{ id: 'a', key: ['a'], kind: 'missing' }]);
});

test('only bounds that the other server puts into the same order cut a range', async () => {
  const order = 'bdacf';
  const ordered = async ([first = '']: readonly string[], [second = '']: readonly string[]): Promise<boolean> =>
    order.indexOf(first) < order.indexOf(second);
  const keys = ['a', 'b', 'c', 'd', 'f'].map((each) => [each]);
  expect(await orderedKeys(keys, { after: null, upTo: null }, ordered)).toEqual([['a'], ['c'], ['f']]);
  expect(await orderedKeys(keys, { after: ['d'], upTo: ['f'] }, ordered)).toEqual([['a'], ['c']]);
});

test('values are joined in groups that a function of the server takes', () => {
  expect(joinText([])).toBe("''::text");
  expect(joinText(['a', 'b'])).toBe("pg_catalog.concat(a, ';', b)");
  const many = joinText(Array.from({ length: 10_000 }, (_, at) => `c${at}`));
  for (const call of many.split('pg_catalog.concat(')) expect(call.split(',').length).toBeLessThan(105);
  expect(many).toContain('c9999');
});

test('neither partitioned tables nor those of the task itself are compared', () => {
  const planned = (name: string, change: object = {}) => ({
    oid: 1,
    schema: 'public',
    name,
    targetSchema: 'public',
    targetName: name,
    kind: 'table' as const,
    persistence: 'permanent' as const,
    columns: [],
    bytes: 0,
    rows: 0,
    integerKey: null,
    rowFilter: '',
    ...change,
  });
  const tables = comparedTables({
    source: 'shop',
    target: 'shop',
    whole: true,
    schemas: [],
    tables: [
      planned('a'),
      planned('root', { kind: 'partitioned' }),
      planned('log', { schema: 'howdah_migration' }),
      planned('config', { extension: 'x', rowFilter: 'own' }),
    ],
    indexes: [],
    sequences: [],
    views: [],
    materializedViews: [],
    foreignTables: [],
    functions: [],
    largeObjects: false,
  });
  expect(tables.map(({ name, filterTarget }) => `${name} ${filterTarget}`)).toEqual(['a false', 'config true']);
});

test('changes are waited for as long as they come', async () => {
  let applied = 0n;
  const flow: Flow = { from: 'source', applied: async () => (applied += 1n), written: async () => 3n };
  const { signal } = new AbortController();
  await awaitFlow(flow, 1000, signal);
  expect(applied).toBe(3n);
  const standing: Flow = { ...flow, applied: async () => 2n };
  await expect(awaitFlow(standing, 300, signal)).rejects.toMatchObject({ code: 'conflict' });
  // What stands at the same place is not waited for as long again.
  const begun = Date.now();
  await expect(awaitFlow(standing, 60_000, signal)).rejects.toThrow('stand still');
  expect(Date.now() - begun).toBeLessThan(10_000);
  const other: Flow = { ...standing };
  const ending = new AbortController();
  const waiting = awaitFlow(other, 60_000, ending.signal);
  ending.abort();
  await expect(waiting).rejects.toMatchObject({ code: 'cancelled' });
});

test('what changes of a table is told once for many changes, and rows before their table', () => {
  const events: WorkerEvent[] = [];
  const telling = createCompareTelling((event) => events.push(event));
  telling.table(table({ chunksDone: 1 }));
  telling.table(table({ chunksDone: 2, result: 'different' }));
  telling.differences('shop', 'public', 't', [{ kind: 'missing', key: [], columns: [] }]);
  telling.flush();
  expect(events.map(({ event }) => event)).toEqual(['differences', 'compared']);
  expect(events[1]).toMatchObject({ tables: [{ chunksDone: 2 }] });
});
