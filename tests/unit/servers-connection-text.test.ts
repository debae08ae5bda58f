import { describe, expect, it } from 'vitest';
import { splitCommandLine } from '../../shared/model/command-line';
import { connectionStrings } from '../../shared/model/connection-strings';
import { parseConnectionText } from '../../shared/model/connection-text';
import { splitPgpassLine } from '../../shared/model/pgpass-line';
import { NEW_SERVER, type ServerDefinition } from '../../shared/model/server';

/** What a text says, flat; empty parts left out. */
function said(text: string) {
  const found = parseConnectionText(text);
  if (found === null) return null;
  const { format, server, ssl, password, notes } = found;
  return {
    format,
    ...server,
    ...(Object.keys(ssl).length > 0 ? { ssl } : {}),
    ...(password === null ? {} : { password }),
    ...(notes.length > 0 ? { notes: notes.map((note) => `${note.key} ${note.value}`) } : {}),
  };
}

describe('URI', () => {
  const uri = 'uri' as const;
  it.each<[string, object]>([
    ['postgresql://', { format: uri }],
    ['postgres://db1', { format: uri, host: 'db1' }],
    ['POSTGRESQL://db1:6432/shop', { format: uri, host: 'db1', port: 6432, database: 'shop' }],
    ['postgresql://alice@db1', { format: uri, user: 'alice', host: 'db1' }],
    ['postgresql://alice:@db1', { format: uri, user: 'alice', password: '', host: 'db1' }],
    [
      'postgresql://a%40b:p%3Aw%2Fx@db1/my%20db',
      { format: uri, user: 'a@b', password: 'p:w/x', host: 'db1', database: 'my db' },
    ],
    ['postgresql://[2001:db8::1]:5433/x', { format: uri, host: '2001:db8::1', port: 5433, database: 'x' }],
    ['postgresql:///shop?host=/var/run/postgresql', { format: uri, database: 'shop', host: '/var/run/postgresql' }],
    ['postgresql://%2Fvar%2Frun/shop', { format: uri, host: '/var/run', database: 'shop' }],
    [
      'postgresql://u:p@h?sslmode=verify-full&sslrootcert=system',
      { format: uri, user: 'u', password: 'p', host: 'h', ssl: { mode: 'verify-full', rootCert: 'system' } },
    ],
    [
      'postgresql://h/d?user=u&password=p%26w&port=6000',
      { format: uri, host: 'h', database: 'd', user: 'u', password: 'p&w', port: 6000 },
    ],
    [
      'postgresql://h/d?application_name=a+b&connect_timeout=3',
      { format: uri, host: 'h', database: 'd', applicationName: 'a+b', connectTimeout: 3 },
    ],
    ['postgresql://h/d?options=-c%20geqo%3Doff', { format: uri, host: 'h', database: 'd', options: '-c geqo=off' }],
    [
      'postgresql://h1:1111,h2:2222/d',
      { format: uri, host: 'h1', port: 1111, database: 'd', notes: ['otherHosts h2:2222'] },
    ],
    [
      'postgresql://h/d?target_session_attrs=any',
      { format: uri, host: 'h', database: 'd', notes: ['ignored target_session_attrs'] },
    ],
    ['postgresql://h/d?sslmode=maybe', { format: uri, host: 'h', database: 'd', notes: ['invalid sslmode=maybe'] }],
    ['postgresql://h:99999/d', { format: uri, host: 'h', database: 'd', notes: ['invalid port=99999'] }],
    ['  "postgresql://h/d"\n', { format: uri, host: 'h', database: 'd' }],
    // Passwords that should have been encoded and were not.
    ['postgresql://u:p@ss@h/d', { format: uri, user: 'u', password: 'p@ss', host: 'h', database: 'd' }],
    [
      'postgresql://u:p/s?s@h:5432/d',
      { format: uri, user: 'u', password: 'p/s?s', host: 'h', port: 5432, database: 'd' },
    ],
    ['postgresql://u:100%@h/d', { format: uri, user: 'u', password: '100%', host: 'h', database: 'd' }],
    ['postgresql://u:p#q@h/d', { format: uri, user: 'u', password: 'p#q', host: 'h', database: 'd' }],
    ['postgresql://h:5432/d@x', { format: uri, host: 'h', port: 5432, database: 'd@x' }],
  ])('%s', (text, expected) => expect(said(text)).toEqual(expected));
});

describe('psql command line', () => {
  const format = 'psql' as const;
  it.each<[string, object]>([
    ['psql', { format }],
    ['psql -h db1 -p 6432 -U alice -d shop', { format, host: 'db1', port: 6432, user: 'alice', database: 'shop' }],
    ['psql -hdb1 -p6432 -Ualice shop', { format, host: 'db1', port: 6432, user: 'alice', database: 'shop' }],
    ['psql --host=db1 --username alice --dbname=shop', { format, host: 'db1', user: 'alice', database: 'shop' }],
    ['psql shop alice', { format, database: 'shop', user: 'alice' }],
    ['psql -d shop alice', { format, database: 'shop', user: 'alice' }],
    ['$ psql -h db1 -c "SELECT 1; -- -U bob" -W', { format, host: 'db1' }],
    [
      "PGPASSWORD='it''s' PGSSLMODE=require /usr/lib/postgresql/17/bin/psql -h db1",
      { format, password: 'its', ssl: { mode: 'require' }, host: 'db1' },
    ],
    ['psql "host=db1 dbname=\'my db\' password=x\\ y"', { format, host: 'db1', database: 'my db', password: 'x y' }],
    [
      "psql 'postgresql://alice:pw@db1/shop?sslmode=require'",
      { format, user: 'alice', password: 'pw', host: 'db1', database: 'shop', ssl: { mode: 'require' } },
    ],
    ['psql -h db1 \\\n  -U alice', { format, host: 'db1', user: 'alice' }],
    ['psql -v x=1 -f script.sql -h db1', { format, host: 'db1' }],
  ])('%s', (text, expected) => expect(said(text)).toEqual(expected));
});

describe('keyword string', () => {
  const format = 'keywords' as const;
  it.each<[string, object | null]>([
    ['host=db1 port=6432 user=alice dbname=shop', { format, host: 'db1', port: 6432, user: 'alice', database: 'shop' }],
    [String.raw`host = db1 password = 'a\'b\\c d'`, { format, host: 'db1', password: String.raw`a'b\c d` }],
    ["dbname='' host=db1", { format, database: '', host: 'db1' }],
    ['host=db1,db2 port=1,2', { format, host: 'db1', port: 1, notes: ['otherHosts db2'] }],
    ['hostaddr=10.0.0.5 keepalives=0 sslsni=0', { format, host: '10.0.0.5', keepAlive: 0, ssl: { sni: false } }],
    ['service=shop', { format, service: 'shop' }],
    ['host=db1 password=a;b=c', { format, host: 'db1', password: 'a;b=c' }],
    ['host=db1 unknown=1', null],
    ["host='db1", null],
    ['just words', null],
  ])('%s', (text, expected) => expect(said(text)).toEqual(expected));
});

describe('JDBC, .NET, .pgpass', () => {
  it.each<[string, object | null]>([
    [
      'jdbc:postgresql://db1:6432/shop?user=alice&password=p%40w&ssl=true',
      {
        format: 'jdbc',
        host: 'db1',
        port: 6432,
        database: 'shop',
        user: 'alice',
        password: 'p@w',
        ssl: { mode: 'verify-full' },
      },
    ],
    ['jdbc:postgresql:shop', { format: 'jdbc', database: 'shop' }],
    ['jdbc:postgresql://[::1]/', { format: 'jdbc', host: '::1' }],
    [
      'jdbc:postgresql://h1:1,h2:2/d?sslmode=require&ssl=true',
      { format: 'jdbc', host: 'h1', port: 1, database: 'd', ssl: { mode: 'require' }, notes: ['otherHosts h2:2'] },
    ],
    [
      'jdbc:postgresql://h/d?currentSchema=a,b&ApplicationName=x',
      { format: 'jdbc', host: 'h', database: 'd', options: '-c search_path=a,b', applicationName: 'x' },
    ],
    ['jdbc:mysql://h/d', null],
    [
      'Host=db1;Port=6432;Username=alice;Password="a;""b""";Database=shop;SSL Mode=VerifyFull',
      {
        format: 'dotnet',
        host: 'db1',
        port: 6432,
        user: 'alice',
        password: 'a;"b"',
        database: 'shop',
        ssl: { mode: 'verify-full' },
      },
    ],
    [
      'Server=db1; User Id=alice; Pwd=x ;Pooling=true',
      { format: 'dotnet', host: 'db1', user: 'alice', password: 'x', notes: ['ignored Pooling'] },
    ],
    ['host=db1;port=6432;database=shop', { format: 'dotnet', host: 'db1', port: 6432, database: 'shop' }],
    ['Host=db1:6432,db2', { format: 'dotnet', host: 'db1', port: 6432, notes: ['otherHosts db2'] }],
    [
      'db1:5432:shop:alice:secret',
      { format: 'pgpass', host: 'db1', port: 5432, database: 'shop', user: 'alice', password: 'secret' },
    ],
    [String.raw`*:*:*:al\:ice:se\\cr:et`, { format: 'pgpass', user: 'al:ice', password: String.raw`se\cr:et` }],
    [String.raw`\:\:1:5432:*:alice:x`, { format: 'pgpass', host: '::1', port: 5432, user: 'alice', password: 'x' }],
    ['#db1:5432:shop:alice:secret', null],
    ['a:b:c:d:e', null],
    ['', null],
    ['https://example.org/a?host=b', null],
    ['SELECT 1 WHERE host = 2', null],
  ])('%s', (text, expected) => expect(said(text)).toEqual(expected));
});

it('no pasted text makes the parser throw', () => {
  const pieces = [
    'postgresql://',
    'jdbc:postgresql:',
    'psql ',
    'host=',
    "'",
    '"',
    '\\',
    '%',
    '@',
    ':',
    '/',
    '?',
    ',',
    '[',
    ']',
    ';',
    ' ',
    '\n',
    '=',
    'x',
  ];
  let seed = 7;
  const next = (below: number): number => (seed = (seed * 16_807) % 2_147_483_647) % below;
  for (let i = 0; i < 5000; i++) {
    const text = Array.from({ length: next(14) }, () => pieces[next(pieces.length)]).join('');
    expect(() => parseConnectionText(text)).not.toThrow();
  }
});

describe('what ⓘ shows is read back as it was', () => {
  const nasty: Partial<ServerDefinition>[] = [
    { host: 'db1', user: 'alice', database: 'shop' },
    { host: '2001:db8::1', port: 6432, user: 'a@b:c/d', database: "my 'db' \\ %41?x=1&y" },
    { host: '/var/run/postgresql', user: '日本', database: 'ü+ü' },
    { host: 'h', user: 'u', database: 'd', options: String.raw`-c search_path=a\ b`, applicationName: "it's" },
  ];
  it.each(nasty)('%j', (change) => {
    const server = { ...NEW_SERVER, ...change };
    const strings = connectionStrings(server);
    for (const text of [strings.uri, strings.psql, strings.keywords]) {
      expect(parseConnectionText(text)?.server).toMatchObject({ ...change, port: server.port });
    }
  });
});

describe('command line', () => {
  it.each<[string, string[] | null]>([
    ['', []],
    ['  pass  show  db ', ['pass', 'show', 'db']],
    [`pass show "my db" 'a "b"'`, ['pass', 'show', 'my db', 'a "b"']],
    [
      String.raw`C:\Tools\pass.exe --vault "C:\my vault"`,
      [String.raw`C:\Tools\pass.exe`, '--vault', String.raw`C:\my vault`],
    ],
    [String.raw`a\ b \"c "d \"e\" \n"`, ['a b', '"c', String.raw`d "e" \n`]],
    [`''  a''b`, ['', 'ab']],
    ['echo $(id) `id` $HOME ; rm *', ['echo', '$(id)', '`id`', '$HOME', ';', 'rm', '*']],
    ['unclosed "quote', null],
    ["unclosed 'quote", null],
  ])('%s', (text, expected) => expect(splitCommandLine(text)).toEqual(expected));
});

it('a password file line needs five fields', () => {
  expect(splitPgpassLine('a:b:c:d')).toBeNull();
  expect(splitPgpassLine('a:1:c:d:')).toMatchObject({ password: '' });
  expect(splitPgpassLine(String.raw`a:1:c:d:x\y`)).toMatchObject({ password: 'xy' });
});
