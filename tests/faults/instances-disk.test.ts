import { open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  addressOf,
  cloudClient,
  createRunning,
  PASSWORD,
  untilStatus,
  type CloudClient,
} from '../support/cloud-client';
import { openStateFolder, startControlPlane, stopEverything, type TestControlPlane } from '../support/control-plane';

let plane: TestControlPlane;
let state: string;
let api: CloudClient;

beforeAll(async () => {
  state = await openStateFolder();
  plane = await startControlPlane(state, { args: ['--disk-seconds', '1'] });
  api = cloudClient(plane);
});
afterAll(() => stopEverything(state));

/** A file of this size beside the instance's log; it holds no blocks, but the size is what is counted. */
async function fill(id: string, bytes: number): Promise<string> {
  const zones = join(state, 'zones');
  const [zone = ''] = await readdir(zones);
  const file = join(zones, zone, id, 'n1', 'log', 'filler');
  const handle = await open(file, 'w');
  await handle.truncate(bytes);
  await handle.close();
  return file;
}

it('an instance whose disk is full becomes read-only, and writable again when space is freed', async () => {
  const [instance] = await createRunning(api);
  if (!instance?.DBInstanceId) throw new Error('no instance');
  const id = instance.DBInstanceId;
  const client = new Client({ ...addressOf(instance), user: 'shop', database: 'postgres', password: PASSWORD });
  await client.connect();
  try {
    await client.query('CREATE TABLE before_it (n int)');
    const file = await fill(id, 11 * 1024 ** 3);
    await untilStatus(api, id, 'readonly');
    await expect
      .poll(
        () =>
          client.query('INSERT INTO before_it VALUES (1)').then(
            () => '',
            (error: { code: string }) => error.code,
          ),
        {
          timeout: 20_000,
        },
      )
      .toBe('25006');
    // Space can be freed from within.
    await client.query('BEGIN READ WRITE; DROP TABLE before_it; COMMIT');
    await rm(file);
    await untilStatus(api, id, 'running');
    await expect
      .poll(
        () =>
          client.query('CREATE TABLE IF NOT EXISTS after_it (n int)').then(
            () => '',
            (error: { code: string }) => error.code,
          ),
        {
          timeout: 20_000,
        },
      )
      .toBe('');
  } finally {
    await client.end();
  }
});
