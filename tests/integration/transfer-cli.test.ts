import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { importCommand } from '../../electron/cli/import';
import { startServer, type TestServer } from '../support/postgres';
import { runImport } from '../support/transfer';

let server: TestServer;
let folder: string;
beforeAll(async () => {
  server = await startServer({ major: 15 });
  folder = mkdtempSync(join(tmpdir(), 'howdah-cli-test-'));
  await server.createDatabase("Od=d %d'b");
  await server.sql(
    `CREATE SCHEMA "My Schema=%s"; CREATE TABLE "My Schema=%s"."Tab ""x"" é" AS SELECT 1 AS i; CREATE TABLE public.other (i int)`,
    "Od=d %d'b",
  );
});
afterAll(async () => {
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function howdah(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const lines = { out: '', err: '' };
  const code = await importCommand(args, {
    out: (text) => void (lines.out += `${text}\n`),
    err: (text) => void (lines.err += `${text}\n`),
    signal: new AbortController().signal,
  }).catch((error: unknown) => {
    lines.err += String(error);
    return 2;
  });
  return { code, ...lines };
}
const uri = (database: string): string => server.uri(encodeURIComponent(database));
const databases = async (): Promise<string[]> =>
  (await server.sql('SELECT datname::text AS name FROM pg_database')).map(({ name }) => String(name));

it('takes odd names, tables as written in SQL or bare', async () => {
  for (const [to, table] of [
    ['quoted', '"My Schema=%s"."Tab ""x"" é"'],
    ['bare', 'My Schema=%s.Tab "x" é'],
  ] as const) {
    const { code, out, err } = await howdah(uri("Od=d %d'b"), '--to', uri(to), '--create', '--table', table);
    expect([code, err]).toEqual([0, expect.not.stringContaining('error')]);
    expect(out).toContain('succeeded: 1 tables, 1 rows');
    expect(await server.sql(`SELECT i FROM "My Schema=%s"."Tab ""x"" é"`, to)).toEqual([{ i: 1 }]);
  }
});

it.each([
  ['--table', 'public.nosuch'],
  ['--schema', 'nosuch'],
])('refuses a %s that the source does not have, before anything is made', async (option, name) => {
  const { code, err } = await howdah(uri("Od=d %d'b"), '--to', uri('never'), '--create', option, name);
  expect([code, err]).toEqual([1, expect.stringContaining(`The source has none of these names: ${name}`)]);
  expect(await databases()).not.toContain('never');
});

it('takes a file whose name looks like a connection', async () => {
  const file = join(folder, 'a=1.sql');
  writeFileSync(file, 'CREATE TABLE here (i int);\n');
  const before = process.cwd();
  process.chdir(folder);
  try {
    expect(await howdah('a=1.sql', '--to', uri('named'), '--create')).toMatchObject({ code: 0 });
  } finally {
    process.chdir(before);
  }
  expect(await server.sql('TABLE here', 'named')).toEqual([]);
});

it('says one thing about what is no dump', async () => {
  const file = join(folder, 'noise.bin');
  writeFileSync(
    file,
    Uint8Array.from({ length: 5000 }, (_, at) => (at * 7919 + 13) % 256),
  );
  const { code, err } = await howdah(file, '--to', uri('never'), '--create');
  expect([code, err]).toEqual([1, expect.stringContaining('noise.bin is not a dump')]);
  expect(err).not.toContain('encoding');
});

it('a large COPY over our own connection leaves no listeners behind', async () => {
  const file = join(folder, 'rows.sql');
  const rows = Array.from({ length: 200_000 }, (_, at) => `${at}\t${'x'.repeat(200)}\n`).join('');
  writeFileSync(file, `CREATE TABLE r (i int, t text);\nCOPY r FROM stdin;\n${rows}\\.\n`);
  const warnings: string[] = [];
  const note = (warning: Error): void => void warnings.push(warning.name);
  process.on('warning', note);
  const { report } = await runImport({ from: file, to: server, database: 'rows', withoutTools: true });
  await new Promise((resolve) => setImmediate(resolve));
  process.off('warning', note);
  expect(report).toMatchObject({ outcome: 'succeeded', error: null });
  expect(report.tables).toEqual([{ schema: 'public', name: 'r', sourceRows: 200_000, targetRows: 200_000 }]);
  expect(warnings).toEqual([]);
});
