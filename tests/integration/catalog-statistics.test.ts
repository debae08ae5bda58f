import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSession, type PgSession } from '../../electron/adapters/postgres/session';
import { readChildren } from '../../electron/features/catalog/catalog-reader';
import { prepareCatalogSession } from '../../electron/adapters/postgres/catalog-sessions';
import { readListing } from '../../electron/features/catalog/listing';
import { readStatistics } from '../../electron/features/catalog/statistics';
import { errorInfo } from '../../shared/errors';
import type { FolderKind, ObjectProperties, ObjectRef } from '../../shared/model/catalog';
import { startServer, type TestServer } from '../support/postgres';

const never = new AbortController().signal;

const SHOP = `
CREATE ROLE plain LOGIN;
CREATE TABLE orders (id integer PRIMARY KEY, state text, "n m" text);
INSERT INTO orders SELECT n, CASE WHEN n % 10 = 0 THEN 'open' ELSE 'closed, "paid"' END, NULL FROM generate_series(1, 1000) n;
DELETE FROM orders WHERE id > 900;
CREATE STATISTICS pairs (ndistinct, dependencies) ON id, state FROM orders;
CREATE TABLE parts (id integer, at date) PARTITION BY RANGE (at);
CREATE TABLE parts_2 PARTITION OF parts FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
CREATE INDEX parts_at ON parts (at);
INSERT INTO parts SELECT n, '2020-01-01' FROM generate_series(1, 1000) n;
CREATE FUNCTION add_up(a integer) RETURNS integer LANGUAGE plpgsql AS 'BEGIN RETURN a + 1; END';
COMMENT ON TABLE orders IS 'What was ordered';
COMMENT ON COLUMN orders.state IS 'How far it is';
ANALYZE;
`;

describe.each([11, 18])('statistics and grids of a server of version %i', (major) => {
  let server: TestServer;
  let session: PgSession;
  let plain: PgSession;
  const connect = async (user: string): Promise<PgSession> => {
    const opened = await openSession({ ...server.profile('shop'), user });
    await prepareCatalogSession(opened);
    return opened;
  };
  let schema: ObjectRef;
  beforeAll(async () => {
    server = await startServer({ major, settings: ['track_functions = pl'] });
    await server.createDatabase('shop');
    await server.sql(SHOP, 'shop');
    await server.sql('SELECT add_up(1); SELECT count(*) FROM orders; SELECT state FROM orders WHERE id = 7', 'shop');
    session = await connect('postgres');
    plain = await connect('plain');
    schema = await object('schemas', null, 'public');
  });
  afterAll(async () => {
    await session?.end();
    await plain?.end();
    await server?.stop();
  });

  async function object(folder: FolderKind, parent: ObjectRef | null, name: string): Promise<ObjectRef> {
    const found = (await readChildren(session, folder, parent, false, never)).find((node) => node.ref.name === name);
    if (!found) throw new Error(`no ${name} in ${folder}`);
    return found.ref;
  }
  const facts = async (ref: ObjectRef, as = session): Promise<Record<string, string>> => {
    const { items } = await readStatistics(as, ref, never);
    return Object.fromEntries(items.map(({ key, value }) => [key, value]));
  };
  const grid = ({ grids }: ObjectProperties, key: string): readonly (readonly string[])[] =>
    grids.find((each) => each.key === key)?.rows ?? [];

  it('a table tells its rows, its sizes and how it is read', async () => {
    const orders = await object('tables', schema, 'orders');
    // The server tells what sessions counted a moment after they end.
    await expect
      .poll(() => facts(orders), { timeout: 10_000 })
      .toMatchObject({ rowsInserted: '1000', rowsDeleted: '100', estimatedRows: '900', analyzes: '1' });
    const told = await facts(orders);
    expect(Number(told['mainSize'])).toBeGreaterThan(0);
    expect(Number(told['totalSize'])).toBe(
      Number(told['mainSize']) + Number(told['extraSize']) + Number(told['indexesSize']),
    );
    expect(told['lastAnalyze']).toMatch(/^\d{4}-\d\d-\d\dT[\d:]+Z$/);
    const columns = grid(await readStatistics(session, orders, never), 'columns');
    expect(columns.map(([name, nulls]) => [name, Number(nulls)])).toEqual([
      ['id', 0],
      ['state', 0],
      ['n m', 1],
    ]);
    expect(grid(await readStatistics(session, orders, never), 'indexes')[0]?.slice(0, 2)).toEqual(['orders_pkey', '1']);
  });

  it('a partitioned table and its index are as big as what is in them', async () => {
    const parts = await object('tables', schema, 'parts');
    const leaf = await facts(await object('partitions', parts, 'parts_2'));
    expect((await facts(parts))['totalSize']).toBe(leaf['totalSize']);
    const index = await facts(await object('indexes', parts, 'parts_at'));
    expect(index['size']).toBe(leaf['indexesSize']);
  });

  it('a column tells its values only to those who may read it', async () => {
    const orders = await object('tables', schema, 'orders');
    const state = await object('columns', orders, 'state');
    expect(grid(await readStatistics(session, state, never), 'mostCommon')).toEqual([
      ['closed, "paid"', '0.900000'],
      ['open', '0.100000'],
    ]);
    expect(await readStatistics(plain, state, never)).toEqual({ items: [], grids: [] });
    const id = await object('columns', orders, 'id');
    expect(grid(await readStatistics(session, id, never), 'histogram')[0]).toEqual(['1', '1']);
  });

  it('functions, databases, schemas and statistics objects tell what is counted of them', async () => {
    const add = await object('functions', schema, 'add_up');
    await expect.poll(() => facts(add), { timeout: 10_000 }).toMatchObject({ trackFunctions: 'pl', calls: '1' });
    const database = await facts(await object('databases', null, 'shop'));
    expect(Number(database['commits'])).toBeGreaterThan(0);
    expect(Number(database['size'])).toBeGreaterThan(1_000_000);
    const biggest = grid(await readStatistics(session, schema, never), 'tables').map(([name]) => name);
    expect(new Set(biggest)).toEqual(new Set(['orders', 'parts_2']));
    const pairs = await object('statistics-objects', schema, 'pairs');
    expect((await facts(pairs))['dependencies']).toContain('=>');
  });

  it('what nothing is counted of is said, and what is gone too', async () => {
    const view: ObjectRef = { kind: 'view', oid: 1, schema: 'public', name: 'v', sub: 0 };
    const code = (ref: ObjectRef): Promise<string> =>
      readStatistics(session, ref, never).then(
        () => '',
        (error: unknown) => errorInfo(error).code,
      );
    expect(await code(view)).toBe('unsupported');
    expect(await code({ ...view, kind: 'table' })).toBe('not-found');
  });

  it('a folder is a grid in the order of its list, with comments', async () => {
    const tables = await readListing(session, 'tables', schema, false, never);
    expect(tables.columns).toEqual(['name', 'owner', 'partitioned', 'estimatedRows', 'estimatedSize', 'comment']);
    expect(tables.rows.map(({ cells }) => [cells[0], cells[1], cells[2], cells[3], cells[5]])).toEqual([
      ['orders', 'postgres', 'false', '900', 'What was ordered'],
      ['parts', 'postgres', 'true', '', ''],
    ]);
    const orders = await object('tables', schema, 'orders');
    expect((await readListing(plain, 'columns', orders, false, never)).rows.map(({ cells }) => cells)).toEqual([
      ['id', 'integer', 'true', 'true', '', ''],
      ['state', 'text', 'false', 'false', '', 'How far it is'],
      ['n m', 'text', 'false', 'false', '', ''],
    ]);
    const roles = await readListing(session, 'roles', null, false, never);
    expect(roles.rows.map(({ cells }) => cells.slice(0, 3))).toEqual([
      ['plain', 'true', 'false'],
      ['postgres', 'true', 'true'],
    ]);
  });
});
