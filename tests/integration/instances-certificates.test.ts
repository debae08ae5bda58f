import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { addressOf, cloudClient, createRunning, nextSecond, PASSWORD, type CloudClient } from '../support/cloud-client';
import { openStateFolder, startControlPlane, stopEverything } from '../support/control-plane';
import { documentOf, isWhole, postmasterOf, untilDocument } from '../support/instance-document';

let state: string;
let api: CloudClient;

beforeAll(async () => {
  state = await openStateFolder();
  api = cloudClient(await startControlPlane(state));
});
afterAll(() => stopEverything(state));

/** As libpq does with `sslmode=verify-full`. */
async function verifyFull({ host, port }: { host: string; port: number }): Promise<Client> {
  const ca = readFileSync(join(state, 'authority/authority.pem'), 'utf8');
  const client = new Client({ host, port, user: 'shop', password: PASSWORD, database: 'postgres', ssl: { ca, host } });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

it('is made anew when the instance gets another address, and sessions go on', async () => {
  const [made = {}] = await createRunning(api);
  const id = made.DBInstanceId ?? '';
  const first = addressOf(made);
  await nextSecond();
  await api.ModifyDBInstanceSSLConfig({ DBInstanceId: id, SSLEnabled: true, ConnectAddress: first.host });
  await untilDocument(state, id, 'it speaks TLS', (record) => record.ssl.enabled && isWhole(record));
  const session = await verifyFull(first);
  const pid = postmasterOf(state, id);

  const network = documentOf(state, id).networks[0];
  await api.CreateDBInstanceNetworkAccess({
    DBInstanceId: id,
    VpcId: network?.vpcId ?? '',
    SubnetId: network?.subnetId ?? '',
    IsAssignVip: false,
  });
  const { networks, events } = await untilDocument(state, id, 'its certificate was renewed', (record) =>
    record.events.some(({ kind }) => kind === 'certificate-renewed'),
  );
  const second = networks[1] ?? { host: '', port: 0 };
  expect(events[0]?.text).toContain(second.host);
  const reaches = () =>
    verifyFull(second).then(
      (client) => client.end().then(() => true),
      () => false,
    );
  await expect.poll(reaches, { timeout: 10_000 }).toBe(true);
  await (await verifyFull(second)).end();
  await (await verifyFull(first)).end();
  expect((await session.query('SELECT 1 AS n')).rows).toEqual([{ n: 1 }]);
  await session.end();
  expect(postmasterOf(state, id)).toBe(pid);
});
