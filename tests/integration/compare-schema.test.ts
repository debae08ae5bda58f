import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compareDatabases, differences, runScript, structureOf, type Place } from '../support/compare';
import { startServer, type TestServer } from '../support/postgres';

const run = promisify(execFile);
const LARGE = { maxBuffer: 512 * 1024 * 1024 };
const DATA = resolve(import.meta.dirname, '../../../shared/data');

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ major: 15 });
});
afterAll(() => server?.stop());

const at = (database: string): Place => ({ server, database });

async function create(database: string, template: string | null, sql: string): Promise<Place> {
  await server.createDatabase(database, template === null ? '' : `TEMPLATE ${template}`);
  if (sql !== '') await runScript(at(database), sql);
  return at(database);
}

/** A dump, with whatever of it this server takes; owners that don't exist here are made first. */
async function load(database: string, file: string): Promise<Place> {
  const sql = await readFile(file, 'utf8');
  for (const [, role] of sql.matchAll(/(?:OWNER TO|TO|FROM) "?([a-z_]\w*)"?;/g)) {
    if (role && role !== 'public')
      await server.sql(`DO $$ BEGIN CREATE ROLE "${role}"; EXCEPTION WHEN OTHERS THEN NULL; END $$`);
  }
  await server.createDatabase(database);
  await run('psql', ['-X', '-q', '-d', server.uri(database), '-f', file], LARGE);
  return at(database);
}

/** Makes the target like the source and proves it by pg_dump and by a second comparison. */
async function expectSync(source: Place, target: Place): Promise<string> {
  const { text } = await compareDatabases(source, target);
  await runScript(target, text).catch((error: unknown) => {
    throw new Error(`${String(error).slice(0, 3000)}\n${process.env['COMPARE_SCRIPT'] ? text : ''}`);
  });
  expect(await structureOf(target)).toEqual(await structureOf(source));
  const again = await compareDatabases(source, target);
  expect(differences(again.items)).toEqual([]);
  expect(again.text).toBe('');
  return text;
}

describe('collections of objects', () => {
  for (const suffix of ['', '_17']) {
    const source = join(DATA, `extra-object-zoo/source${suffix}.sql`);
    const target = join(DATA, `extra-object-zoo/target${suffix}.sql`);
    it.skipIf(!existsSync(source))(
      `object zoo${suffix}: either becomes the other, and an empty database becomes it`,
      async () => {
        const a = await load(`zoo_a${suffix}`, source);
        const b = await load(`zoo_b${suffix}`, target);
        await create(`zoo_a2${suffix}`, a.database, '');
        await create(`zoo_e${suffix}`, null, '');
        await expectSync(a, at(`zoo_e${suffix}`));
        await expectSync(b, at(`zoo_a2${suffix}`));
        await expectSync(a, b);
      },
    );
  }
});
