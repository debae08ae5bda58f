import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openSession } from '../../electron/adapters/postgres/session';
import { prepareCatalogSession } from '../../electron/features/catalog/catalog-sessions';
import { readChildren, readFolders } from '../../electron/features/catalog/catalog-reader';
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
