import { describe, expect, it } from 'vitest';
import {
  clickedSort,
  columnMarks,
  filterForCell,
  sortedBy,
  withFilter,
  withoutFilter,
} from '../../renderer/features/query/results/arrange-model';
import {
  frameFor,
  geometryAt,
  gridLines,
  gridStep,
  toPlane,
  toScreen,
  zoomed,
} from '../../renderer/features/query/results/map-frame';
import { recallPage, rememberPage } from '../../renderer/features/query/results/page-memory';
import { valueForms } from '../../renderer/features/query/results/viewer-kinds';
import { NO_ARRANGEMENT } from '../../shared/model/arrange';
import type { Arrangement } from '../../shared/model/query';
import { parseGeometry } from '../../shared/model/geometry';

describe('sorting and filtering', () => {
  it('by one column, by more, and no longer', () => {
    const one = sortedBy(NO_ARRANGEMENT, 2, 'ascending', false);
    const two = sortedBy(one, 0, 'descending', true);
    expect(two.sort).toEqual([
      { column: 2, descending: false },
      { column: 0, descending: true },
    ]);
    expect(sortedBy(two, 2, 'descending', true).sort.map(({ column, descending }) => [column, descending])).toEqual([
      [2, true],
      [0, true],
    ]);
    expect(sortedBy(two, 2, null, true).sort).toEqual([{ column: 0, descending: true }]);
    expect(sortedBy(two, 1, 'ascending', false).sort).toEqual([{ column: 1, descending: false }]);
  });
  it('by clicks: up, down, as it was; alone, or after the others', () => {
    const click = (before: Arrangement, column: number, add = false) => clickedSort(before, column, add);
    const told = ({ sort }: Arrangement) => sort.map(({ column, descending }) => `${column}${descending ? '-' : '+'}`);
    const once = click(NO_ARRANGEMENT, 1);
    const two = click(click(once, 0, true), 0, true);
    expect([once, click(once, 1), click(click(once, 1), 1), two].map(told)).toEqual([['1+'], ['1-'], [], ['1+', '0-']]);
    expect(told(click(two, 0, true))).toEqual(['1+']);
    expect(told(click(two, 0))).toEqual(['0+']);
  });
  it('by the value of a cell, and marks the heads', () => {
    const filtered = withFilter(NO_ARRANGEMENT, filterForCell(1, null, false));
    expect(filtered.filters).toEqual([{ column: 1, test: 'not-null', value: '' }]);
    expect(filterForCell(0, '', true)).toEqual({ column: 0, test: 'equals', value: '' });
    expect(columnMarks(filtered, 2).map((mark) => mark.filtered)).toEqual([false, true]);
    expect(withoutFilter(filtered, 0)).toEqual(NO_ARRANGEMENT);
  });
});

describe('the map', () => {
  const size = { width: 400, height: 300 };
  it('shows an extent whole, and zooms about a point', () => {
    const frame = frameFor({ minX: 0, minY: 0, maxX: 10, maxY: 5 }, size);
    const [x, y] = toScreen(frame, size, [10, 5]);
    expect(x).toBeLessThanOrEqual(400);
    expect(y).toBeGreaterThanOrEqual(0);
    const closer = zoomed(frame, size, [100, 50], 3);
    const before = toPlane(frame, size, [100, 50]);
    const after = toPlane(closer, size, [100, 50]);
    expect(after[0]).toBeCloseTo(before[0]);
    expect(after[1]).toBeCloseTo(before[1]);
    expect(frameFor({ minX: 1, minY: 1, maxX: 1, maxY: 1 }, size).scale).toBeGreaterThan(0);
  });
  it('has lines at round figures, never too many', () => {
    expect(gridStep({ x: 0, y: 0, scale: 10 }, 90)).toBe(10);
    expect(gridLines(-1, 21, 10)).toEqual([0, 10, 20]);
    expect(gridLines(0, 1e9, 1)).toEqual([]);
    expect(gridLines(0, Number.NaN, 1)).toEqual([]);
  });
  it('finds what is pointed at', () => {
    const geometries = ['POINT(1 1)', 'POLYGON((0 0,4 0,4 4,0 4,0 0))', 'LINESTRING(10 10, 20 10)'].flatMap(
      (text) => parseGeometry(text, 'geometry') ?? [],
    );
    expect(geometryAt(geometries, [1.1, 1], 0.5)).toBe(0);
    expect(geometryAt(geometries, [3, 3], 0.5)).toBe(1);
    expect(geometryAt(geometries, [15, 10.3], 0.5)).toBe(2);
    expect(geometryAt(geometries, [50, 50], 0.5)).toBe(-1);
  });
});

it('a value is seen as what its type and content say', () => {
  const kinds = (value: string, typeName: string) => valueForms(value, { typeName }).kinds.join();
  expect(kinds('{"a": 1}', 'jsonb')).toBe('pretty,tree,raw');
  expect(kinds('{1,2}', 'integer[]')).toBe('list,raw');
  expect(kinds('(1,a)', 'public.pair')).toBe('list,raw');
  expect(kinds('(1,2)', 'point')).toBe('map,raw');
  expect(kinds('(1,5]', 'int4range')).toBe('raw');
  expect(kinds('(not a row)', 'text')).toBe('raw');
  expect(kinds('POINT(1 2)', 'text')).toBe('map,raw');
  expect(kinds(String.raw`\x3c7376673e`, 'bytea')).toBe('hex,raw');
  expect(kinds('<svg onload="x()"/>', 'text')).toBe('xml,raw');
  expect(kinds('0101', 'geometry')).toBe('raw');
  expect(kinds('plain', 'text')).toBe('raw');
});

it('a result is shown as it was left, and a sorted one as it was before', () => {
  rememberPage('s.1', { mode: 'chart', viewing: true });
  expect(recallPage('s.2', true)).toMatchObject({ mode: 'chart', viewing: true });
  expect(recallPage('s.3', false)).toEqual({ mode: 'rows', viewing: true, chart: null });
  expect(recallPage('s.1', false).mode).toBe('chart');
});
