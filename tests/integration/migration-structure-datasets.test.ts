import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startServer, type TestServer } from '../support/postgres';
import { moveStructure, schemaOf } from '../support/structure';
import { client, dataset, SHOP } from '../support/transfer';

/** Databases of others, as far as a server without their extensions takes them. */
const FILES = [
  ['shop', SHOP],
  ['pagila', dataset('1-pagila/pagila.sql')],
  ['adventureworks', dataset('2-adventureworks/adventureworks.sql.gz')],
  ['dhis2', dataset('3-dhis2/dhis2_nopostgis.sql')],
  ['danbooru', dataset('extra-danbooru/structure.sql')],
  ['objects', dataset('extra-object-zoo/source_17.sql')],
] as const;

let server: TestServer;
let folder: string;
beforeAll(async () => {
  server = await startServer({ major: 17 });
  folder = await mkdtemp(join(tmpdir(), 'howdah-datasets-'));
});
afterAll(async () => {
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

for (const [name, file] of FILES) {
  it.skipIf(file === null)(`${name} has the same structure on the other side`, async () => {
    const path = file ?? '';
    const script = join(folder, `${name}.sql`);
    const bytes = await readFile(path);
    await writeFile(script, path.endsWith('.gz') ? gunzipSync(bytes) : bytes);
    await server.createDatabase(name);
    await client(server, name, 'psql', ['-X', '-q', '-f', script]);
    // pg_dump leaves the handlers of languages out that are made of another language's.
    await server.sql(
      `DO $$ DECLARE l name; BEGIN
         FOR l IN SELECT lanname FROM pg_language WHERE lanname NOT IN ('internal', 'c', 'sql', 'plpgsql') LOOP EXECUTE format('DROP LANGUAGE %I CASCADE', l); END LOOP;
       END $$`,
      name,
    );
    await server.createDatabase(`${name}_copy`);
    const moved = await moveStructure({ from: server, to: server, database: name, target: `${name}_copy` });
    expect(moved.failed).toEqual([]);
    expect(moved.skipped).toEqual([]);
    expect(moved.adapted.refused).toEqual([]);
    expect(moved.entries.length).toBeGreaterThan(50);
    expect(await schemaOf(server, `${name}_copy`)).toBe(await schemaOf(server, name));
  });
}
