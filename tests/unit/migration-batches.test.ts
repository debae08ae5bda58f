import { beforeEach, expect, it } from 'vitest';
import { Batches } from '../../electron/control-plane/migration/follow/apply/batches';
import { bindTable } from '../../electron/control-plane/migration/follow/apply/bound-table';
import { UPDATE, Window } from '../../electron/control-plane/migration/follow/apply/window';
import { table, tuple, type WrittenValue } from '../support/pgoutput-writer';

const column = (name: string) => ({
  name,
  type: 'pg_catalog."text"',
  builtIn: 'text',
  notNull: true,
  hasDefault: false,
  generated: false,
  identity: '',
});
const T = bindTable(
  0,
  table(1, 't', ['id', 'n', 'big']),
  { schema: 'public', name: 't', syncedAt: 0n },
  {
    name: 'public.t',
    kind: 'r',
    uniques: 1,
    columns: new Map(['id', 'n', 'big'].map((name) => [name, column(name)])),
    keys: [{ columns: [{ name: 'id', equal: 'pg_catalog.=' }] }],
  },
);

let batches: Batches;
beforeEach(() => {
  batches = new Batches(true);
});

/** What is done with temporary tables for one update, in short. */
function encode(values: readonly WrittenValue[] = ['1', 'x', 'y']): string[] | null {
  const window = new Window(64);
  window.add(UPDATE, 0, -1, window.keep(tuple(values), 0), 1);
  const units = batches.encode(window, T, Int32Array.of(0), 0, 1);
  return units?.map((unit) => (unit.kind === 'rows' ? 'rows' : (unit.sql.split(' ')[0] ?? ''))) ?? null;
}

it('temporary tables are emptied between the parts of a transaction, whatever happens to those before meanwhile', () => {
  expect(encode()).toEqual(['CREATE', 'COPY', 'UPDATE']);
  batches.next();
  expect(encode()).toEqual(['COPY', 'UPDATE']);
  expect(encode()).toEqual(['TRUNCATE', 'COPY', 'UPDATE']);
  expect(encode()).toEqual(['TRUNCATE', 'COPY', 'UPDATE']);
  batches.next();
  expect(encode()).toEqual(['COPY', 'UPDATE']);
});

it('of which nothing is remembered count as filled until the transaction ends', () => {
  expect(encode()).toEqual(['CREATE', 'COPY', 'UPDATE']);
  batches.forget();
  expect(encode()).toEqual(['CREATE', 'TRUNCATE', 'COPY', 'UPDATE']);
  batches.forget();
  batches.next();
  expect(encode()).toEqual(['CREATE', 'COPY', 'UPDATE']);
});

it('a row of which only the key came is looked for one by one: to write nothing would not notice that it is missing', () => {
  expect(encode(['1', undefined, 'y'])).toEqual(['CREATE', 'COPY', 'UPDATE']);
  expect(encode(['1', undefined, undefined])).toBeNull();
});
