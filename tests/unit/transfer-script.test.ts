import { describe, expect, it } from 'vitest';
import { classifyMeta, extensionOfType, newFacts, readComment, readStatement } from '../../shared/model/dump-text';
import { ScriptScanner, type ScriptPiece } from '../../shared/model/script-scanner';
import { judgeStatement } from '../../shared/model/statement-rules';

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');

/** The pieces of a script as short texts, cut into chunks of `size` bytes on the way in. */
function scan(script: string | Buffer, size = 1 << 20): { pieces: string[]; end: string } {
  const scanner = new ScriptScanner();
  const bytes = Buffer.from(script);
  const found: ScriptPiece[] = [];
  for (let at = 0; at < bytes.length; at += size) found.push(...scanner.push(bytes.subarray(at, at + size)));
  const last = scanner.end();
  const joined: string[] = [];
  let data = '';
  for (const piece of [...found, ...last.pieces]) {
    if (piece.kind === 'copy-data') {
      data += text(piece.bytes);
      continue;
    }
    if (piece.kind === 'copy-end') {
      joined.push(`data ${JSON.stringify(data)} ${piece.rows}`);
      data = '';
    } else if (text(piece.bytes).trim() !== '') joined.push(`${piece.kind} ${piece.line}: ${text(piece.bytes).trim()}`);
  }
  return { pieces: joined, end: last.end };
}

describe('cutting a script', () => {
  const script = `-- a comment; with a semicolon
CREATE TABLE t (a text DEFAULT 'x;''y', "odd;""name" int); /* ; /* nested ; */ ; */
CREATE FUNCTION f() RETURNS text LANGUAGE sql AS $body$ SELECT 'a;b'; $$ ; $$ $body$;
SELECT E'it\\'s; fine', $1;
COPY t (a, "odd;""name") FROM stdin;
one;\\t1
\\\\.\t2
\\.
\\restrict abc
CREATE RULE r AS ON DELETE TO t DO (DELETE FROM a; DELETE FROM b);
CREATE OR REPLACE PROCEDURE p() BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; SELECT 2; END;
SELECT 1 \\gset
SELECT 'end'`;
  const whole = scan(script);

  it('finds statements, data and commands with their lines', () => {
    expect(whole).toEqual({
      pieces: [
        `statement 2: -- a comment; with a semicolon\nCREATE TABLE t (a text DEFAULT 'x;''y', "odd;""name" int);`,
        `statement 3: /* ; /* nested ; */ ; */\nCREATE FUNCTION f() RETURNS text LANGUAGE sql AS $body$ SELECT 'a;b'; $$ ; $$ $body$;`,
        `statement 4: SELECT E'it\\'s; fine', $1;`,
        `statement 5: COPY t (a, "odd;""name") FROM stdin;`,
        'data "one;\\\\t1\\n\\\\\\\\.\\t2\\n" 2',
        'meta 9: \\restrict abc',
        'statement 10: CREATE RULE r AS ON DELETE TO t DO (DELETE FROM a; DELETE FROM b);',
        'statement 11: CREATE OR REPLACE PROCEDURE p() BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; SELECT 2; END;',
        'fragment 12: SELECT 1',
        'meta 12: \\gset',
        "statement 13: SELECT 'end'",
      ],
      end: 'complete',
    });
  });

  it.each([1, 2, 3, 7, 64])('does so in chunks of %i bytes too', (size) => {
    expect(scan(script, size)).toEqual(whole);
  });

  it('tells a script that ends too early', () => {
    expect(scan('COPY t FROM stdin;\n1\n2').end).toBe('in-copy');
    expect(scan("SELECT 'open").end).toBe('in-statement');
    expect(scan('SELECT (1').end).toBe('in-statement');
    expect(scan('COPY t FROM stdin;\n1\n\\.').end).toBe('complete');
  });

  it('knows that a backslash may be half of a character', () => {
    const tricky = Buffer.concat([
      Buffer.from("SET client_encoding = 'SJIS';\nSELECT '"),
      Buffer.from([0x95, 0x5c]),
      Buffer.from("';\nSELECT "),
      Buffer.from([0x95, 0x5c]),
      Buffer.from(';\n'),
    ]);
    expect(scan(tricky).pieces.map((piece) => piece.split(':')[0])).toEqual([
      'statement 1',
      'statement 2',
      'statement 3',
    ]);
  });

  it('reads backslashes in plain strings as the settings say', () => {
    expect(scan("SELECT 'a\\';\nSELECT 2;").pieces).toHaveLength(2);
    expect(scan("SET standard_conforming_strings = off;\nSELECT 'a\\';\nSELECT 2;'; SELECT 3;").pieces).toHaveLength(3);
  });
});

describe('psql commands', () => {
  it.each([
    ['\\restrict abc', 'quiet'],
    ['\\unrestrict abc', 'quiet'],
    ['\\echo done', 'harmless'],
    ['\\set ON_ERROR_STOP on', 'harmless'],
    ['\\g', 'harmless'],
    ['\\connect shop', 'connect'],
    ['\\c shop', 'connect'],
    ['\\! rm -rf /', 'unsafe'],
    ['\\g |sh', 'unsafe'],
    ['\\echo `id`', 'unsafe'],
    ['\\echo a \\! id', 'unsafe'],
    ['\\copy t from x', 'unsafe'],
    ['\\i other.sql', 'unsafe'],
    ['\\o out', 'unsafe'],
    ['\\unheard-of', 'unsafe'],
  ])('%s is %s', (command, judged) => {
    expect(classifyMeta(command)).toBe(judged);
  });
});

describe('what a dump says about itself', () => {
  it('versions, encoding and names', () => {
    const facts = newFacts();
    readComment(
      facts,
      '-- PostgreSQL database dump\n-- Dumped from database version 15.2\n-- Dumped by pg_dump version 15.2 (Ubuntu)\n',
    );
    for (const statement of [
      "SET client_encoding = 'UTF8';",
      'CREATE SCHEMA "Odd.Name";',
      'CREATE TABLE "Odd.Name".t (at public.geometry(Point,4326) NOT NULL);',
      'CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public;',
      'ALTER TABLE public.t OWNER TO "Shop Admin";',
      'GRANT SELECT ON TABLE public.t TO reader, PUBLIC;',
    ])
      readStatement(facts, statement);
    expect(facts).toMatchObject({
      serverVersion: '15.2',
      dumpVersion: '15.2',
      encoding: 'UTF8',
      startMark: true,
      endMark: false,
    });
    expect([...facts.tables]).toEqual(['Odd.Name.t']);
    expect([...facts.roles]).toEqual(['Shop Admin', 'reader']);
    expect([...facts.extensions]).toEqual(['pg_trgm']);
    expect([...facts.typesOf]).toEqual(['postgis']);
    expect(extensionOfType('type "public.geometry" does not exist')).toBe('postgis');
    expect(extensionOfType('type "shop.money" does not exist')).toBeNull();
  });
});

describe('what goes to the target', () => {
  const choice = { content: 'all', noOwner: true, noPrivileges: true, targetVersion: 150_000 } as const;
  it.each([
    ['ALTER TABLE public.t OWNER TO alice;', 'drop'],
    ['ALTER TABLE public.t ADD COLUMN owner text;', 'keep'],
    ['GRANT SELECT ON t TO bob;', 'drop'],
    ['SET transaction_timeout = 0;', 'drop'],
    ['SET statement_timeout = 0;', 'keep'],
    ['ALTER TABLE ONLY public.t ALTER COLUMN a SET (pg_attver=2);', 'drop'],
    ['CREATE TRIGGER x BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();', 'keep'],
  ])('%s → %s', (statement, verdict) => {
    expect(judgeStatement(statement, choice).do).toBe(verdict);
  });
  it('is written as an older server knows it', () => {
    expect(
      judgeStatement('CREATE TRIGGER x BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();', {
        ...choice,
        targetVersion: 100_000,
      }),
    ).toMatchObject({ do: 'rewrite', text: 'CREATE TRIGGER x BEFORE INSERT ON t FOR EACH ROW EXECUTE PROCEDURE f();' });
  });
  it('is structure or data where only one is wanted', () => {
    expect(judgeStatement('COPY t FROM stdin;', { ...choice, content: 'structure' }).do).toBe('drop');
    expect(judgeStatement("SELECT pg_catalog.setval('s', 4, true);", { ...choice, content: 'data' }).do).toBe('keep');
    expect(judgeStatement('CREATE TABLE t (i int);', { ...choice, content: 'data' }).do).toBe('drop');
  });
});
