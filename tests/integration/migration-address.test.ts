import type { Client } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createGateway } from '../../electron/control-plane/gateway/gateway';
import { openSession, until } from '../support/gateway';
import { freePort, startServer, type TestServer } from '../support/postgres';

describe('addresses of the gateway that are exchanged', () => {
  let servers: TestServer[];
  let gateway: ReturnType<typeof createGateway>;
  let ports: number[];

  const route = (id: string, port: number | undefined, server: number, state: 'open' | 'hold' = 'open') => ({
    id,
    host: '127.0.0.1',
    port: port ?? 0,
    target: { host: '127.0.0.1', port: servers[server]?.port ?? 0 },
    state,
    rules: null,
  });
  const serverOf = async (client: Client): Promise<number> => {
    const { rows } = await client.query<{ port: number }>("SELECT current_setting('port')::int AS port");
    await client.end();
    return servers.findIndex(({ port }) => port === rows[0]?.port);
  };

  beforeAll(async () => {
    servers = await Promise.all([startServer({ major: 16 }), startServer({ major: 17 })]);
  });
  afterAll(async () => {
    await Promise.all(servers.map((server) => server.stop()));
  });
  beforeEach(async () => {
    ports = [await freePort(), await freePort()];
    gateway = createGateway(() => undefined);
    await gateway.setRoute(route('a', ports[0], 0, 'hold'));
    await gateway.setRoute(route('b', ports[1], 1));
  });
  afterEach(() => gateway.close());

  const exchange = () => gateway.exchange([route('b', ports[0], 1), route('a', ports[1], 0, 'hold')]);

  it('lead who waits to the other server, and nobody is turned away', async () => {
    const waiting = Promise.all(Array.from({ length: 20 }, () => openSession(ports[0] ?? 0)));
    await until(async () => (await gateway.sessions()).filter(({ state }) => state === 'waiting').length === 20);
    await exchange();
    for (const client of await waiting) expect(await serverOf(client)).toBe(1);
    const late = openSession(ports[1] ?? 0);
    await until(async () => (await gateway.sessions()).some(({ state }) => state === 'waiting'));
    await gateway.setRoute(route('a', ports[1], 0));
    expect(await serverOf(await late)).toBe(0);
    expect(await serverOf(await openSession(ports[0] ?? 0))).toBe(1);
  });

  it('stay exchanged when it is said again, and change back', async () => {
    await exchange();
    await exchange();
    expect(await serverOf(await openSession(ports[0] ?? 0))).toBe(1);
    await gateway.exchange([route('a', ports[0], 0), route('b', ports[1], 1)]);
    expect(await serverOf(await openSession(ports[0] ?? 0))).toBe(0);
    expect(await serverOf(await openSession(ports[1] ?? 0))).toBe(1);
  });

  it('are taken by the routes that have them now: what a route had beyond is given up', async () => {
    const third = await freePort();
    await gateway.exchange([route('b', ports[0], 1), route('a', third, 0)]);
    expect(await serverOf(await openSession(ports[0] ?? 0))).toBe(1);
    expect(await serverOf(await openSession(third))).toBe(0);
    await expect(openSession(ports[1] ?? 0)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('cut off the sessions that came by the old way, and know their routes by the new names', async () => {
    const client = await openSession(ports[1] ?? 0);
    const gone = new Promise((resolve) => client.once('end', resolve));
    await exchange();
    expect((await gateway.sessions()).map(({ routeId }) => routeId)).toEqual(['a']);
    await gateway.cut(['a']);
    await gone;
  });
});
