import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCatalogFeature, type CatalogFeature } from '../../electron/features/catalog/catalog-feature';
import type { Connections } from '../../electron/ports';
import { AppError, type ErrorInfo } from '../../shared/errors';
import type { FolderKind, ObjectRef, TreeNode } from '../../shared/model/catalog';
import { zooSql } from '../support/catalog-zoo';
import { memoryLog } from '../support/log';
import { startServer, type TestServer } from '../support/postgres';

/** One registered server, reached without passwords. */
function connectionsTo(server: TestServer) {
  const listeners = new Set<(serverId: string) => void>();
  const lost: string[] = [];
  const connections: Connections = {
    profile: async (_id, database) => server.profile(database ?? 'postgres'),
    name: () => 'test',
    onDisconnect(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    reportLost: (_id, reason) => void lost.push(reason),
  };
  return { connections, lost, disconnect: () => listeners.forEach((each) => each('s')) };
}

const context = (signal = new AbortController().signal) => ({ signal });

/** The calls of one database, as the tree makes them. */
function treeOf(catalog: CatalogFeature, database: string) {
  const { handlers } = catalog;
  const where = { serverId: 's', database };
  return {
    folders: (parent: ObjectRef | null, showSystem = false) =>
      handlers.folders({ ...where, parent, showSystem }, context()),
    children: (folder: FolderKind, parent: ObjectRef | null, showSystem = false) =>
      handlers.children({ ...where, folder, parent, showSystem }, context()),
    properties: (object: ObjectRef) => handlers.properties({ ...where, object }, context()),
    ddl: (object: ObjectRef) => handlers.ddl({ ...where, object }, context()),
  };
}

const named = (nodes: readonly TreeNode[], name: string): ObjectRef => {
  const found = nodes.find((node) => node.ref.name === name);
  if (!found) throw new Error(`no ${name} among ${nodes.map((node) => node.ref.name).join(', ')}`);
  return found.ref;
};

async function failure(work: Promise<unknown>): Promise<ErrorInfo> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof AppError)) throw new Error('expected a failure', { cause: error });
  return error.info;
}

// The other versions are walked where the kinds are judged one by one.
describe.each([15, 17])('the tree of a server of version %i', (major) => {
  let server: TestServer;
  let catalog: CatalogFeature;
  beforeAll(async () => {
    server = await startServer({ major });
    await server.createDatabase('zoo');
    await server.sql(zooSql(major), 'zoo');
    catalog = createCatalogFeature({ connections: connectionsTo(server).connections, log: memoryLog() });
  });
  afterAll(async () => {
    await catalog?.close();
    await server?.stop();
  });

  it('every folder lists what it counts, and every object tells its properties', async () => {
    const root = treeOf(catalog, '');
    const counts = new Map<string, number>();
    const walk = async (tree: ReturnType<typeof treeOf>, parent: ObjectRef | null): Promise<void> => {
      for (const { folder, count } of await tree.folders(parent)) {
        const nodes = await tree.children(folder, parent);
        expect([folder, parent?.name, nodes.length]).toEqual([folder, parent?.name, count]);
        counts.set(folder, (counts.get(folder) ?? 0) + count);
        for (const { ref } of nodes) {
          const { items } = await tree.properties(ref);
          expect(items[0]).toEqual({ key: 'name', value: ref.name, kind: 'text' });
          if (ref.kind === 'database' ? ref.name === 'zoo' : folder !== 'catalogs') {
            await walk(ref.kind === 'database' ? treeOf(catalog, ref.name) : tree, ref);
          }
        }
      }
    };
    await walk(root, null);
    expect(counts.get('databases')).toBe(2);
    expect(counts.get('roles')).toBe(4);
    expect(counts.get('schemas')).toBe(3);
    expect(counts.get('tables')).toBeGreaterThanOrEqual(6);
    expect(counts.get('partitions')).toBeGreaterThanOrEqual(3);
    expect(counts.get('functions')).toBeGreaterThanOrEqual(5);
    expect(counts.get('domains')).toBeGreaterThanOrEqual(2);
    expect(counts.get('triggers')).toBeGreaterThanOrEqual(6);
  });

  it('system objects are listed when they are wanted', async () => {
    const root = treeOf(catalog, '');
    const zoo = named(await root.children('databases', null), 'zoo');
    const tree = treeOf(catalog, 'zoo');
    const names = (await tree.children('catalogs', zoo)).map((node) => node.ref.name);
    expect(names).toEqual(['information_schema', 'pg_catalog']);
    const all = await tree.children('catalogs', zoo, true);
    expect(all.map((node) => node.ref.name)).toEqual(expect.arrayContaining([...names, 'pg_toast']));
    const pgCatalog = named(all, 'pg_catalog');
    expect((await tree.children('tables', pgCatalog)).map((node) => node.ref.name)).toContain('pg_class');
    expect((await root.children('databases', null, true)).map((node) => node.ref.name)).toContain('template1');
    // As an interrupted DROP DATABASE leaves it.
    await server.sql('CREATE DATABASE halfway');
    await server.sql("UPDATE pg_database SET datconnlimit = -2 WHERE datname = 'halfway'");
    const marks = (await root.children('databases', null, true)).map((node) => `${node.ref.name} ${node.mark}`);
    expect(marks).toEqual(
      expect.arrayContaining(['halfway invalid', 'template0 closed', 'template1 template', 'zoo ']),
    );
  });

  it('names, notes and marks say what a thing is', async () => {
    const tree = treeOf(catalog, 'zoo');
    const zoo = named(await treeOf(catalog, '').children('databases', null), 'zoo');
    const schema = named(await tree.children('schemas', zoo), '动物园');
    const tables = await tree.children('tables', schema);
    const table = named(tables, 'Table "1"');
    expect(table).toMatchObject({ kind: 'table', schema: '动物园' });
    expect(tables.find((node) => node.ref.name === 'Parts')?.mark).toBe('partitioned');
    const columns = await tree.children('columns', table);
    expect(columns.map(({ ref, note, mark }) => [ref.name, note, mark])).toEqual(
      expect.arrayContaining([
        ['id', 'integer', 'pk'],
        ['n', 'integer', 'not-null'],
        ['col with space', 'numeric(10,2)[]', ''],
      ]),
    );
    expect(columns.map(({ ref }) => ref.sub)).toEqual(columns.map((_, at) => at + 1));
    const functions = await tree.children('functions', schema);
    expect(functions.find((node) => node.ref.name === 'twice')?.note).toBe('("In" integer, OUT result integer)');
    expect(functions.find((node) => node.ref.name === 'touch')).toBeUndefined();
    const inFolder = async (folder: FolderKind): Promise<[string, string][]> =>
      (await tree.children(folder, schema)).map(({ ref }) => [ref.kind, ref.name]);
    expect(await inFolder('trigger-functions')).toEqual([
      ['trigger-function', 'on_ddl'],
      ['trigger-function', 'touch'],
    ]);
    expect(await inFolder('aggregates')).toContainEqual(['aggregate', 'Sum It']);
    expect(await inFolder('procedures')).toEqual([['procedure', 'Proc']]);
    // Extended statistics stand under their schema and under their table.
    expect(await inFolder('statistics-objects')).toContainEqual(['statistics-object', 'Stat']);
    expect((await tree.children('statistics-objects', table)).map(({ ref }) => ref.name)).toEqual(['Stat']);
    const parts = named(tables, 'Parts');
    const partitions = await tree.children('partitions', parts);
    expect(partitions.map((node) => node.ref.name).slice(0, 2)).toEqual(['hashed_default', 'part_a']);
    const { grids } = await tree.properties(table);
    expect(grids.map((grid) => grid.key)).toEqual([
      'columns',
      'constraints',
      'indexes',
      'triggers',
      'rules',
      'policies',
      'privileges',
    ]);
  });
});

describe('sessions of the catalog', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer({ major: 17 });
    await server.createDatabase('one');
  });
  afterAll(async () => {
    await server?.stop();
  });

  const sessions = (database: string): Promise<Record<string, unknown>[]> =>
    server.sql(
      `SELECT pid FROM pg_stat_activity WHERE datname = '${database}' AND application_name = 'howdah tests' ORDER BY pid`,
    );
  const gone = (database: string) => expect.poll(() => sessions(database), { timeout: 10_000 }).toEqual([]);

  it('there is one for each database, it can change nothing, and it ends with the connection to the server', async () => {
    const { connections, disconnect } = connectionsTo(server);
    const catalog = createCatalogFeature({ connections, log: memoryLog() });
    const tree = treeOf(catalog, 'one');
    const database = named(await treeOf(catalog, '').children('databases', null), 'one');
    await Promise.all([tree.folders(database), tree.children('schemas', database), tree.folders(database)]);
    expect(await sessions('one')).toHaveLength(1);
    disconnect();
    await gone('one');
    await catalog.close();
  });

  it('a session that was ended behind our back is made again without the person noticing', async () => {
    const { connections, lost } = connectionsTo(server);
    const catalog = createCatalogFeature({ connections, log: memoryLog() });
    const tree = treeOf(catalog, 'one');
    const database = named(await treeOf(catalog, '').children('databases', null), 'one');
    await tree.children('schemas', database);
    await server.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'one'");
    expect((await tree.children('schemas', database)).map((node) => node.ref.name)).toEqual(['public']);
    expect(lost).toEqual([]);
    await catalog.close();
    await gone('one');
  });

  it('a cancelled call is silent and leaves the session to others', async () => {
    const { connections } = connectionsTo(server);
    const catalog = createCatalogFeature({ connections, log: memoryLog() });
    const controller = new AbortController();
    const call = catalog.handlers.children(
      { serverId: 's', database: 'one', folder: 'schemas', parent: null, showSystem: false },
      { signal: controller.signal },
    );
    controller.abort();
    expect((await failure(call)).code).toBe('cancelled');
    expect(await treeOf(catalog, 'one').children('schemas', null)).toHaveLength(1);
    await catalog.close();
  });

  it('what is gone is said, by its name', async () => {
    const { connections } = connectionsTo(server);
    const catalog = createCatalogFeature({ connections, log: memoryLog() });
    const ghost: ObjectRef = { kind: 'table', oid: 999_999, schema: 'public', name: 'ghost', sub: 0 };
    const tree = treeOf(catalog, 'one');
    expect(await failure(tree.properties(ghost))).toMatchObject({
      code: 'not-found',
      message: 'public.ghost does not exist any more',
    });
    expect((await failure(tree.ddl(ghost))).code).toBe('not-found');
    await catalog.close();
  });

  it('10,000 views come in one answer', async () => {
    await server.createDatabase('many');
    await server.sql(
      `DO $$ BEGIN FOR n IN 1..10000 LOOP EXECUTE format('CREATE VIEW public.t_%s AS SELECT', lpad(n::text, 5, '0')); END LOOP; END $$`,
      'many',
    );
    const { connections } = connectionsTo(server);
    const catalog = createCatalogFeature({ connections, log: memoryLog() });
    const tree = treeOf(catalog, 'many');
    const database = named(await treeOf(catalog, '').children('databases', null), 'many');
    const schema = named(await tree.children('schemas', database), 'public');
    expect((await tree.folders(schema)).find(({ folder }) => folder === 'views')?.count).toBe(10_000);
    const nodes = await tree.children('views', schema);
    expect(nodes.map((node) => node.ref.name)).toEqual(nodes.map((_, at) => `t_${String(at + 1).padStart(5, '0')}`));
    expect(nodes).toHaveLength(10_000);
    await catalog.close();
  });
});
