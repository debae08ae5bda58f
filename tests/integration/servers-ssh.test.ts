import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSession } from '../../electron/adapters/postgres/session';
import type { ConnectionProfile } from '../../electron/ports';
import { NEW_SERVER, type SshTunnel } from '../../shared/model/server';
import { failureOf, outcome } from '../support/connecting';
import { freePort, startServer, type TestServer } from '../support/postgres';
import { newSshKey, startSshHost, type SshHost } from '../support/ssh-server';

let server: TestServer;
let host: SshHost;
let folder: string;
const key = newSshKey();
const locked = newSshKey('open sesame');

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'howdah-ssh-'));
  await writeFile(join(folder, 'id'), key.private, { mode: 0o600 });
  await writeFile(join(folder, 'id-locked'), locked.private, { mode: 0o600 });
  await writeFile(join(folder, 'id-stranger'), newSshKey().private, { mode: 0o600 });
  await writeFile(join(folder, 'id.pub'), key.public);
  server = await startServer({ major: 17, password: 'right' });
  host = await startSshHost({ user: 'tunneller', password: 'ssh secret', authorizedKey: key.public });
});
afterAll(async () => {
  await host.stop();
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

const profile = (ssh: Partial<SshTunnel> = {}, change: Partial<ConnectionProfile> = {}): ConnectionProfile => ({
  ...server.profile(),
  ssl: { ...NEW_SERVER.ssl, mode: 'prefer' },
  ssh: {
    ...NEW_SERVER.ssh,
    enabled: true,
    host: '127.0.0.1',
    port: host.port,
    user: 'tunneller',
    hostKey: host.fingerprint,
    ...ssh,
  },
  sshPassword: 'ssh secret',
  ...change,
});
const identity = (name: string): Partial<SshTunnel> => ({ auth: 'identity', identityFile: join(folder, name) });

describe('SSH tunnel', () => {
  it('connects with a password, through the tunnel and no other way', async () => {
    const before = host.forwarded.length;
    expect(await outcome(profile())).toEqual([
      'name ok: 127.0.0.1',
      `tunnel ok: SHA256:${host.fingerprint}`,
      `tcp ok: 127.0.0.1:${server.port}`,
      'tls skipped',
      'authentication ok: postgres, SCRAM-SHA-256',
      'database ok: postgres',
      'role skipped',
    ]);
    expect(host.forwarded.slice(before)).toEqual([`127.0.0.1:${server.port}`]);
    await expect.poll(() => host.open()).toBe(0);
  });
  it('connects with an identity file, and with one that has a passphrase', async () => {
    expect(await outcome(profile(identity('id'), { sshPassword: null }))).toContain('database ok: postgres');
    const second = await startSshHost({ user: 'tunneller', password: 'x', authorizedKey: locked.public });
    const made = { ...identity('id-locked'), port: second.port, hostKey: second.fingerprint };
    expect(await outcome(profile(made, { sshPassword: 'open sesame' }))).toContain('database ok: postgres');
    await second.stop();
  });
  it('answers keyboard-interactive with the password', async () => {
    const second = await startSshHost({ user: 'tunneller', password: 'asked', interactiveOnly: true });
    const made = profile({ port: second.port, hostKey: second.fingerprint }, { sshPassword: 'asked' });
    expect(await outcome(made)).toContain('database ok: postgres');
    await second.stop();
  });
  it.each([
    ['no password', {}, null, 'sshPassword'],
    ['a wrong password', {}, 'wrong', 'sshPassword'],
    ['a wrong user', { user: 'nobody' }, 'ssh secret', 'sshPassword'],
    ['a passphrase that is missing', 'id-locked', null, 'sshPassword'],
    ['a passphrase that is wrong', 'id-locked', 'sesame', 'sshPassword'],
    ['a key the host does not know', 'id-stranger', null, 'server.ssh.identityFile'],
    ['a public key', 'id.pub', null, 'server.ssh.identityFile'],
    ['a file that is not there', 'absent', null, 'server.ssh.identityFile'],
  ])('%s is said at its field', async (_what, change, sshPassword, field) => {
    const made = profile(typeof change === 'string' ? identity(change) : change, { sshPassword });
    const { error, steps } = await failureOf(made);
    expect(error).toMatchObject({ code: 'tunnel', field });
    expect(error.hint).toBeTruthy();
    expect(steps.map((step) => `${step.step} ${step.state}`)).toEqual(['name ok', 'tunnel failed']);
  });
  it('a host key that is not confirmed is shown and nothing is sent', async () => {
    const { error } = await failureOf(profile({ hostKey: '' }));
    expect(error).toMatchObject({ code: 'tunnel', field: 'ssh.hostKey', detail: host.fingerprint });
    expect(host.open()).toBe(0);
  });
  it('a changed host key is refused', async () => {
    const { error } = await failureOf(profile({ hostKey: 'A'.repeat(43) }));
    expect(error).toMatchObject({ code: 'tunnel', field: 'ssh.hostKey', detail: host.fingerprint });
    expect(error.message).toContain('has changed');
    expect(host.open()).toBe(0);
  });
  it('a server that the tunnel host cannot reach', async () => {
    const { error, steps } = await failureOf(profile({}, { port: await freePort() }));
    expect(error).toMatchObject({ code: 'unreachable', field: 'server.host' });
    expect(steps.at(-1)).toMatchObject({ step: 'tcp', state: 'failed' });
    await expect.poll(() => host.open()).toBe(0);
  });
  it('a tunnel host that is not there, and one that says nothing', async () => {
    expect((await failureOf(profile({ port: await freePort() }))).error.code).toBe('unreachable');
    const silent = createServer((socket) => socket.on('error', () => undefined));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as AddressInfo;
    const { error } = await failureOf(profile({ port }, { connectTimeout: 1 }));
    expect(error.message).toContain('within 1 s');
    silent.close();
  });
  it('a cancel takes the tunnel too', async () => {
    const session = await openSession(profile());
    const before = host.forwarded.length;
    const abort = new AbortController();
    const query = session.query('SELECT pg_sleep(60)', [], abort.signal);
    await expect
      .poll(async () => (await server.sql("SELECT 1 FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(60)'")).length)
      .toBe(1);
    abort.abort();
    await expect(query).rejects.toMatchObject({ code: 'cancelled' });
    expect(host.forwarded.length - before).toBe(1);
    await session.end();
    await expect.poll(() => host.open()).toBe(0);
  });
  it('a cut tunnel ends the session and is told', async () => {
    const session = await openSession(profile());
    const reasons: string[] = [];
    session.onClose((reason) => reasons.push(reason));
    host.cut();
    await expect.poll(() => reasons.length).toBe(1);
    expect(session.closed).toBe(true);
    await session.end();
  });
});
