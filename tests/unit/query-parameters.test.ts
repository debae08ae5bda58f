import { describe, expect, it } from 'vitest';
import { parametersOf } from '../../renderer/features/query/editor/parameters';
import { fillParameters } from '../../shared/model/parameters';

describe('parameters of a text', () => {
  it.each([
    ['SELECT :name', ['name']],
    ['SELECT :name, :other, :name', ['name', 'other']],
    ['SELECT :\'text\', :"ident"', ['text', 'ident']],
    ['SELECT $1, $2, $1', ['$1', '$2']],
    ['SELECT a FROM t WHERE b=:b AND c<>:c', ['b', 'c']],
    ['SELECT f(:a,:b)', ['a', 'b']],
    ['SELECT :größe', ['größe']],
    ['SELECT ARRAY[f(:a)]', ['a']],
    ['SELECT :a::text', ['a']],
    ['SELECT 1; SELECT :a; SELECT :b', ['a', 'b']],
    ['INSERT INTO t VALUES (:a)', ['a']],
  ])('%s has %j', (text, names) => expect(parametersOf(text)).toEqual(names));

  it.each([
    'SELECT a::text',
    "SELECT ':name'",
    'SELECT ":name"',
    'SELECT 1 -- :name $1',
    'SELECT /* :name */ 1',
    'SELECT $$ :name $1 $$',
    'SELECT $x$ :name $x$',
    'SELECT a[1:2], b[x:y], c[:n]',
    'SELECT a [ 1 :n ]',
    "SELECT E'\\':name'",
    'DO $$ BEGIN x := 1; y := :z; END $$',
    'CREATE FUNCTION f(int) RETURNS int LANGUAGE sql AS $$ SELECT $1 $$',
    'CREATE OR REPLACE FUNCTION f(int) RETURNS int LANGUAGE sql RETURN $1',
    'CREATE FUNCTION f(int) RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT $1; END',
    'PREPARE p AS SELECT $1',
    "SELECT json_object('a':1)",
    'CALL f(a := 1, b => 2)',
    "SELECT '12:30'::time",
    'SELECT 1 : 2',
    'SELECT tab$1',
  ])('%s has none', (text) => expect(parametersOf(text)).toEqual([]));
});

describe('values', () => {
  const fill = (text: string, values: Record<string, string | null>) =>
    fillParameters(text, new Map(Object.entries(values)));

  it('are put in as texts, names or NULL', () => {
    expect(fill('SELECT :a, :b, :"c"', { a: "it's", b: null, c: 'My Table' }).text).toBe(
      "SELECT 'it''s', NULL, \"My Table\"",
    );
    expect(fill('SELECT $1::int, $10', { $1: '5', $10: 'x' }).text).toBe("SELECT '5'::int, 'x'");
    expect(fill("SELECT :'a'", { a: '\\x' }).text).toBe("SELECT E'\\\\x'");
    expect(fill('SELECT :a', { a: "'; DROP TABLE t; --" }).text).toBe("SELECT '''; DROP TABLE t; --'");
    expect(fill('SELECT :"a"', { a: '"; DROP TABLE t; --' }).text).toBe('SELECT """; DROP TABLE t; --"');
    expect(fill('SELECT :a', { a: ':b' }).text).toBe("SELECT ':b'");
    expect(fill('SELECT :a, :b', { a: '1' }).text).toBe("SELECT '1', :b");
  });

  it('stand outside of the constants that the session sees', () => {
    const text = String.raw`SELECT '\' :a', :b`;
    const values = new Map([
      ['a', '1'],
      ['b', '2'],
    ]);
    expect(fillParameters(text, values, false).text).toBe(String.raw`SELECT '\' :a', '2'`);
  });

  it('know where the text around them was', () => {
    const filled = fill('SELECT :a, wrong FROM :"t" WHERE x', { a: 'a longer value', t: 'u' });
    const at = (word: string) => filled.original(filled.text.indexOf(word));
    expect(filled.text).toBe("SELECT 'a longer value', wrong FROM u WHERE x");
    expect(at('SELECT')).toBe(0);
    expect(at("'a longer")).toBe(7);
    expect(at('value')).toBe(7);
    expect(at('wrong')).toBe(11);
    expect(at('u WHERE')).toBe(22);
    expect(at('WHERE')).toBe(27);
    expect(filled.original(filled.text.length)).toBe(34);
  });
});
