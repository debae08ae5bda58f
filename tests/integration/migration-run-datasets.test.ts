import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { contentsOf, expectNothingLeft, structureOf } from '../support/migration-mixed';
import { orderOf, startWorker } from '../support/migration-worker';
import { startServer, type TestServer } from '../support/postgres';
import { client, dataset, SHOP } from '../support/transfer';

/** Databases of others, with their rows. */
const FILES = [
  ['shop', SHOP],
  ['pagila', dataset('1-pagila/pagila.sql')],
  ['adventureworks', dataset('2-adventureworks/adventureworks.sql.gz')],
  ['dhis2', dataset('3-dhis2/dhis2_nopostgis.sql')],
  ['objects', dataset('extra-object-zoo/source_17.sql')],
] as const;

let source: TestServer;
let target: TestServer;
let folder: string;
const names = FILES.flatMap(([name, file]) => (file === null ? [] : [name]));

beforeAll(async () => {
  [source, target] = await Promise.all([startServer({ major: 17 }), startServer({ major: 17 })]);
  folder = await mkdtemp(join(tmpdir(), 'howdah-datasets-'));
  for (const [name, file] of FILES) {
    if (file === null) continue;
    const script = join(folder, `${name}.sql`);
    const bytes = await readFile(file);
    await writeFile(script, file.endsWith('.gz') ? gunzipSync(bytes) : bytes);
    await source.createDatabase(name);
    await client(source, name, 'psql', ['-X', '-q', '-f', script]);
    // Languages whose handlers are another language's are no part of a dump.
    await source.sql(
      `DO $$ DECLARE l name; BEGIN
         FOR l IN SELECT lanname FROM pg_language WHERE lanname NOT IN ('internal', 'c', 'sql', 'plpgsql') LOOP EXECUTE format('DROP LANGUAGE %I CASCADE', l); END LOOP;
       END $$`,
      name,
    );
  }
});
afterAll(async () => {
  await Promise.all([source?.stop(), target?.stop()]);
  await rm(folder, { recursive: true, force: true });
});

test('a whole server arrives in one run, with its roles', async () => {
  const objects = { mode: 'all', roleMode: 'all' };
  const worker = await startWorker(orderOf(source, target, { folder, options: { objects, splitAbove: 4_000_000 } }));
  const end = await worker.ended;
  const failed = [...worker.objects.values()].filter(({ outcome }) => outcome === 'failed');
  expect(failed.map(({ kind, name, reason }) => `${kind} ${name}: ${reason}`)).toEqual([]);
  expect(end).toEqual({ outcome: 'done', problem: '', hint: '' });
  for (const name of names) {
    expect({ name, ...(await contentsOf(target, name)) }).toEqual({ name, ...(await contentsOf(source, name)) });
    expect(await structureOf(target, name)).toEqual(await structureOf(source, name));
  }
  const roles = "SELECT string_agg(rolname, ',' ORDER BY rolname) AS names FROM pg_roles WHERE rolname !~ '^pg_'";
  expect(await target.sql(roles)).toEqual(await source.sql(roles));
  await expectNothingLeft(source);
  await expectNothingLeft(target);
});
