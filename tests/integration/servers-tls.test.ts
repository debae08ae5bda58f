import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateKeyPairSync } from 'node:crypto';
import { chown } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSession } from '../../electron/adapters/postgres/session';
import { serverAccount } from '../../electron/control-plane/cluster/account';
import type { ConnectionProfile } from '../../electron/ports';
import { NEW_SERVER, type SslMode, type SslSettings } from '../../shared/model/server';
import { createAuthority } from '../support/certificates';
import { failureOf, outcome } from '../support/connecting';
import { startServer, type TestServer } from '../support/postgres';

const authority = createAuthority('Howdah test authority');
const stranger = createAuthority('Another authority');
const forServer = authority.issue('db.test', ['localhost', '127.0.0.1']);
const forClient = authority.issue('certified');

let folder: string;
let server: TestServer;
let plain: TestServer;
const file = (name: string): string => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'howdah-tls-'));
  await chmod(folder, 0o755);
  const encrypted = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({
    type: 'pkcs8',
    format: 'pem',
    cipher: 'aes-256-cbc',
    passphrase: 'open sesame',
  });
  const files: Record<string, string> = {
    'root.crt': authority.cert,
    'stranger.crt': stranger.cert,
    'client.crt': forClient.cert,
    'client.key': forClient.key,
    'loose.key': forClient.key,
    'other.key': stranger.issue('x').key,
    'encrypted.key': encrypted.toString(),
    'none.crl': authority.revoke(),
    'server-revoked.crl': authority.revoke(forServer),
    'stranger.crl': stranger.revoke(),
    'not-a.pem': 'hello\n',
  };
  for (const [name, text] of Object.entries(files)) await writeFile(file(name), text, { mode: 0o600 });
  await chmod(file('loose.key'), 0o644);
  const account = await serverAccount();
  await writeFile(file('server-ca.crt'), authority.cert, { mode: 0o644 });
  if (account) await chown(file('server-ca.crt'), account.uid, account.gid);
  server = await startServer({
    major: 17,
    tls: forServer,
    settings: [`ssl_ca_file = '${file('server-ca.crt')}'`],
    hba: [
      'hostssl all certified 127.0.0.1/32 cert',
      'hostnossl all only_plain 127.0.0.1/32 trust',
      'hostssl all only_tls 127.0.0.1/32 trust',
      'hostssl all tls_password 127.0.0.1/32 scram-sha-256',
      'host all postgres 127.0.0.1/32 trust',
    ],
  });
  await server.sql(
    "CREATE ROLE certified LOGIN; CREATE ROLE only_plain LOGIN; CREATE ROLE only_tls LOGIN; CREATE ROLE tls_password LOGIN PASSWORD 'right'",
  );
  plain = await startServer({ major: 15 });
});
afterAll(async () => {
  await server.stop();
  await plain.stop();
  await rm(folder, { recursive: true, force: true });
});

const profile = (ssl: Partial<SslSettings>, change: Partial<ConnectionProfile> = {}): ConnectionProfile => ({
  ...server.profile(),
  ssl: { ...NEW_SERVER.ssl, ...ssl },
  ...change,
});
const tlsOf = async (made: ConnectionProfile): Promise<string> =>
  (await outcome(made)).filter((step) => step.startsWith('tls')).join('; ');

describe('sslmode as libpq means it', () => {
  it.each<[SslMode, string, RegExp]>([
    ['disable', 'postgres', /^tls skipped$/],
    ['allow', 'postgres', /^tls skipped$/],
    ['allow', 'only_tls', /^tls skipped; tls ok: TLSv1\.3 /],
    ['prefer', 'postgres', /^tls ok: TLSv1\.3 /],
    ['prefer', 'only_plain', /^tls ok: TLSv1\.3 .*; tls skipped$/],
    ['require', 'postgres', /^tls ok: TLSv1\.3 /],
  ])('%s as %s', async (mode, user, tls) => {
    expect(await tlsOf(profile({ mode }, { user }))).toMatch(tls);
  });
  it.each<[SslMode, string]>([
    ['disable', 'only_tls'],
    ['require', 'only_plain'],
  ])('%s as %s is refused by pg_hba.conf', async (mode, user) => {
    const { error } = await failureOf(profile({ mode }, { user }));
    expect(error).toMatchObject({ code: 'authentication', sqlstate: '28000' });
  });
  it('prefer goes on in plain text on a server without TLS, require does not', async () => {
    const without = { ...plain.profile(), ssl: NEW_SERVER.ssl };
    expect(await tlsOf(without)).toBe('tls skipped');
    const { error, steps } = await failureOf({ ...without, ssl: { ...NEW_SERVER.ssl, mode: 'require' } });
    expect(error).toMatchObject({ code: 'tls', field: 'server.ssl.mode' });
    expect(steps.at(-1)).toMatchObject({ step: 'tls', state: 'failed' });
  });
  it('a wrong password is said as such although the second try is refused for another reason', async () => {
    const { error } = await failureOf(profile({ mode: 'prefer' }, { user: 'tls_password', password: 'wrong' }));
    expect(error).toMatchObject({ sqlstate: '28P01' });
  });
  it('the session tells what was negotiated, and so does the server', async () => {
    const session = await openSession(profile({ mode: 'require' }));
    const [row] = await session.query<{ said: string }>(
      "SELECT version || ' ' || cipher AS said FROM pg_stat_ssl WHERE pid = pg_backend_pid()",
    );
    expect(session.tls).toBe(row?.said);
    await session.end();
  });
});

describe('certificates', () => {
  const root = () => file('root.crt');
  it('verify-ca takes any name, verify-full the names of the certificate', async () => {
    expect(await tlsOf(profile({ mode: 'verify-ca', rootCert: root() }))).toMatch(/^tls ok/);
    expect(await tlsOf(profile({ mode: 'verify-full', rootCert: root() }))).toMatch(/^tls ok/);
    expect(await tlsOf(profile({ mode: 'verify-full', rootCert: root() }, { host: 'localhost' }))).toMatch(/^tls ok/);
  });
  it.each(['verify-ca', 'verify-full'] as const)('%s without a root certificate is said as such', async (mode) => {
    const { error } = await failureOf(profile({ mode }));
    expect(error).toMatchObject({ code: 'tls', field: 'server.ssl.rootCert' });
  });
  it.each(['require', 'verify-ca', 'verify-full'] as const)('%s refuses a strange authority', async (mode) => {
    const { error, steps } = await failureOf(profile({ mode, rootCert: file('stranger.crt') }));
    expect(error).toMatchObject({ code: 'tls', field: 'server.ssl.rootCert' });
    expect(steps.at(-1)).toMatchObject({ step: 'tls', state: 'failed' });
  });
  it('verify-full refuses another name, verify-ca does not', async () => {
    const wrongName = authority.issue('elsewhere.test', ['elsewhere.test']);
    const elsewhere = await startServer({ major: 15, tls: wrongName });
    try {
      const made = { ...elsewhere.profile(), ssl: { ...NEW_SERVER.ssl, rootCert: root() } };
      const { error } = await failureOf({ ...made, ssl: { ...made.ssl, mode: 'verify-full' } });
      expect(error).toMatchObject({ code: 'tls', field: 'server.host' });
      expect(await tlsOf({ ...made, ssl: { ...made.ssl, mode: 'verify-ca' } })).toMatch(/^tls ok/);
    } finally {
      await elsewhere.stop();
    }
  });
  it('an expired certificate is said as such', async () => {
    const expired = await startServer({ major: 15, tls: authority.issue('db.test', ['127.0.0.1'], -1) });
    try {
      const { error } = await failureOf({
        ...expired.profile(),
        ssl: { ...NEW_SERVER.ssl, mode: 'verify-ca', rootCert: root() },
      });
      expect(error.code).toBe('tls');
      expect(error.message).toContain('expired');
    } finally {
      await expired.stop();
    }
  });
  it('revocation lists', async () => {
    const made = (crl: string) => profile({ mode: 'verify-full', rootCert: root(), crl: file(crl) });
    expect(await tlsOf(made('none.crl'))).toMatch(/^tls ok/);
    expect((await failureOf(made('server-revoked.crl'))).error).toMatchObject({ code: 'tls', field: 'server.ssl.crl' });
    expect((await failureOf(made('stranger.crl'))).error).toMatchObject({ code: 'tls', field: 'server.ssl.crl' });
  });
  it('a client certificate logs in', async () => {
    const made = profile(
      { mode: 'verify-full', rootCert: root(), cert: file('client.crt'), key: file('client.key') },
      { user: 'certified' },
    );
    expect(await outcome(made)).toContain('authentication ok: certified');
  });
  it.each([
    ['encrypted.key', 'passphrase'],
    ['loose.key', 'read by other users'],
    ['other.key', 'does not belong'],
    ['not-a.pem', 'not a PEM file'],
    ['absent.key', 'cannot be read'],
  ])('the client key %s is refused at its field', async (key, words) => {
    const made = profile({ mode: 'require', cert: file('client.crt'), key: file(key) }, { user: 'certified' });
    const { error } = await failureOf(made);
    expect(error).toMatchObject({ code: 'tls', field: 'server.ssl.key' });
    expect(error.message).toContain(words);
  });
  it('a cancel goes through TLS as well', async () => {
    const session = await openSession(profile({ mode: 'verify-full', rootCert: root() }, { user: 'only_tls' }));
    const abort = new AbortController();
    const query = session.query('SELECT pg_sleep(60)', [], abort.signal);
    await expect
      .poll(
        async () => (await server.sql("SELECT 1 FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep(60)%'")).length,
      )
      .toBe(1);
    abort.abort();
    await expect(query).rejects.toMatchObject({ code: 'cancelled' });
    await session.end();
  });
  it('plain bytes after the answer to SSLRequest are refused', async () => {
    const between = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.write('Sinjected'));
    });
    await new Promise<void>((resolve) => between.listen(0, '127.0.0.1', resolve));
    const { port } = between.address() as AddressInfo;
    const { error, steps } = await failureOf(profile({ mode: 'prefer' }, { port }));
    expect(error.message).toContain('Unencrypted data');
    expect(steps.at(-1)).toMatchObject({ step: 'tls', state: 'failed' });
    between.close();
  });
});
