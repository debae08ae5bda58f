import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { keptBySlots } from '../../electron/control-plane/cluster/slots';
import { asSuperuser } from '../../electron/control-plane/cluster/session';
import { cloudClient, createRunning } from '../support/cloud-client';
import { eventually, openCluster, type TestCluster } from '../support/cluster';
import { openStateFolder, startControlPlane, stopEverything } from '../support/control-plane';
import { documentOf, isWhole, postmasterOf, untilDocument } from '../support/instance-document';
import { askNode } from '../faults/support/nodes';

/** Version 12 knows no limit of its own for the log that it keeps for a standby that is away. */
const MAJOR = 12;
const SEGMENT = 16 * 1024 ** 2;

let cluster: TestCluster;
let state = '';

beforeAll(async () => {
  cluster = await openCluster(MAJOR);
});
afterAll(async () => {
  await cluster.close();
  if (state !== '') await stopEverything(state);
});

it('measures what is kept for a standby that is away', async () => {
  const n1 = await cluster.primary();
  const n2 = await cluster.standby(n1, 'n2');
  const kept = () => asSuperuser(n1, (session) => keptBySlots(session));
  expect(await kept()).toMatchObject([{ id: 'n2' }]);
  await cluster.kill(n2);
  for (let times = 0; times < 3; times += 1) {
    await cluster.sql(n1, `SELECT pg_logical_emit_message(true, 'test', 'x'), pg_switch_wal()`);
  }
  expect((await kept())[0]?.bytes).toBeGreaterThan(2 * SEGMENT);
});

it('keeps nothing for a standby that cannot be built again', async () => {
  state = await openStateFolder();
  const api = cloudClient(await startControlPlane(state));
  const [made = {}] = await createRunning(api, {
    DBMajorVersion: String(MAJOR),
    DBNodeSet: [
      { Role: 'Primary', Zone: 'ap-guangzhou-3' },
      { Role: 'Standby', Zone: 'ap-guangzhou-4' },
    ],
  });
  const id = made.DBInstanceId ?? '';
  const { nodes } = await untilDocument(state, id, 'both nodes are whole', isWhole, 120_000);
  const slots = () => askNode(state, id, 'n1', 'SELECT slot_name FROM pg_replication_slots');
  expect(await slots()).toEqual([{ slot_name: 'n2' }]);
  // Nothing can be built where a file lies in the way.
  const base = join(state, 'zones', nodes[1]?.folder ?? '');
  const pid = postmasterOf(state, id, 'n2');
  await rename(base, `${base}.away`);
  await writeFile(base, '');
  process.kill(pid, 'SIGKILL');
  await untilDocument(state, id, 'it is told', (record) => (record.nodes[1]?.problem ?? '') !== '');
  await eventually('the log is let go', async () => (await slots()).length === 0);
  expect(documentOf(state, id)).toMatchObject({ status: 'running', nodes: [{ id: 'n1' }, { id: 'n2' }] });
});
