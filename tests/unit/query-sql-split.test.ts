import { describe, expect, it } from 'vitest';
import { nextStatement, positionInText, splitSql, statementAt } from '../../shared/model/sql-split';

const texts = (sql: string, standardConformingStrings = true): string[] =>
  splitSql(sql, standardConformingStrings).statements.map(({ start, end }) => sql.slice(start, end));

describe('splitSql', () => {
  it.each<[string, string, string[]]>([
    ['nothing', '', []],
    ['white space, comments and empty statements', ' ; ;;\n -- a;\n/* b; */ ;', []],
    ['two statements', 'SELECT 1; SELECT 2', ['SELECT 1', 'SELECT 2']],
    ['no space between', 'SELECT 1;SELECT 2;', ['SELECT 1', 'SELECT 2']],
    ['a byte order mark in front', '\ufeffSELECT 1;', ['SELECT 1']],
    ['a semicolon in a string', "SELECT 'a;b'; SELECT 2", ["SELECT 'a;b'", 'SELECT 2']],
    ['a doubled quote', "SELECT 'it''s; fine'; SELECT 2", ["SELECT 'it''s; fine'", 'SELECT 2']],
    ['a backslash is a character in a plain string', "SELECT 'a\\'; SELECT 2", ["SELECT 'a\\'", 'SELECT 2']],
    ['a backslash escapes in E', "SELECT E'a\\';b'; SELECT 2", ["SELECT E'a\\';b'", 'SELECT 2']],
    ['small e', "SELECT e'\\\\'; SELECT 2", ["SELECT e'\\\\'", 'SELECT 2']],
    ['a word that ends in e is no prefix', "SELECT type'a\\'; SELECT 2", ["SELECT type'a\\'", 'SELECT 2']],
    ['bit strings', "SELECT B'01;', X'1F\\'; SELECT 2", ["SELECT B'01;', X'1F\\'", 'SELECT 2']],
    ['U& strings', "SELECT U&'\\0041\\'; SELECT 2", ["SELECT U&'\\0041\\'", 'SELECT 2']],
    [
      'an E string that goes on in the next line',
      "SELECT E'a'\n  '\\';b'; SELECT 2",
      ["SELECT E'a'\n  '\\';b'", 'SELECT 2'],
    ],
    ['goes on behind a comment line', "SELECT E'a'\n--x\n'\\';b'; SELECT 2", ["SELECT E'a'\n--x\n'\\';b'", 'SELECT 2']],
    ['on the same line it does not go on', "SELECT E'a' '\\'; SELECT 2", ["SELECT E'a' '\\'", 'SELECT 2']],
    ['a quoted identifier', 'SELECT "a;""b;"; SELECT 2', ['SELECT "a;""b;"', 'SELECT 2']],
    ['a quote in an identifier', `SELECT "it's"; SELECT 'x'`, [`SELECT "it's"`, "SELECT 'x'"]],
    ['dollar quotes', 'SELECT $$a;b$$; SELECT 2', ['SELECT $$a;b$$', 'SELECT 2']],
    ['dollar quotes with a tag', 'SELECT $q$a;$$;$Q$;b$q$; SELECT 2', ['SELECT $q$a;$$;$Q$;b$q$', 'SELECT 2']],
    [
      'nested dollar quotes',
      'DO $a$ BEGIN EXECUTE $b$;$b$; END $a$; SELECT 2',
      ['DO $a$ BEGIN EXECUTE $b$;$b$; END $a$', 'SELECT 2'],
    ],
    ['a tag in another script', 'SELECT $é$;$é$; SELECT 2', ['SELECT $é$;$é$', 'SELECT 2']],
    ['a dollar inside a word', 'SELECT a$b$c; SELECT $b$', ['SELECT a$b$c', 'SELECT $b$']],
    ['parameters are no dollar quotes', 'SELECT $1; SELECT $2', ['SELECT $1', 'SELECT $2']],
    ['a line comment', 'SELECT 1 -- ; no\n + 2; SELECT 3', ['SELECT 1 -- ; no\n + 2', 'SELECT 3']],
    ['a comment that a carriage return ends', 'SELECT 1 -- hi\r; DELETE FROM t', ['SELECT 1', 'DELETE FROM t']],
    [
      'an E string behind a comment on its line',
      "SELECT E'a' --b\n'\\';c'; SELECT 2",
      ["SELECT E'a' --b\n'\\';c'", 'SELECT 2'],
    ],
    ['nested block comments', 'SELECT /* /* ; */ ; */ 1; SELECT 2', ['SELECT /* /* ; */ ; */ 1', 'SELECT 2']],
    ['a comment hard behind an operator', 'SELECT 1 +--;\n2; SELECT 3', ['SELECT 1 +--;\n2', 'SELECT 3']],
    ['a hint in front stays', '/*+ SeqScan(t) */ SELECT 1;', ['/*+ SeqScan(t) */ SELECT 1']],
    ['a comment behind the last statement', 'SELECT 1; -- done\n', ['SELECT 1']],
    [
      'semicolons in parentheses',
      'CREATE RULE r AS ON UPDATE TO t DO (DELETE FROM a; DELETE FROM b); SELECT 2',
      ['CREATE RULE r AS ON UPDATE TO t DO (DELETE FROM a; DELETE FROM b)', 'SELECT 2'],
    ],
    ['a stray closing parenthesis', 'SELECT 1); SELECT 2', ['SELECT 1)', 'SELECT 2']],
    [
      'BEGIN ATOMIC',
      'CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT CASE WHEN true THEN 1 END; END; SELECT 2',
      ['CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT CASE WHEN true THEN 1 END; END', 'SELECT 2'],
    ],
    [
      'CREATE OR REPLACE PROCEDURE … BEGIN ATOMIC',
      'create or replace procedure p() begin atomic select 1; end; select 2',
      ['create or replace procedure p() begin atomic select 1; end', 'select 2'],
    ],
    [
      'a function named begin',
      'CREATE FUNCTION begin() RETURNS int LANGUAGE sql AS $$SELECT 1$$; SELECT 2',
      ['CREATE FUNCTION begin() RETURNS int LANGUAGE sql AS $$SELECT 1$$', 'SELECT 2'],
    ],
    ['BEGIN as a transaction', 'BEGIN; SELECT 1; END; SELECT 2', ['BEGIN', 'SELECT 1', 'END', 'SELECT 2']],
    [
      'a string without its end reaches to the end',
      "SELECT 1; SELECT 'a; SELECT 2",
      ['SELECT 1', "SELECT 'a; SELECT 2"],
    ],
    ['a comment without its end', 'SELECT 1; /* a; SELECT 2', ['SELECT 1']],
    ['a dollar quote without its end', 'SELECT $$a; SELECT 2', ['SELECT $$a; SELECT 2']],
    ['carriage returns', 'SELECT 1; -- a\r\nSELECT 2;\r\n', ['SELECT 1', '-- a\r\nSELECT 2']],
    ['letters beyond the BMP', "SELECT '🐘;'; SELECT 🐘", ["SELECT '🐘;'", 'SELECT 🐘']],
    ['COPY to standard output', 'COPY t TO STDOUT; SELECT 2', ['COPY t TO STDOUT', 'SELECT 2']],
    ['COPY from a file', "COPY t FROM '/a;b'; SELECT 2", ["COPY t FROM '/a;b'", 'SELECT 2']],
  ])('%s', (_what, sql, expected) => {
    expect(texts(sql)).toEqual(expected);
    expect(splitSql(sql).refused).toBeNull();
  });

  it('lets backslashes escape in plain strings when the session says so', () => {
    expect(texts("SELECT 'a\\';b'; SELECT 2", false)).toEqual(["SELECT 'a\\';b'", 'SELECT 2']);
    expect(texts("SELECT X'1\\'; SELECT 2", false)).toEqual(["SELECT X'1\\'", 'SELECT 2']);
  });

  it.each(['SET standard_conforming_strings = off', "set session standard_conforming_strings to 'off'"])(
    'follows %s',
    (setting) => {
      expect(
        texts(`${setting}; SELECT 'a\\';b'; SET standard_conforming_strings TO on; SELECT 'c\\'; SELECT 2`),
      ).toEqual([setting, "SELECT 'a\\';b'", 'SET standard_conforming_strings TO on', "SELECT 'c\\'", 'SELECT 2']);
    },
  );

  it.each<[string, string, string, number]>([
    ['a backslash command', 'SELECT 1;\n\\connect other\nSELECT 2;', 'meta-command', 10],
    ['a backslash command behind a statement', 'SELECT 1 \\gexec\nSELECT 2;', 'meta-command', 9],
    ['COPY FROM STDIN', 'SELECT 1;\nCOPY t (a) FROM stdin;\n1\n\\.\n', 'copy-from-stdin', 10],
    ['COPY FROM STDIN at the end', 'copy t from STDIN', 'copy-from-stdin', 0],
  ])('refuses %s at its place', (_what, sql, reason, start) => {
    expect(splitSql(sql).refused).toMatchObject({ reason, start });
  });

  it('does not take a word in quotes or parentheses for STDIN', () => {
    expect(splitSql(`COPY (SELECT * FROM stdin) TO STDOUT; COPY t FROM "stdin"`).refused).toBeNull();
  });

  it('tells where a refused command ends', () => {
    const sql = '\\d t\r\nSELECT 1';
    const { refused } = splitSql(sql);
    expect(sql.slice(refused?.start, refused?.end)).toBe('\\d t');
  });
});

/** Small deterministic random numbers, so that a failure can be repeated by its seed. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
    return Math.floor((state / 0x8000_0000) * below);
  };
}

describe('splitSql on texts put together at random', () => {
  const PIECES = [
    'SELECT 1',
    "'a;b'",
    "'it''s;'",
    "E'\\';'",
    '"x;y"',
    '$$;$$',
    '$t$;$$;$t$',
    '(a; b)',
    '/* ; /* ; */ */',
    '-- ;\n',
    'a$b',
    '$1',
    'é🐘',
    '\n',
    '1.5e10',
    '::text',
    '||',
  ];
  it.each(Array.from({ length: 200 }, (_none, seed) => [seed + 1]))('seed %i', (seed) => {
    const next = random(seed);
    const statements = Array.from({ length: 1 + next(6) }, () => {
      const words = Array.from({ length: 1 + next(6) }, () => PIECES[next(PIECES.length)] ?? '');
      return `SELECT ${words.join(' ')}`;
    });
    const sql = statements.map((statement) => `${statement}\n;`).join(next(2) === 0 ? '' : '\n\n');
    const found = splitSql(sql).statements;
    expect(found.map(({ start, next: end }) => sql.slice(start, end))).toEqual(
      statements.map((statement) => `${statement}\n;`),
    );
    // Splitting what was split changes nothing.
    for (const { start, end } of found) expect(texts(sql.slice(start, end))).toEqual([sql.slice(start, end)]);
  });
});

it('splits a long script in time that grows with its length only', () => {
  const sql = "INSERT INTO t VALUES (1, E'a\\'b', 'c;d'); /* note */\n".repeat(50_000);
  const before = performance.now();
  expect(splitSql(sql).statements).toHaveLength(50_000);
  expect(performance.now() - before).toBeLessThan(5000);
});

it('goes on behind a statement with the setting of that moment', () => {
  const sql = "SET standard_conforming_strings = off; SELECT 'a\\';b'";
  const first = nextStatement(sql, 0, true);
  if (first.kind !== 'statement') throw new Error('no statement');
  const second = nextStatement(sql, first.statement.next, false);
  expect(second.kind === 'statement' ? sql.slice(second.statement.start, second.statement.end) : '').toBe(
    "SELECT 'a\\';b'",
  );
});

describe('statementAt', () => {
  const sql = 'SELECT 1; -- one\n\n-- two\nSELECT 2;\n\nSELECT 3 ;  SELECT 4\n\n';
  const at = (offset: number): string => {
    const found = statementAt(sql, offset);
    return found ? sql.slice(found.first, found.end) : '';
  };
  it.each<[string, number, string]>([
    ['at the start', 0, 'SELECT 1'],
    ['behind the semicolon', 9, 'SELECT 1'],
    ['in the comment of the same line', 13, 'SELECT 1'],
    ['on the empty line between', 17, 'SELECT 2'],
    ['in the comment above', sql.indexOf('two'), 'SELECT 2'],
    ['inside', sql.indexOf('2') + 1, 'SELECT 2'],
    ['between two on one line', sql.indexOf(';  SELECT 4') + 2, 'SELECT 3'],
    ['in the last', sql.indexOf('4'), 'SELECT 4'],
    ['behind everything', sql.length, 'SELECT 4'],
  ])('%s', (_what, offset, expected) => expect(at(offset)).toBe(expected));

  it('finds nothing in an empty text', () => expect(statementAt(' -- a\n', 2)).toBeNull());
});

it('counts the server’s characters, not UTF-16 units', () => {
  const text = "x; SELECT '🐘', wrong";
  const start = 3;
  const position = Array.from(text.slice(start, text.indexOf('wrong'))).length + 1;
  expect(positionInText(text, start, position)).toBe(text.indexOf('wrong'));
});
