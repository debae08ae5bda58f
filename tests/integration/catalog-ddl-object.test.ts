import { afterAll, beforeAll, expect, it } from 'vitest';
import { openSession, type PgSession } from '../../electron/adapters/postgres/session';
import { prepareCatalogSession } from '../../electron/adapters/postgres/catalog-sessions';
import { databasePieces } from '../../electron/features/catalog/ddl/database-ddl';
import { objectDdl } from '../../electron/features/catalog/ddl/object-ddl';
import { FIND_LISTS } from '../../electron/features/catalog/find-lists';
import { sqlFor } from '../../electron/features/catalog/kinds/kind';
import { OBJECT_KINDS, type ObjectRef } from '../../shared/model/catalog';
import { quoteIdent } from '../../shared/model/quote';
import { splitSql } from '../../shared/model/sql-split';
import { zooSql } from '../support/catalog-zoo';
import { rareZooSql } from '../support/catalog-zoo-rare';
import { startServer, type TestServer } from '../support/postgres';

const MAJOR = 18;
const signal = new AbortController().signal;

let server: TestServer;
let session: PgSession;
beforeAll(async () => {
  server = await startServer({ major: MAJOR, settings: ['allow_in_place_tablespaces = on'] });
  await server.createDatabase('zoo');
  await server.sql(zooSql(MAJOR) + rareZooSql(MAJOR), 'zoo');
  // A table whose check calls a function that takes the table's rows can't be made without that function: only a whole script can.
  await server.sql('DROP FUNCTION 动物园.describe CASCADE; DROP FUNCTION rare.is_fine CASCADE', 'zoo');
  // A partition that is made later gets this index too.
  await server.sql('DROP INDEX rare.only_parent', 'zoo');
  // Default privileges are given to everything that is made; DDL says what differs from a database without them.
  await server.sql('DELETE FROM pg_default_acl', 'zoo');
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

interface Thing {
  readonly ref: ObjectRef;
  readonly catalog: string;
}

/** What falls with everything else is not dropped for the sake of one, and a subscription with a slot not without its publisher. */
const LEFT_OUT = new Set(['schema', 'extension', 'subscription', 'database']);
/** With these something falls that they need themselves. */
const IN_CIRCLES = new Set([
  'base_in(cstring)',
  'base_out(rare.base)',
  'canon_of(rare.canon)',
  'circle',
  'of_circle()',
]);

/** Everything that the pieces of the database make, and the constraints that stand inside CREATE TABLE. */
async function everything(): Promise<Thing[]> {
  const things: Thing[] = [];
  for (const { id, object } of await databasePieces(session, signal)) {
    const [, catalog, oid] = /^(pg_\w+):(\d+)$/.exec(id) ?? [];
    if (catalog === undefined || catalog === 'pg_default_acl' || LEFT_OUT.has(object.kind)) continue;
    if (IN_CIRCLES.has(object.name)) continue;
    things.push({
      catalog,
      ref: { kind: object.kind, oid: Number(oid), schema: object.schema, name: object.name, sub: 0 },
    });
  }
  const constraints = await session.query<{ oid: number; name: string }>(
    `SELECT oid, conname AS name FROM pg_catalog.pg_constraint
      WHERE contype IN ('c', 'n') AND coninhcount = 0 AND oid >= 16384 ORDER BY conname, oid`,
  );
  for (const { oid, name } of constraints) {
    things.push({ catalog: 'pg_constraint', ref: { kind: 'constraint', oid, schema: '', name, sub: 0 } });
  }
  return things;
}

interface Address {
  readonly type: string;
  readonly identity: string;
  readonly names: string[];
  readonly args: string[];
}

/** DROP of an object as the server identifies it. */
function dropOf({ type, identity, names, args }: Address): string {
  const [name, on] = [names.at(-1) ?? '', names.slice(0, -1).map(quoteIdent).join('.')];
  switch (type) {
    case 'table constraint':
      return `ALTER TABLE ${on} DROP CONSTRAINT ${quoteIdent(name)} CASCADE`;
    case 'domain constraint':
      return `ALTER DOMAIN ${identity.slice(identity.lastIndexOf(' on ') + 4)} DROP CONSTRAINT ${identity.slice(0, identity.lastIndexOf(' on '))} CASCADE`;
    case 'foreign-data wrapper':
      return `DROP FOREIGN DATA WRAPPER ${identity} CASCADE`;
    case 'operator family':
    case 'operator class':
      return `DROP ${type} ${names.slice(1).map(quoteIdent).join('.')} USING ${quoteIdent(names[0] ?? '')} CASCADE`;
    case 'aggregate':
      return `DROP AGGREGATE ${identity.replace('()', '(*)')} CASCADE`;
    case 'statistics object':
      return `DROP STATISTICS ${identity} CASCADE`;
    case 'transform':
      return `DROP TRANSFORM FOR ${names[0]} LANGUAGE ${quoteIdent(args[0] ?? '')} CASCADE`;
    case 'user mapping':
      return `DROP USER MAPPING FOR ${names[0] === 'public' ? 'PUBLIC' : quoteIdent(names[0] ?? '')} SERVER ${quoteIdent(args[0] ?? '')}`;
    default:
      return `DROP ${type} ${identity} CASCADE`;
  }
}

it('everything that was dropped and made by its own DDL has the same DDL again', async () => {
  const things = await everything();
  expect(things.length).toBeGreaterThan(300);
  const kinds = new Set<string>();
  const wrong: string[] = [];
  for (const { ref, catalog } of things) {
    const sql = await objectDdl(session, ref, signal);
    const told = `${ref.kind} ${ref.schema}.${ref.name}\n${sql}`;
    await session.query('BEGIN');
    try {
      const [address] = await session.query<Address>(
        `SELECT i.type, i.identity, a.object_names AS names, a.object_args AS args
           FROM pg_catalog.pg_identify_object($1::text::regclass, $2, 0) i, pg_catalog.pg_identify_object_as_address($1::text::regclass, $2, 0) a`,
        [`pg_catalog.${catalog}`, ref.oid],
      );
      if (!address) throw new Error('the server does not know it');
      // The server can't find operators of one operand by the address that it gives.
      if (address.type === 'operator' && ref.name.includes('(NONE,')) continue;
      // What belongs to another object, e.g. an index to that of a partitioned table, can't be dropped by itself: its DDL was read.
      const isPart = await session.query(dropOf(address)).then(
        () => false,
        (error: unknown) =>
          /requires it|inherited constraint|in a primary key|identity column|replica identity/.test(String(error)) ||
          Promise.reject(error),
      );
      if (isPart) continue;
      await session.client.query(sql);
      const [made] = await session.query<{ oid: number }>(
        'SELECT objid AS oid FROM pg_catalog.pg_get_object_address($1, $2, $3)',
        [address.type, address.names, address.args],
      );
      const again = await objectDdl(session, { ...ref, oid: made?.oid ?? 0 }, signal);
      if (again !== sql) wrong.push(`${told}\n became\n${again}`);
      kinds.add(ref.kind);
    } catch (error) {
      wrong.push(`${told}\n${String(error)}`);
    } finally {
      await session.query('ROLLBACK');
    }
  }
  expect(wrong).toEqual([]);
  expect(kinds.size).toBeGreaterThan(30);
});

it('a column that was dropped and added by its DDL has the same DDL again', async () => {
  const columns = await session.query<{ oid: number; sub: number; name: string; table: string }>(
    `SELECT c.oid, a.attnum::int4 AS sub, a.attname AS name, c.oid::regclass::text AS "table"
       FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE a.attnum > 0 AND NOT a.attisdropped AND a.attinhcount = 0 AND c.relkind IN ('r', 'f') AND c.reloftype = 0 AND NOT c.relispartition AND NOT c.relhassubclass
        AND n.nspname !~ '^(pg_|information_schema$)' ORDER BY c.relname, a.attnum`,
  );
  expect(columns.length).toBeGreaterThan(60);
  const wrong: string[] = [];
  for (const { oid, sub, name, table } of columns) {
    const ref: ObjectRef = { kind: 'column', oid, sub, schema: '', name };
    const sql = await objectDdl(session, ref, signal);
    await session.query('BEGIN');
    try {
      await session.query(`ALTER TABLE ${table} DROP COLUMN ${quoteIdent(name)} CASCADE`);
      await session.client.query(sql);
      const [made] = await session.query<{ sub: number }>(
        'SELECT attnum::int4 AS sub FROM pg_catalog.pg_attribute WHERE attrelid = $1 AND attname = $2',
        [oid, name],
      );
      const again = await objectDdl(session, { ...ref, sub: made?.sub ?? 0 }, signal);
      if (again !== sql) wrong.push(`${table}\n${sql}\n became\n${again}`);
    } catch (error) {
      wrong.push(`${table}\n${sql}\n${String(error)}`);
    } finally {
      await session.query('ROLLBACK');
    }
  }
  expect(wrong).toEqual([]);
});

/** DDL of a thing of the whole server by its name. */
async function ofServer(kind: 'database' | 'role' | 'tablespace', name: string): Promise<string> {
  const [catalog, column] = {
    database: ['pg_database', 'datname'],
    role: ['pg_authid', 'rolname'],
    tablespace: ['pg_tablespace', 'spcname'],
  }[kind];
  const [row] = await session.query<{ oid: number }>(`SELECT oid FROM pg_catalog.${catalog} WHERE ${column} = $1`, [
    name,
  ]);
  return objectDdl(session, { kind, oid: row?.oid ?? 0, schema: '', name, sub: 0 }, signal);
}

/** Runs statements one by one, as those must that run outside of a transaction. */
async function runApart(sql: string): Promise<void> {
  for (const { first, end } of splitSql(sql).statements) await session.client.query(sql.slice(first, end));
}

it('a database, a role and a tablespace come back with all that is said of them', async () => {
  await runApart(
    `SET allow_in_place_tablespaces = on;
     CREATE TABLESPACE "Space ""s""" OWNER keeper LOCATION ''; COMMENT ON TABLESPACE "Space ""s""" IS 'it''s';
     ALTER TABLESPACE "Space ""s""" SET (random_page_cost = 1.5); GRANT CREATE ON TABLESPACE "Space ""s""" TO "Zoo Owner" WITH GRANT OPTION;
     CREATE ROLE "R ""r""" LOGIN NOINHERIT CREATEROLE REPLICATION BYPASSRLS CONNECTION LIMIT 7 PASSWORD 'x' VALID UNTIL 'infinity';
     COMMENT ON ROLE "R ""r""" IS 'role'; ALTER ROLE "R ""r""" SET search_path = "$user", 'a "b'; ALTER ROLE "R ""r""" SET work_mem = '9MB';
     ALTER ROLE "R ""r""" IN DATABASE zoo SET "a.b" = 'c, d'; GRANT pg_monitor TO "R ""r""" WITH ADMIN OPTION, INHERIT FALSE;
     GRANT "R ""r""" TO keeper WITH ADMIN OPTION; GRANT "R ""r""" TO "Zoo Owner" WITH SET FALSE GRANTED BY keeper;
     CREATE DATABASE "D ""d""" OWNER keeper TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER icu ICU_LOCALE 'de' ICU_RULES '&V << w <<< W'
       CONNECTION LIMIT 3 ALLOW_CONNECTIONS false IS_TEMPLATE true TABLESPACE "Space ""s""";
     COMMENT ON DATABASE "D ""d""" IS 'database'; REVOKE ALL ON DATABASE "D ""d""" FROM PUBLIC; GRANT CONNECT ON DATABASE "D ""d""" TO "Zoo Owner";
     ALTER DATABASE "D ""d""" SET search_path = '', b; ALTER ROLE keeper IN DATABASE "D ""d""" SET timezone = 'UTC';
     CREATE DATABASE built TEMPLATE template0 LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' ENCODING 'UTF8' LC_COLLATE 'C'`,
  );
  const read = async (): Promise<string[]> => [
    await ofServer('tablespace', 'Space "s"'),
    await ofServer('role', 'R "r"'),
    await ofServer('database', 'D "d"'),
    await ofServer('database', 'built'),
  ];
  const before = await read();
  await runApart(
    `ALTER DATABASE "D ""d""" IS_TEMPLATE false; DROP DATABASE "D ""d"""; DROP DATABASE built; DROP TABLESPACE "Space ""s"""; DROP ROLE "R ""r"""`,
  );
  for (const sql of before) await runApart(sql);
  expect(await read()).toEqual(before);
  expect(before[1]).toContain("PASSWORD 'SCRAM-SHA-256$");
  expect(before[1]).toContain('GRANTED BY keeper');
});

it('tells nobody what they may not read: a password, and what a subscription connects with', async () => {
  const rows = await session.query<{ kind: 'role' | 'subscription'; oid: number; name: string }>(
    `SELECT 'role' AS kind, oid, rolname AS name FROM pg_authid WHERE rolname = 'Rare "role"'
     UNION ALL SELECT 'subscription', oid, subname FROM pg_subscription WHERE subname = 'Sub "s"'`,
  );
  expect(rows).toHaveLength(2);
  const read = async (): Promise<string> => {
    const texts: string[] = [];
    for (const row of rows) texts.push(await objectDdl(session, { ...row, schema: '', sub: 0 }, signal));
    return texts.join('\n');
  };
  expect(await read()).toMatch(/SCRAM-SHA-256\$[^]*password=''x y''/);
  await session.query('SET SESSION AUTHORIZATION "visitor ""x"""');
  try {
    const masked = await read();
    expect(masked).not.toMatch(/SCRAM|x y/);
    expect(masked).toContain("CONNECTION ''");
    expect(masked.match(/hidden from this user/g)).toHaveLength(2);
  } finally {
    await session.query('RESET SESSION AUTHORIZATION');
  }
});

it('says that an object is gone, and that a replica has no statements', async () => {
  const ref = { oid: 1, schema: '', name: 'x', sub: 0 };
  await expect(objectDdl(session, { ...ref, kind: 'table' }, signal)).rejects.toMatchObject({
    info: { code: 'not-found' },
  });
  await expect(objectDdl(session, { ...ref, kind: 'cast' }, signal)).rejects.toMatchObject({
    info: { code: 'not-found' },
  });
  await expect(objectDdl(session, { ...ref, kind: 'replica' }, signal)).rejects.toMatchObject({
    info: { code: 'unsupported' },
  });
});

it('objects of the server itself have their DDL too', async () => {
  const wrong: string[] = [];
  let read = 0;
  for (const kind of OBJECT_KINDS) {
    if (kind === 'replica') continue;
    const rows = await session.query<{ oid: number; sub: number; schema: string; name: string }>(
      `SELECT f.oid, f.sub, f.schema, f.name FROM (${sqlFor(FIND_LISTS[kind], session.serverVersionNum)}) f
        WHERE f.oid < 16384 ORDER BY random() LIMIT 12`,
    );
    for (const row of rows) {
      const sql = await objectDdl(session, { kind, ...row }, signal).catch((error: unknown) => {
        wrong.push(`${kind} ${row.schema}.${row.name} ${row.oid}: ${String(error)}`);
        return '';
      });
      // Columns of views come with their view: that is said, and nothing else.
      if (kind !== 'column' && splitSql(sql).statements.length === 0)
        wrong.push(`${kind} ${row.schema}.${row.name}: nothing`);
      read += 1;
    }
  }
  expect(wrong).toEqual([]);
  expect(read).toBeGreaterThan(150);
});
