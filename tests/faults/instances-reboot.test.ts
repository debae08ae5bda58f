import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import type { DBInstance } from 'tencentcloud-sdk-nodejs/tencentcloud/services/postgres/v20170312/postgres_models';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { addressOf, cloudClient, createRunning, PASSWORD, type CloudClient } from '../support/cloud-client';
import {
  openStateFolder,
  postmastersOf,
  processesOf,
  startControlPlane,
  stopEverything,
  type TestControlPlane,
} from '../support/control-plane';
import { dataOf, documentOf, isWhole, untilDocument } from '../support/instance-document';
import { askNode } from './support/nodes';
import { until } from './support/wait';

let state: string;
let plane: TestControlPlane;
let api: CloudClient;

async function startDaemon(): Promise<void> {
  plane = await startControlPlane(state);
  api = cloudClient(plane);
}
beforeAll(async () => {
  state = await openStateFolder();
  await startDaemon();
});
afterAll(() => stopEverything(state));

async function ask(instance: DBInstance, sql: string): Promise<unknown[]> {
  const client = new Client({ ...addressOf(instance), user: 'shop', password: PASSWORD, database: 'postgres' });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

/** What the machine leaves after it was switched off and on: nobody runs, numbers belong to others, the folder of sockets is empty. */
async function reboot(nodes: readonly { readonly id: string; readonly node: string }[]): Promise<void> {
  for (const { pid } of processesOf(state)) process.kill(pid, 'SIGKILL');
  await until('nothing runs', () => processesOf(state).length === 0);
  // A process that runs now has the number that one of them had, under another boot of the machine.
  const stat = readFileSync(`/proc/${process.pid}/stat`, 'utf8');
  const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  const other = JSON.stringify({ pid: process.pid, start: `00000000-0000-4000-8000-000000000000:${ticks}` });
  writeFileSync(join(state, 'daemon.lock'), other);
  for (const { id, node } of nodes) {
    const file = join(dataOf(state, id, node), 'postmaster.pid');
    expect(existsSync(file)).toBe(true);
    writeFileSync(file, readFileSync(file, 'utf8').replace(/^\d+/, String(process.pid)));
  }
  rmSync(join(state, 'run'), { recursive: true });
}

it('after a reboot all instances are back at their addresses, both nodes whole, with one gateway', async () => {
  const [pair = {}] = await createRunning(api, {
    DBNodeSet: [
      { Role: 'Primary', Zone: 'ap-guangzhou-3' },
      { Role: 'Standby', Zone: 'ap-guangzhou-4' },
    ],
  });
  const [single = {}] = await createRunning(api, { Name: 'alone' });
  const [a, b] = [pair.DBInstanceId ?? '', single.DBInstanceId ?? ''];
  const before = await untilDocument(state, a, 'both nodes are whole', isWhole, 120_000);
  for (const each of [pair, single]) await ask(each, 'CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n');

  await reboot([
    { id: a, node: 'n1' },
    { id: a, node: 'n2' },
    { id: b, node: 'n1' },
  ]);
  await startDaemon();

  const after = await untilDocument(state, a, 'both nodes are whole again', isWhole, 120_000);
  await untilDocument(state, b, 'the single one runs', isWhole);
  expect(after.nodes.map(({ id }) => id).toSorted()).toEqual(before.nodes.map(({ id }) => id));
  expect(after.history.map(({ kind }) => kind)).not.toContain('rebuild');
  expect(await askNode(state, a, after.nodes[1]?.id ?? '', 'SELECT pg_is_in_recovery() AS follows')).toEqual([
    { follows: true },
  ]);
  for (const each of [pair, single]) {
    const { DBInstance: now = {} } = await api.DescribeDBInstanceAttribute({ DBInstanceId: each.DBInstanceId ?? '' });
    expect(addressOf(now)).toEqual(addressOf(each));
    expect(await ask(each, 'SELECT count(*)::int AS n FROM kept')).toEqual([{ n: 1000 }]);
  }
  expect(postmastersOf(state)).toHaveLength(3);
  expect(processesOf(state).filter(({ kind }) => kind === 'gateway')).toHaveLength(1);
  expect(documentOf(state, a).status).toBe('running');
});
