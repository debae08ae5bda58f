import { expect, it } from 'vitest';
import {
  DIFFERENT_STATES,
  filtered,
  fits,
  NEW_SIDE,
  pairLines,
  sideOf,
  writtenRows,
} from '../../renderer/features/compare/model';
import type { CompareItem } from '../../shared/model/compare';

const server = { ...NEW_SIDE, serverId: 's', database: 'd' };
const file = { ...NEW_SIDE, kind: 'file' as const, file: { token: 't', name: 'x.sql' } };

it('a side is complete only with all it needs, and a file borrows the server of the other side', () => {
  expect(sideOf(NEW_SIDE, server)).toBeNull();
  expect(sideOf(server, NEW_SIDE)).toEqual({ kind: 'database', serverId: 's', database: 'd', schema: null });
  expect(sideOf({ ...server, kind: 'schema' }, server)).toBeNull();
  expect(sideOf(file, server)).toEqual({ kind: 'file', fileToken: 't', scratchServerId: 's', schema: null });
  expect(sideOf(file, { ...server, kind: 'schema', schema: 'a' })).toMatchObject({ schema: 'a' });
  expect(sideOf(file, file)).toBeNull();
  expect(fits(server, { ...server, kind: 'schema' })).toBe(false);
  expect(fits(file, { ...server, kind: 'schema' })).toBe(true);
});

it('objects are filtered by state, kind and any part of the name', () => {
  const item = (name: string, state: CompareItem['state'], kind: 'table' | 'view' = 'table'): CompareItem => ({
    key: name,
    state,
    object: { kind, schema: 'Sales', name, table: null },
  });
  const items = [item('orders', 'different'), item('open', 'equal', 'view'), item('gone', 'only-target')];
  const names = (text: string, states: CompareItem['state'][], kinds: string[]): string[] =>
    filtered(items, { text, states, kinds }).map(({ key }) => key);
  expect(names('', ['different', 'only-target'], [])).toEqual(['orders', 'gone']);
  expect(names('SALES.O', ['different', 'equal'], [])).toEqual(['orders', 'open']);
  expect(names('', ['different', 'equal'], ['view'])).toEqual(['open']);
  expect(names('', [...DIFFERENT_STATES], [])).toEqual(['orders', 'gone']);
});

it('rows of the target alone are written only when they are removed', () => {
  const result = { columns: [], key: [], onlySource: 1, onlyTarget: 20, changed: 300, equal: 5, rows: [], more: true };
  expect([writtenRows(result, false), writtenRows(result, true)]).toEqual([301, 321]);
});

it('equal lines stand beside each other', () => {
  const lines = pairLines('a\nb\nc\nd', 'a\nc\nx\nd').map(({ left, right, same }) => `${left} ${right} ${same}`);
  expect(lines).toEqual(['a a true', 'b null false', 'c c true', 'null x false', 'd d true']);
  expect(pairLines('', 'x')).toEqual([{ left: null, right: 'x', same: false }]);
  expect(pairLines('', '')).toEqual([]);
});
