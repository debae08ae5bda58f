import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSession, type PgSession } from '../../electron/adapters/postgres/session';
import { readChildren, readFolders, readProperties } from '../../electron/features/catalog/catalog-reader';
import { KINDS } from '../../electron/features/catalog/kinds/all-kinds';
import { readNode } from '../../electron/features/catalog/node-reader';
import { prepareCatalogSession } from '../../electron/adapters/postgres/catalog-sessions';
import { readListing } from '../../electron/features/catalog/listing';
import { readStatistics } from '../../electron/features/catalog/statistics';
import { STATISTICS } from '../../electron/features/catalog/statistics/all-statistics';
import { errorInfo } from '../../shared/errors';
import { OBJECT_KINDS, type FolderKind, type ObjectProperties, type ObjectRef } from '../../shared/model/catalog';
import { foldersOf } from '../../shared/model/catalog-rules';
import { zooSql } from '../support/catalog-zoo';
import { startServer, type TestServer } from '../support/postgres';

/** Kinds that the zoo has none of; 'secret' and 'hidden' must not be shown. */
const rareSql = (major: number): string => `
CREATE ROLE plain LOGIN;
GRANT keeper TO plain WITH ADMIN OPTION;
ALTER ROLE keeper VALID UNTIL 'infinity';
ALTER ROLE keeper IN DATABASE zoo SET work_mem = '8MB';
ALTER DATABASE zoo SET search_path = 'a', 'b';
CREATE ACCESS METHOD zoo_index TYPE INDEX HANDLER bthandler;
CREATE TRUSTED LANGUAGE zoo_language HANDLER plpgsql_call_handler INLINE plpgsql_inline_handler VALIDATOR plpgsql_validator;
CREATE TRANSFORM FOR int LANGUAGE sql (FROM SQL WITH FUNCTION prsd_lextype(internal), TO SQL WITH FUNCTION int4recv(internal));
CREATE OPERATOR FAMILY 动物园."Fam" USING btree;
CREATE OPERATOR CLASS 动物园."Class" FOR TYPE bigint USING btree FAMILY 动物园."Fam" AS OPERATOR 1 <(bigint,bigint), OPERATOR 2 <=(bigint,bigint),
  OPERATOR 3 =(bigint,bigint), OPERATOR 4 >=(bigint,bigint), OPERATOR 5 >(bigint,bigint), FUNCTION 1 btint8cmp(bigint,bigint);
CREATE CONVERSION 动物园."Conv" FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;
CREATE TEXT SEARCH TEMPLATE 动物园."Template" (lexize = dsimple_lexize);
CREATE TEXT SEARCH DICTIONARY 动物园."Dict" (template = simple, stopwords = english);
CREATE TEXT SEARCH PARSER 动物园."Parser" (start = prsd_start, gettoken = prsd_nexttoken, end = prsd_end, lextypes = prsd_lextype);
CREATE TEXT SEARCH CONFIGURATION 动物园."Config" (parser = 动物园."Parser");
ALTER TEXT SEARCH CONFIGURATION 动物园."Config" ADD MAPPING FOR asciiword WITH 动物园."Dict", simple;
CREATE USER MAPPING FOR keeper SERVER "Far ""away""" OPTIONS (user 'u', password 'secret');
CREATE SUBSCRIPTION "Sub ""s""" CONNECTION 'host=127.0.0.1 password=''hid\\''den'' dbname=x' PUBLICATION "P 1", p2 WITH (connect = false, slot_name = NONE);
CREATE SUBSCRIPTION uri CONNECTION 'postgresql://u:hid@h/x?password=hidden' PUBLICATION p2 WITH (connect = false, slot_name = NONE);
${
  major < 15
    ? ''
    : `CREATE TABLE 动物园.published (a integer PRIMARY KEY, b text);
       CREATE PUBLICATION partly FOR TABLE 动物园.published (a) WHERE (a > 1);
       CREATE PUBLICATION schemas FOR TABLES IN SCHEMA "Zoo's ""Schema"""`
}`;

const never = new AbortController().signal;

/** A session that the catalog would use, of the account. */
async function open(server: TestServer, user: string, database = 'zoo'): Promise<PgSession> {
  const session = await openSession({ ...server.profile(database), user });
  await prepareCatalogSession(session);
  return session;
}

interface Walked {
  readonly properties: Map<string, ObjectProperties>;
  readonly kinds: Set<string>;
}

/** Reads every folder under an object, as a list and as a grid, and the properties and statistics of what is in it; of big folders every `step`th thing. */
async function walk(session: PgSession, parent: ObjectRef | null, into: Walked, step = 1): Promise<void> {
  const shown = new Map((await readFolders(session, parent, false, never)).map(({ folder, count }) => [folder, count]));
  for (const folder of foldersOf(parent?.kind ?? 'server')) {
    const nodes = await readChildren(session, folder, parent, false, never);
    expect([folder, parent?.name, nodes.length]).toEqual([folder, parent?.name, shown.get(folder) ?? 0]);
    const listing = await readListing(session, folder, parent, false, never);
    expect(listing.rows.map(({ ref, mark }) => [ref, mark])).toEqual(nodes.map(({ ref, mark }) => [ref, mark]));
    for (const { cells } of listing.rows) expect(cells).toHaveLength(listing.columns.length);
    for (const node of nodes.filter((_, at) => at % step === 0)) {
      const { ref } = node;
      const again = await readNode(session, ref, never);
      expect(again.node).toEqual(node);
      const { scope } = KINDS[folder];
      const inWhole = scope === 'server' || scope === 'database';
      if (folder !== 'statistics-objects') expect(again.parent).toEqual(inWhole ? null : parent);
      const found = await readProperties(session, ref, never);
      expect(found.items[0]).toEqual({ key: 'name', value: ref.name, kind: 'text' });
      await readStatistics(session, ref, never).catch((error: unknown) => {
        if (errorInfo(error).code !== 'unsupported' || STATISTICS[ref.kind]) throw error;
      });
      into.kinds.add(ref.kind);
      const key = `${ref.kind} ${ref.schema}.${ref.name}`;
      if (!into.properties.has(key)) into.properties.set(key, found);
      const system = ref.kind === 'schema' && folder === 'catalogs';
      if (ref.kind === 'database' ? ref.name === 'zoo' : !system) await walk(session, ref, into, step);
    }
  }
}

const item = (properties: ObjectProperties | undefined, key: string): string | undefined =>
  properties?.items.find((each) => each.key === key)?.value;
const grid = (properties: ObjectProperties | undefined, key: string): readonly (readonly string[])[] | undefined =>
  properties?.grids.find((each) => each.key === key)?.rows;

describe.each([10, 13, 16, 18])('kinds of a server of version %i', (major) => {
  let server: TestServer;
  let receiver: Client;
  const read: Record<'postgres' | 'plain', Walked> = {
    postgres: { properties: new Map(), kinds: new Set() },
    plain: { properties: new Map(), kinds: new Set() },
  };
  beforeAll(async () => {
    server = await startServer({ major, settings: ['max_wal_senders = 3'] });
    await server.createDatabase('zoo');
    await server.sql(zooSql(major), 'zoo');
    await server.sql(rareSql(major), 'zoo');
    // Another database has a subscription of that name; it is none of ours.
    await server.createDatabase('other');
    await server.sql(
      `CREATE SUBSCRIPTION "Sub ""s""" CONNECTION 'dbname=y' PUBLICATION q WITH (connect = false, slot_name = NONE)`,
      'other',
    );
    receiver = new Client({ connectionString: `${server.uri('zoo')}?replication=database&application_name=recv` });
    await receiver.connect();
  });
  afterAll(async () => {
    await receiver?.end();
    await server?.stop();
  });

  it.each(['postgres', 'plain'] as const)(
    '%s reads every folder, its grid, and everything of every object',
    async (user) => {
      const session = await open(server, user);
      await walk(session, null, read[user]);
      const missing = OBJECT_KINDS.filter((kind) => !read[user].kinds.has(kind));
      expect(missing).toEqual(major === 10 ? ['procedure', 'extension'] : ['extension']);
      await session.end();
    },
  );

  it('the things of the server itself tell their properties too', async () => {
    const session = await open(server, 'plain');
    const catalogs = await readChildren(session, 'catalogs', null, false, never);
    expect(catalogs.map(({ ref, mark }) => [ref.name, mark])).toEqual([
      ['information_schema', 'system'],
      ['pg_catalog', 'system'],
    ]);
    const seen: Walked = { properties: new Map(), kinds: new Set() };
    for (const { ref } of catalogs) await walk(session, ref, seen, 50);
    expect(seen.properties.size).toBeGreaterThan(100);
    for (const folder of [
      'extensions',
      'casts',
      'access-methods',
      'languages',
      'roles',
      'databases',
      'tablespaces',
    ] as const) {
      const nodes = await readChildren(session, folder, null, true, never);
      expect(nodes.length).toBeGreaterThan((await readChildren(session, folder, null, false, never)).length);
      for (const { ref } of nodes.slice(0, 10)) await readProperties(session, ref, never);
    }
    await session.end();
  });

  it('facts and grids say what was made', () => {
    const { properties } = read.postgres;
    const of = (kind: string, name: string): ObjectProperties | undefined => properties.get(`${kind} ${name}`);
    expect(grid(of('database', '.zoo'), 'parameters')).toEqual([
      ['', 'search_path', 'a, b'],
      ['keeper', 'work_mem', '8MB'],
    ]);
    expect(grid(of('database', '.zoo'), 'defaultPrivileges')).toEqual([
      ['postgres', 'FUNCTIONS', 'postgres', 'EXECUTE'],
    ]);
    expect(grid(of('role', '.keeper'), 'members')).toEqual([
      ['plain', 'true', ...(major < 16 ? ['', ''] : ['true', 'true']), 'postgres'],
      ['postgres', 'false', ...(major < 16 ? ['', ''] : ['true', 'true']), 'postgres'],
    ]);
    expect(grid(of('schema', '.动物园'), 'privileges')).toContainEqual([
      'keeper',
      'CREATE WITH GRANT OPTION, USAGE WITH GRANT OPTION',
      'postgres',
    ]);
    expect(grid(of('text-search-configuration', '动物园.Config'), 'tokens')).toEqual([
      ['asciiword', 'Word, all ASCII', '"动物园"."Dict", simple'],
    ]);
    expect(grid(of('operator-class', '动物园.Class'), 'operators')).toHaveLength(5);
    expect(grid(of('operator-class', '动物园.Class'), 'functions')).toEqual([['1', 'btint8cmp(bigint,bigint)']]);
    expect(item(of('cast', '.integer → "动物园"."Mood"'), 'context')).toBe('ASSIGNMENT');
    expect(item(of('rule', '动物园.Rule "r"'), 'enabled')).toBe('DISABLE');
    expect(item(of('policy', '动物园.Pol "p"'), 'roles')).toBe('Zoo Owner, keeper');
    expect(item(of('event-trigger', '.Event "e"'), 'tags')).toBe('CREATE TABLE, DROP TABLE');
    expect(item(of('aggregate', '动物园.Sum It'), 'movingInverseFunction')).toBe('int4_avg_accum_inv');
    expect(item(of('statistics-object', '动物园.Stat'), 'columns')).toBe('doubled, n');
    expect(item(of('replica', '.recv'), 'user')).toBe('postgres');
    expect(item(of('column', '动物园.ident'), 'sequence')).toMatch(/^START 5 INCREMENT 5 /);
    expect(grid(of('index', '动物园.Idx "i"'), 'columns')?.[0]).toEqual([
      '1',
      'lower("Upper")',
      'text_pattern_ops',
      'C',
      'DESC',
      'LAST',
      major < 11 ? '' : '500',
    ]);
    expect(grid(of('function', '动物园.Weird "Name"'), 'arguments')?.slice(0, 2)).toEqual([
      ['1', 'a', 'IN', 'text', "'x''y'::text"],
      ['2', 'rest', 'VARIADIC', 'integer[]', "'{}'::integer[]"],
    ]);
    if (major >= 16) {
      expect(grid(of('publication', '.partly'), 'tables')).toEqual([['"动物园".published', 'a', '(a > 1)']]);
      expect(grid(of('publication', '.schemas'), 'schemas')).toEqual([['Zoo\'s "Schema"']]);
    }
  });

  it('passwords are never told, and a connection only to those who may read it', () => {
    const mapping = read.postgres.properties.get('user-mapping .keeper');
    expect(grid(mapping, 'options')).toEqual([
      ['user', 'u'],
      ['password', '********'],
    ]);
    const subscription = read.postgres.properties.get('subscription .Sub "s"');
    expect(item(subscription, 'connection')).toBe('host=127.0.0.1 password=******** dbname=x');
    expect(item(read.postgres.properties.get('subscription .uri'), 'connection')).toBe(
      'postgresql://u:********@h/x?password=********',
    );
    expect(item(subscription, 'publications')).toBe('P 1, p2');
    const plain = read.plain.properties.get('subscription .Sub "s"');
    expect(item(plain, 'oid')).toBe(item(subscription, 'oid'));
    expect(item(plain, 'connection')).toBeUndefined();
    expect(JSON.stringify([...read.plain.properties, ...read.postgres.properties])).not.toMatch(/secret|hid.*den/);
  });

  it('folders of rare kinds are there only when something is in them', async () => {
    await server.createDatabase('calm');
    const session = await open(server, 'postgres', 'calm');
    const shown = async (parent: ObjectRef): Promise<FolderKind[]> =>
      (await readFolders(session, parent, false, never)).map(({ folder }) => folder);
    const database: ObjectRef = { kind: 'database', oid: 1, schema: '', name: 'calm', sub: 0 };
    expect(await shown(database)).toEqual(['schemas', 'catalogs', 'extensions']);
    await server.sql('CREATE PUBLICATION p; CREATE DOMAIN public.d AS integer CHECK (VALUE > 0)', 'calm');
    expect(await shown(database)).toContain('publications');
    const schema = (await readChildren(session, 'schemas', database, false, never))[0]?.ref;
    expect(schema && (await shown(schema))).toEqual([
      'tables',
      'foreign-tables',
      'views',
      'materialized-views',
      'sequences',
      'functions',
      'types',
      'domains',
    ]);
    const domain = schema && (await readChildren(session, 'domains', schema, false, never))[0]?.ref;
    expect(domain && (await readFolders(session, domain, false, never))).toEqual([
      { folder: 'domain-constraints', count: 1 },
    ]);
    await session.end();
  });
});
