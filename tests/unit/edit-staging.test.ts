import { expect, it } from 'vitest';
import type { EditColumn } from '../../shared/model/edit';
import { parseCells, pastedValue } from '../../shared/model/edit-paste';
import {
  addRows,
  deleteRows,
  dropRow,
  editsOf,
  newStaging,
  noneStaged,
  redo,
  revertCells,
  setCells,
  stagedCount,
  step,
  undo,
} from '../../shared/model/edit-staging';

const column = (type: string, nullable = true): EditColumn => ({
  index: 0,
  name: 'c',
  type,
  nullable,
  hasDefault: false,
  fixed: '',
  labels: [],
  references: null,
});

it('takes cells apart as spreadsheets put them together', () => {
  expect(parseCells('a\tb\r\nc\t\r\n')).toEqual([
    ['a', 'b'],
    ['c', ''],
  ]);
  expect(parseCells('"a\t""x""\nb"\tc\n"open\td')).toEqual([
    ['a\t"x"\nb', 'c'],
    ['"open', 'd'],
  ]);
  expect(parseCells('"a"b\tc')).toEqual([['"a"b', 'c']]);
  expect(parseCells('one')).toEqual([['one']]);
  expect(parseCells('a\n\nb')).toEqual([['a'], [''], ['b']]);
  expect(parseCells('')).toEqual([]);
  expect(parseCells('a\t')).toEqual([['a', '']]);
});

it('pastes nothing as NULL where the empty string is no value', () => {
  expect(pastedValue('', column('integer'))).toBeNull();
  expect(pastedValue('', column('text'))).toBe('');
  expect(pastedValue('', column('character varying(10)'))).toBe('');
  expect(pastedValue('', column('integer', false))).toBe('');
  expect(pastedValue('NULL', column('text'))).toBe('NULL');
});

it('knows a change that is none, keeps NULL and the empty string apart, and leaves deleted rows alone', () => {
  const none = noneStaged(10);
  const one = setCells(none, [{ row: 1, column: 2, value: '', original: null }]);
  expect(editsOf(one).edits).toEqual([{ kind: 'update', row: 1, values: { 2: '' } }]);
  expect(stagedCount(setCells(one, [{ row: 1, column: 2, value: null, original: null }]))).toBe(0);
  expect(stagedCount(setCells(none, [{ row: 1, column: 2, value: 'same' }]))).toBe(1);
  const deleted = deleteRows(one, 1, 1);
  expect(editsOf(setCells(deleted, [{ row: 1, column: 2, value: 'x' }])).edits).toEqual([{ kind: 'delete', row: 1 }]);
  expect(stagedCount(revertCells(one, [{ row: 1, column: 2 }]))).toBe(0);
  expect(stagedCount(dropRow(deleted, 1))).toBe(0);
});

it('adds, changes and removes new rows, and marks others until all are marked', () => {
  const added = setCells(addRows(noneStaged(3), [{ 0: '1' }, {}]), [{ row: 4, column: 1, value: null }]);
  expect(editsOf(added)).toEqual({
    edits: [
      { kind: 'insert', values: { 0: '1' } },
      { kind: 'insert', values: { 1: null } },
    ],
    rows: [3, 4],
  });
  const both = deleteRows(added, 2, 3);
  expect(editsOf(both).edits).toEqual([
    { kind: 'delete', row: 2 },
    { kind: 'insert', values: { 1: null } },
  ]);
  expect(editsOf(deleteRows(both, 1, 2)).rows).toEqual([1, 2, 3]);
  expect(stagedCount(deleteRows(both, 2, 2))).toBe(1);
  expect(revertCells(added, [{ row: 3, column: 0 }]).added[0]).toEqual({});
});

it('goes back and forth', () => {
  const start = newStaging(5);
  const first = step(start, setCells(start.now, [{ row: 0, column: 0, value: 'a' }]));
  const second = step(first, deleteRows(first.now, 1, 2));
  expect(undo(second).now).toBe(first.now);
  expect(redo(undo(second)).now).toBe(second.now);
  expect(undo(undo(undo(second))).now).toBe(start.now);
  expect(step(undo(second), setCells(first.now, [{ row: 3, column: 0, value: 'b' }])).future).toEqual([]);
  expect(step(first, first.now)).toBe(first);
});
