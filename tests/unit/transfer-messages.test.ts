import { describe, expect, it } from 'vitest';
import {
  canRestrict,
  chooseDump,
  choosePsql,
  skipsFailedCopy,
  toolVersion,
} from '../../electron/adapters/tools/locate';
import { shellWord } from '../../electron/features/transfer/commands';
import { parseTableName } from '../../electron/features/transfer/counts';
import { parseArgs } from '../../electron/cli/args';
import type { ClientTool } from '../../shared/model/import';
import { PsqlMessages, RestoreMessages } from '../../shared/model/tool-errors';

const read = (parser: PsqlMessages | RestoreMessages, text: string) => [
  ...text.split('\n').flatMap((line) => parser.push(line)),
  ...parser.end(),
];

describe('what psql says', () => {
  it('errors with SQLSTATE, line, detail, hint and the statement over several lines', () => {
    expect(
      read(
        new PsqlMessages(),
        `psql:<stdin>:9: ERROR:  22P02: invalid input syntax for type integer: "zz"
CONTEXT:  COPY a, line 3, column i: "zz"
LOCATION:  pg_strtoint32, numutils.c:235
psql:<stdin>:9: STATEMENT:  COPY a (i,t) FROM stdin;
psql:<stdin>:20: ERROR:  42883: function fff(integer, integer) does not exist
LINE 1: SELECT fff(
               ^
HINT:  No function matches.
LOCATION:  ParseFuncOrColumn, parse_func.c:636
psql:<stdin>:20: STATEMENT:  SELECT fff(
  2,
  3);
psql:<stdin>:22: NOTICE:  00000: hi`,
      ),
    ).toMatchObject([
      {
        level: 'error',
        line: 9,
        sqlstate: '22P02',
        detail: 'COPY a, line 3, column i: "zz"',
        statement: 'COPY a (i,t) FROM stdin;',
      },
      {
        level: 'error',
        line: 20,
        sqlstate: '42883',
        hint: 'No function matches.',
        statement: 'SELECT fff(\n  2,\n  3);',
      },
      { level: 'info', message: 'hi' },
    ]);
  });

  it('owners and privileges are harmless, the same error elsewhere is not', () => {
    const error = (statement: string) =>
      read(
        new PsqlMessages(),
        `psql:<stdin>:1: ERROR:  42704: role "bob" does not exist\npsql:<stdin>:1: STATEMENT:  ${statement}`,
      )[0]?.level;
    expect(error('ALTER TABLE a OWNER TO bob;')).toBe('harmless');
    expect(error('GRANT SELECT ON a TO bob;')).toBe('harmless');
    expect(error('SET ROLE bob;')).toBe('error');
  });

  it('the end of the session', () => {
    expect(read(new PsqlMessages(), 'psql:<stdin>:5: FATAL:  57P01: terminating connection')).toMatchObject([
      { fatal: true, sqlstate: '57P01' },
    ]);
    expect(read(new PsqlMessages(), 'psql:<stdin>:5: error: connection to server was lost')).toMatchObject([
      { fatal: true },
    ]);
    expect(read(new PsqlMessages(), 'psql: error: connection to server failed: FATAL:  no')).toMatchObject([
      { fatal: true, level: 'error' },
    ]);
  });
});

it('what pg_restore says', () => {
  expect(
    read(
      new RestoreMessages(),
      `pg_restore: creating TABLE "public.a"
pg_restore: error: could not execute query: ERROR:  relation "a" already exists
Command was: CREATE TABLE public.a (
    i integer
);

pg_restore: warning: errors ignored on restore: 1`,
    ),
  ).toMatchObject([
    { level: 'info', message: 'creating TABLE "public.a"' },
    { level: 'error', message: 'relation "a" already exists', statement: 'CREATE TABLE public.a (\n    i integer\n);' },
    { level: 'warning', message: 'errors ignored on restore: 1' },
  ]);
});

describe('client programs', () => {
  const tool = (name: ClientTool['name'], version: string, origin: ClientTool['origin'] = 'path'): ClientTool => ({
    name,
    path: `/${name}/${version}`,
    version,
    major: Number(version.split('.')[0]),
    origin,
  });
  it('versions are read', () => {
    expect(toolVersion('pg_dump (PostgreSQL) 15.20 (Debian 15.20-0+deb12u1)')).toEqual({ version: '15.20', major: 15 });
    expect(toolVersion('psql (PostgreSQL) 18beta1')).toEqual({ version: '18', major: 18 });
    expect(toolVersion('something else 1.0')).toBeNull();
  });
  it('pg_dump is at least as new as the server', () => {
    const tools = [tool('pg_dump', '13.4'), tool('pg_dump', '17.2'), tool('pg_dump', '16.9')];
    expect(chooseDump(tools, 14)?.version).toBe('17.2');
    expect(chooseDump([...tools, tool('pg_dump', '14.1', 'chosen')], 14)?.version).toBe('14.1');
    expect(chooseDump(tools, 18)).toBeNull();
  });
  it('psql must know \\restrict', () => {
    expect(canRestrict(tool('psql', '15.14'))).toBe(true);
    expect(canRestrict(tool('psql', '15.13'))).toBe(false);
    expect(canRestrict(tool('psql', '12.22'))).toBe(false);
    expect(['15.18', '15.19', '18.4', '19.0'].map((version) => skipsFailedCopy(tool('psql', version)))).toEqual([
      false,
      true,
      false,
      true,
    ]);
    expect(choosePsql([tool('psql', '15.20'), tool('psql', '17.5'), tool('psql', '16.10')])?.version).toBe('16.10');
  });
});

it('words for a shell, names of tables, words of the command line', () => {
  expect(shellWord("it's")).toBe(`'it'\\''s'`);
  expect(shellWord('/var/lib/x.sql')).toBe('/var/lib/x.sql');
  expect(parseTableName('"Odd.Name"."a""b"')).toEqual({ schema: 'Odd.Name', name: 'a"b' });
  expect(parseTableName('Film')).toEqual({ schema: 'public', name: 'film' });
  const parsed = parseArgs(['a.sql', '--to=x', '--json', '--schema', 'a', '--schema', 'b'], {
    flags: ['json'],
    options: ['to', 'schema'],
  });
  expect([parsed.operands, parsed.value('to'), parsed.has('json'), parsed.all('schema')]).toEqual([
    ['a.sql'],
    'x',
    true,
    ['a', 'b'],
  ]);
  expect(() => parseArgs(['--what'], { flags: [], options: [] })).toThrow('There is no option --what');
});
