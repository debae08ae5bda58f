import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, type TestServer } from '../support/postgres';
import { client, previewOf, runImport, SHOP } from '../support/transfer';

let server: TestServer;
let folder: string;
const file = (name: string, content: string | Uint8Array): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};
beforeAll(async () => {
  server = await startServer({ major: 15, password: 'secret' });
  folder = mkdtempSync(join(tmpdir(), 'howdah-transfer-'));
});
afterAll(async () => {
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const databases = async (): Promise<string[]> =>
  (await server.sql('SELECT datname::text AS name FROM pg_database ORDER BY 1')).map(({ name }) => String(name));

describe('what is told before anything runs', () => {
  /** The message with which an import is refused; nothing may have been made by then. */
  const refusal = async (path: string, password?: string): Promise<string> => {
    const before = await databases();
    const request = { from: path, to: server, database: 'never', ...(password === undefined ? {} : { password }) };
    const message = await runImport(request).then(
      () => 'it was not refused',
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
    return (await databases()).join() === before.join() ? message : 'a database was made';
  };

  it('a missing file', async () => expect(await refusal(join(folder, 'missing.sql'))).toMatch(/does not exist/));
  it.skipIf(process.getuid?.() === 0)('a file that may not be read', async () => {
    const path = file('locked.sql', 'SELECT 1;');
    chmodSync(path, 0);
    expect(await refusal(path)).toMatch(/may not be read/);
  });
  it('an empty file', async () => expect(await refusal(file('empty.sql', ''))).toMatch(/not a dump/));
  it('a picture', async () =>
    expect(await refusal(file('photo.sql', Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16])))).toMatch(/not a dump/));
  it('a web page', async () =>
    expect(await refusal(file('page.sql', '<!doctype html><title>404</title>'))).toMatch(/not a dump/));
  it('UTF-16 text, with what to do', async () => {
    const path = file('wide.sql', Buffer.from('\ufeffCREATE TABLE t (i int);', 'utf16le'));
    expect((await previewOf(path)).problem).toContain('iconv');
    expect(await refusal(path)).toMatch(/not a dump/);
  });
  it.each([
    ['zstd', [0x28, 0xb5, 0x2f, 0xfd], 'zstd -d'],
    ['lz4', [0x04, 0x22, 0x4d, 0x18], 'lz4 -d'],
    ['zip', [0x50, 0x4b, 0x03, 0x04], 'unzip'],
  ])('a file compressed with %s names the way to unpack it', async (name, magic, way) => {
    const path = file(`dump.${name}`, Buffer.concat([Buffer.from(magic), Buffer.alloc(100)]));
    expect((await previewOf(path)).problem).toContain(way);
  });
  it('a truncated gzip file', async () =>
    expect(await refusal(file('cut.sql.gz', gzipSync(readFileSync(SHOP)).subarray(0, 60_000)))).toMatch(/damaged/));
  it('a plain file that ends in COPY data', async () =>
    expect(await refusal(file('cut.sql', readFileSync(SHOP).subarray(0, 200_000)))).toMatch(/damaged/));
  it('a dump of pg_dump without its last line', async () => {
    await server.createDatabase('small');
    await server.sql('CREATE TABLE t (i int)', 'small');
    const dump = await client(server, 'small', 'pg_dump', []);
    expect((await previewOf(file('whole.sql', dump))).problem).toBe('');
    expect(
      await refusal(file('cut2.sql', dump.slice(0, dump.indexOf('-- PostgreSQL database dump complete')))),
    ).toMatch(/damaged/);
  });
  it('a damaged archive', async () => {
    const path = join(folder, 'small.custom');
    await client(server, 'small', 'pg_dump', ['-Fc', '-f', path]);
    expect(await refusal(file('cut.custom', readFileSync(path).subarray(0, 300)))).toMatch(/damaged/);
  });
  it('a wrong password', async () => expect(await refusal(SHOP, 'wrong')).toMatch(/password authentication failed/));
  it('an archive of a newer pg_dump', async () => {
    const path = join(folder, 'small.custom');
    const bytes = Buffer.from(readFileSync(path));
    bytes[6] = 99;
    const { problem } = await previewOf(file('newer.custom', bytes));
    expect(problem).toMatch(/unsupported version/);
    expect(problem).toMatch(/Install newer client programs/);
  });
  it('commands that run programs, in any disguise', async () => {
    const owned = join(folder, 'owned');
    for (const line of [
      `\\! touch ${owned}`,
      `\\echo \`touch ${owned}\``,
      `\\copy t from program 'touch ${owned}'`,
      `SELECT 1 \\g |touch ${owned}`,
      `\\o ${owned}`,
      `\\echo x \\! touch ${owned}`,
      `\\setenv A b`,
      `\\i ${SHOP}`,
    ])
      expect(await refusal(file('evil.sql', `CREATE TABLE t (i int);\n${line}\n`))).toMatch(/psql commands/);
    expect(existsSync(owned)).toBe(false);
  });
});

describe('what is told while it runs', () => {
  it('commands hidden in the data of a COPY that fails are never obeyed', async () => {
    const owned = join(folder, 'hidden');
    const script = file(
      'hidden.sql',
      `CREATE TABLE here (i int);\nCOPY nowhere (i) FROM stdin;\n1\n\\! touch ${owned}\n\\.\nCOPY here (i) FROM stdin;\n7\n\\.\n`,
    );
    for (const withoutTools of [false, true]) {
      const database = `hidden_${withoutTools}`;
      const { report } = await runImport({ from: script, to: server, database, withoutTools });
      expect(report.outcome).toBe('succeeded-with-errors');
      expect(report.skipped[0]).toMatchObject({ sqlstate: '42P01' });
      expect(report.tables).toContainEqual({ schema: 'public', name: 'here', sourceRows: 1, targetRows: 1 });
    }
    expect(existsSync(owned)).toBe(false);
  });

  it('the data of a COPY that the server refuses is never run, what follows it is, and lines stay right', async () => {
    const script = file(
      'refused.sql',
      [
        'CREATE TABLE here (i int);',
        '-- before',
        'COPY nowhere (i)',
        '  FROM stdin;',
        "1; INSERT INTO here VALUES (99); SELECT '",
        'DROP TABLE here;',
        '\\.',
        'COPY here (i)',
        '  FROM stdin; INSERT INTO here VALUES (8);',
        '7',
        '\\.',
        'SELECT 1/0;',
        'COPY here FROM stdin;',
        'seven',
        '\\.',
        'SELECT wrong;',
      ].join('\n'),
    );
    for (const withoutTools of [false, true]) {
      const database = `refused_${withoutTools}`;
      const { report } = await runImport({ from: script, to: server, database, withoutTools });
      expect(report.skipped.map(({ sqlstate }) => sqlstate)).toEqual(['42P01', '22012', '22P02', '42703']);
      const [, division, , wrong] = report.skipped.map(({ line }) => line);
      expect([division, wrong]).toEqual([12, 16]);
      expect(await server.sql('SELECT array_agg(i ORDER BY i) AS i FROM here', database)).toEqual([{ i: [7, 8] }]);
    }
  });

  it('bytes in another encoding', async () => {
    const path = file(
      'latin.sql',
      Buffer.from("CREATE TABLE t (x text);\nINSERT INTO t VALUES ('caf\xe9');\n", 'latin1'),
    );
    const { report, findings } = await runImport({
      from: path,
      to: server,
      database: 'latin',
      options: { stopOnError: true },
    });
    expect(findings.find(({ key }) => key === 'encoding')).toMatchObject({ level: 'warning' });
    expect(report).toMatchObject({ outcome: 'failed', error: { sqlstate: '22021' } });
    expect(report.error?.hint).toContain('iconv');
    expect(report.error?.message).toContain('Line 2');
  });

  it('the same bytes with their encoding stated', async () => {
    const path = file(
      'stated.sql',
      Buffer.from(
        "SET client_encoding = 'LATIN1';\nCREATE TABLE t (x text);\nINSERT INTO t VALUES ('caf\xe9');\n",
        'latin1',
      ),
    );
    const { report } = await runImport({ from: path, to: server, database: 'stated' });
    expect(report.outcome).toBe('succeeded');
    expect(await server.sql('SELECT x FROM t', 'stated')).toEqual([{ x: 'café' }]);
  });

  it('names in their stated encoding are found again in the target', async () => {
    const text =
      'SET client_encoding = \'LATIN1\';\nCREATE TABLE "\xfcn\xef" (x text);\nCOPY "\xfcn\xef" FROM stdin;\ncaf\xe9\n\\.\n';
    const { report } = await runImport({
      from: file('names.sql', Buffer.from(text, 'latin1')),
      to: server,
      database: 'names',
    });
    expect(report.outcome).toBe('succeeded');
    expect(report.tables).toEqual([{ schema: 'public', name: 'ünï', sourceRows: 1, targetRows: 1 }]);
  });

  it('settings of a newer server are left out and told', async () => {
    const path = file(
      'newer.sql',
      'SET transaction_timeout = 0;\nCREATE TABLE t (i int);\nALTER TABLE ONLY t ALTER COLUMN i SET (pg_attver=3);\n',
    );
    const { report } = await runImport({ from: path, to: server, database: 'newer' });
    expect(report.outcome).toBe('succeeded');
    expect(report.adapted.map(({ count }) => count)).toEqual([1, 1]);
  });

  it('all or nothing: an error rolls everything back and names its line', async () => {
    const path = file(
      'broken.sql',
      'CREATE TABLE a (i int);\n\n-- why\nINSERT INTO a\n VALUES (1/0);\nCREATE TABLE b (i int);\n',
    );
    for (const withoutTools of [false, true]) {
      const { report } = await runImport({
        from: path,
        to: server,
        database: `atomic_${withoutTools}`,
        withoutTools,
        options: { singleTransaction: true },
      });
      expect(report).toMatchObject({ outcome: 'failed', error: { sqlstate: '22012' } });
      expect(report.skipped).toHaveLength(1);
      expect(report.targetState).toContain('was created and is empty');
      expect(await server.sql("SELECT to_regclass('a') AS a", `atomic_${withoutTools}`)).toEqual([{ a: null }]);
    }
  });

  it('owners and privileges that fail are harmless', async () => {
    const path = file(
      'rights.sql',
      'CREATE TABLE a (i int);\nALTER TABLE a OWNER TO nobody_there;\nGRANT SELECT ON a TO nobody_there;\n',
    );
    const { report } = await runImport({
      from: path,
      to: server,
      database: 'rights',
      options: { noOwner: false, noPrivileges: false },
    });
    expect(report).toMatchObject({ outcome: 'succeeded', counts: { errors: 0, harmless: 2 } });
  });

  it('a database of that name', async () => {
    await expect(runImport({ from: SHOP, to: server, database: 'postgres' })).rejects.toThrow(
      /There is a database postgres already/,
    );
  });
});

it('a killed program’s private folders are swept by the next start, those of running ones stay', async () => {
  const { makePrivateFolder, sweepPrivateFolders } = await import('../../electron/adapters/tools/private-folder');
  const parent = join(folder, 'private');
  const mine = await makePrivateFolder(parent);
  const passwords = await mine.write('pass', 'secret');
  expect(statSync(passwords).mode & 0o777).toBe(0o600);
  expect(statSync(mine.path).mode & 0o777).toBe(0o700);
  const dead = join(parent, 'job-4194399-abcdef');
  mkdirSync(dead);
  await sweepPrivateFolders(parent);
  expect(existsSync(dead)).toBe(false);
  expect(existsSync(passwords)).toBe(true);
});
