import { expect, it } from 'vitest';
import { renameSchema, sqlWords } from '../../shared/model/compare-words';
import { quoteIdent } from '../../shared/model/quote';

const renamed = (sql: string): string => renameSchema(sql, 'a', quoteIdent, 'B b');

it('the words of a statement are told apart, whatever stands in quotes', () => {
  const words = sqlWords(`SELECT "a ""b""", 'it''s', E'\\'x', $f$ $$ ; $f$ -- no; word\n FROM a1.t;`);
  expect(words.map(({ kind, text }) => `${kind} ${text}`)).toEqual([
    'name SELECT',
    'quoted "a ""b"""',
    'sign ,',
    "string 'it''s'",
    'sign ,',
    "string E'\\'x'",
    'sign ,',
    'string $f$ $$ ; $f$',
    'name FROM',
    'name a1',
    'sign .',
    'name t',
    'sign ;',
  ]);
});

it('a schema gets another name only where it qualifies a name', () => {
  expect(renamed('CREATE TABLE a.a (a a.a);')).toBe('CREATE TABLE "B b".a (a "B b".a);');
  expect(renamed(`SELECT nextval('a.s'::regclass), 'a.s', $$a.s$$;`)).toBe(
    `SELECT nextval('"B b".s'::regclass), 'a.s', $$a.s$$;`,
  );
  expect(renamed('SELECT x.a.b FROM aa.b;')).toBe('SELECT x.a.b FROM aa.b;');
  expect(renamed('GRANT USAGE ON SCHEMA a TO a;')).toBe('GRANT USAGE ON SCHEMA "B b" TO a;');
});
