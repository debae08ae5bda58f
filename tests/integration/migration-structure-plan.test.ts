import { afterAll, beforeAll, expect, it } from 'vitest';
import { openSession } from '../../electron/adapters/postgres/session';
import { readPlan } from '../../electron/control-plane/migration/plan/read-plan';
import { postWork } from '../../electron/control-plane/migration/structure/post-work';
import { databaseChoice } from '../../shared/model/migration';
import { zooSql } from '../support/catalog-zoo';
import { NASTY } from '../support/nasty-names';
import { startServer, type TestServer } from '../support/postgres';
import { moveStructure, schemaOf } from '../support/structure';

const signal = new AbortController().signal;
let server: TestServer;
beforeAll(async () => {
  server = await startServer({ major: 16 });
  await server.createDatabase('zoo');
  await server.sql(zooSql(16), 'zoo');
  await server.sql(NASTY, 'zoo');
});
afterAll(async () => {
  await server?.stop();
});

async function planOf(choice: unknown) {
  const session = await openSession(server.profile('zoo'));
  try {
    return await readPlan(session, databaseChoice.parse(choice), signal);
  } finally {
    await session.end();
  }
}

it('the plan of a whole database knows every index of the dump', async () => {
  await server.createDatabase('whole');
  const plan = await planOf({ name: 'zoo', mode: 'all' });
  const moved = await moveStructure({ from: server, to: server, database: 'zoo', target: 'whole', plan });
  expect(moved.failed).toEqual([]);
  expect(await schemaOf(server, 'whole')).toBe(await schemaOf(server, 'zoo'));
  const { constraints } = postWork(moved.adapted.entries, plan);
  expect(constraints.map(({ kind }) => kind).filter((kind) => kind === 'INDEX' || kind === 'CONSTRAINT')).toEqual([]);
});

it('a choice of schemas, tables, views and functions under other names is what arrives', async () => {
  await server.createDatabase('part');
  const plan = await planOf({
    name: 'zoo',
    mode: 'partial',
    schemas: [
      { name: 'select', newName: 'chosen', mode: 'all', tables: [{ name: 'keyed', newName: 'has key' }] },
      {
        name: '动物园',
        newName: 'Zoo 2',
        mode: 'partial',
        tables: [
          { name: 'Table "1"', newName: 'one' },
          { name: 'no_columns' },
          { name: 'hashed' },
          { name: 'hashed_0' },
        ],
        views: ['View "v"', 'Mat'],
        functions: ['eq(a "动物园"."Pair", b "动物园"."Pair")'],
        sequences: ['Seq'],
      },
    ],
  });
  const moved = await moveStructure({ from: server, to: server, database: 'zoo', target: 'part', plan });
  expect(moved.failed).toEqual([]);
  expect(moved.skipped).toEqual([]);
  const relations = await server.sql(
    `SELECT nspname || '.' || relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
      WHERE nspname !~ '^(pg_|information_schema)' AND relkind IN ('r', 'p', 'v', 'm', 'S') ORDER BY 1`,
    'part',
  );
  expect(relations.map(({ name }) => name)).toMatchInlineSnapshot(`
    [
      "Zoo 2.Mat",
      "Zoo 2.Seq",
      "Zoo 2.Table "1"_id_seq",
      "Zoo 2.Table "1"_ident2_seq",
      "Zoo 2.Table "1"_ident_seq",
      "Zoo 2.View "v"",
      "Zoo 2.hashed",
      "Zoo 2.hashed_0",
      "Zoo 2.hashed_1",
      "Zoo 2.no_columns",
      "Zoo 2.one",
      "chosen.by_key",
      "chosen.cyc1",
      "chosen.cyc2",
      "chosen.depends",
      "chosen.from",
      "chosen.has key",
      "chosen.loop1",
      "chosen.loop2",
      "chosen.odd",
    ]
  `);
  const routines = await server.sql(
    `SELECT p.oid::regprocedure::text AS name FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace WHERE nspname = 'Zoo 2' ORDER BY 1`,
    'part',
  );
  expect(routines.map(({ name }) => name)).toMatchInlineSnapshot(`
    [
      ""Zoo 2".eq("Zoo 2"."Pair","Zoo 2"."Pair")",
      ""Zoo 2".touch()",
      ""Zoo 2".twice(integer)",
    ]
  `);
});
