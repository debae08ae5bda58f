import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createGateway, GATEWAY_LIMITS } from '../../electron/control-plane/gateway/gateway';
import type { Route } from '../../electron/control-plane/gateway/route';
import { createAuthority } from '../support/certificates';
import { cancel, nextBytes, openSession, sleepingSession, sslRequest, startupPacket, until } from '../support/gateway';
import { freePort, startServer, type TestServer } from '../support/postgres';

let [first, second]: TestServer[] = [];
let gateway: ReturnType<typeof createGateway>;
let port: number;
const strangers: Server[] = [];

const at = (wanted: number): Route['target'] => ({ host: '127.0.0.1', port: wanted });
const route = (target: Route['target'], state: Route['state'] = 'open'): Route => ({
  id: 'one',
  host: '127.0.0.1',
  port,
  target,
  state,
  rules: null,
});
const serverOf = async (client: { query(sql: string): Promise<{ rows: unknown[] }> }): Promise<unknown> =>
  (await client.query('SELECT inet_server_port() AS port')).rows[0];
const outcome = (work: Promise<unknown>): Promise<unknown> =>
  work.catch((error: { code?: string; message: string }) => error.code ?? error.message);

/** Something that is no server: it does with every connection what the test says. */
async function stranger(serve: (socket: Socket) => void): Promise<number> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    serve(socket);
  });
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
  strangers.push(server);
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}

beforeAll(async () => {
  const tls = createAuthority('Howdah test authority').issue('localhost', ['127.0.0.1']);
  [first, second] = [await startServer({ major: 17, tls }), await startServer({ major: 17, tls })];
});
afterAll(async () => {
  await first?.stop();
  await second?.stop();
});
beforeEach(async () => {
  port = await freePort();
  gateway = createGateway(() => undefined, { ...GATEWAY_LIMITS, holdMs: 5_000, held: 60, retryMs: 1_000 });
  await gateway.setRoute(route(at(first?.port ?? 0)));
});
afterEach(async () => {
  await gateway.close();
  for (const each of strangers.splice(0)) each.close();
});

it('lets fifty clients that wait in to the new server', async () => {
  await gateway.setRoute(route(at(first?.port ?? 0), 'hold'));
  const clients = Array.from({ length: 50 }, () => openSession(port));
  await until(async () => (await gateway.sessions()).filter(({ state }) => state === 'waiting').length === 50);
  await gateway.setRoute(route(at(second?.port ?? 0)));
  for (const client of await Promise.all(clients)) {
    expect(await serverOf(client)).toEqual({ port: second?.port });
    await client.end();
  }
});

it('refuses more than may wait, and forgets those who leave', async () => {
  await gateway.setRoute(route(at(first?.port ?? 0), 'hold'));
  const clients = Array.from({ length: 60 }, () => outcome(openSession(port, { connectionTimeoutMillis: 1_000 })));
  await until(async () => (await gateway.sessions()).filter(({ state }) => state === 'waiting').length === 60);
  expect(await outcome(openSession(port))).toBe('53300');
  await Promise.all(clients);
  await until(async () => (await gateway.sessions()).length === 0);
});

it('keeps established sessions at a new target, until they are cut', async () => {
  const client = await openSession(port, { application_name: 'shop' });
  await gateway.setRoute(route(at(second?.port ?? 0)));
  expect(await serverOf(client)).toEqual({ port: first?.port });
  expect(await gateway.sessions()).toMatchObject([
    { routeId: 'one', state: 'open', user: 'postgres', database: 'postgres', application: 'shop', tls: false },
  ]);
  const ended = new Promise((done) => client.once('end', done));
  expect(await gateway.cut(['other'])).toBe(0);
  expect(await gateway.cut(['one', 'other'])).toBe(1);
  await ended;
  const next = await openSession(port);
  expect(await serverOf(next)).toEqual({ port: second?.port });
  await next.end();
});

it('cuts no one who waits', async () => {
  await gateway.setRoute(route(at(first?.port ?? 0), 'hold'));
  const waiting = openSession(port);
  await until(async () => (await gateway.sessions())[0]?.state === 'waiting');
  expect(await gateway.cut(['one'])).toBe(0);
  await gateway.setRoute(route(at(second?.port ?? 0)));
  const client = await waiting;
  expect(await serverOf(client)).toEqual({ port: second?.port });
  await client.end();
});

describe('a client that the lost server had not answered', () => {
  it.each([
    ['in plain text', {}],
    ['asking for TLS', { ssl: { rejectUnauthorized: false } }],
  ])('gets to the new one without noticing, %s', async (_, options) => {
    let asked = 0;
    const silent = await stranger((socket) => socket.on('data', () => (asked += 1)));
    await gateway.setRoute(route(at(silent)));
    const coming = openSession(port, options);
    await until(() => asked > 0);
    await gateway.setRoute(route(at(silent), 'hold'));
    expect(await gateway.cut(['one'])).toBe(0);
    await until(async () => (await gateway.sessions())[0]?.state === 'waiting');
    await gateway.setRoute(route(at(second?.port ?? 0)));
    const client = await coming;
    expect(await serverOf(client)).toEqual({ port: second?.port });
    await client.end();
  });

  it('gets to the new one after a no to TLS as well', async () => {
    const refusing = await stranger((socket) => void socket.write('N'));
    await gateway.setRoute(route(at(refusing)));
    const socket = connect({ host: '127.0.0.1', port });
    socket.write(sslRequest);
    expect((await nextBytes(socket)).toString()).toBe('N');
    await gateway.setRoute(route(at(second?.port ?? 0)));
    await gateway.cut(['one']);
    socket.write(startupPacket({ user: 'postgres', database: 'postgres' }));
    expect((await nextBytes(socket)).toString('latin1')).toMatch(/^R/);
    socket.destroy();
  });
});

it('tries a server that cannot be reached yet again for a second', async () => {
  const late = await freePort();
  await gateway.setRoute(route(at(late)));
  const coming = openSession(port);
  await until(async () => (await gateway.sessions()).length === 1);
  await gateway.setRoute(route(at(second?.port ?? 0)));
  const client = await coming;
  expect(await serverOf(client)).toEqual({ port: second?.port });
  await client.end();
  await gateway.setRoute(route(at(late)));
  const began = Date.now();
  expect(await outcome(openSession(port))).toBe('57P03');
  expect(Date.now() - began).toBeGreaterThan(900);
});

describe('a request to cancel', () => {
  it.each([
    ['in plain text', {}],
    ['under TLS', { ssl: { rejectUnauthorized: false } }],
  ])('reaches the server of its session after the target has changed, %s', async (_, options) => {
    const { client, key, done } = await sleepingSession(port, options);
    await gateway.setRoute(route(at(second?.port ?? 0)));
    const other = await sleepingSession(port, options);
    await gateway.setRoute(route(at(second?.port ?? 0), 'hold'));
    await cancel(port, key);
    expect(await done).toBe('57014');
    await cancel(port, other.key);
    expect(await other.done).toBe('57014');
    await client.end();
    await other.client.end();
  });

  it('goes nowhere when its session is gone', async () => {
    const { key, done } = await sleepingSession(port);
    let asked = 0;
    await gateway.setRoute(route(at(await stranger(() => (asked += 1)))));
    await gateway.cut(['one']);
    await done;
    await until(async () => (await gateway.sessions()).length === 0);
    await cancel(port, key);
    expect(asked).toBe(0);
  });
});
