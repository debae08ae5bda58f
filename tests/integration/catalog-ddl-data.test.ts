import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, writeFile, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openSession } from '../../electron/adapters/postgres/session';
import { prepareCatalogSession } from '../../electron/features/catalog/catalog-sessions';
import { databaseDdl } from '../../electron/features/catalog/ddl/database-ddl';
import { openTempFolder, startServer, type TestServer } from '../support/postgres';

const run = promisify(execFile);
const DATA = resolve(import.meta.dirname, '../../../shared/data');
const LARGE = { maxBuffer: 512 * 1024 * 1024 };

let server: TestServer;
let folder: string;
beforeAll(async () => {
  server = await startServer({ major: 15 });
  folder = await openTempFolder('howdah-ddl-');
});
afterAll(async () => {
  await server?.stop();
  if (folder) await rm(folder, { recursive: true, force: true });
});

/** Loads a dump by psql; owners that don't exist here are made first. */
async function load(database: string, file: string): Promise<void> {
  const bytes = await readFile(file);
  const sql = file.endsWith('.gz') ? gunzipSync(bytes) : bytes;
  const plain = join(folder, `${database}.sql`);
  await writeFile(plain, sql);
  for (const [, role] of sql.toString('utf8').matchAll(/OWNER TO "?([a-z_][\w-]*)"?;/g)) {
    if (role) await server.sql(`DO $$ BEGIN CREATE ROLE "${role}"; EXCEPTION WHEN duplicate_object THEN NULL; END $$`);
  }
  await server.createDatabase(database);
  await run('psql', ['-X', '-q', '-d', server.uri(database), '-f', plain], LARGE);
}

/** `pg_dump -s` without comments, one statement each, sorted: two databases with the same catalogs give the same. */
async function structure(database: string): Promise<string[]> {
  const { stdout } = await run('pg_dump', ['-s', '-d', server.uri(database)], LARGE);
  return stdout
    .split('\n')
    .filter((line) => !line.startsWith('--') && !line.startsWith('\\') && line.trim() !== '')
    .join('\n')
    .split(/;\n/)
    .toSorted();
}

/** A dump's database and the one that its DDL makes. */
async function rebuild(name: string, file: string): Promise<{ original: string[]; copy: string[] }> {
  await load(name, file);
  const session = await openSession(server.profile(name));
  await prepareCatalogSession(session);
  const ddl = await databaseDdl(session, new AbortController().signal);
  await session.end();
  const script = join(folder, `${name}-ddl.sql`);
  await writeFile(script, ddl.sql);
  await server.createDatabase(`${name}_copy`);
  await run('psql', ['-X', '-q', '-v', 'ON_ERROR_STOP=1', '-d', server.uri(`${name}_copy`), '-f', script], LARGE);
  return { original: await structure(name), copy: await structure(`${name}_copy`) };
}

const SETS: readonly (readonly [name: string, file: string])[] = [
  ['pagila', '1-pagila/pagila.sql'],
  ['adventureworks', '2-adventureworks/adventureworks.sql.gz'],
  ['dhis2', '3-dhis2/dhis2_nopostgis.sql'],
  ['danbooru', 'extra-danbooru/structure.sql'],
];

it('the DDL of the sample database makes the same database anew, as pg_dump -s sees it', async () => {
  const { original, copy } = await rebuild('shop', resolve(import.meta.dirname, '../../resources/sample/shop.sql'));
  expect(original.length).toBeGreaterThan(50);
  expect(copy).toEqual(original);
});

for (const [name, file] of SETS) {
  const path = join(DATA, file);
  it.skipIf(!existsSync(path))(`the DDL of ${name} makes the same database anew, as pg_dump -s sees it`, async () => {
    const { original, copy } = await rebuild(name, path);
    expect(original.length).toBeGreaterThan(50);
    expect(copy).toEqual(original);
  });
}
