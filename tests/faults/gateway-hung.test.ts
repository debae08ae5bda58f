import { Client } from 'pg';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { addressOf, cloudClient, createRunning, PASSWORD } from '../support/cloud-client';
import { openStateFolder, processesOf, startControlPlane, stopEverything } from '../support/control-plane';
import { until } from './support/wait';

/** So long clients may find nobody at the addresses when the gateway hangs. */
const LIMIT_MS = 10_000;

let state: string;
beforeEach(async () => {
  state = await openStateFolder();
});
afterEach(() => stopEverything(state));

it('a gateway that hangs is replaced, and the addresses answer again', async () => {
  const plane = await startControlPlane(state);
  const [instance = {}] = await createRunning(cloudClient(plane));
  const gateways = (): number[] =>
    processesOf(state)
      .filter(({ kind }) => kind === 'gateway')
      .map(({ pid }) => pid);
  const answers = async (): Promise<boolean> => {
    const client = new Client({
      ...addressOf(instance),
      user: 'shop',
      password: PASSWORD,
      database: 'postgres',
      connectionTimeoutMillis: 1_000,
    });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return (await client.query('SELECT 1')).rowCount === 1;
    } catch {
      return false;
    } finally {
      await client.end().catch(() => undefined);
    }
  };
  expect(await answers()).toBe(true);
  const [hung = 0] = gateways();
  const since = Date.now();
  process.kill(hung, 'SIGSTOP');
  await until('the addresses answer again', answers);
  expect(Date.now() - since).toBeLessThan(LIMIT_MS);
  expect(gateways()).not.toContain(hung);
  expect(gateways()).toHaveLength(1);
});
