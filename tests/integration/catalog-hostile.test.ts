import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCatalogFeature, type CatalogFeature } from '../../electron/features/catalog/catalog-feature';
import type { FolderKind, ObjectRef, TreeNode } from '../../shared/model/catalog';
import { formOf } from '../../shared/model/forms/all-forms';
import { ATTACKS, HUGE, hostileSql } from '../support/hostile-objects';
import { memoryLog } from '../support/log';
import { startServer, type TestServer } from '../support/postgres';

/** Names, comments and definitions that were made to harm: everything that is known of them is told as it is, and nothing of it is obeyed. */

let server: TestServer;
let catalog: CatalogFeature;
beforeAll(async () => {
  server = await startServer({ major: 17 });
  await server.createDatabase('hostile');
  await server.sql(hostileSql(), 'hostile');
  catalog = createCatalogFeature({
    connections: {
      profile: async (_id, database) => server.profile(database ?? 'postgres'),
      name: () => 'test',
      onDisconnect: () => () => undefined,
      reportLost: () => undefined,
    },
    log: memoryLog(),
  });
});
afterAll(async () => {
  await catalog?.close();
  await server?.stop();
});

const context = { signal: new AbortController().signal };
const where = { serverId: 's', database: 'hostile' };
const database: ObjectRef = { kind: 'database', oid: 1, schema: '', name: 'hostile', sub: 0 };
const children = (folder: FolderKind, parent: ObjectRef): Promise<TreeNode[]> =>
  catalog.handlers.children({ ...where, folder, parent, showSystem: false }, context);

async function schemaNamed(name: string): Promise<ObjectRef> {
  const found = (await children('schemas', database)).find(({ ref }) => ref.name === name);
  if (!found) throw new Error(`no schema ${name}`);
  return found.ref;
}

const IN_SCHEMA = ['tables', 'views', 'functions', 'types', 'sequences'] as const;
const IN_TABLE = ['columns', 'constraints', 'indexes', 'policies', 'triggers'] as const;

/** Everything that an attack has made. */
async function madeBy(name: string): Promise<ObjectRef[]> {
  const schema = await schemaNamed(name);
  const found: ObjectRef[] = [schema];
  for (const folder of IN_SCHEMA) found.push(...(await children(folder, schema)).map(({ ref }) => ref));
  const table = found.find(({ kind }) => kind === 'table');
  if (table) for (const folder of IN_TABLE) found.push(...(await children(folder, table)).map(({ ref }) => ref));
  return found;
}

const victim = () => server.sql('SELECT count(*)::int AS rows FROM public.victim', 'hostile');

it('all attacks come out of the DDL of their database as they were', async () => {
  const { sql } = await catalog.databaseDdl('s', 'hostile', context.signal);
  await server.createDatabase('again');
  await server.sql(sql, 'again');
  const names = `SELECT n.nspname, c.relname, c.relkind FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname !~ '^(pg_|information_schema)' ORDER BY 1, 2`;
  expect(await server.sql(names, 'again')).toEqual(await server.sql(names, 'hostile'));
  await server.sql('DROP DATABASE again');
});

describe.each(Object.entries(ATTACKS))('an attack by a %s', (_attack, name) => {
  it('is told as it is, whatever is asked of the object', async () => {
    const objects = await madeBy(name);
    expect(objects.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining([
        'schema',
        'table',
        'view',
        'function',
        'type',
        'sequence',
        'column',
        'constraint',
        'index',
        'policy',
        'trigger',
      ]),
    );
    for (const object of objects) {
      const asked = { ...where, object };
      const { items } = await catalog.handlers.properties(asked, context);
      expect(items.find(({ key }) => key === 'name')?.value ?? object.name).toBe(object.name);
      expect((await catalog.handlers.ddl(asked, context)).sql.length).toBeGreaterThan(0);
      for (const direction of ['needs', 'needed-by'] as const)
        expect(await catalog.handlers.related({ ...asked, direction }, context)).toBeInstanceOf(Array);
    }
    const [schema] = objects;
    const comment = schema && (await catalog.handlers.properties({ ...where, object: schema }, context));
    expect(comment?.items.find(({ key }) => key === 'comment')?.value).toBe(name + 'x'.repeat(HUGE));
    expect(await victim()).toEqual([{ rows: 1 }]);
  });

  it('is found by its name, and only as text', async () => {
    const { found } = await catalog.handlers.search(
      { ...where, text: name, kinds: [], inside: true, showSystem: false, limit: 1000 },
      context,
    );
    expect(found.map(({ node }) => node.ref.name)).toContain(name);
    expect(await victim()).toEqual([{ rows: 1 }]);
  });

  it('changes nothing that a form would run', async () => {
    const objects = await madeBy(name);
    const { version, user } = await catalog.handlers.session(where, context);
    for (const object of objects) {
      const { variant, state } = await catalog.handlers.formState({ ...where, object }, context);
      const form = formOf(object.kind, variant);
      const about = { mode: 'edit' as const, version, database: 'hostile', parent: null, object, user };
      expect(form?.statements(state, state, about)).toEqual([]);
      const commented = { ...state, comment: `${name} again` };
      const statements = form?.statements(commented, state, about) ?? [];
      expect(statements.length).toBeGreaterThan(0);
      await catalog.handlers.execute({ ...where, statements: [...statements] }, context);
      const after = await catalog.handlers.formState({ ...where, object }, context);
      expect(after.state['comment']).toBe(`${name} again`);
    }
    expect(await victim()).toEqual([{ rows: 1 }]);
  });

  it('is dropped alone', async () => {
    const schema = await schemaNamed(name);
    const plan = await catalog.handlers.dropPlan({ ...where, objects: [schema], cascade: true, force: false }, context);
    expect(plan.falls.length).toBeGreaterThan(3);
    await catalog.handlers.execute({ ...where, statements: [...plan.statements] }, context);
    expect((await children('schemas', database)).map(({ ref }) => ref.name)).not.toContain(name);
    expect(await victim()).toEqual([{ rows: 1 }]);
  });
});
