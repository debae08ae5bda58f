import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ServerStatus } from '../../shared/model/server';
import { startServer, type TestServer } from '../support/postgres';
import { Road } from '../support/road';
import { context, definition, openServersDesk, type ServersDesk } from '../support/servers';

let spare: TestServer;
let desk: ServersDesk;
let road: Road;
let id: string;
let port: number;

beforeAll(async () => {
  spare = await startServer({ major: 17 });
});
afterAll(() => spare.stop());
beforeEach(async () => {
  road = new Road();
  port = await road.open();
  road.target = spare.port;
  desk = await openServersDesk();
  const server = definition({ name: 'Shop', host: '127.0.0.1', port, connectTimeout: 3 });
  id = (await desk.feature.handlers.save({ server, secrets: {} }, context())).id;
});
afterEach(async () => {
  await desk.close();
  await road.close();
});

const status = async (): Promise<ServerStatus | undefined> =>
  (await desk.feature.handlers.list({}, context())).servers[0]?.status;
const connectNow = () => desk.feature.handlers.connect({ id, remember: false }, context());

describe('a lost connection', () => {
  it('kill -9 of the server is noticed, shown and pushed; the connection is made anew when it is back', async () => {
    const doomed = await startServer({ major: 17 });
    road.target = doomed.port;
    await connectNow();
    const pushes = desk.pushes();
    doomed.kill('SIGKILL');
    await expect.poll(async () => (await status())?.connected).toBe(false);
    expect((await status())?.problem).not.toBe('');
    expect(desk.pushes()).toBeGreaterThan(pushes);
    await expect(connectNow()).rejects.toMatchObject({ info: { retry: true } });
    road.target = spare.port;
    expect(await connectNow()).toMatchObject({ connected: true, problem: '' });
    await doomed.stop();
  });
  it('comes back by itself when somebody works with the server', async () => {
    await connectNow();
    await spare.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'Howdah'");
    await expect.poll(async () => (await status())?.connected).toBe(false);
    expect((await status())?.problem).toContain('terminat');
    await desk.feature.connections.profile(id, 'postgres', context().signal);
    await expect.poll(async () => (await status())?.connected).toBe(true);
  });
  it('a session that reports its loss leads to a check: a living server stays connected', async () => {
    await connectNow();
    desk.feature.connections.reportLost(id, 'one session was terminated');
    expect(await desk.feature.handlers.databases({ id }, context())).not.toHaveLength(0);
    expect(await status()).toMatchObject({ connected: true, problem: '' });
  });
  it('a network that swallows everything is given up after the check', async () => {
    await connectNow();
    road.silence();
    desk.feature.connections.reportLost(id, 'the network is gone');
    await expect.poll(async () => (await status())?.problem, { timeout: 30_000 }).toBe('the network is gone');
    expect((await status())?.connected).toBe(false);
  });
});
