import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openSession } from '../../electron/adapters/postgres/session';
import type { ServerView } from '../../shared/model/server';
import { startServer, type TestServer } from '../support/postgres';
import { context, definition, MASTER, openServersDesk, registrationOf, type ServersDesk } from '../support/servers';
import { startSshHost } from '../support/ssh-server';

const SECRET = 'hünter2-very secret';
let trusting: TestServer;
let asking: TestServer;
let old: TestServer;
let desk: ServersDesk;

beforeAll(async () => {
  asking = await startServer({ major: 17, password: SECRET });
  trusting = await startServer({ major: 15 });
  old = await startServer({ major: 10, password: SECRET });
});
afterAll(async () => {
  await asking.stop();
  await trusting.stop();
  await old.stop();
});
beforeEach(async () => {
  desk = await openServersDesk();
});
afterEach(() => desk.close());

const call = () => desk.feature.handlers;
const save = (server: ReturnType<typeof definition>, secrets: { password?: string | null } = {}): Promise<ServerView> =>
  call().save({ server, secrets }, context());
const only = async (): Promise<ServerView | undefined> => (await call().list({}, context())).servers[0];
const connect = (id: string, password?: string, remember = false) =>
  call().connect({ id, remember, ...(password === undefined ? {} : { password }) }, context());

describe('registrations', () => {
  const seal = async (): Promise<void> => {
    await desk.close();
    desk = await openServersDesk({ sealed: true });
  };
  it('are kept over a restart, without their secrets in any file or reply', async () => {
    await seal();
    const saved = await save(registrationOf(asking, { name: 'Shop', comment: 'with 日本語' }), { password: SECRET });
    expect(saved).toMatchObject({ name: 'Shop', hasPassword: true, status: { connected: false } });
    await connect(saved.id);
    await expect(connect(saved.id, 'wrong')).resolves.toMatchObject({ connected: true });
    const replies = JSON.stringify([saved, await call().list({}, context())]);
    desk = await desk.restart();
    expect(await only()).toMatchObject({ id: saved.id, name: 'Shop', comment: 'with 日本語', hasPassword: true });
    for (const text of [replies, await desk.everythingWritten()]) {
      expect(text).not.toContain(SECRET);
      expect(text).not.toContain(Buffer.from(SECRET).toString('base64'));
    }
  });
  it('need the master password after a restart', async () => {
    await seal();
    const { id } = await save(registrationOf(asking), { password: SECRET });
    desk = await desk.restart();
    await expect(connect(id)).rejects.toMatchObject({ code: 'secrets-locked' });
    await desk.vault.unlock(MASTER);
    expect(await connect(id)).toMatchObject({ connected: true });
  });
  it('keep, replace and clear their password', async () => {
    const saved = await save(registrationOf(asking), { password: 'old one' });
    const { status: _s, hasPassword: _p, hasSshPassword: _ssh, ...same } = saved;
    const again = (secrets: { password?: string | null }) => save(definition(same), secrets);
    expect((await again({})).hasPassword).toBe(true);
    expect((await again({ password: SECRET })).hasPassword).toBe(true);
    expect((await connect(saved.id)).connected).toBe(true);
    expect((await again({ password: null })).hasPassword).toBe(false);
  });
  it.each([
    [{ name: ' ' }, 'server.name'],
    [{ host: '' }, 'server.host'],
    [{ host: ' db1' }, 'server.host'],
    [{ user: '' }, 'server.user'],
    [{ database: 'x'.repeat(64) }, 'server.database'],
  ])('that break a rule are refused at the field: %j', async (change, field) => {
    await expect(save(registrationOf(asking, change))).rejects.toMatchObject({
      info: { code: 'invalid-input', field },
    });
    expect(await only()).toBeUndefined();
  });
  it('have names that differ within their group', async () => {
    await save(registrationOf(asking, { name: 'Shop' }));
    await expect(save(registrationOf(trusting, { name: 'shop' }))).rejects.toMatchObject({
      info: { code: 'conflict', field: 'server.name' },
    });
    const group = await call().saveGroup({ id: '', name: 'Berlin', parentId: null }, context());
    const other = await save(registrationOf(trusting, { name: 'shop', groupId: group.id }));
    await expect(call().move({ id: other.id, groupId: null }, context())).rejects.toMatchObject({ code: 'conflict' });
  });
  it('are duplicated with their password and removed with it', async () => {
    const first = await save(registrationOf(asking, { name: 'Shop' }), { password: SECRET });
    const copy = await call().duplicate({ id: first.id }, context());
    const second = await call().duplicate({ id: first.id }, context());
    expect([copy.name, second.name]).toEqual(['Shop (copy)', 'Shop (copy) (2)']);
    expect((await connect(copy.id)).connected).toBe(true);
    await call().remove({ id: copy.id }, context());
    expect(desk.vault.has(`server/${copy.id}/password`)).toBe(false);
    await expect(connect(copy.id)).rejects.toMatchObject({ code: 'not-found' });
  });
  it('survive a broken document: it is put aside and said', async () => {
    await save(registrationOf(asking));
    await desk.feature.close();
    await writeFile(join(desk.folder, 'servers.json'), '{"version":1,"data":{"groups":');
    desk = await openServersDesk({ folder: desk.folder });
    expect(await only()).toBeUndefined();
    expect(await desk.everythingWritten()).toContain('put aside');
  });
});

describe('groups', () => {
  it('nest, refuse cycles, equal names and removal with content', async () => {
    const saveGroup = (id: string, name: string, parentId: string | null) =>
      call().saveGroup({ id, name, parentId }, context());
    const a = await saveGroup('', 'A', null);
    const b = await saveGroup('', 'B', a.id);
    const c = await saveGroup('', 'C', b.id);
    await expect(saveGroup(a.id, 'A', c.id)).rejects.toMatchObject({ info: { code: 'conflict', field: 'parentId' } });
    await expect(saveGroup(a.id, 'A', a.id)).rejects.toMatchObject({ code: 'conflict' });
    await expect(saveGroup('', ' b ', a.id)).rejects.toMatchObject({ info: { code: 'conflict', field: 'name' } });
    await expect(saveGroup('', ' ', null)).rejects.toMatchObject({ info: { field: 'name' } });
    await expect(call().removeGroup({ id: b.id }, context())).rejects.toMatchObject({ code: 'conflict' });
    const inside = await save(registrationOf(asking, { groupId: c.id }));
    await expect(call().removeGroup({ id: c.id }, context())).rejects.toMatchObject({ code: 'conflict' });
    await call().move({ id: inside.id, groupId: null }, context());
    await call().removeGroup({ id: c.id }, context());
    await call().removeGroup({ id: b.id }, context());
    expect((await call().list({}, context())).groups).toEqual([a]);
  });
});

describe('connecting', () => {
  it.each([
    ['10', () => old],
    ['15', () => trusting],
    ['17', () => asking],
  ])('version %s', async (major, server) => {
    const { id } = await save(registrationOf(server()));
    const status = await connect(id, SECRET);
    expect(status).toMatchObject({ connected: true, user: 'postgres', superuser: true, tls: '', problem: '' });
    expect(status.version.split('.')[0]).toBe(major);
    expect(Math.floor(status.versionNum / 10_000)).toBe(Number(major));
    const names = (await call().databases({ id }, context())).map((each) => each.name);
    expect(names).toEqual(['postgres', 'template1']);
  });
  it('asks for a missing password, refuses a wrong one, holds a right one for the other sessions until disconnect', async () => {
    const { id } = await save(registrationOf(asking));
    await expect(connect(id)).rejects.toMatchObject({ info: { code: 'authentication', field: 'password' } });
    await expect(connect(id, 'wrong')).rejects.toMatchObject({ info: { sqlstate: '28P01' } });
    expect((await only())?.status.problem).toContain('password authentication failed');
    expect(await connect(id, SECRET)).toMatchObject({ connected: true, problem: '' });
    const profile = await desk.feature.connections.profile(id, 'template1', context().signal);
    expect(profile).toMatchObject({ database: 'template1', password: SECRET });
    const session = await openSession(profile);
    await session.end();
    expect((await only())?.hasPassword).toBe(false);
    const told: string[] = [];
    const stop = desk.feature.connections.onDisconnect((server) => told.push(server));
    await call().disconnect({ id }, context());
    stop();
    expect(told).toEqual([id]);
    expect((await only())?.status).toMatchObject({ connected: false, problem: '' });
    await expect(connect(id)).rejects.toMatchObject({ code: 'authentication' });
  });
  it('remembers when asked to', async () => {
    const { id } = await save(registrationOf(asking));
    await connect(id, SECRET, true);
    await call().disconnect({ id }, context());
    expect((await only())?.hasPassword).toBe(true);
    expect((await connect(id)).connected).toBe(true);
  });
  it('two attempts at once make one session', async () => {
    const { id } = await save(registrationOf(trusting, { applicationName: 'twice' }));
    await Promise.all([connect(id), connect(id)]);
    const rows = await trusting.sql("SELECT 1 FROM pg_stat_activity WHERE application_name = 'twice'");
    expect(rows).toHaveLength(1);
  });
  it('creates databases and lists only those of the restriction', async () => {
    const { id } = await save(registrationOf(trusting, { databaseRestriction: ['postgres', 'made "here"'] }));
    await call().createDatabase({ id, name: 'made "here"', encoding: 'UTF8' }, context());
    await call().createDatabase({ id, name: 'unlisted', encoding: 'SQL_ASCII' }, context());
    const listed = await call().databases({ id }, context());
    expect(listed.map((each) => each.name)).toEqual(['made "here"', 'postgres']);
    expect(listed[0]).toMatchObject({ encoding: 'UTF8' });
    expect(listed[0]?.sizeBytes).toBeGreaterThan(1_000_000);
    await expect(call().createDatabase({ id, name: 'unlisted', encoding: 'UTF8' }, context())).rejects.toMatchObject({
      info: { code: 'conflict', field: 'name', sqlstate: '42P04' },
    });
  });
  it('an instance registers itself once and again', async () => {
    const instance = registrationOf(trusting, { name: 'orders', instanceId: 'postgres-1' });
    const id = await desk.feature.register(instance, SECRET);
    await call().save({ server: definition({ ...instance, id, name: 'My orders' }), secrets: {} }, context());
    expect(await desk.feature.register({ ...instance, port: asking.port }, SECRET)).toBe(id);
    expect(await only()).toMatchObject({ id, name: 'My orders', port: asking.port, hasPassword: true });
    expect((await connect(id)).connected).toBe(true);
  });
});

describe('Test connection', () => {
  it('uses what is typed, else what is stored, and never what was cleared', async () => {
    const saved = await save(registrationOf(asking), { password: SECRET });
    const test = async (secrets: { password?: string | null }) => {
      const { steps } = await call().test({ server: definition(saved), secrets }, context());
      return steps.find((step) => step.state === 'failed')?.step ?? 'passed';
    };
    expect(await test({})).toBe('passed');
    expect(await test({ password: 'wrong' })).toBe('authentication');
    expect(await test({ password: null })).toBe('authentication');
    expect((await only())?.status.connected).toBe(false);
  });
  it('needs no name, but the rest of the rules', async () => {
    const unnamed = registrationOf(trusting, { name: '' });
    expect((await call().test({ server: unnamed, secrets: {} }, context())).steps).toHaveLength(7);
    await expect(call().test({ server: { ...unnamed, host: '' }, secrets: {} }, context())).rejects.toMatchObject({
      info: { field: 'server.host' },
    });
  });
  it('shows a new host key; a connection with it confirmed keeps it; another host forgets it', async () => {
    const host = await startSshHost({ user: 'u', password: 'ssh secret' });
    const server = registrationOf(trusting, {
      ssh: { ...definition({}).ssh, enabled: true, host: '127.0.0.1', port: host.port, user: 'u' },
    });
    const secrets = { sshPassword: 'ssh secret' };
    const report = await call().test({ server, secrets }, context());
    expect(report.newHostKey).toBe(host.fingerprint);
    const { id } = await call().save({ server, secrets }, context());
    await expect(connect(id)).rejects.toMatchObject({
      info: { code: 'tunnel', field: 'ssh.hostKey', detail: host.fingerprint },
    });
    await call().connect({ id, remember: false, acceptHostKey: host.fingerprint }, context());
    const kept = await only();
    expect(kept).toMatchObject({ hasSshPassword: true, status: { connected: true } });
    expect(kept?.ssh.hostKey).toBe(host.fingerprint);
    await call().disconnect({ id }, context());
    expect((await connect(id)).connected).toBe(true);
    if (!kept) throw new Error('the server is gone');
    const moved = await call().save(
      { server: definition({ ...kept, ssh: { ...kept.ssh, host: 'localhost' } }), secrets: {} },
      context(),
    );
    expect(moved.ssh.hostKey).toBe('');
    await host.stop();
  });
  it('can be given up', async () => {
    const abort = new AbortController();
    const testing = call().test(
      { server: registrationOf(asking), secrets: { password: SECRET } },
      context(abort.signal),
    );
    abort.abort();
    await expect(testing).rejects.toMatchObject({ code: 'cancelled' });
  });
});

describe('password file, services, variables and commands', () => {
  const reopen = async (env: NodeJS.ProcessEnv): Promise<void> => {
    await desk.close();
    desk = await openServersDesk({ env });
  };
  const fileWith = async (name: string, text: string, mode: number): Promise<string> => {
    const path = join(desk.folder, name);
    await writeFile(path, text);
    await chmod(path, mode);
    return path;
  };

  it('a password file is used when nobody else may read it', async () => {
    const env: NodeJS.ProcessEnv = {};
    await reopen(env);
    const line = `# comment\n127.0.0.1:${asking.port}:other:postgres:no\n127.0.0.1:*:*:postgres:${SECRET}\n`;
    env['PGPASSFILE'] = await fileWith('pgpass', line, 0o600);
    const { id } = await save(registrationOf(asking));
    expect((await connect(id)).connected).toBe(true);
    await call().disconnect({ id }, context());
    await chmod(env['PGPASSFILE'], 0o644);
    await expect(connect(id)).rejects.toMatchObject({ code: 'authentication' });
    expect(await readFile(join(desk.folder, 'howdah.log'), 'utf8')).toContain('password file is not used');
  });
  it('a service gives what is left empty; a name that no file has is refused at its field', async () => {
    const env: NodeJS.ProcessEnv = {};
    await reopen(env);
    env['PGSERVICEFILE'] = await fileWith(
      'services',
      `[elsewhere]\nhost=nowhere.invalid\n\n[shop]\n# the shop\nhost=127.0.0.1\nport=${asking.port}\nuser=postgres\ndbname=template1\npassword=${SECRET}\nsslmode=disable\n`,
      0o600,
    );
    const service = { host: '', user: '', database: '' };
    const { id } = await save(definition({ name: 'By service', service: 'shop', ...service }));
    expect((await connect(id)).user).toBe('postgres');
    const profile = await desk.feature.connections.profile(id, null, context().signal);
    expect(profile).toMatchObject({
      host: '127.0.0.1',
      port: asking.port,
      database: 'template1',
      ssl: { mode: 'disable' },
    });
    const missing = await save(definition({ name: 'Missing', service: 'absent', ...service }));
    await expect(connect(missing.id)).rejects.toMatchObject({ info: { field: 'server.service' } });
    const { steps } = await call().test({ server: definition(missing), secrets: {} }, context());
    expect(steps[0]).toMatchObject({ step: 'name', state: 'failed' });
  });
  it('PGPASSWORD is used when nothing else is known', async () => {
    await reopen({ PGPASSWORD: SECRET });
    const { id } = await save(registrationOf(asking));
    expect((await connect(id)).connected).toBe(true);
  });
  it('a command prints the password: with its placeholders, without a shell, as long as it is good', async () => {
    const counter = join(desk.folder, 'counter');
    const script = await fileWith(
      'give password.mjs',
      `import { appendFileSync } from 'node:fs';
       const [host, user, dollar] = process.argv.slice(2);
       appendFileSync(${JSON.stringify(counter)}, 'x');
       if (host !== '127.0.0.1' || user !== 'postgres' || dollar !== '$(id);') process.exit(3);
       console.log(${JSON.stringify(SECRET)});`,
      0o600,
    );
    const passwordCommand = `'${process.execPath}' '${script}' %HOSTNAME% %USERNAME% '$(id);'`;
    const runs = async () => (await readFile(counter, 'utf8')).length;
    const always = await save(registrationOf(asking, { name: 'always', passwordCommand, passwordCommandExpiry: 0 }));
    await connect(always.id);
    await desk.feature.connections.profile(always.id, null, context().signal);
    expect(await runs()).toBe(2);
    const once = await save(registrationOf(asking, { name: 'once', passwordCommand, passwordCommandExpiry: null }));
    await connect(once.id);
    await desk.feature.connections.profile(once.id, null, context().signal);
    expect(await runs()).toBe(3);
  });
  it.each([
    [
      `'${process.execPath}' -e "console.error('vault is sealed'); process.exit(7)"`,
      { exitCode: 7, detail: 'vault is sealed' },
    ],
    [`'${process.execPath}' -e ''`, { message: 'The password command printed nothing' }],
    ['/no/such/program', { message: 'The password command did not start: /no/such/program' }],
  ])('a command that fails is said at its field: %s', async (passwordCommand, expected) => {
    const { id } = await save(registrationOf(asking, { passwordCommand }));
    await expect(connect(id)).rejects.toMatchObject({
      info: { code: 'tool', field: 'server.passwordCommand', ...expected },
    });
    const server = definition({ ...(await only()), passwordCommand });
    const { steps } = await call().test({ server, secrets: {} }, context());
    expect(steps.find((step) => step.step === 'authentication')?.state).toBe('failed');
  });
});
