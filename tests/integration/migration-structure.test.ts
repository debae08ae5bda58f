import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSession } from '../../electron/adapters/postgres/session';
import { statementsOf } from '../../electron/control-plane/migration/structure/sql-tokens';
import { SNAPSHOT, zooSql } from '../support/catalog-zoo';
import { NASTY } from '../support/nasty-names';
import { startServer, type TestServer } from '../support/postgres';
import { moveStructure, schemaOf, wholePlan } from '../support/structure';

const ROLES = 'CREATE ROLE "Zoo Owner"; CREATE ROLE keeper; CREATE ROLE "visitor ""x""";';

/** What the catalogs say, for the same server version. */
async function catalogs(server: TestServer, database: string): Promise<string[]> {
  const session = await openSession(server.profile(database));
  try {
    await session.query("SET search_path = ''");
    // From 18 on, a key that is made of an index makes NOT NULL of a partition its own as well.
    return (await session.query<{ line: string }>(SNAPSHOT)).map(({ line }) =>
      line.replace(/( n\|NOT NULL .*\|[tf])\|[tf](\|\d+\|)/, '$1$2'),
    );
  } finally {
    await session.end();
  }
}

/** The same database as pg_dump's own script makes it on the target, statement by statement. */
async function truth(from: TestServer, to: TestServer): Promise<void> {
  await to.createDatabase('truth');
  const session = await openSession(to.profile('truth'));
  try {
    for (const statement of statementsOf(await schemaOf(from, 'zoo'))) {
      if (/^SET (?:transaction_timeout|idle_session_timeout)/.test(statement)) continue;
      await session.query(to.major < 18 ? statement.replace(/^\s*NOT NULL stored,$/m, '') : statement);
    }
    if (to.major < 18) await session.query('ALTER TABLE ONLY 动物园.child ALTER COLUMN stored SET NOT NULL');
  } finally {
    await session.end();
  }
}

const servers = new Map<number, TestServer>();
const server = (major: number): TestServer => {
  const found = servers.get(major);
  if (!found) throw new Error(`no server ${major}`);
  return found;
};

beforeAll(async () => {
  for (const started of await Promise.all([10, 12, 15, 16, 17, 18].map((major) => startServer({ major }))))
    servers.set(started.major, started);
  for (const [major, each] of servers) {
    if (major === 12 || major === 16) {
      await each.sql(ROLES);
      continue;
    }
    await each.createDatabase('zoo');
    await each.sql(zooSql(major), 'zoo');
    await each.sql(NASTY, 'zoo');
  }
}, 60_000);
afterAll(async () => {
  await Promise.all([...servers.values()].map((each) => each.stop()));
});

describe('a zoo of nasty objects', () => {
  it.each([
    [17, 17],
    [18, 18],
    [10, 18],
    [15, 16],
  ])('arrives whole from %i to %i', async (source, major) => {
    const [from, to] = [server(source), server(major)];
    const target = `zoo_of_${source}`;
    await to.createDatabase(target);
    const moved = await moveStructure({ from, to, database: 'zoo', target });
    expect(moved.failed).toEqual([]);
    expect(moved.skipped).toEqual([]);
    expect(moved.adapted.refused).toEqual([]);
    if (source === major) expect(await schemaOf(to, target)).toBe(await schemaOf(from, 'zoo'));
    await truth(from, to);
    expect(await schemaOf(to, target)).toBe(await schemaOf(to, 'truth'));
    expect(await catalogs(to, target)).toEqual(await catalogs(to, 'truth'));
    await to.sql('DROP DATABASE truth');
  });

  it('goes to an older server but for what that cannot have, which is refused with its reason', async () => {
    const to = server(12);
    await to.createDatabase('zoo');
    const { adapted, failed } = await moveStructure({ from: server(18), to, database: 'zoo' });
    expect(adapted.refused.map(({ entry, reason }) => `${entry.kind} ${entry.name}: ${reason}`)).toMatchInlineSnapshot(`
      [
        "VIEW invoker: Views that read with the rights of who asks (security_invoker) exist from PostgreSQL 15 on.",
        "COMMENT CONSTRAINT "a must" ON late: NOT NULL has names and comments from PostgreSQL 18 on.",
        "CONSTRAINT late b later: NOT NULL that existing rows need not meet exists from PostgreSQL 18 on.",
        "CHECK CONSTRAINT refers lax: Constraints that are NOT ENFORCED exist from PostgreSQL 18 on.",
        "CONSTRAINT nulls nulls_a_key: NULLS NOT DISTINCT exists from PostgreSQL 15 on.",
        "CONSTRAINT temporal temporal_pkey: Keys WITHOUT OVERLAPS exist from PostgreSQL 18 on.",
        "STATISTICS expr: Statistics on expressions exist from PostgreSQL 14 on.",
        "FK CONSTRAINT refers refers_a_b_fkey: ON DELETE SET NULL of some of the columns exists from PostgreSQL 15 on.",
      ]
    `);
    expect(adapted.notes).toMatchInlineSnapshot(`
      [
        "Range types have no multirange before PostgreSQL 14.",
        "Columns are compressed by the default method, as before PostgreSQL 14.",
        "Bodies of SQL functions are text, as before PostgreSQL 14.",
        "NOT NULL is written without names and NO INHERIT, which are known from PostgreSQL 18 on.",
        "Virtual generated columns are stored, as before PostgreSQL 18.",
        "Sequences are logged, as before PostgreSQL 15.",
        "Statistics targets of extended statistics exist from PostgreSQL 13 on.",
        "The privilege MAINTAIN is left out: it exists from PostgreSQL 17 on.",
      ]
    `);
    // A type that the target lacks is left to its own words.
    expect(failed.map(({ kind, name, reason }) => `${kind} ${name}: ${reason}`)).toMatchInlineSnapshot(`
      [
        "TABLE uses_multi: type "动物园.Multi Range" does not exist",
      ]
    `);
    const [body] = await to.sql('SELECT 动物园.sql_body(4) AS five, 动物园.twice(2) AS four', 'zoo');
    expect(body).toEqual({ five: 5, four: 4 });
    await to.sql('INSERT INTO 动物园.late (a, d) VALUES (2, 1)', 'zoo');
    expect(await to.sql('SELECT c FROM 动物园.late', 'zoo')).toEqual([{ c: 4 }]);
  });

  it('goes in part: what is chosen with all of its parts and what it needs', async () => {
    const [from, to] = [server(17), server(16)];
    await to.createDatabase('part');
    const whole = await wholePlan(from, 'zoo');
    const chosen = ['Table "1"', 'refers', 'of_type', 'part_leaf', 'no_columns'];
    const tables = whole.tables.filter(({ name }) => chosen.includes(name));
    const moved = await moveStructure({
      from,
      to,
      database: 'zoo',
      target: 'part',
      plan: {
        ...whole,
        whole: false,
        schemas: whole.schemas.filter(({ name }) => name === '动物园').map((schema) => ({ ...schema, whole: false })),
        tables,
        views: [],
        materializedViews: [],
        foreignTables: [],
        sequences: [],
      },
    });
    expect(moved.failed).toEqual([]);
    expect(moved.entries.filter(({ section }) => section === 'pre').map(({ kind, name }) => `${kind} ${name}`))
      .toMatchInlineSnapshot(`
      [
        "SCHEMA Zoo's "Schema"",
        "COMMENT SCHEMA "Zoo's ""Schema"""",
        "SCHEMA 动物园",
        "TYPE Mood",
        "COMMENT TYPE "Mood"",
        "TYPE Pair",
        "COMMENT COLUMN "Pair"."First"",
        "DOMAIN Percent",
        "COMMENT CONSTRAINT "at most" ON DOMAIN "Percent"",
        "TABLE refers",
        "FUNCTION describe("动物园".refers)",
        "FUNCTION touch()",
        "FUNCTION twice(integer)",
        "TABLE part_leaf",
        "TABLE Table "1"",
        "COMMENT TABLE "Table ""1"""",
        "COMMENT COLUMN "Table ""1"""."col with space"",
        "COMMENT CONSTRAINT "named check" ON "Table ""1"""",
        "SEQUENCE Table "1"_id_seq",
        "SEQUENCE OWNED BY Table "1"_id_seq",
        "SEQUENCE Table "1"_ident2_seq",
        "SEQUENCE Table "1"_ident_seq",
        "TABLE no_columns",
        "TABLE of_type",
        "DEFAULT Table "1" id",
      ]
    `);
    expect(moved.entries.filter(({ section }) => section === 'post').map(({ kind, name }) => `${kind} ${name}`))
      .toMatchInlineSnapshot(`
      [
        "CONSTRAINT Table "1" Table "1"_box_excl",
        "CONSTRAINT Table "1" Table "1"_pkey",
        "CHECK CONSTRAINT Percent late",
        "CHECK CONSTRAINT Table "1" not yet",
        "CONSTRAINT of_type of_type_pkey",
        "CONSTRAINT Table "1" uniq "q"",
        "CHECK CONSTRAINT refers whole_row",
        "INDEX Idx "i"",
        "COMMENT INDEX "Idx ""i"""",
        "INDEX clustered",
        "INDEX replica",
        "STATISTICS Stat",
        "RULE Table "1" Rule "r"",
        "COMMENT RULE "Rule ""r""" ON "Table ""1"""",
        "TRIGGER Table "1" Trig "t"",
        "TRIGGER Table "1" alw",
        "TRIGGER Table "1" ct",
        "TRIGGER Table "1" off",
        "COMMENT TRIGGER off ON "Table ""1"""",
        "TRIGGER Table "1" rep",
        "FK CONSTRAINT refers late",
        "FK CONSTRAINT refers refers_a_fkey",
        "POLICY Table "1" Pol "p"",
        "ROW SECURITY Table "1"",
        "POLICY Table "1" anyone",
        "COMMENT POLICY anyone ON "Table ""1"""",
        "ACL SCHEMA "Zoo's ""Schema"""",
        "ACL SCHEMA "动物园"",
        "ACL TYPE "Mood"",
        "ACL TABLE refers",
        "ACL TABLE "Table ""1"""",
        "ACL COLUMN "Table ""1"""."Upper"",
        "ACL COLUMN "Table ""1""".n",
        "ACL SEQUENCE "Table ""1""_ident2_seq"",
      ]
    `);
  });

  it('goes in part by schema: everything in it, and what it needs of others', async () => {
    const [from, to] = [server(17), server(16)];
    await to.createDatabase('schema');
    const whole = await wholePlan(from, 'zoo');
    const within = <T extends { schema: string }>(list: readonly T[]) =>
      list.filter(({ schema }) => schema === 'select');
    const moved = await moveStructure({
      from,
      to,
      database: 'zoo',
      target: 'schema',
      plan: {
        ...whole,
        whole: false,
        schemas: whole.schemas.filter(({ name }) => name === 'select'),
        tables: within(whole.tables),
        views: within(whole.views),
        materializedViews: [],
        foreignTables: [],
        sequences: [],
      },
    });
    expect(moved.failed).toEqual([]);
    const only = ['--schema="select"'];
    await expect(schemaOf(to, 'schema', only)).resolves.toBe(await schemaOf(from, 'zoo', only));
    expect(
      await to.sql(
        "SELECT nspname FROM pg_namespace WHERE nspname !~ '^(pg_|information_schema)' ORDER BY 1",
        'schema',
      ),
    ).toEqual([{ nspname: 'public' }, { nspname: 'select' }]);
  });

  it('takes other names of schemas and tables everywhere', async () => {
    const [from, to] = [server(17), server(17)];
    await to.createDatabase('renamed');
    const whole = await wholePlan(from, 'zoo');
    const schemas: Readonly<Record<string, string>> = { 动物园: 'Zoo 2', select: 'table' };
    const moved = await moveStructure({
      from,
      to,
      database: 'zoo',
      target: 'renamed',
      plan: {
        ...whole,
        schemas: whole.schemas.map((schema) => ({ ...schema, targetName: schemas[schema.name] ?? schema.name })),
        tables: whole.tables.map((table) => ({
          ...table,
          targetSchema: schemas[table.schema] ?? table.schema,
          targetName: table.name === 'refers' || table.name === 'Table "1"' ? `new ${table.name}` : table.name,
        })),
      },
    });
    expect(moved.failed).toEqual([]);
    expect(moved.skipped).toEqual([]);
    const made = await schemaOf(to, 'renamed');
    // The text of a body is left alone, and told.
    expect(made.match(/.*动物园.*/g)).toEqual(['    AS $$SELECT NULL::动物园."Mood"$$;']);
    expect(moved.adapted.notes).toContainEqual(expect.stringMatching(/^The body of 动物园\./));
    expect(made.match(/.*"select"\..*/g)).toBeNull();
    // Under the old names it is the same.
    await to.sql(
      `ALTER SCHEMA "Zoo 2" RENAME TO 动物园; ALTER SCHEMA "table" RENAME TO "select";
       ALTER TABLE 动物园."new refers" RENAME TO refers; ALTER TABLE 动物园."new Table ""1""" RENAME TO "Table ""1"""`,
      'renamed',
    );
    const withoutAliases = (await schemaOf(to, 'renamed'))
      .replaceAll('"Table ""1""" "Table ""1"""', '"Table ""1"""')
      .replaceAll(/\.refers(?: AS)? refers\b/g, '.refers');
    expect(withoutAliases).toBe(await schemaOf(from, 'zoo'));
  });
});
