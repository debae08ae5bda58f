import { connect } from 'node:net';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { openSession, startupPacket, until } from '../support/gateway';
import { freePort, startServer, type TestServer } from '../support/postgres';

/** A runtime that lacks the parts which are not documented: everything goes through the stream layer and must work all the same. */
vi.mock(import('../../electron/control-plane/gateway/direct-write'), async (original) => {
  const runtime = process as { binding?: unknown };
  const { binding } = runtime;
  runtime.binding = undefined;
  const actual = await original();
  runtime.binding = binding;
  return { ...actual, handleOf: () => null };
});

let server: TestServer;
let port: number;
let gateway: ReturnType<(typeof import('../../electron/control-plane/gateway/gateway'))['createGateway']>;

beforeAll(async () => {
  const { createGateway } = await import('../../electron/control-plane/gateway/gateway');
  server = await startServer({ major: 17 });
  port = await freePort();
  gateway = createGateway(() => undefined);
  const target = { host: '127.0.0.1', port: server.port };
  await gateway.setRoute({ id: 'one', host: '127.0.0.1', port, target, state: 'open', rules: null });
});
afterAll(async () => {
  await gateway?.close();
  await server?.stop();
});

it('carries 50 MB in each direction unchanged', async () => {
  const client = await openSession(port);
  const { rows } = await client.query(
    "SELECT md5(x) AS sum, x FROM (SELECT repeat('0123456789', 5000000) AS x) AS big",
  );
  const [big] = rows as { sum: string; x: string }[];
  const back = await client.query('SELECT md5($1::text) AS sum', [big?.x]);
  expect(back.rows).toEqual([{ sum: big?.sum }]);
  await client.end();
  await until(async () => (await gateway.sessions()).length === 0);
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
  let last = -1;
  await until(async () => {
    const now = (await gateway.sessions())[0]?.bytesOut ?? 0;
    const isStill = now === last && now > 100_000;
    last = now;
    if (!isStill) await new Promise((done) => setTimeout(done, 100));
    return isStill;
  });
  expect(last).toBeLessThan(50_000_000);
  client.destroy();
  await until(async () => (await gateway.sessions()).length === 0);
});
