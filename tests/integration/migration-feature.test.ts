import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createControlPlane, localPlane, type ControlPlane } from '../../electron/adapters/control-plane/control-plane';
import { createFileTokens } from '../../electron/adapters/storage/file-tokens';
import { startDetached } from '../../electron/adapters/tools/start-detached';
import { createMigrationFeature, type MigrationFeature } from '../../electron/features/migration/migration-feature';
import type { MigrationSide } from '../../shared/contract/migration';
import { migrationOptions, type JobStatus } from '../../shared/model/migration';
import { NEW_SERVER } from '../../shared/model/server';
import { daemonProgram, openStateFolder, stopEverything } from '../support/control-plane';
import { memoryLog } from '../support/log';
import { startServer, type TestServer } from '../support/postgres';
import { startSshHost } from '../support/ssh-server';

const context = { signal: new AbortController().signal };
const log = memoryLog();
const files = createFileTokens();
const options = migrationOptions.parse({
  type: 'full',
  objects: {
    mode: 'partial',
    roleMode: 'none',
    databases: [
      {
        ...{ name: 'shop', newName: 'store', mode: 'partial' },
        schemas: [
          { name: 'public', mode: 'partial', tables: [{ name: 'orders', rowFilter: 'id <= 100' }], views: ['recent'] },
        ],
      },
    ],
  },
});

let source: TestServer;
let target: TestServer;
let state: string;
let folder: string;
let plane: ControlPlane;
let feature: MigrationFeature;
const changed: string[] = [];

const typed = (server: TestServer, password: string | null): MigrationSide => ({
  ...{ kind: 'host', accessType: 'cvm', region: '', host: '127.0.0.1', port: server.port, user: 'postgres', password },
  ...{ database: 'postgres', ssl: NEW_SERVER.ssl, ssh: null, sshPassword: null },
});
const registered: MigrationSide = { kind: 'server', serverId: 'shop', database: '' };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'howdah-migration-feature-'));
  const [program, ...made] = await Promise.all([
    daemonProgram(),
    startServer({ major: 15, password: 'source pass' }),
    startServer({ major: 17, password: 'target pass' }),
    openStateFolder(),
  ]);
  [source, target, state] = made;
  await source.createDatabase('shop');
  await source.sql(
    `CREATE TABLE orders (id int PRIMARY KEY, total numeric);
     INSERT INTO orders SELECT n, n FROM generate_series(1, 1000) n;
     CREATE VIEW recent AS SELECT * FROM orders;
     CREATE ROLE clerk;
     ANALYZE`,
    'shop',
  );
  plane = createControlPlane({
    state,
    launch: (at) => startDetached({ program, args: ['--state', at], timeoutMs: 30_000 }),
    log,
  });
  feature = createMigrationFeature({
    plane: () => localPlane(plane),
    connections: {
      profile: async (_id, database) => ({ ...source.profile(database ?? 'postgres'), password: 'source pass' }),
      name: () => 'shop',
      onDisconnect: () => () => undefined,
      reportLost: () => undefined,
    },
    files,
    emit: (_name, { ids }) => void changed.push(...ids),
    log,
  });
}, 120_000);
afterAll(async () => {
  await feature?.close();
  await Promise.all([source?.stop(), target?.stop(), stopEverything(state)]);
  await Promise.all([state, folder].map((each) => rm(each, { recursive: true, force: true })));
}, 60_000);

const status = async (id: string): Promise<JobStatus> => (await feature.handlers.detail({ id }, context)).status;

describe('a side behind another host', () => {
  it('is reached once the key of that host is confirmed', async () => {
    const host = await startSshHost({ user: 'jump', password: 'jump pass' });
    const through = (hostKey: string): MigrationSide => ({
      ...{ kind: 'host', accessType: 'extranet', region: '', host: '127.0.0.1', port: source.port, user: 'postgres' },
      ...{ password: 'source pass', database: 'postgres', ssl: NEW_SERVER.ssl, sshPassword: 'jump pass' },
      ssh: { ...NEW_SERVER.ssh, enabled: true, host: '127.0.0.1', port: host.port, user: 'jump', hostKey },
    });
    try {
      const first = await feature.handlers.test({ id: null, role: 'source', side: through('') }, context);
      expect(first.newHostKey).toBe(host.fingerprint);
      expect(first.steps.find(({ state: how }) => how === 'failed')?.step).toBe('tunnel');
      const second = await feature.handlers.test(
        { id: null, role: 'source', side: through(host.fingerprint) },
        context,
      );
      expect(second).toMatchObject({ newHostKey: null, facts: { user: 'postgres' } });
      expect(host.forwarded).toEqual([`127.0.0.1:${source.port}`]);
    } finally {
      await host.stop();
    }
    expect(await feature.handlers.instances({ role: 'target' }, context)).toEqual([]);
  });
});

describe('a task from the first call to its report', () => {
  let id: string;

  it('tests both sides, the stored password as well', async () => {
    const { handlers } = feature;
    const wrong = await handlers.test({ id: null, role: 'target', side: typed(target, 'wrong') }, context);
    expect(wrong.facts).toBeNull();
    expect(wrong.steps.find(({ state: how }) => how === 'failed')).toMatchObject({ step: 'authentication' });
    const reached = await handlers.test({ id: null, role: 'source', side: registered }, context);
    expect(reached.facts).toMatchObject({ superuser: true, user: 'postgres' });
    expect(reached.facts?.databases.map(({ name }) => name)).toEqual(['postgres', 'shop']);

    ({ id } = await handlers.create({ name: 'shop', size: 'small', tags: [{ key: 'team', value: 'shop' }] }, context));
    const configuration = {
      ...{ id, name: 'shop → store', tags: [{ key: 'team', value: 'shop' }], at: null, retryMinutes: 0 },
      ...{ runMode: 'immediate' as const, source: registered, options },
    };
    await handlers.configure({ ...configuration, target: typed(target, 'target pass') }, context);
    await handlers.configure({ ...configuration, target: typed(target, null) }, context);
    expect((await handlers.test({ id, role: 'target', side: typed(target, null) }, context)).facts).not.toBeNull();

    const detail = await handlers.detail({ id }, context);
    expect(detail).toMatchObject({ name: 'shop → store', status: 'created', size: 'small', options });
    expect(detail.target).toMatchObject({ host: '127.0.0.1', port: target.port, hasPassword: true });
    expect(JSON.stringify(detail)).not.toMatch(/(source|target) pass/);
  });

  it('is listed by what a person types and by its tag', async () => {
    const wanted = { search: '', statuses: [], tag: null, offset: 0, limit: 10 };
    const names = async (change: Partial<Parameters<typeof feature.handlers.list>[0]>) =>
      (await feature.handlers.list({ ...wanted, ...change }, context)).jobs.map(({ id: each }) => each);
    expect(await names({})).toEqual([id]);
    expect(await names({ search: 'store' })).toEqual([id]);
    expect(await names({ search: id })).toEqual([id]);
    expect(await names({ tag: { key: 'team', value: 'shop' } })).toEqual([id]);
    expect(await names({ search: 'nothing' })).toEqual([]);
    expect(await names({ statuses: ['running'] })).toEqual([]);
  });

  it('tells what can be chosen and what is missing', async () => {
    const found = await feature.handlers.sourceObjects({ id, database: 'shop' }, context);
    const [schema] = found.schemas;
    expect(schema?.objects.map(({ name, kind }) => `${kind} ${name}`).toSorted()).toEqual([
      'table orders',
      'view recent',
    ]);
    expect(await feature.handlers.sourceRoles({ id }, context)).toContain('clerk');
    const [database] = options.objects.databases;
    const [chosen] = database?.schemas ?? [];
    if (database === undefined || chosen === undefined) throw new Error('nothing chosen');
    const objects = { ...options.objects, databases: [{ ...database, schemas: [{ ...chosen, tables: [] }] }] };
    expect(await feature.handlers.closure({ id, objects }, context)).toContainEqual({
      ...{ database: 'shop', object: 'view public.recent', how: 'add' },
      needs: { kind: 'table', schema: 'public', name: 'orders' },
    });
  });

  it('is checked, started, followed and reported', async () => {
    const { handlers } = feature;
    await handlers.check({ id }, context);
    await expect.poll(() => status(id), { timeout: 60_000 }).toMatch(/^check(Pass|NotPass)$/);
    const { findings } = await handlers.findings({ id }, context);
    expect(findings.filter(({ level }) => level === 'failed')).toEqual([]);
    const alarms = [...new Set(findings.filter(({ level }) => level === 'warning').map(({ step }) => step))];
    if (alarms.length > 0) await handlers.skip({ id, steps: alarms }, context);
    changed.length = 0;
    await handlers.start({ id }, context);
    await expect.poll(() => status(id), { timeout: 60_000 }).toBe('success');
    // The last push comes after the end: whoever listens sees it.
    await expect.poll(() => changed.length, { timeout: 10_000 }).toBeGreaterThan(1);
    expect(await target.sql('SELECT count(*)::int AS n FROM recent', 'store')).toEqual([{ n: 100 }]);

    const progress = await handlers.progress({ id }, context);
    expect(progress?.totals).toMatchObject({ tables: 1, tablesDone: 1, rows: 100 });
    const page = { search: '', state: '', outcome: '', offset: 0, limit: 50 };
    expect(await handlers.tables({ id, ...page }, context)).toMatchObject({
      total: 1,
      tables: [{ name: 'orders', state: 'done', rows: 100 }],
    });
    expect((await handlers.objects({ id, ...page, outcome: 'failed' }, context)).total).toBe(0);
    expect((await handlers.log({ id, from: 0, limit: 100 }, context)).lines.length).toBeGreaterThan(0);

    const file = join(folder, 'report.html');
    await handlers.saveReport({ id, fileToken: files.add(file, 'write') }, context);
    const html = await readFile(file, 'utf8');
    expect(html).toContain('shop → store');
    expect(html).toContain('public.orders');
    expect(html).not.toMatch(/(source|target) pass/);
  });

  it('is renamed, isolated, restored and destroyed', async () => {
    const { handlers } = feature;
    await handlers.rename({ id, name: 'done' }, context);
    await handlers.setTags({ id, tags: [] }, context);
    expect(await handlers.detail({ id }, context)).toMatchObject({ name: 'done', tags: [] });
    await handlers.isolate({ id }, context);
    expect((await handlers.detail({ id }, context)).isolated).toBe(true);
    await handlers.recover({ id }, context);
    expect((await handlers.detail({ id }, context)).isolated).toBe(false);
    await handlers.isolate({ id }, context);
    await handlers.destroy({ id }, context);
    await expect(handlers.detail({ id }, context)).rejects.toMatchObject({ code: 'control-plane' });
  });
});
