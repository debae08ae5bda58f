import { Client } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { cloudClient, nextSecond, PASSWORD, request } from '../support/cloud-client';
import { openStateFolder, startControlPlane, stopEverything, type TestControlPlane } from '../support/control-plane';
import { dataOf, documentOf, isWhole, untilDocument } from '../support/instance-document';
import { askNode, deleteFolder, processesOfNode, signalAll } from './support/nodes';
import { until } from './support/wait';

let state: string;
let plane: TestControlPlane;

beforeAll(async () => {
  state = await openStateFolder();
  plane = await startControlPlane(state);
});
afterAll(() => stopEverything(state));

it('serves from the standby when that is forced, after the data of an asynchronous primary vanished unseen', async () => {
  const api = () => cloudClient(plane);
  const { DBInstanceIdSet: [id = ''] = [] } = await api().CreateInstances(
    request({
      DBNodeSet: [
        { Role: 'Primary', Zone: 'ap-guangzhou-3' },
        { Role: 'Standby', Zone: 'ap-guangzhou-4' },
      ],
    }),
  );
  const { nodes, networks } = await untilDocument(state, id, 'both nodes are whole', isWhole, 180_000);
  const [from = '', to = ''] = nodes.map((node) => node.id);
  const ask = async (sql: string): Promise<unknown[]> => {
    const { host = '', port = 0 } = networks[0] ?? {};
    const client = new Client({ host, port, user: 'shop', password: PASSWORD, database: 'postgres' });
    client.on('error', () => undefined);
    await client.connect();
    try {
      return (await client.query(sql)).rows;
    } finally {
      await client.end();
    }
  };
  await nextSecond();
  await api().ModifyDBInstanceHAConfig({
    DBInstanceId: id,
    SyncMode: 'Async',
    MaxStandbyLag: 10,
    MaxStandbyLatency: 1024 ** 3,
  });
  await ask('CREATE TABLE kept AS SELECT 7 AS n');
  const follows = () => askNode(state, id, to, 'SELECT n FROM kept').catch(() => []);
  await until('the standby has it', async () => (await follows()).length === 1);

  await plane.kill();
  signalAll(processesOfNode(state, id, from), 'SIGKILL');
  await deleteFolder(dataOf(state, id, from));
  plane = await startControlPlane(state);
  const lost = await untilDocument(state, id, 'it is told', ({ problem }) => /is gone/.test(problem));
  expect(lost.status).toBe('limited run');
  expect(lost.problem).toContain('force a switch to the standby');
  // Nobody decides by himself that something may be lost.
  expect(lost.nodes[0]?.id).toBe(from);

  const force = async (): Promise<boolean> => {
    await nextSecond();
    return api()
      .SwitchDBInstancePrimary({ DBInstanceId: id, SwitchTag: 0, Force: true })
      .then(
        () => true,
        () => false,
      );
  };
  // It may be busy with another attempt to start what is gone.
  await until('the switch begins', force);
  await untilDocument(state, id, 'both nodes are whole again', isWhole, 180_000);
  expect(documentOf(state, id).nodes[0]?.id).toBe(to);
  expect(await ask('SELECT n FROM kept')).toEqual([{ n: 7 }]);
});
