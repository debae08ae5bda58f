import { connect } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { createGateway } from '../../electron/control-plane/gateway/gateway';
import type { Route } from '../../electron/control-plane/gateway/route';
import { decide, type SecurityRule } from '../../shared/model/security-rules';
import { closed, openSession, until } from '../support/gateway';
import { freePort, startServer, type TestServer } from '../support/postgres';

let server: TestServer;
let gateway: ReturnType<typeof createGateway>;
let port: number;

const rule = (action: SecurityRule['action'], source: string, change: Partial<SecurityRule> = {}): SecurityRule => ({
  action,
  source,
  protocol: 'TCP',
  ports: 'ALL',
  remark: '',
  ...change,
});
const route = (rules: SecurityRule[] | null, change: Partial<Route> = {}): Route => ({
  id: 'one',
  host: '127.0.0.1',
  port,
  target: { host: '127.0.0.1', port: server.port },
  state: 'open',
  rules,
  ...change,
});
const isIn = (from?: string, to = port): Promise<boolean> =>
  openSession(to, {}, from).then(
    (client) => client.end().then(() => true),
    () => false,
  );

beforeAll(async () => {
  server = await startServer({ major: 17 });
});
afterAll(() => server?.stop());
beforeEach(async () => {
  port = await freePort();
  gateway = createGateway(() => undefined);
});
afterEach(() => gateway.close());

it('lets in whom the first rule that fits accepts, and drops everyone else', async () => {
  await gateway.setRoute(route([rule('DROP', '127.66.6.6'), rule('ACCEPT', '127.66.0.0/16')]));
  expect([await isIn('127.66.6.6'), await isIn('127.66.6.7'), await isIn('127.0.0.1')]).toEqual([false, true, false]);
});

it('measures rules by the port that they speak of, where the address had to take another one', async () => {
  const rules = [rule('ACCEPT', '0.0.0.0/0', { ports: '5432' })];
  await gateway.setRoute(route(rules));
  expect(await isIn()).toBe(false);
  await gateway.setRoute(route(rules, { rulePort: 5432 }));
  expect(await isIn()).toBe(true);
});

it('says nothing to whom it drops, and asks no server', async () => {
  await gateway.setRoute(route([rule('ACCEPT', '10.0.0.0/8')]));
  const socket = connect({ host: '127.0.0.1', port });
  expect(await closed(socket)).toBe('');
  expect(await gateway.sessions()).toEqual([]);
});

it('drops everyone without rules, and nobody at a public address', async () => {
  await gateway.setRoute(route([]));
  expect(await isIn()).toBe(false);
  const other = await freePort();
  await gateway.setRoute(route(null, { id: 'one/public', host: '0.0.0.0', port: other }));
  expect([await isIn(undefined, other), await isIn('127.66.6.6', other)]).toEqual([true, true]);
});

it('knows an IPv4 client at an address of both families', async () => {
  await gateway.setRoute(route([rule('ACCEPT', '127.66.6.6')], { host: '::' }));
  expect([await isIn('127.66.6.6'), await isIn('127.66.6.7')]).toEqual([true, false]);
});

it('ends at once the sessions that new rules forbid, and no others', async () => {
  await gateway.setRoute(route([rule('ACCEPT', '0.0.0.0/0')]));
  const [good, bad] = [await openSession(port, {}, '127.66.6.7'), await openSession(port, {}, '127.66.6.6')];
  const asleep = bad.query('SELECT pg_sleep(30)').catch((error: Error) => error.message);
  const silent = connect({ host: '127.0.0.1', port, localAddress: '127.66.6.6' });
  const gone = closed(silent);
  await until(async () => (await gateway.sessions()).length === 3);
  const began = Date.now();
  await gateway.setRoute(route([rule('DROP', '127.66.6.6'), rule('ACCEPT', '0.0.0.0/0')]));
  expect(await asleep).toContain('terminated');
  expect(await gone).toBe('');
  expect(Date.now() - began).toBeLessThan(1_000);
  expect((await good.query('SELECT 1 AS n')).rows).toEqual([{ n: 1 }]);
  await until(async () => (await gateway.sessions()).length === 1);
  await good.end();
});

it('ends those who wait, too', async () => {
  await gateway.setRoute(route(null, { state: 'hold' }));
  const waiting = isIn();
  await until(async () => (await gateway.sessions())[0]?.state === 'waiting');
  await gateway.setRoute(route([], { state: 'hold' }));
  expect(await waiting).toBe(false);
});

it('has rules of its own at each address of an instance', async () => {
  const second = await freePort();
  await gateway.setRoute(route([rule('ACCEPT', '127.66.6.6')]));
  await gateway.setRoute(route([rule('ACCEPT', '127.66.6.7')], { id: 'one/2', port: second }));
  expect([await isIn('127.66.6.6'), await isIn('127.66.6.6', second)]).toEqual([true, false]);
  expect([await isIn('127.66.6.7'), await isIn('127.66.6.7', second)]).toEqual([false, true]);
});

it('does what the preview says', async () => {
  let seed = 5;
  const random = (below: number): number => ((seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) >>> 8) % below;
  const sources = ['127.0.0.1', '127.66.6.6', '127.66.6.7', '127.67.0.1', '127.200.1.1'];
  for (let round = 0; round < 25; round += 1) {
    const rules = Array.from({ length: random(5) }, () => {
      const source = sources[random(sources.length)] ?? '';
      const block = random(3) === 0 ? '127.66.0.0/16' : random(2) === 0 ? '0.0.0.0/0' : source;
      return rule(random(2) === 0 ? 'DROP' : 'ACCEPT', block, {
        protocol: random(6) === 0 ? 'UDP' : 'TCP',
        ports: random(4) === 0 ? '1-1023' : random(3) === 0 ? String(port) : 'ALL',
      });
    });
    await gateway.setRoute(route(rules));
    for (const source of sources) {
      expect([rules, source, await isIn(source)]).toEqual([
        rules,
        source,
        decide(rules, source, port).action === 'ACCEPT',
      ]);
    }
  }
});
