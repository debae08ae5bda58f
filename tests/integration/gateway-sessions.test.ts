import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createGateway, GATEWAY_LIMITS } from '../../electron/control-plane/gateway/gateway';
import { cancel, closed, openSession, sleepingSession, startupPacket, until } from '../support/gateway';
import { freePort, startServer, type TestServer } from '../support/postgres';

const folder = mkdtempSync(join(tmpdir(), 'howdah-tls-'));
let server: TestServer;
let gateway: ReturnType<typeof createGateway>;
let port: number;

const route = (change: object = {}) => ({
  id: 'one',
  host: '127.0.0.1',
  port,
  target: { host: '127.0.0.1', port: server.port },
  state: 'open' as const,
  rules: null,
  ...change,
});

const session = (options: object = {}): Promise<Client> => openSession(port, options);

beforeAll(async () => {
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  execFileSync(
    'openssl',
    [
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-days',
      '2',
      '-subj',
      '/CN=localhost',
      '-keyout',
      key,
      '-out',
      cert,
    ],
    { stdio: 'ignore' },
  );
  server = await startServer({
    major: 17,
    tls: { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') },
  });
});
afterAll(async () => {
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  port = await freePort();
  gateway = createGateway(() => undefined, {
    ...GATEWAY_LIMITS,
    startupMs: 400,
    holdMs: 600,
    retryMs: 300,
    halfOpen: 5,
  });
  await gateway.setRoute(route());
});
afterEach(() => gateway.close());

describe('a session', () => {
  it('passes, counts and ends on both sides', async () => {
    const client = await session();
    expect((await client.query('SELECT 1 AS n')).rows).toEqual([{ n: 1 }]);
    const [facts] = await gateway.sessions();
    expect(facts).toMatchObject({ routeId: 'one', client: expect.stringMatching(/^127\.0\.0\.1:\d+$/) });
    expect(facts?.bytesIn).toBeGreaterThan(30);
    expect(facts?.bytesOut).toBeGreaterThan(300);
    await client.end();
    await until(async () => (await gateway.sessions()).length === 0);
    await until(
      async () =>
        (await server.sql('SELECT count(*)::int AS n FROM pg_stat_activity WHERE client_port > 0'))[0]?.['n'] === 1,
    );
  });

  it('is encrypted between client and server', async () => {
    const client = await session({ ssl: { rejectUnauthorized: false } });
    const { rows } = await client.query('SELECT ssl, version FROM pg_stat_ssl WHERE pid = pg_backend_pid()');
    expect(rows).toEqual([{ ssl: true, version: 'TLSv1.3' }]);
    await client.end();
  });

  it('carries 100 MB in each direction unchanged', async () => {
    const client = await session();
    const { rows } = await client.query(
      "SELECT md5(x) AS sum, length(x) AS n, x FROM (SELECT repeat('0123456789', 10000000) AS x) AS big",
    );
    const text = (rows[0] as { x: string }).x;
    const back = await client.query('SELECT md5($1::text) AS sum', [text]);
    expect((back.rows[0] as { sum: string }).sum).toBe((rows[0] as { sum: string }).sum);
    expect((rows[0] as { n: number }).n).toBe(100_000_000);
    await client.end();
  });

  it('holds the server back when the client does not read', async () => {
    const client = connect({ host: '127.0.0.1', port });
    client.write(startupPacket({ user: 'postgres', database: 'postgres' }));
    await until(async () => ((await gateway.sessions())[0]?.bytesOut ?? 0) > 300);
    client.pause();
    const sql = Buffer.from("SELECT repeat('x', 1000) FROM generate_series(1, 200000)\0");
    const query = Buffer.alloc(5);
    query.write('Q');
    query.writeUInt32BE(4 + sql.length, 1);
    client.write(Buffer.concat([query, sql]));
    await until(async () => ((await gateway.sessions())[0]?.bytesOut ?? 0) > 100_000);
    let last = -1;
    await until(async () => {
      const now = (await gateway.sessions())[0]?.bytesOut ?? 0;
      const still = now === last;
      last = now;
      if (!still) await new Promise((done) => setTimeout(done, 100));
      return still;
    });
    expect(last).toBeLessThan(50_000_000);
    client.destroy();
    await until(async () => (await gateway.sessions()).length === 0);
  });

  it.each([
    ['plain', {}],
    ['encrypted', { ssl: { rejectUnauthorized: false } }],
  ])('can be cancelled by its key (%s)', async (_, options) => {
    const { client, key, done } = await sleepingSession(port, options);
    await until(
      async () => (await server.sql("SELECT 1 FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(30)'")).length > 0,
    );
    await cancel(port, key);
    expect(await done).toBe('57014');
    await client.end();
  });
});

it('sends a cancel key to the server that gave it, whichever address it comes in on', async () => {
  const other = await freePort();
  let asked: Buffer = Buffer.alloc(0);
  const stranger: Server = createServer((socket) =>
    socket.on('data', (chunk: Buffer) => (asked = Buffer.concat([asked, chunk]))),
  );
  await new Promise<void>((done) => void stranger.listen(0, '127.0.0.1', done));
  const address = stranger.address();
  const strangerPort = typeof address === 'object' && address ? address.port : 0;
  await gateway.setRoute(route({ id: 'two', port: other, target: { host: '127.0.0.1', port: strangerPort } }));
  const { client, key, done } = await sleepingSession(port);
  await until(
    async () => (await server.sql("SELECT 1 FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(30)'")).length > 0,
  );
  await cancel(other, key);
  expect(await done).toBe('57014');
  expect(asked.length).toBe(0);
  await client.end();
  stranger.close();
});

describe('a route that is held', () => {
  it('keeps new connections waiting and lets them in when it opens', async () => {
    await gateway.setRoute(route({ state: 'hold' }));
    const waiting = session();
    const first = await Promise.race([waiting, new Promise((done) => setTimeout(() => done('held'), 200))]);
    expect(first).toBe('held');
    await gateway.setRoute(route());
    const client = await waiting;
    expect((await client.query('SELECT 2 AS n')).rows).toEqual([{ n: 2 }]);
    await client.end();
  });

  it('says cannot_connect_now when it stays closed too long', async () => {
    await gateway.setRoute(route({ state: 'hold' }));
    await expect(session()).rejects.toMatchObject({ code: '57P03' });
  });

  it('lets established sessions go on', async () => {
    const client = await session();
    await gateway.setRoute(route({ state: 'hold' }));
    expect((await client.query('SELECT 3 AS n')).rows).toEqual([{ n: 3 }]);
    await client.end();
  });
});

describe('bad company', () => {
  it.each([
    ['HTTP', Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n')],
    ['random bytes', Buffer.from('8f3c9911ab42'.repeat(50), 'hex')],
    ['a huge length', Buffer.from([0x7f, 0xff, 0xff, 0xff, 0, 3, 0, 0])],
    ['an old protocol', Buffer.from([0, 0, 0, 8, 0, 2, 0, 0])],
  ])('that sends %s is dropped without a word', async (_, bytes) => {
    const socket = connect({ host: '127.0.0.1', port });
    const gone = closed(socket);
    socket.write(bytes);
    expect(await gone).toBe('');
    await until(async () => (await gateway.sessions()).length === 0);
  });

  it('that says nothing is dropped in time', async () => {
    const began = Date.now();
    expect(await closed(connect({ host: '127.0.0.1', port }))).toBe('');
    expect(Date.now() - began).toBeGreaterThan(300);
  });

  it('takes no place from the others: the oldest of too many that say nothing gives way', async () => {
    const idle = Array.from({ length: 5 }, () => connect({ host: '127.0.0.1', port }));
    const gone = Promise.all(idle.map(closed));
    await until(async () => (await gateway.sessions()).length === 5);
    const client = await session();
    expect((await gateway.sessions()).filter(({ state }) => state === 'starting')).toHaveLength(4);
    await gone;
    await client.end();
  });

  it('does not keep others out, five hundred of it that say nothing', async () => {
    const flood = Array.from({ length: 500 }, () => connect({ host: '127.0.0.1', port }));
    for (const each of flood) each.on('error', () => undefined);
    const client = await session();
    expect((await client.query('SELECT 4 AS n')).rows).toEqual([{ n: 4 }]);
    await until(async () => (await gateway.sessions()).length <= 6);
    for (const each of flood) each.destroy();
    await client.end();
  });

  it('is dropped when it sends byte by byte and does not come to an end', async () => {
    const socket = connect({ host: '127.0.0.1', port });
    const gone = closed(socket);
    const began = Date.now();
    const drip = setInterval(() => socket.write(Buffer.from([0])), 20);
    socket.write(Buffer.from([0, 0, 0x20, 0, 0, 3, 0, 0]));
    expect(await gone).toBe('');
    clearInterval(drip);
    expect(Date.now() - began).toBeLessThan(5_000);
  });
});

it('tells clients that the server does not run', async () => {
  await gateway.setRoute(route({ target: { host: '127.0.0.1', port: 1 } }));
  await expect(session()).rejects.toMatchObject({ code: '57P03', message: 'the database server does not run' });
});

it('ends the sessions of a route that is removed and frees its address', async () => {
  const client = await session();
  const ended = new Promise((done) => client.once('end', done));
  await gateway.removeRoute('one');
  await ended;
  await expect(session()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  await gateway.setRoute(route());
  await (await session()).end();
});

it('says that an address is taken', async () => {
  const blocker = createServer();
  const taken = await freePort();
  await new Promise<void>((done) => void blocker.listen(taken, '127.0.0.1', done));
  await expect(gateway.setRoute(route({ id: 'two', port: taken }))).rejects.toMatchObject({
    info: { code: 'conflict', message: expect.stringContaining('another program listens there') },
  });
  blocker.close();
});
