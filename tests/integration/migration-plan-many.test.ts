import { afterAll, beforeAll, expect, test } from 'vitest';
import { openSession, type PgSession } from '../../electron/adapters/postgres/session';
import { readClosure } from '../../electron/control-plane/migration/plan/closure';
import { readPlan } from '../../electron/control-plane/migration/plan/read-plan';
import { readSourceObjects } from '../../electron/control-plane/migration/plan/source-objects';
import { databaseChoice } from '../../shared/model/migration';
import { startServer, type TestServer } from '../support/postgres';

const never = new AbortController().signal;
const TABLES = 20_000;
/** One table in so many has a key, an index and a sequence; more would only cost time to make. */
const KEYED = 20;
let server: TestServer;
let session: PgSession;
let queries = 0;

beforeAll(async () => {
  server = await startServer({ major: 18 });
  await server.sql(
    `DO $$ BEGIN FOR i IN 1..${TABLES} LOOP
       EXECUTE format(CASE WHEN i % ${KEYED} = 0 THEN 'CREATE TABLE t_%s (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, n int)'
         ELSE 'CREATE TABLE t_%s (id int, n int)' END, i);
       IF i % 500 = 0 THEN COMMIT; END IF;
     END LOOP; END $$`,
  );
  const opened = await openSession(server.profile());
  session = {
    ...opened,
    query(sql, params, signal) {
      queries += 1;
      return opened.query(sql, params, signal);
    },
  };
});
afterAll(async () => {
  await session?.end();
  await server?.stop();
});

test('Twenty thousand tables are read by a few queries, as a whole and when each is named', async () => {
  const all = await readPlan(session, databaseChoice.parse({ name: 'postgres', mode: 'all' }), never);
  expect(queries).toBeLessThan(15);
  const keyed = TABLES / KEYED;
  expect([all.tables.length, all.indexes.length, all.sequences.length]).toEqual([TABLES, keyed, keyed]);
  expect(all.tables.every(({ columns }) => columns.length === 2)).toBe(true);
  expect(all.tables.filter(({ integerKey }) => integerKey === 'id')).toHaveLength(keyed);
  const tables = all.tables.map(({ name }) => ({ name }));
  const schemas = [{ name: 'public', mode: 'partial', tables }];
  const choice = databaseChoice.parse({ name: 'postgres', mode: 'partial', schemas });
  queries = 0;
  const named = await readPlan(session, choice, never);
  expect([named.tables.length, named.indexes.length, named.sequences.length]).toEqual([TABLES, keyed, keyed]);
  expect(await readClosure(session, choice, never)).toEqual([]);
  const objects = await readSourceObjects(session, never);
  expect(objects.schemas[0]?.objects).toHaveLength(TABLES + keyed);
  expect(queries).toBeLessThan(40);
});
