import { describe, expect, it } from 'vitest';
import { formatRows } from '../../shared/model/csv-format';
import type { CopyFormat, ResultColumn, Row } from '../../shared/model/query';

const column = (name: string, typeOid: number): ResultColumn => ({
  name,
  typeOid,
  typeName: '',
  tableOid: 0,
  columnNumber: 0,
});
const columns = [column('id', 23), column('Name', 25), column('ok', 16), column('doc', 3802), column('id', 701)];
const rows: Row[] = [
  ['1', 'a|b "c"', 't', '{"n": 1.50}', '1e100'],
  ['-2', "it's\\ok\nnext\tcell", 'f', null, 'NaN'],
  ['3', '', null, '[]', null],
];
const format = (how: CopyFormat, header = true): string =>
  formatRows(columns, rows, how, { header, table: 'shop.orders' });

describe('formatRows', () => {
  it('tab separated, cells with breaks quoted as spreadsheets paste them', () => {
    expect(format('tsv')).toBe(
      'id\tName\tok\tdoc\tid\n1\t"a|b ""c"""\tt\t"{""n"": 1.50}"\t1e100\n-2\t"it\'s\\ok\nnext\tcell"\tf\t\tNaN\n3\t\t\t[]\t',
    );
    expect(format('tsv', false).startsWith('1\t')).toBe(true);
  });

  it('CSV tells NULL from the empty string', () => {
    expect(format('csv').split('\r\n').at(-1)).toBe('3,"",,[],');
  });

  it('JSON keeps digits, embeds documents and makes keys unique', () => {
    const text = format('json');
    expect(text).toContain('{"id": 1, "Name": "a|b \\"c\\"", "ok": true, "doc": {"n": 1.50}, "id_2": 1e100}');
    const parsed = JSON.parse(text) as Record<string, unknown>[];
    expect(parsed[1]).toEqual({ id: -2, Name: "it's\\ok\nnext\tcell", ok: false, doc: null, id_2: 'NaN' });
    expect(formatRows(columns, [], 'json', { header: true, table: '' })).toBe('[]');
  });

  it('INSERT quotes by the server’s rules', () => {
    const lines = format('insert').split(';\n');
    expect(lines[0]).toBe(
      `INSERT INTO shop.orders (id, "Name", ok, doc, id) VALUES (1, 'a|b "c"', 't', '{"n": 1.50}', 1e100)`,
    );
    expect(lines[1]).toBe(
      `INSERT INTO shop.orders (id, "Name", ok, doc, id) VALUES (-2, E'it''s\\\\ok\nnext\tcell', 'f', NULL, 'NaN')`,
    );
  });

  it('Markdown escapes bars and breaks and aligns numbers', () => {
    expect(format('markdown').split('\n')).toEqual([
      '| id | Name | ok | doc | id |',
      '| ---: | --- | --- | --- | ---: |',
      '| 1 | a\\|b "c" | t | {"n": 1.50} | 1e100 |',
      "| -2 | it's\\\\ok<br>next\tcell | f |  | NaN |",
      '| 3 |  |  | [] |  |',
    ]);
  });
});
