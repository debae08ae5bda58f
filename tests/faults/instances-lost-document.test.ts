import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { addressOf, cloudClient, createRunning, PASSWORD } from '../support/cloud-client';
import { openStateFolder, startControlPlane, stopEverything, type TestControlPlane } from '../support/control-plane';
import { documentOf, isWhole, postmasterOf, untilDocument } from '../support/instance-document';

let state: string;
let plane: TestControlPlane;

beforeAll(async () => {
  state = await openStateFolder();
  plane = await startControlPlane(state);
});
afterAll(() => stopEverything(state));

it('serves from the node that took over, though the document is lost and the copies are of before', async () => {
  const [made = {}] = await createRunning(cloudClient(plane), {
    DBNodeSet: [
      { Role: 'Primary', Zone: 'ap-guangzhou-3' },
      { Role: 'Standby', Zone: 'ap-guangzhou-4' },
    ],
  });
  const id = made.DBInstanceId ?? '';
  const ask = async (sql: string): Promise<unknown[]> => {
    const client = new Client({ ...addressOf(made), user: 'shop', password: PASSWORD, database: 'postgres' });
    client.on('error', () => undefined);
    await client.connect();
    try {
      return (await client.query(sql)).rows;
    } finally {
      await client.end();
    }
  };
  const before = await untilDocument(state, id, 'both nodes are whole', isWhole, 120_000);
  await ask('CREATE TABLE kept (n int)');
  await ask('INSERT INTO kept VALUES (1)');
  const copies = before.nodes.map(({ folder }) => join(state, 'zones', folder, 'instance.json'));
  const texts = copies.map((file) => readFileSync(file, 'utf8'));
  const [old, next] = before.nodes.map((node) => node.id);

  process.kill(postmasterOf(state, id, old), 'SIGKILL');
  await untilDocument(state, id, 'the standby took over', ({ nodes }) => nodes[0]?.id === next);
  await ask('INSERT INTO kept VALUES (2)');
  await plane.kill();
  copies.forEach((file, index) => writeFileSync(file, texts[index] ?? ''));
  rmSync(join(state, 'instances', `${id}.json`));

  plane = await startControlPlane(state);
  await untilDocument(state, id, 'both nodes are whole again', isWhole, 120_000);
  expect(documentOf(state, id).nodes[0]?.id).toBe(next);
  expect(documentOf(state, id).events.map(({ kind }) => kind)).toContain('revived');
  expect(await ask('SELECT n FROM kept ORDER BY n')).toEqual([{ n: 1 }, { n: 2 }]);
});
