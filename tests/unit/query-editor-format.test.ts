import { describe, expect, it } from 'vitest';
import { formatSql } from '../../renderer/features/query/editor/format-sql';
import { sameMeaning } from '../../shared/model/format-guard';

const settings = { keywordCase: 'upper', indent: 2 } as const;

describe('formatting', () => {
  it('lays a query out', async () => {
    expect(await formatSql('select a,b from t where x=1 and y in (1,2)', settings)).toBe(
      'SELECT\n  a,\n  b\nFROM\n  t\nWHERE\n  x = 1\n  AND y IN (1, 2)',
    );
    expect(await formatSql('SELECT A FROM t', { keywordCase: 'lower', indent: 4 })).toBe('select\n    A\nfrom\n    t');
  });

  it.each([
    "SELECT 'it''s', E'a\\'b', U&'d\\0061t', \"We\"\"ird\", $$ body ; $$, $x$ select  1 $x$",
    "SELECT a::text, b ->> 'k', c #>> '{a,b}', d @> e, f ?| g, h <-> i, j !~* k, -1, - 1, a[1:2], :name, :'text', :\"ident\", $1",
    'CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $f$\nBEGIN\n  IF   a THEN return 1; END IF;\nEND\n$f$;\nSELECT 1',
    '-- first\nselect 1 /* in */ + 2 -- last\n;\n\nselect 3',
    'WITH RECURSIVE t(n) AS (VALUES (1) UNION ALL SELECT n+1 FROM t WHERE n < 100) SELECT sum(n) FROM t',
    'INSERT INTO t (a, b) VALUES (1, DEFAULT) ON CONFLICT (a) DO UPDATE SET b = excluded.b RETURNING *',
    'MERGE INTO t USING s ON t.a = s.a WHEN MATCHED THEN UPDATE SET b = s.b WHEN NOT MATCHED THEN INSERT VALUES (s.a)',
    'SELECT count(*) FILTER (WHERE a > 1) OVER (PARTITION BY b ORDER BY c ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM t',
  ])('keeps the meaning of %s, or leaves it alone', async (text) => {
    const formatted = await formatSql(text, settings);
    expect(formatted === null || sameMeaning(text, formatted)).toBe(true);
  });

  it('formats what is common rather than leaving it alone', async () => {
    const texts = [
      'select a::text, -1, d @> e from t where x = :name and y = $1',
      "select $$ body ; $$, 'it''s'",
      '-- first\nselect 1;\nselect 2',
      'with a as (select 1) insert into t select * from a on conflict (id) do nothing returning id',
    ];
    const formatted = await Promise.all(texts.map((text) => formatSql(text, settings)));
    expect(formatted).not.toContain(null);
  });

  it('leaves alone what it does not understand', async () => {
    expect(await formatSql('select ((( from', settings)).toBeNull();
  });
});

describe('the guard', () => {
  it.each([
    ['SELECT 1', 'select\n  1'],
    ['select a -- x\n, b', 'SELECT a -- x\n,b'],
  ])('lets %s become %s', (before, after) => expect(sameMeaning(before, after)).toBe(true));

  it.each([
    ['SELECT "A"', 'SELECT "a"'],
    ["SELECT 'A'", "SELECT 'a'"],
    ['SELECT $$a$$', 'SELECT $$ a$$'],
    ['SELECT a - -1', 'SELECT a --1'],
    ['SELECT a :: b', 'SELECT a : : b'],
    ['SELECT :name', 'SELECT : name'],
    ['SELECT 1 -- c\n+ 2', 'SELECT 1 -- c + 2'],
    ['SELECT 1; SELECT 2', 'SELECT 1 SELECT 2'],
    ['SELECT 1 /* hint */', 'SELECT 1'],
    ["SELECT 'a' 'b'", "SELECT 'a'\n'b'"],
  ])('does not let %s become %s', (before, after) => expect(sameMeaning(before, after)).toBe(false));
});
