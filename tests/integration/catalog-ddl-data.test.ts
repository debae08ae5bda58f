import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSession } from '../../electron/adapters/postgres/session';
import { prepareCatalogSession } from '../../electron/adapters/postgres/catalog-sessions';
import { databaseDdl, databasePieces } from '../../electron/features/catalog/ddl/database-ddl';
import { walkObjects } from '../support/ddl-walk';
import { dumpedStructure } from '../support/dumped-structure';
import { openTempFolder, startServer, type TestServer } from '../support/postgres';

const run = promisify(execFile);
const DATA = resolve(import.meta.dirname, '../../../shared/data');
const SAMPLE = resolve(import.meta.dirname, '../../resources/sample/shop.sql');
const LARGE = { maxBuffer: 512 * 1024 * 1024 };
const signal = new AbortController().signal;
/** Objects of each kind that are read one by one, where there are more. */
const OF_EACH_KIND: Readonly<Record<number, number>> = { 15: 60, 18: 10 };

const SETS: readonly (readonly [name: string, file: (major: number) => string])[] = [
  ['shop', () => SAMPLE],
  ['pagila', () => join(DATA, '1-pagila/pagila.sql')],
  ['adventureworks', () => join(DATA, '2-adventureworks/adventureworks.sql.gz')],
  ['dhis2', () => join(DATA, '3-dhis2/dhis2_nopostgis.sql')],
  ['danbooru', () => join(DATA, 'extra-danbooru/structure.sql')],
  ['zoo_source', (major) => join(DATA, `extra-object-zoo/source${major < 17 ? '' : '_17'}.sql`)],
  ['zoo_target', (major) => join(DATA, `extra-object-zoo/target${major < 17 ? '' : '_17'}.sql`)],
];

for (const major of [15, 18]) {
  describe(`on ${major}`, () => {
    let server: TestServer;
    let folder: string;
    beforeAll(async () => {
      server = await startServer({ major });
      folder = await openTempFolder('howdah-ddl-');
    });
    afterAll(async () => {
      await server?.stop();
      if (folder) await rm(folder, { recursive: true, force: true });
    });

    /** Loads a dump without its rows by psql; owners that don't exist here are made first. */
    async function load(database: string, file: string): Promise<void> {
      const bytes = await readFile(file);
      const sql = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes)
        .toString('utf8')
        .replaceAll(/^COPY [^;]* FROM stdin;\n(?:.*\n)*?\\\.\n/gm, '');
      const plain = join(folder, `${database}.sql`);
      await writeFile(plain, sql);
      const roles = new Set([...sql.matchAll(/OWNER TO "?(?!pg_)([a-z_][\w-]*)"?;/g)].map(([, role]) => role));
      for (const role of roles) {
        await server.sql(`DO $$ BEGIN CREATE ROLE "${role}"; EXCEPTION WHEN duplicate_object THEN NULL; END $$`);
      }
      await server.createDatabase(database);
      await run('psql', ['-X', '-q', '-d', server.uri(database), '-f', plain], LARGE);
    }

    for (const [name, fileOf] of SETS) {
      const path = fileOf(major);
      it.skipIf(!existsSync(path))(
        `the DDL of ${name} makes it anew, as pg_dump sees it, and so does that of each object`,
        async () => {
          const database = `original_of_${name}`;
          const copyName = `copy_of_${name}`;
          await load(database, path);
          const session = await openSession(server.profile(database));
          try {
            await prepareCatalogSession(session);
            const { sql } = await databaseDdl(session, signal);
            const script = join(folder, `${name}-ddl.sql`);
            await writeFile(script, sql);
            await server.createDatabase(copyName);
            await run('psql', ['-X', '-q', '-v', 'ON_ERROR_STOP=1', '-d', server.uri(copyName), '-f', script], LARGE);
            const original = await dumpedStructure(server, database);
            expect(original.length).toBeGreaterThan(50);
            expect(await dumpedStructure(server, copyName)).toEqual(original);
            const pieces = await databasePieces(session, signal);
            expect(await walkObjects(session, pieces, OF_EACH_KIND[major] ?? 1)).toEqual([]);
          } finally {
            await session.end();
          }
        },
      );
    }
  });
}
