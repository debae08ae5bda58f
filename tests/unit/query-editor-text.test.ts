import { describe, expect, it } from 'vitest';
import { draggedOf } from '../../renderer/features/catalog/drag-line';
import { nameAt, writtenAt } from '../../renderer/ui/sql-editor/statement-at-cursor';
import { searchPathOf } from '../../electron/features/query/completion/search-path';
import type { ObjectKind } from '../../shared/model/catalog';
import { identifierOf, sqlTokens } from '../../shared/model/sql-tokens';

const at = (marked: string): [string, number] => [marked.replace('|', ''), marked.indexOf('|')];

describe('the statement that is being written', () => {
  it.each([
    ['SELECT 1|', 'SELECT 1'],
    ['SELECT * FROM |', 'SELECT * FROM '],
    ['SELECT 1; SELECT| 2; SELECT 3', 'SELECT 2'],
    ['SELECT 1;| SELECT 2', ''],
    ['SELECT 1; |SELECT 2', 'SELECT 2'],
    ['SELECT 1 |; SELECT 2', 'SELECT 1 '],
    ['SELECT 1;\n\n|', ''],
    ['|', ''],
    ['\\d orders\nSELECT * FROM |', 'SELECT * FROM '],
    ["SELECT ';' |", "SELECT ';' "],
    ['DO $$ BEGIN a; b|; END $$; SELECT 1', 'DO $$ BEGIN a; b; END $$'],
  ])('%s', (marked, statement) => expect(writtenAt(...at(marked)).text).toBe(statement));
});

describe('the name at the cursor', () => {
  it.each([
    ['SELECT * FROM ord|ers', ['orders']],
    ['SELECT * FROM ORDERS|', ['orders']],
    ['SELECT * FROM public.ord|ers', ['public', 'orders']],
    ['SELECT * FROM pub|lic.orders', ['public']],
    ['SELECT a.b.c|', ['a', 'b', 'c']],
    ['SELECT * FROM "Odd ""one".|"T x"', ['Odd "one', 'T x']],
    ['SELECT 1; SELECT * FROM or|ders', ['orders']],
  ])('%s', (marked, path) => expect(nameAt(...at(marked))?.path).toEqual(path));

  it.each(["SELECT 'ord|ers'", 'SELECT 1 + | 2', 'SELECT 12|3', '-- ord|ers'])('%s has none', (marked) =>
    expect(nameAt(...at(marked))).toBeNull(),
  );
});

describe('the pieces of SQL', () => {
  const pieces = (text: string): string[] => sqlTokens(text).map((token) => `${token.kind}:${token.text}`);

  it('are told apart as the server does', () => {
    expect(pieces('a::int[1:2]')).toEqual([
      'word:a',
      'operator:::',
      'word:int',
      'sign:[',
      'number:1',
      'sign::',
      'number:2',
      'sign:]',
    ]);
    expect(pieces('x=-1 -- y')).toEqual(['word:x', 'operator:=', 'operator:-', 'number:1', 'comment:-- y']);
    expect(pieces('a @- b')).toEqual(['word:a', 'operator:@-', 'word:b']);
    expect(pieces('1..10')).toEqual(['number:1', 'sign:.', 'number:.10']);
    expect(pieces("E'a\\'b' U&\"x\" $t$ ; $t$ $1")).toEqual([
      "string:E'a\\'b'",
      'name:U&"x"',
      'body:$t$ ; $t$',
      'parameter:$1',
    ]);
    expect(pieces('a/*b/*c*/d*/e')).toEqual(['word:a', 'comment:/*b/*c*/d*/', 'word:e']);
    expect(pieces('x := 0x1F')).toEqual(['word:x', 'operator::=', 'number:0x1F']);
  });

  it('know when their end is missing', () => {
    const open = (text: string): boolean => sqlTokens(text).at(-1)?.open === true;
    const texts = ["'a", "'a''", '"a', '$$a', '$x$ $$', '/* a', "E'a\\'"];
    expect(texts.filter((text) => !open(text))).toEqual([]);
    expect(["'a'", "'a'''", '"a"', '$$a$$', '/* a */', "E'a\\''"].filter(open)).toEqual([]);
  });

  it('leave nothing out, whatever the text is', () => {
    const signs = [
      'a',
      '1',
      "'",
      '"',
      '$',
      '$$',
      '-',
      '--',
      '/*',
      '*/',
      '(',
      ':',
      '.',
      '\\',
      '\n',
      ' ',
      'é',
      '😀',
      ';',
      'E',
      '#',
    ];
    let seed = 7;
    for (let round = 0; round < 3000; round += 1) {
      let text = '';
      for (let count = 0; count < 12; count += 1) {
        seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
        text += signs[seed % signs.length] ?? '';
      }
      const tokens = sqlTokens(text);
      const covered = tokens.map((token) => text.slice(token.start, token.end)).join('');
      expect(covered.replaceAll(/\s/g, '')).toBe(text.replaceAll(/\s/g, ''));
      expect(tokens.every((token) => token.end > token.start)).toBe(true);
    }
  });

  it('say what name they are', () => {
    expect(sqlTokens('Ab "Ab""c" \'x\'').map(identifierOf)).toEqual(['ab', 'Ab"c', null]);
  });
});

describe('the search path', () => {
  it('holds the schemas that exist, the server’s own first', () => {
    expect(searchPathOf('"$user", public', 'ada', ['public', 'ada'])).toEqual(['pg_catalog', 'ada', 'public']);
    expect(searchPathOf('"$user", public', 'bob', ['public', 'ada'])).toEqual(['pg_catalog', 'public']);
    expect(searchPathOf('"Odd, ""one", gone', 'x', ['Odd, "one'])).toEqual(['pg_catalog', 'Odd, "one']);
    expect(searchPathOf('public, pg_catalog', 'x', ['public', 'pg_catalog'])).toEqual(['public', 'pg_catalog']);
    expect(searchPathOf('', 'x', ['public'])).toEqual(['pg_catalog']);
  });
});

describe('what is dragged from the tree', () => {
  const line = (kind: ObjectKind, name: string, note = '') =>
    draggedOf({
      key: 'k',
      level: 1,
      position: 1,
      siblings: 1,
      expandable: false,
      expanded: false,
      content: {
        type: 'object',
        place: { serverId: 's', database: 'd', parent: null },
        node: { ref: { kind, oid: 1, schema: 'My "Schema', name, sub: 0 }, note, mark: '' },
      },
    });

  it('is written as a statement needs it', () => {
    expect(line('table', 'Order')).toEqual({ name: '"My ""Schema"."Order"', path: ['My "Schema', 'Order'] });
    expect(line('column', 'first name', 'text')).toEqual({ name: '"first name"', path: [] });
    expect(line('function', 'f', '(a integer)')).toEqual({ name: '"My ""Schema".f(a integer)', path: [] });
    expect(line('sequence', 's')).toEqual({ name: '"My ""Schema".s', path: [] });
  });
});
