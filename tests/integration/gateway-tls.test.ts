import { execFile } from 'node:child_process';
import { rmSync, writeFileSync, mkdtempSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createGateway, GATEWAY_LIMITS } from '../../electron/control-plane/gateway/gateway';
import { createAuthority } from '../support/certificates';
import { closed, gssRequest, nextBytes, openSession, sslRequest, startupPacket, until } from '../support/gateway';
import { freePort, startServer, type TestServer } from '../support/postgres';

const run = promisify(execFile);
const authority = createAuthority('Howdah test authority');
const folder = mkdtempSync(join(tmpdir(), 'howdah-gateway-tls-'));
const ca = join(folder, 'ca.pem');
const gateway = createGateway(() => undefined, { ...GATEWAY_LIMITS, startupMs: 2_000 });
/** By what the server does: with TLS (17), without (17), with TLS but too old for direct TLS (13). */
const servers: Record<string, TestServer> = {};
const ports: Record<string, number> = {};
const start = startupPacket({ user: 'postgres', database: 'postgres', application_name: 'shop' });

beforeAll(async () => {
  writeFileSync(ca, authority.cert);
  const tls = authority.issue('db.test', ['127.0.0.1']);
  servers['tls'] = await startServer({ major: 17, tls });
  servers['plain'] = await startServer({ major: 17 });
  servers['old'] = await startServer({ major: 13, tls });
  for (const [name, server] of Object.entries(servers)) {
    const port = await freePort();
    ports[name] = port;
    const target = { host: '127.0.0.1', port: server.port };
    await gateway.setRoute({ id: name, host: '127.0.0.1', port, target, state: 'open', rules: null });
  }
});
afterAll(async () => {
  await gateway.close();
  for (const server of Object.values(servers)) await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

const psql = async (port: number | undefined, mode: string, root = ca): Promise<string> =>
  run('psql', [
    '-X',
    '-A',
    '-t',
    '-c',
    'SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()',
    `host=127.0.0.1 port=${port} user=postgres dbname=postgres sslmode=${mode} sslrootcert=${root}`,
  ]).then(
    ({ stdout }) => stdout.trim(),
    (error: { stderr: string }) => error.stderr,
  );

describe('libpq', () => {
  it('verifies the certificate of the server through the gateway', async () => {
    expect(await psql(ports['tls'], 'verify-full')).toBe('t');
    expect(await psql(ports['old'], 'verify-full')).toBe('t');
    const other = join(folder, 'other.pem');
    writeFileSync(other, createAuthority('Another authority').cert);
    expect(await psql(ports['tls'], 'verify-full', other)).toContain('certificate verify failed');
  });

  it('goes on in plain text where the server has no TLS', async () => {
    expect(await psql(ports['plain'], 'prefer')).toBe('f');
    expect(await psql(ports['plain'], 'require')).toContain('server does not support SSL');
  });
});

it('tells which sessions are encrypted, and of the others who they are', async () => {
  const secret = await openSession(ports['tls'] ?? 0, { ssl: { ca: authority.cert } });
  const socket = connect({ host: '127.0.0.1', port: ports['plain'] ?? 0 });
  socket.write(sslRequest);
  expect((await nextBytes(socket)).toString()).toBe('N');
  socket.write(start);
  expect((await nextBytes(socket)).toString('latin1')).toMatch(/^R/);
  expect((await gateway.sessions()).toSorted((a, b) => a.routeId.localeCompare(b.routeId))).toMatchObject([
    { routeId: 'plain', state: 'open', tls: false, user: 'postgres', database: 'postgres', application: 'shop' },
    { routeId: 'tls', state: 'open', tls: true, user: '', database: '', application: '' },
  ]);
  socket.destroy();
  await secret.end();
  await until(async () => (await gateway.sessions()).length === 0);
});

describe('direct TLS', () => {
  const direct = (port: number | undefined): Promise<string> =>
    new Promise((resolve) => {
      const socket = connectTls({ host: '127.0.0.1', port, ca: authority.cert, ALPNProtocols: ['postgresql'] }, () =>
        socket.write(start),
      );
      socket.once('data', (chunk: Buffer) => {
        resolve(chunk.toString('latin1', 0, 1));
        socket.destroy();
      });
      socket.once('error', () => resolve('refused'));
      socket.once('close', () => resolve('closed'));
    });

  it('reaches servers from 17 on', async () => expect(await direct(ports['tls'])).toBe('R'));
  it('ends at once at an older server', async () => {
    const began = Date.now();
    expect(await direct(ports['old'])).not.toBe('R');
    expect(Date.now() - began).toBeLessThan(900);
  });
  it('ends at a server without TLS', async () => expect(await direct(ports['plain'])).not.toBe('R'));
});

describe('GSSAPI encryption', () => {
  it.each(['tls', 'plain'])('is refused, and the client goes on (%s)', async (name) => {
    const socket = connect({ host: '127.0.0.1', port: ports[name] ?? 0 });
    socket.write(gssRequest);
    expect((await nextBytes(socket)).toString()).toBe('N');
    socket.write(sslRequest);
    expect((await nextBytes(socket)).toString()).toBe(name === 'tls' ? 'S' : 'N');
    if (name === 'plain') {
      socket.write(start);
      expect((await nextBytes(socket)).toString('latin1')).toMatch(/^R/);
    }
    socket.destroy();
  });

  it('may be asked for once, and TLS too', async () => {
    for (const packet of [gssRequest, sslRequest]) {
      const socket = connect({ host: '127.0.0.1', port: ports['plain'] ?? 0 });
      socket.write(packet);
      expect((await nextBytes(socket)).toString()).toBe('N');
      const gone = closed(socket);
      socket.write(packet);
      expect(await gone).toBe('');
    }
  });
});
