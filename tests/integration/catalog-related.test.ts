import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSession, type PgSession } from '../../electron/adapters/postgres/session';
import { readChildren, readFolders } from '../../electron/features/catalog/catalog-reader';
import { readRelated } from '../../electron/features/catalog/related-objects';
import { searchObjects, type Search } from '../../electron/features/catalog/search-objects';
import type { ObjectKind, ObjectRef } from '../../shared/model/catalog';
import { zooSql } from '../support/catalog-zoo';
import { startServer, type TestServer } from '../support/postgres';

const { signal } = new AbortController();

const SHOP = `
CREATE SCHEMA shop;
CREATE TABLE shop.customers (id serial PRIMARY KEY, name text);
CREATE TABLE shop.orders (id integer PRIMARY KEY, customer integer REFERENCES shop.customers, total numeric);
CREATE FUNCTION shop.rate() RETURNS numeric LANGUAGE sql AS E'-- Needle in a body\nSELECT 0.2';
ALTER TABLE shop.orders ALTER total SET DEFAULT shop.rate();
CREATE VIEW shop.open AS SELECT id, total FROM shop.orders;
CREATE VIEW shop.more AS SELECT id FROM shop.open;
COMMENT ON COLUMN shop.orders.total IS 'the needle of comments';
CREATE TABLE shop."it's ""100%"" _x" (a integer);
`;

describe.each([10, 18])('what is around an object, and search, on a server of version %i', (major) => {
  let server: TestServer;
  let session: PgSession;
  beforeAll(async () => {
    server = await startServer({ major });
    await server.createDatabase('zoo');
    await server.sql(zooSql(major), 'zoo');
    await server.sql(SHOP, 'zoo');
    session = await openSession(server.profile('zoo'), signal);
    await session.query("SET search_path = ''");
  });
  afterAll(async () => {
    await session?.end();
    await server?.stop();
  });

  const refOf = async (kind: ObjectKind, name: string): Promise<ObjectRef> => {
    const { found } = await search({ text: name, kinds: [kind] });
    const ref = found.find(({ node }) => node.ref.name === name)?.node.ref;
    if (!ref) throw new Error(`no ${kind} ${name}`);
    return ref;
  };
  const search = (some: Partial<Search> & { readonly text: string }) =>
    searchObjects(session, { kinds: [], inside: false, showSystem: false, limit: 100, ...some }, signal);
  const around = async (object: ObjectRef, direction: 'needs' | 'needed-by'): Promise<string[]> =>
    (await readRelated(session, object, direction, signal))
      .map(({ ref, how }) => `${how} ${ref?.kind} ${ref?.name}`)
      .toSorted();

  it('tells what a table, a view, a column and a role need and what needs them', async () => {
    const orders = await refOf('table', 'orders');
    expect(await around(orders, 'needs')).toEqual(
      ['n column id', 'n function rate', 'n index customers_pkey', 'n schema shop'].filter((line) => line !== ''),
    );
    const dependents = await around(orders, 'needed-by');
    expect(dependents).toContain('n view open');
    expect(dependents).toContain('a constraint orders_pkey');
    expect(await around(await refOf('view', 'open'), 'needed-by')).toEqual(['n view more']);
    expect(await around(await refOf('view', 'more'), 'needs')).toContain('n column id');
    const total: ObjectRef = { ...orders, kind: 'column', name: 'total', sub: 3 };
    expect(await around(total, 'needed-by')).toEqual(['n view open']);
    expect(await around(total, 'needs')).toContain('n function rate');
    expect(await around(await refOf('function', 'rate'), 'needed-by')).toEqual(['n column total']);
    const [role] = await session.query<{ oid: number }>(
      "SELECT oid FROM pg_catalog.pg_roles WHERE rolname = 'Zoo Owner'",
    );
    const owner: ObjectRef = { kind: 'role', oid: role?.oid ?? 0, schema: '', name: 'Zoo Owner', sub: 0 };
    expect(await around(owner, 'needed-by')).toContain('o table Table "1"');
    expect(await around(await refOf('table', 'Table "1"'), 'needs')).toContain('o role Zoo Owner');
  });

  it('answers for every object of the zoo', async () => {
    const [row] = await session.query<{ oid: number }>("SELECT oid FROM pg_catalog.pg_database WHERE datname = 'zoo'");
    let asked = 0;
    const walk = async (parent: ObjectRef): Promise<void> => {
      for (const { folder } of await readFolders(session, parent, false, signal)) {
        if (folder === 'catalogs') continue;
        for (const { ref } of await readChildren(session, folder, parent, false, signal)) {
          if (ref.kind === 'column') continue;
          asked += 1;
          await readRelated(session, ref, 'needs', signal);
          await readRelated(session, ref, 'needed-by', signal);
          await walk(ref);
        }
      }
    };
    await walk({ kind: 'database', oid: row?.oid ?? 0, schema: '', name: 'zoo', sub: 0 });
    expect(asked).toBeGreaterThan(80);
  });

  it('finds names whatever their case, the exact first, with what they are a part of', async () => {
    const { found, more } = await search({ text: 'ORDERS' });
    expect(more).toBe(false);
    expect(found[0]?.node.ref).toMatchObject({ kind: 'table', schema: 'shop', name: 'orders' });
    expect(found.some(({ node, parent }) => node.ref.kind === 'constraint' && parent?.name === 'orders')).toBe(true);
    const columns = await search({ text: 'total', kinds: ['column'] });
    expect(columns.found.map(({ node, parent }) => `${parent?.name}.${node.ref.name} ${node.note}`)).toEqual([
      'orders.total numeric',
      'open.total numeric',
    ]);
    expect((await search({ text: '%" _', kinds: ['table'] })).found).toHaveLength(1);
    expect((await search({ text: "'; DROP SCHEMA shop --" })).found).toEqual([]);
    expect(await search({ text: 'a', limit: 3 })).toMatchObject({ more: true });
    expect((await search({ text: 'pg_class' })).found).toEqual([]);
    expect((await search({ text: 'pg_class', showSystem: true, kinds: ['table'] })).found[0]?.node.ref.schema).toBe(
      'pg_catalog',
    );
  });

  it('finds bodies, definitions and comments with the line', async () => {
    const { found } = await search({ text: 'needle', inside: true });
    expect(found.map(({ node, line }) => `${node.ref.kind} ${node.ref.name}: ${line}`).toSorted()).toEqual([
      'column total: the needle of comments',
      'function rate: -- Needle in a body',
    ]);
    expect(
      (await search({ text: 'rate()', inside: true, kinds: ['column'] })).found.map(({ node }) => node.ref.name),
    ).toEqual(['total']);
    // What is of another kind, or was found by its name, takes no place among the most.
    const one = { text: 'needle', inside: true, limit: 1 };
    expect(await search(one)).toMatchObject({ found: [{ line: '-- Needle in a body' }], more: true });
    const column = await search({ ...one, kinds: ['column'] });
    expect(column).toMatchObject({ found: [{ node: { ref: { kind: 'column', name: 'total' } } }], more: false });
    expect(column.found[0]?.node.note).toContain('total');
    const twice = await search({ text: 'total', inside: true, kinds: ['column'] });
    expect(twice.found.filter(({ node }) => node.ref.name === 'total')).toHaveLength(2);
  });
});
