import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { instanceCommand } from '../../electron/cli/instance';
import { PASSWORD } from '../support/cloud-client';
import { openStateFolder, startControlPlane, stopEverything } from '../support/control-plane';

const view = z.object({
  id: z.string(),
  name: z.string(),
  status: z.string(),
  host: z.string(),
  port: z.number(),
  adminUser: z.string(),
});
const detail = view.extend({
  zone: z.string(),
  standbyZones: z.array(z.string()),
  classCode: z.string(),
  storageGb: z.number(),
  deletionProtection: z.boolean(),
  publicHost: z.string(),
  syncMode: z.string(),
  ssl: z.object({ enabled: z.boolean() }),
  nodes: z.array(z.object({ id: z.string(), zone: z.string(), role: z.string() })),
});
let state: string;

beforeAll(async () => {
  state = await openStateFolder();
  await startControlPlane(state);
});
afterAll(() => stopEverything(state));

async function howdah(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const out: string[] = [];
  const err: string[] = [];
  const code = await instanceCommand([...args, '--state', state], {
    out: (text) => out.push(text),
    err: (text) => err.push(text),
    signal: new AbortController().signal,
  });
  return { code, out: out.join('\n'), err: err.join('\n') };
}

const show = async (id: string): Promise<z.output<typeof detail>> =>
  z.object({ instance: detail }).parse(JSON.parse((await howdah('show', id, '--json')).out)).instance;

it('creates, lists, restarts, isolates, restores and destroys an instance', async () => {
  const created = await howdah('create', '--user', 'shop', '--name', 'shop', '--tag', 'team=a=b', '--json');
  const { instances, password } = z
    .object({ instances: z.array(view), password: z.string() })
    .parse(JSON.parse(created.out));
  const [one] = instances;
  expect(created.code).toBe(0);
  expect(one).toMatchObject({ name: 'shop', status: 'running', adminUser: 'shop' });
  const client = new Client({ host: one?.host, port: one?.port, user: 'shop', password, database: 'postgres' });
  await client.connect();
  await client.end();
  const id = one?.id ?? '';
  expect((await howdah('list')).out).toMatch(
    new RegExp(`^${id}\\tshop\\trunning\\tPostgreSQL 1\\d\\.\\d+\\t127\\.[\\d.]+:5432\\tshop\\tap-guangzhou-\\d$`),
  );
  expect((await howdah('restart', id)).code).toBe(0);
  expect(await howdah('destroy', id)).toMatchObject({
    code: 1,
    err: expect.stringContaining('OperationDenied.InstanceStatusLimitError'),
  });
  expect((await howdah('isolate', id)).out).toContain('isolated');
  expect((await howdah('restore', id)).out).toContain('running');
  expect((await howdah('isolate', id)).code).toBe(0);
  expect(await howdah('destroy', id)).toMatchObject({ code: 0, out: `${id}\tgone` });
  expect(JSON.parse((await howdah('list', '--json')).out)).toEqual({ instances: [] });
});

describe('an instance with a standby', () => {
  let id: string;
  it('is made', async () => {
    const words = '--user shop --name pair --ha --zone ap-guangzhou-3 --project 7 --protect --json'.split(' ');
    const made = await howdah('create', ...words);
    expect([made.code, made.err]).toEqual([0, '']);
    id = z.object({ instances: z.array(view) }).parse(JSON.parse(made.out)).instances[0]?.id ?? '';
  }, 60_000);

  it('is shown with its nodes', async () => {
    const one = await show(id);
    expect(one.nodes.map(({ role, zone }) => [role, zone])).toEqual([
      ['primary', 'ap-guangzhou-3'],
      ['standby', one.standbyZones[0]],
    ]);
    expect(one.standbyZones[0]).not.toBe('ap-guangzhou-3');
    expect(one).toMatchObject({ deletionProtection: true, syncMode: 'Semi-sync' });
    const { out } = await howdah('show', id);
    expect(out).toMatch(/^Replication: +Semi-sync$/m);
    expect(out).toMatch(/^Node: +n1 ap-guangzhou-3 primary ready/m);
    expect(out).toMatch(/^Project: +7$/m);
    expect((await howdah('list')).out).toContain(`ap-guangzhou-3+${one.standbyZones[0]}`);
  });

  it('is renamed, and protected until it is not', async () => {
    expect(await howdah('rename', id, 'pair-2')).toMatchObject({ code: 0, out: expect.stringContaining('\tpair-2\t') });
    expect(await howdah('isolate', id)).toMatchObject({ code: 1, err: expect.stringContaining('OperationDenied') });
    expect((await howdah('unprotect', id)).code).toBe(0);
    expect((await show(id)).deletionProtection).toBe(false);
    expect((await howdah('protect', id)).code).toBe(0);
    expect((await show(id)).deletionProtection).toBe(true);
  });

  it('gets a project, tags and a maintenance window, and tells who is connected', async () => {
    expect((await howdah('project', id, '9')).code).toBe(0);
    expect((await howdah('tags', id, '--tag', 'team=red', '--tag', 'env=test')).code).toBe(0);
    expect((await howdah('maintenance', id, '--days', 'mon,friday', '--start', '03:00')).code).toBe(0);
    expect(await howdah('maintenance', id, '--days', 'someday')).toMatchObject({ code: 1 });
    const { out } = await howdah('show', id);
    expect(out).toMatch(/^Project: +9$/m);
    expect(out).toMatch(/^Tags: +(?=.*team=red)(?=.*env=test)/m);
    expect(out).toMatch(/^Maintenance: +monday, friday 03:00, \d h$/m);
    expect(JSON.parse((await howdah('sessions', id, '--json')).out)).toEqual({ sessions: [] });
  });

  it('switches primary and standby', async () => {
    const before = await show(id);
    expect(await howdah('switch', id)).toMatchObject({ code: 0, err: '' });
    const after = await show(id);
    expect([after.zone, after.standbyZones[0]]).toEqual([before.standbyZones[0], before.zone]);
    expect(after.host).toBe(before.host);
  });

  it('goes through a drill and reports', async () => {
    // After a switch the new standby connects first: until then a drill is refused.
    let done = await howdah('drill', id, 'kill');
    for (const deadline = Date.now() + 30_000; done.err.includes('No drill now') && Date.now() < deadline;) {
      done = await howdah('drill', id, 'kill');
    }
    expect(done).toMatchObject({ code: 0, err: '' });
    expect(done.out).toMatch(/^Served: +after \d+ ms$/m);
    expect(done.out).toMatch(/^Commits: +\d+ acknowledged, 0 lost$/m);
  }, 120_000);

  it('gets another class and disk, and another deployment', async () => {
    expect(await howdah('adjust', id, '--storage', '30')).toMatchObject({ code: 0, err: '' });
    expect(await show(id)).toMatchObject({ storageGb: 30, classCode: 'pg.lt.micro1' });
    expect(await howdah('deploy', id, '--single')).toMatchObject({ code: 0, err: '' });
    expect((await show(id)).nodes).toHaveLength(1);
  }, 120_000);

  it('opens and closes its public address', async () => {
    expect((await howdah('public', id, 'on')).code).toBe(0);
    expect((await show(id)).publicHost).not.toBe('');
    expect((await howdah('public', id, 'off')).code).toBe(0);
    expect((await show(id)).publicHost).toBe('');
  });

  it('speaks TLS, and hands out the certificate of its authority', async () => {
    const ca = join(state, 'ca.pem');
    expect(await howdah('ssl', id, 'on', '--ca', ca)).toMatchObject({ code: 0, err: '' });
    expect((await show(id)).ssl.enabled).toBe(true);
    expect(await readFile(ca, 'utf8')).toMatch(/^-----BEGIN CERTIFICATE-----/);
    expect(await howdah('ssl', id, 'off', '--ca', ca)).toMatchObject({ code: 1, err: expect.stringContaining('--ca') });
    expect((await howdah('ssl', id, 'off')).code).toBe(0);
  }, 60_000);
});

it('takes the password from a file and never shows it', async () => {
  const file = join(state, 'password');
  await writeFile(file, `${PASSWORD}\n`, { mode: 0o600 });
  const made = await howdah('create', '--user', 'shop', '--password-file', file, '--no-wait');
  expect(made.code).toBe(0);
  expect(made.out).not.toContain(PASSWORD);
  expect(made.out).not.toContain('shown once');
});

it('tells its words', async () => {
  expect(await howdah('--help')).toMatchObject({ code: 0, out: expect.stringContaining('drill ID kill|stop|hang') });
});

it.each([
  [['create', '--user', 'pg_shop'], 1, 'InvalidAccountError'],
  [['create', '--user', 'shop', '--password-file', '/nowhere'], 1, 'cannot be read'],
  [['restart', 'postgres-00000000'], 1, 'InstanceNotFoundError'],
  [['adjust', 'postgres-00000000'], 1, '--class'],
  [['restart'], 2, 'howdah instance create'],
  [['rename', 'postgres-00000000'], 2, 'howdah instance create'],
  [['drill', 'postgres-00000000', 'burn'], 2, 'howdah instance create'],
  [['public', 'postgres-00000000', 'maybe'], 2, 'howdah instance create'],
  [['restart', 'postgres-00000000', 'now'], 2, 'howdah instance create'],
  [['fly'], 2, 'howdah instance create'],
  [['constructor', 'x'], 2, 'howdah instance create'],
  [['list', '--colour'], 2, 'colour'],
])('refuses %j', async (args, code, words) => {
  expect(await howdah(...args)).toMatchObject({ code, err: expect.stringContaining(words) });
});

it.each([
  ['a number that is none', ['--major', 'abc'], 2, /--major is a whole number, not "abc"/],
  ['a negative size', ['--storage=-1'], 2, /--storage is a whole number/],
  ['an empty folder', ['--state', ''], 2, /--state needs a value/],
  ['a tag without a key', ['--tag', '=v'], 2, /--tag is KEY=VALUE/],
  ['a replication that is none', ['--sync', 'maybe'], 2, /--sync is semi-sync or async/],
  ['one server and two', ['--single', '--ha'], 2, /--single is an instance without a standby/],
  ['a region that is not there', ['--region', 'mars'], 1, /The region mars is not known/],
  ['a name that is too long', ['--name', 'x'.repeat(300)], 1, /^error: name: /],
])('says in one line what is wrong: %s', async (_what, words, code, told) => {
  const lines: string[] = [];
  const got = await instanceCommand(['create', '--user', 'shop', '--state', state, ...words], {
    out: () => undefined,
    err: (text) => lines.push(text),
    signal: new AbortController().signal,
  });
  expect([got, lines.join('\n')]).toEqual([code, expect.stringMatching(told)]);
  expect(lines.join('\n')).not.toContain('"path"');
});
