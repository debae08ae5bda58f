import { describe, expect, it } from 'vitest';
import { chartData, chartFor, figureOf, pieSlices, secondsOf, stacked } from '../../shared/model/chart';
import type { ResultColumn } from '../../shared/model/query';

const column = (name: string, typeOid: number): ResultColumn => ({
  name,
  typeOid,
  typeName: '',
  tableOid: 0,
  columnNumber: 0,
});
const [NUMBER, TEXT, TIME] = [1700, 25, 1184];

it('chooses what is sensible by type', () => {
  expect(chartFor([column('t', TEXT)])).toBeNull();
  expect(chartFor([column('n', NUMBER)])).toEqual({ kind: 'line', x: -1, y: [0] });
  expect(chartFor([column('a', NUMBER), column('b', NUMBER)])).toEqual({ kind: 'line', x: 0, y: [1] });
  expect(chartFor([column('n', NUMBER), column('t', TEXT)])).toEqual({ kind: 'bar', x: 1, y: [0] });
  expect(chartFor([column('t', TEXT), column('n', NUMBER), column('at', TIME)])).toEqual({
    kind: 'line',
    x: 2,
    y: [1],
  });
});

it('reads figures and moments', () => {
  expect(['1.50', '-1e3', 'NaN', 'Infinity', '', null, 'x'].map(figureOf)).toEqual([
    1.5,
    -1000,
    null,
    null,
    null,
    null,
    null,
  ]);
  expect(secondsOf('1970-01-02')).toBe(86_400);
  expect(secondsOf('1970-01-01 01:00:00.5+01')).toBe(0.5);
  expect(secondsOf('1970-01-01 00:00:00-05:30')).toBe(19_800);
  expect(secondsOf('Thu Jan 01 1970')).toBeNull();
});

describe('rows as a chart', () => {
  const columns = [column('x', NUMBER), column('y', NUMBER), column('label', TEXT)];
  const rows = [
    ['3', '1', 'c'],
    ['1', null, 'a'],
    [null, '7', 'n'],
    ['2', '5', 'c'],
  ];
  it('are put in order, and those without a place left out', () => {
    const data = chartData(rows, columns, { kind: 'line', x: 0, y: [1] });
    expect(data).toMatchObject({ axis: 'number', x: [1, 2, 3], left: 1 });
    expect(data.series[0]?.values).toEqual([null, 5, 1]);
  });
  it('keep the order of categories', () => {
    expect(chartData(rows, columns, { kind: 'bar', x: 2, y: [1] })).toMatchObject({
      axis: 'category',
      labels: ['c', 'a', 'n', 'c'],
    });
    expect(chartData(rows, columns, { kind: 'line', x: -1, y: [1] }).x).toEqual([1, 2, 3, 4]);
  });
  it('are slices of a pie, equal labels as one', () => {
    const slices = pieSlices(chartData(rows, columns, { kind: 'pie', x: 2, y: [1] }));
    expect(slices.map(({ label, value }) => [label, value])).toEqual([
      ['n', 7],
      ['c', 6],
    ]);
    const many = Array.from({ length: 20 }, (_none, index) => [String(index), '1', `l${index}`]);
    expect(pieSlices(chartData(many, columns, { kind: 'pie', x: 2, y: [1] })).at(-1)).toMatchObject({
      value: 8,
      others: 8,
    });
  });
  it('are stacked', () => {
    const series = [
      { name: 'a', values: [1, null] },
      { name: 'b', values: [2, 3] },
    ];
    expect(stacked(series).map(({ values }) => values)).toEqual([
      [1, 0],
      [3, 3],
    ]);
  });
});
