import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openSession } from '../../electron/adapters/postgres/session';
import { prepareCatalogSession } from '../../electron/adapters/postgres/catalog-sessions';
import { readChildren, readFolders } from '../../electron/features/catalog/catalog-reader';
import { readListing } from '../../electron/features/catalog/listing';
import { searchObjects } from '../../electron/features/catalog/search-objects';
import { KINDS } from '../../electron/features/catalog/kinds/all-kinds';
import { listSql } from '../../electron/features/catalog/kinds/kind';
import type { ObjectRef } from '../../shared/model/catalog';
import { openTempFolder, startServer, type TestServer } from '../support/postgres';
import { missed, record, wanted } from './figure';

const run = promisify(execFile);
const TABLES = 50_000;

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ major: 17, settings: ['max_locks_per_transaction = 1024'] });
  await server.createDatabase('wide');
  for (let from = 0; from < TABLES; from += 10_000) {
    await server.sql(
      `DO $$ BEGIN FOR n IN ${from + 1}..${from + 10_000} LOOP EXECUTE format('CREATE TABLE public.table_number_%s ()', n); END LOOP; END $$`,
      'wide',
    );
  }
  await server.sql('VACUUM ANALYZE', 'wide');
});
afterAll(async () => {
  await server?.stop();
});

const best = async (work: () => Promise<unknown>): Promise<number> => {
  const times: number[] = [];
  for (let round = 0; round < 5; round++) {
    const start = performance.now();
    await work();
    times.push(performance.now() - start);
  }
  return Math.min(...times);
};

it.skipIf(!wanted('catalog/tables'))(
  'opens Tables of a schema with 50,000 tables in at most 1.5 times what psql needs for the same query',
  async () => {
    const session = await openSession(server.profile('wide'));
    await prepareCatalogSession(session);
    const [row] = await session.query<{ oid: number }>("SELECT oid FROM pg_namespace WHERE nspname = 'public'");
    const schema: ObjectRef = { kind: 'schema', oid: row?.oid ?? 0, schema: '', name: 'public', sub: 0 };
    const { signal } = new AbortController();
    const tree = await best(() => readChildren(session, 'tables', schema, false, signal));
    const counts = await best(() => readFolders(session, schema, false, signal));
    const nodes = await readChildren(session, 'tables', schema, false, signal);
    expect(nodes).toHaveLength(TABLES);
    await session.end();

    const folder = await openTempFolder('howdah-bench-');
    const script = join(folder, 'list.sql');
    await writeFile(
      script,
      `${listSql(KINDS.tables, 'schema', session.serverVersionNum).replace('$1', String(schema.oid))};\n`,
    );
    const psql = await best(() =>
      run('psql', ['-X', '-q', '-A', '-o', '/dev/null', '-d', server.uri('wide'), '-f', script]),
    );
    process.stdout.write(`counts of a schema with 50,000 tables: ${counts.toFixed(0)} ms\n`);
    const figures = [
      record({ name: 'catalog/tables', ours: tree, peer: psql, peerName: 'psql', unit: 'ms', goal: 'ratio < 1.5' }),
    ];
    expect(missed(figures)).toEqual([]);
  },
);

/** What psql needs for a statement, best of a few rounds; milliseconds. */
async function psqlTime(sql: string): Promise<number> {
  const folder = await openTempFolder('howdah-bench-');
  const script = join(folder, 'query.sql');
  await writeFile(script, `${sql};\n`);
  return best(() => run('psql', ['-X', '-q', '-A', '-o', '/dev/null', '-d', server.uri('wide'), '-f', script]));
}

it.skipIf(!wanted('catalog/grid', 'catalog/search'))(
  'shows 50,000 tables as a grid and finds one by its name in at most 1.5 times what psql needs for a plain query of the catalog',
  async () => {
    const session = await openSession(server.profile('wide'));
    await prepareCatalogSession(session);
    const { signal } = new AbortController();
    const [row] = await session.query<{ oid: number }>("SELECT oid FROM pg_namespace WHERE nspname = 'public'");
    const schema: ObjectRef = { kind: 'schema', oid: row?.oid ?? 0, schema: '', name: 'public', sub: 0 };
    const grid = await best(() => readListing(session, 'tables', schema, false, signal));
    const search = { text: 'number_4999', kinds: [], inside: false, showSystem: false, limit: 500 };
    const found = await searchObjects(session, search, signal);
    expect(found.found).toHaveLength(11);
    const finding = await best(() => searchObjects(session, search, signal));
    await session.end();
    const plainGrid = await psqlTime(
      `SELECT c.oid, c.relname, pg_get_userbyid(c.relowner), c.relkind, obj_description(c.oid, 'pg_class') FROM pg_class c
       WHERE c.relnamespace = ${schema.oid} AND c.relkind IN ('r', 'p') ORDER BY c.relname`,
    );
    // What a person without this program would ask, for the kinds that have a name and a schema.
    const plainSearch = await psqlTime(
      `SELECT n.nspname, c.relname, c.relkind FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relname ILIKE '%number\\_4999%'
       UNION ALL SELECT n.nspname, p.proname, 'f' FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE p.proname ILIKE '%number\\_4999%'
       UNION ALL SELECT n.nspname, t.typname, 't' FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE t.typname ILIKE '%number\\_4999%'
       UNION ALL SELECT c.relname, a.attname, 'a' FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid WHERE a.attname ILIKE '%number\\_4999%'`,
    );
    const figures = [
      record({ name: 'catalog/grid', ours: grid, peer: plainGrid, peerName: 'psql', unit: 'ms', goal: 'ratio < 1.5' }),
      record({
        name: 'catalog/search',
        ours: finding,
        peer: plainSearch,
        peerName: 'psql',
        unit: 'ms',
        goal: 'ratio < 1.5',
      }),
    ];
    expect(missed(figures)).toEqual([]);
  },
);
