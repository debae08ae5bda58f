import { afterAll, beforeAll, expect, it } from 'vitest';
import { openSession, type PgSession } from '../../electron/adapters/postgres/session';
import { prepareCatalogSession } from '../../electron/features/catalog/catalog-sessions';
import { objectDdl } from '../../electron/features/catalog/ddl/object-ddl';
import type { ObjectKind } from '../../shared/model/catalog';
import { SNAPSHOT, zooSql } from '../support/catalog-zoo';
import { startServer, type TestServer } from '../support/postgres';

let server: TestServer;
let session: PgSession;
beforeAll(async () => {
  server = await startServer({ major: 17 });
  await server.createDatabase('zoo');
  await server.sql(zooSql(17), 'zoo');
  // A table whose check calls a function that takes the table's rows can't be made without that function: only a whole script can.
  await server.sql('DROP FUNCTION 动物园.describe CASCADE', 'zoo');
  // Default privileges are given to everything that is made; DDL says what differs from a database without them.
  await server.sql(
    'ALTER DEFAULT PRIVILEGES GRANT EXECUTE ON FUNCTIONS TO PUBLIC; ' +
      'ALTER DEFAULT PRIVILEGES FOR ROLE "Zoo Owner" IN SCHEMA 动物园 REVOKE SELECT ON TABLES FROM keeper',
    'zoo',
  );
  session = await openSession(server.profile('zoo'));
  await prepareCatalogSession(session);
  await session.query(
    "SELECT set_config('default_transaction_read_only', 'off', false), set_config('check_function_bodies', 'off', false)",
  );
});
afterAll(async () => {
  await session?.end();
  await server?.stop();
});

const OBJECTS = `
SELECT CASE c.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized-view' WHEN 'S' THEN 'sequence' ELSE 'table' END AS kind, c.oid,
       n.nspname AS schema, c.relname AS name,
       CASE c.relkind WHEN 'v' THEN 'VIEW ' WHEN 'm' THEN 'MATERIALIZED VIEW ' WHEN 'S' THEN 'SEQUENCE ' ELSE 'TABLE ' END || c.oid::regclass AS drop,
       c.oid::regclass::text AS shown
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S') AND n.nspname !~ '^(pg_|information_schema$)'
   AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND c.relkind = 'S' AND d.deptype IN ('i', 'a') AND d.refobjsubid > 0)
UNION ALL SELECT CASE p.prokind WHEN 'p' THEN 'procedure' WHEN 'a' THEN 'aggregate' ELSE 'function' END, p.oid, n.nspname, p.proname,
       CASE p.prokind WHEN 'p' THEN 'PROCEDURE ' WHEN 'a' THEN 'AGGREGATE ' ELSE 'FUNCTION ' END ||
         CASE WHEN p.proname = 'pct' THEN '动物园.pct(double precision ORDER BY double precision)' ELSE p.oid::regprocedure::text END,
       p.oid::regprocedure::text
  FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
 WHERE n.nspname !~ '^(pg_|information_schema$)' AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'i')
UNION ALL SELECT CASE t.typtype WHEN 'd' THEN 'domain' ELSE 'type' END, t.oid, n.nspname, t.typname,
       CASE t.typtype WHEN 'd' THEN 'DOMAIN ' ELSE 'TYPE ' END || t.oid::regtype, t.oid::regtype::text
  FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace LEFT JOIN pg_class c ON c.oid = t.typrelid
 WHERE n.nspname !~ '^(pg_|information_schema$)' AND (t.typtype IN ('e', 'd', 'r') OR c.relkind = 'c')
 ORDER BY 1, 3, 4`;

it('every table, view, function, sequence and type, dropped and made by its own DDL, is in the catalogs as it was', async () => {
  const objects = await session.query<{
    kind: ObjectKind;
    oid: number;
    schema: string;
    name: string;
    drop: string;
    shown: string;
  }>(OBJECTS);
  expect(objects.length).toBeGreaterThan(30);
  const signal = new AbortController().signal;
  for (const { drop, shown, ...object } of objects) {
    const sql = await objectDdl(session, { ...object, sub: 0 }, signal);
    /** What the catalogs say of the object itself: things that fall with it and belong to others are not its DDL's affair. */
    const own = async (): Promise<string[]> => {
      const rows = await session.query<{ line: string }>(SNAPSHOT);
      return rows
        .map((row) => row.line)
        .filter((line) => {
          const [, noun, rest = ''] = /^(\w+) (.*)$/s.exec(line) ?? [];
          if (noun === 'index') return rest.includes(` ON ${shown} USING`) || rest.includes(` ON ONLY ${shown} USING`);
          if (noun === 'rule') return rest.includes(` TO ${shown} `) || rest.includes(` TO ${shown}\n`);
          return rest.startsWith(`${shown} `) || rest.startsWith(`${shown}.`);
        });
    };
    await session.query('BEGIN');
    const before = await own();
    expect(before).not.toEqual([]);
    await session.query(`DROP ${drop} CASCADE`);
    await session.client.query(sql).catch((error: unknown) => {
      throw new Error(`${object.kind} ${shown}: ${String(error)}\n${sql}`, { cause: error });
    });
    expect(await own(), `${object.kind} ${shown}\n${sql}`).toEqual(before);
    await session.query('ROLLBACK');
  }
});
