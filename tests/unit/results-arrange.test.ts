import { describe, expect, it } from 'vitest';
import { arrangedSql, conditionFlaw, conditionNames } from '../../shared/model/arrange';
import type { Arrangement, ResultColumn } from '../../shared/model/query';

const column = (name: string, typeOid = 25): ResultColumn => ({
  name,
  typeOid,
  typeName: 'text',
  tableOid: 0,
  columnNumber: 0,
});
const arrangement = (change: Partial<Arrangement>): Arrangement => ({ sort: [], filters: [], where: '', ...change });

describe('a condition of one’s own', () => {
  it.each([
    'a = 1',
    "a = ')' AND b IN (1, 2)",
    "note = 'it''s; (' -- a comment; )",
    'a = $tag$ ; ) \' $tag$ AND "odd)name;" > 2',
    String.raw`a = E'\'; )' OR (b)`,
    'a /* ) ; /* nested */ ) */ > 1',
    'price$ > 1 AND a$b$c = 2',
    "a = 'x'\n'y)'",
    "a = '\\\\'",
    "a = E'it''s \\' )'",
    String.raw`bits = b'01' AND text = ')'`,
  ])('stands: %s', (text) => {
    expect(conditionFlaw(text)).toBeNull();
  });

  it.each([
    ['true) OR (true', 'parentheses'],
    ['true) UNION SELECT 1 -- ', 'parentheses'],
    ['(a = 1', 'parentheses'],
    ['true; DROP TABLE t', 'semicolon'],
    ["a = 'open", 'quote'],
    ['"open', 'quote'],
    ['a = $x$ open $y$', 'quote'],
    ['a = 1 /* /* open */', 'comment'],
    // With standard_conforming_strings off the backslash hides the quote.
    [String.raw`a = '\') OR (b = '`, 'parentheses'],
    [`a = E'x' \n'\\') ; --`, 'quote'],
    ['a = 1 -- x\r) UNION SELECT 2 --', 'parentheses'],
    ['a = 1$x$ ) $x$ ) $x$', 'parentheses'],
    ['a\0', 'zero'],
    // Bit strings have no escapes under either setting, and no doubled quotes.
    [String.raw`a = b'\') OR (b = '`, 'parentheses'],
    [String.raw`a = X'1''\') OR b = (' '`, 'parentheses'],
  ])('is refused: %s', (text, flaw) => {
    expect(conditionFlaw(text)).toBe(flaw);
  });
});

it('looks at a condition in no time, whatever stands behind a constant', () => {
  const startedAt = performance.now();
  expect(conditionFlaw(`a = 'x' ${'-'.repeat(100_000)}`)).toBeNull();
  expect(conditionFlaw(`a = 'x' ${'-- '.repeat(30_000)}`)).toBeNull();
  expect(conditionFlaw(`a = 'x' ${'--\n'.repeat(30_000)}`)).toBeNull();
  expect(performance.now() - startedAt).toBeLessThan(1000);
});

it('gives every column a name of its own', () => {
  const names = (...all: string[]) => conditionNames(all.map((name) => ({ name })));
  expect(names('id', 'id', 'id_2', 'id')).toEqual(['id', 'id_3', 'id_2', 'id_4']);
  expect(names('?column?', '?column?')).toEqual(['?column?', '?column?_2']);
  const long = 'é'.repeat(31);
  expect(names(long, long)).toEqual([long, `${'é'.repeat(30)}_2`]);
});

describe('the statement around', () => {
  it('leaves a statement without wishes as it is, but for what ends it', () => {
    expect(arrangedSql('-- first\nSELECT 1; -- last', [column('a')], arrangement({}))).toBe('-- first\nSELECT 1');
  });
  it('keeps the names of columns, repeated ones too', () => {
    const sql = arrangedSql('SELECT 1 AS "a b", 2 AS "a b"', [column('a b'), column('a b')], {
      ...arrangement({}),
      sort: [{ column: 1, descending: true }],
    });
    expect(sql).toBe(
      'SELECT result."a b" AS "a b", result."a b_2" AS "a b" FROM (\nSELECT 1 AS "a b", 2 AS "a b"\n) AS result ("a b", "a b_2")\n' +
        'ORDER BY result."a b_2" DESC',
    );
  });
  it('quotes values and the signs of patterns', () => {
    const sql = arrangedSql('TABLE t', [column('n')], {
      ...arrangement({}),
      filters: [{ column: 0, test: 'contains', value: String.raw`50%_'\ ` }],
    });
    expect(sql).toContain(String.raw`ILIKE E'%50\\%\\_''\\\\ %'`);
  });
  it('reads the constants of the statement as its session does', () => {
    const statement = String.raw`SELECT '\' -- ' AS a`;
    expect(arrangedSql(statement, [column('a')], arrangement({}), false)).toBe(statement);
  });
  it('refuses two statements and columns that are not there', () => {
    const sorted = arrangement({ sort: [{ column: 3, descending: false }] });
    expect(() => arrangedSql('SELECT 1; SELECT 2', [column('a')], sorted)).toThrow('single statement');
    expect(() => arrangedSql('SELECT 1', [column('a')], sorted)).toThrow('no such column');
    expect(() => arrangedSql('SELECT 1', [column('a')], arrangement({ where: 'a);' }))).toThrow('parentheses');
  });
});
