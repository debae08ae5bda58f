import { describe, expect, it } from 'vitest';
import { prettyJson } from '../../renderer/features/query/json-pretty';
import { byteaBytes, dumpRow, pictureType } from '../../renderer/features/query/results/bytes-text';
import { cellSums } from '../../renderer/features/query/results/cell-sums';
import { jsonPath, jsonTree, visibleNodes } from '../../renderer/features/query/results/json-tree';
import { arrayParts, rowParts } from '../../renderer/features/query/results/literal-parts';
import { xmlLines } from '../../renderer/features/query/results/xml-lines';

describe('JSON', () => {
  const text = '{"a": [1.50, 12345678901234567890, {"b c": "x\\"y"}], "a": {}, "e": [], "n": null}';
  it('keeps digits, order and repeated keys when it is formatted', () => {
    expect(prettyJson(text)).toBe(
      '{\n  "a": [\n    1.50,\n    12345678901234567890,\n    {\n      "b c": "x\\"y"\n    }\n  ],\n  "a": {},\n  "e": [],\n  "n": null\n}',
    );
    expect(prettyJson('"text"')).toBeNull();
    expect(prettyJson('[1')).toBeNull();
  });
  it('is a tree with paths', () => {
    const { nodes } = jsonTree(text);
    expect(nodes.map(({ depth, key, text: value }) => `${depth}${key ?? ''}${value}`)).toEqual([
      '0',
      '1"a"',
      '21.50',
      '212345678901234567890',
      '2',
      '3"b c""x\\"y"',
      '1"a"',
      '1"e"',
      '1"n"null',
    ]);
    expect(jsonPath(nodes, 5)).toBe('$.a[2]."b c"');
    expect(visibleNodes(nodes, new Set([1]))).toEqual([0, 1, 6, 7, 8]);
    expect(visibleNodes(nodes, new Set([0]))).toEqual([0]);
  });
  it('survives a hundred thousand levels and a string without end', () => {
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    expect(prettyJson(deep)?.length ?? 0).toBeLessThan(25_000_000);
    expect(jsonTree(deep).nodes).toHaveLength(100_000);
    expect(jsonTree(`[${'1,'.repeat(300_000)}1]`).cut).toBe(true);
    expect(prettyJson(`["${'x'.repeat(4_000_000)}"]`)).toContain('xx');
  });
});

describe('XML', () => {
  const shown = (text: string) =>
    xmlLines(text)?.map(({ depth, pieces }) => '  '.repeat(depth) + pieces.map((piece) => piece.text).join(''));
  it('is indented', () => {
    expect(shown('<?xml version="1.0"?><a x="1>2"><b>text</b><c/><!-- <no> --><d><e>1</e></d></a>')).toEqual([
      '<?xml version="1.0"?>',
      '<a x="1>2">',
      '  <b>text</b>',
      '  <c/>',
      '  <!-- <no> -->',
      '  <d>',
      '    <e>1</e>',
      '  </d>',
      '</a>',
    ]);
  });
  it('that is not well formed is shown nevertheless', () => {
    expect(shown('<a><b>1 < 2</a>')?.join('')).toContain('2');
    expect(shown('</b>')).toBeUndefined();
    expect(shown('<a')).toEqual(['<a']);
    expect(xmlLines('plain')).toBeNull();
    expect(xmlLines(`<a ${'"'.repeat(99_999)}`)).toBeDefined();
    expect(xmlLines('<a "'.repeat(400_000))).toBeNull();
  });
});

describe('bytes', () => {
  it('are read either way the server writes them', () => {
    expect([...(byteaBytes(String.raw`\x00fFa1`) ?? [])]).toEqual([0, 255, 161]);
    expect([...(byteaBytes(String.raw`a\\\001z`) ?? [])]).toEqual([97, 92, 1, 122]);
    expect(byteaBytes(String.raw`\x0`)).toBeNull();
    expect(byteaBytes(String.raw`\xzz`)).toBeNull();
    expect(byteaBytes(String.raw`a\9`)).toBeNull();
  });
  it('are dumped and pictures known', () => {
    const bytes = byteaBytes(String.raw`\x48690a`) ?? new Uint8Array();
    expect(dumpRow(bytes, 0)).toEqual({ offset: '00000000', hex: '48 69 0a'.padEnd(48), ascii: 'Hi·' });
    const png = (side: string) => byteaBytes(String.raw`\x89504e470d0a1a0a0000000d49484452${side}${side}0806000000`);
    expect(pictureType(png('00000010') ?? bytes)).toBe('image/png');
    expect(pictureType(png('7fffffff') ?? bytes)).toBeNull();
    expect(pictureType(new TextEncoder().encode('<svg xmlns="http://www.w3.org/2000/svg"/>'))).toBeNull();
    expect(pictureType(new Uint8Array())).toBeNull();
  });
});

describe('arrays and rows', () => {
  const flat = (text: string) => arrayParts(text)?.map(({ place, value }) => `${place}${value ?? '∅'}`);
  it('are taken apart', () => {
    expect(flat('{1,NULL,"NULL","a \\"b\\", {c}",""}')).toEqual(['[1]1', '[2]∅', '[3]NULL', '[4]a "b", {c}', '[5]']);
    expect(flat('[0:1]={{1,2},{3,4}}')).toEqual(['[0][1]1', '[0][2]2', '[1][1]3', '[1][2]4']);
    expect(flat('{}')).toEqual([]);
    expect(flat('{(1,2);(3,4)}')).toHaveLength(4);
    expect(rowParts('(1,"a ""b""",,"")')?.map(({ value }) => value)).toEqual(['1', 'a "b"', null, '']);
  });
  it.each(['{', '{1', '{1}}', 'x', '{"open'])('refuses %s', (text) => {
    expect(arrayParts(text)).toBeNull();
  });
});

it('adds up exactly', () => {
  expect(cellSums(['0.1', '0.2', null, 'NaN', '12345678901234567890.000000001', 'x'])).toEqual({
    cells: 6,
    nulls: 1,
    numbers: 3,
    sum: '12345678901234567890.300000001',
    average: '4115226300411522630.100000000333333',
    least: '0.1',
    greatest: '12345678901234567890.000000001',
  });
  expect(cellSums(['1e3', '-1.5E-2'])).toMatchObject({ sum: '999.985', average: '499.9925', least: '-0.015' });
  expect(cellSums(['-1', '-2'])).toMatchObject({ average: '-1.5' });
  expect(cellSums(['100', '200'])).toMatchObject({ average: '150' });
  expect(cellSums([null])).toMatchObject({ sum: null, average: null });
});
