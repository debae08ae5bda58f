import { connect, createServer, type Server } from 'node:net';
import { request as httpRequest } from 'node:http';
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  addressOf,
  cloudClient,
  createRunning,
  PASSWORD,
  nextSecond,
  untilStatus,
  type CloudClient,
} from '../support/cloud-client';
import {
  openStateFolder,
  postmastersOf,
  processesOf,
  startControlPlane,
  stopEverything,
  type TestControlPlane,
} from '../support/control-plane';
import { dataOf, untilDocument } from '../support/instance-document';

let state: string;
let plane: TestControlPlane;
let api: CloudClient;

beforeAll(async () => {
  state = await openStateFolder();
  plane = await startControlPlane(state);
  api = cloudClient(plane);
});
afterAll(() => stopEverything(state));

const answer = z.object({
  Response: z.object({ RequestId: z.string(), Error: z.object({ Code: z.string(), Message: z.string() }) }),
});

function post(
  body: string | Buffer,
  headers: Record<string, string> = {},
  method = 'POST',
  path = '/',
): Promise<string> {
  const [host, port] = plane.endpoint.split(':');
  return new Promise((resolve, reject) => {
    const sent = httpRequest({ host, port, method, path, headers, agent: false }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.once('end', () => {
        resolve(
          response.statusCode === 200
            ? answer.parse(JSON.parse(text)).Response.Error.Code
            : String(response.statusCode),
        );
      });
    });
    sent.once('error', reject);
    sent.end(body);
  });
}

const raw = (bytes: Buffer): Promise<void> =>
  new Promise((resolve) => {
    const [host, port] = plane.endpoint.split(':');
    const socket = connect({ host: host ?? '', port: Number(port) });
    socket.on('error', () => undefined);
    socket.resume();
    socket.once('close', () => resolve());
    socket.end(bytes);
  });

const isWell = async (): Promise<boolean> => ((await api.DescribeRegions(null)).TotalCount ?? 0) > 0;

describe('the API', () => {
  it.each([
    ['no signature', '{}', {}, 'POST', 'AuthFailure.InvalidAuthorization'],
    [
      'a broken signature',
      '{}',
      { authorization: 'TC3-HMAC-SHA256 nonsense' },
      'POST',
      'AuthFailure.InvalidAuthorization',
    ],
    ['another host', '{}', { host: 'evil.example' }, 'POST', 'InvalidParameter'],
    ['this host under another name', '{}', { host: 'localhost' }, 'POST', 'InvalidParameter'],
    ['GET', '', {}, 'GET', 'InvalidRequest'],
    ['two megabytes', Buffer.alloc(2_000_000, 0x20), {}, 'POST', 'RequestSizeLimitExceeded'],
  ])('answers %s with a code', async (_, body, headers, method, code) => {
    expect(await post(body, headers, method)).toBe(code);
    expect(await isWell()).toBe(true);
  });

  it('survives what is not HTTP', async () => {
    await raw(Buffer.from('8f3c9911ab4200ff'.repeat(100), 'hex'));
    await raw(Buffer.from('POST / HTTP/1.1\r\nContent-Length: -5\r\n\r\n'));
    await raw(Buffer.from(`POST / HTTP/1.1\r\nHost: ${plane.endpoint}\r\nContent-Length: 10\r\n\r\nabc`));
    await raw(Buffer.from(`GET /${'x'.repeat(100_000)} HTTP/1.1\r\n\r\n`));
    expect(await isWell()).toBe(true);
  });

  it('survives two hundred connections that say nothing', async () => {
    const [host, port] = plane.endpoint.split(':');
    const idle = Array.from({ length: 200 }, () => connect({ host: host ?? '', port: Number(port) }));
    for (const socket of idle) socket.on('error', () => undefined);
    expect(await isWell()).toBe(true);
    for (const socket of idle) socket.destroy();
  });
});

it('survives garbage at an address of the gateway', async () => {
  const [made = {}] = await createRunning(api);
  const { host, port } = addressOf(made);
  let seed = 7;
  const random = (): number => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648;
  await Promise.all(
    Array.from({ length: 200 }, () => {
      const bytes = Buffer.from(
        Array.from({ length: 1 + Math.floor(random() * 200) }, () => Math.floor(random() * 256)),
      );
      if (random() < 0.5) bytes.fill(0, 0, Math.min(2, bytes.length));
      return new Promise<void>((resolve) => {
        const socket = connect({ host, port });
        socket.on('error', () => undefined);
        socket.resume();
        socket.once('close', () => resolve());
        socket.end(bytes);
      });
    }),
  );
  const client = new Client({ host, port, user: 'shop', password: PASSWORD, database: 'postgres' });
  await client.connect();
  expect((await client.query('SELECT 1 AS n')).rows).toEqual([{ n: 1 }]);
  await client.end();
});

it('takes no orders at the control socket of the gateway from strangers', async () => {
  const said = await new Promise<string>((resolve) => {
    const socket = connect(join(state, 'run/gateway.sock'));
    let text = '';
    socket.on('error', () => undefined);
    socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
    socket.once('close', () => resolve(text));
    // Only after the greeting: a socket that the gateway cuts drops what was not read yet.
    socket.once('data', () => {
      socket.write(`${JSON.stringify({ proof: 'f'.repeat(64), nonce: '0'.repeat(32) })}\n`);
      socket.write(`${JSON.stringify({ id: 1, do: 'end' })}\n`);
    });
  });
  expect(said).toMatch(/^\{"nonce":"[0-9a-f]{32}"\}\n$/);
  expect(processesOf(state).filter(({ kind }) => kind === 'gateway')).toHaveLength(1);
});

describe('an address that another program took', () => {
  const listen = (host: string, port: number): Promise<Server> =>
    new Promise((resolve, reject) => {
      const server = createServer((socket) => socket.destroy());
      server.once('error', reject);
      server.listen(port, host, () => resolve(server));
    });

  it('is told, kept and served again when it is free', async () => {
    const [made = {}] = await createRunning(api);
    const id = made.DBInstanceId ?? '';
    const { host, port } = addressOf(made);
    await api.IsolateDBInstances({ DBInstanceIdSet: [id] });
    await untilStatus(api, id, 'isolated');
    const blocker = await listen(host, port);
    await api.DisIsolateDBInstances({ DBInstanceIdSet: [id] });
    const running = await untilStatus(api, id, 'running');
    expect(addressOf(running)).toEqual({ host, port });
    const problem = (): string =>
      z
        .object({ data: z.object({ problem: z.string() }) })
        .parse(JSON.parse(readFileSync(join(state, 'instances', `${id}.json`), 'utf8'))).data.problem;
    expect(problem()).toContain(`${host}:${port} cannot be used`);
    await new Promise((done) => blocker.close(done));
    const connected = async (): Promise<boolean> => {
      const client = new Client({ host, port, user: 'shop', password: PASSWORD, database: 'postgres' });
      try {
        await client.connect();
        await client.end();
        return true;
      } catch {
        return false;
      }
    };
    for (const deadline = Date.now() + 20_000; !(await connected());) expect(Date.now()).toBeLessThan(deadline);
    for (const deadline = Date.now() + 5_000; problem() !== ''; await new Promise((done) => setTimeout(done, 20)))
      expect(Date.now()).toBeLessThan(deadline);
  });
});

it('starts a server with the settings of before when a file of it was spoiled, and tells', async () => {
  const [made = {}] = await createRunning(api);
  const id = made.DBInstanceId ?? '';
  const file = join(dataOf(state, id), 'postgresql.auto.conf');
  const before = readFileSync(file, 'utf8');
  writeFileSync(file, "work_mem = 'plenty'\n");
  await nextSecond();
  await api.RestartDBInstance({ DBInstanceId: id });
  const told = /^The restart failed: The server did not start: .*(work_mem|contains errors)/;
  await untilDocument(state, id, 'it runs and tells', (now) => now.status === 'running' && told.test(now.problem));
  expect(readFileSync(file, 'utf8')).toBe(before);
});

it('tells why a server does not start, and starts it when the reason is gone', async () => {
  const [made = {}] = await createRunning(api);
  const id = made.DBInstanceId ?? '';
  const data = dataOf(state, id);
  chmodSync(data, 0o777);
  await nextSecond();
  await api.RestartDBInstance({ DBInstanceId: id });
  const told = /The server did not start: .*invalid permissions/;
  await untilDocument(state, id, 'it tells', (now) => now.status === 'limited run' && told.test(now.problem));
  chmodSync(data, 0o700);
  await nextSecond();
  await api.RestartDBInstance({ DBInstanceId: id }).catch(() => undefined);
  const well = await untilDocument(state, id, 'it runs again', ({ status }) => status === 'running');
  expect(well.problem).not.toMatch(told);
});

it('puts a document aside that it cannot read, and goes on with the others', async () => {
  const servers = postmastersOf(state).length;
  await plane.kill();
  writeFileSync(join(state, 'instances/postgres-zzzzzzzz.json'), '{"version":1,"data":{"id":');
  plane = await startControlPlane(state);
  api = cloudClient(plane);
  expect((await api.DescribeDBInstances({})).TotalCount).toBe(servers);
  expect(postmastersOf(state)).toHaveLength(servers);
  expect(readFileSync(join(state, 'instances/postgres-zzzzzzzz.json.broken'), 'utf8')).toContain('"version":1');
});

it.runIf(process.getuid?.() === 0)('says which folder the servers cannot enter', async () => {
  const closed = join(state, 'closed');
  mkdirSync(closed, { mode: 0o700 });
  chmodSync(closed, 0o700);
  await expect(startControlPlane(join(closed, 'state'))).rejects.toThrow(`cannot enter ${closed}`);
  rmSync(closed, { recursive: true });
});
