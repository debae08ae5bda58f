import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import type { DBInstance } from 'tencentcloud-sdk-nodejs/tencentcloud/services/postgres/v20170312/postgres_models';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addressOf, cloudClient, codeOf, createRunning, PASSWORD, type CloudClient } from '../support/cloud-client';
import { openStateFolder, startControlPlane, stopEverything, type TestControlPlane } from '../support/control-plane';

const SECRET = 'Reader-42-secret';
const NEXT = 'Reader-43-secret';

/** Whether any file below a folder, or any argument of any process, holds the text. */
function isAnywhere(folder: string, text: string): string {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat?.isDirectory()) {
      const inside = isAnywhere(path, text);
      if (inside !== '') return inside;
    } else if (stat?.isFile() && readFileSync(path).includes(text)) return path;
  }
  return '';
}

let plane: TestControlPlane;
let state: string;
let api: CloudClient;
let instance: DBInstance;
let DBInstanceId: string;

async function as<Row>(user: string, password: string, sql: string, database = 'postgres'): Promise<Row[]> {
  const client = new Client({ ...addressOf(instance), user, database, password });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query(sql)).rows as Row[];
  } finally {
    await client.end();
  }
}

beforeAll(async () => {
  state = await openStateFolder();
  plane = await startControlPlane(state);
  api = cloudClient(plane);
  [instance = {}] = await createRunning(api, { DBMajorVersion: '17' });
  DBInstanceId = instance.DBInstanceId ?? '';
});
afterAll(() => stopEverything(state));

describe('accounts and databases of a real instance, by the official SDK', () => {
  it('shows the account of the instance as a super account, as old as the instance', async () => {
    const { TotalCount, Details = [] } = await api.DescribeAccounts({ DBInstanceId });
    expect(TotalCount).toBe(1);
    expect(Details[0]).toMatchObject({
      UserName: 'shop',
      UserType: 'tencentDBSuper',
      Status: 2,
      CreateTime: instance.CreateTime,
    });
  });

  it('makes an account and a database behind the address, with privileges', async () => {
    await api.CreateAccount({ DBInstanceId, UserName: 'reader', Type: 'normal', Password: SECRET, Remark: 'r-1' });
    await api.CreateDatabase({ DBInstanceId, DatabaseName: 'crm', DatabaseOwner: 'shop' });
    await as('shop', PASSWORD, 'CREATE TABLE orders AS SELECT 1 AS id', 'crm');
    await expect(as('reader', SECRET, 'SELECT * FROM orders', 'crm')).rejects.toThrow(/permission denied/);
    const Object = { ObjectType: 'table', ObjectName: 'orders', DatabaseName: 'crm', SchemaName: 'public' };
    await api.ModifyAccountPrivileges({
      DBInstanceId,
      UserName: 'reader',
      ModifyPrivilegeSet: [{ DatabasePrivilege: { Object, PrivilegeSet: ['SELECT'] }, ModifyType: 'grantObject' }],
    });
    expect(await as('reader', SECRET, 'SELECT * FROM orders', 'crm')).toEqual([{ id: 1 }]);
    const { PrivilegeSet = [] } = await api.DescribeAccountPrivileges({
      DBInstanceId,
      UserName: 'reader',
      DatabaseObjectSet: [Object],
    });
    expect(PrivilegeSet[0]).toMatchObject({ Object, PrivilegeSet: ['SELECT'] });
  });

  it('lets the account of the instance use what others own', async () => {
    await as('shop', PASSWORD, 'GRANT CREATE ON SCHEMA public TO reader', 'crm');
    await as('reader', SECRET, 'CREATE TABLE readers AS SELECT 7 AS n', 'crm');
    expect(await as('shop', PASSWORD, 'SELECT n FROM readers', 'crm')).toEqual([{ n: 7 }]);
    await as('shop', PASSWORD, 'DROP TABLE readers', 'crm');
  });

  it('keeps remarks and times when the daemon is killed', async () => {
    await api.ModifyAccountRemark({ DBInstanceId, UserName: 'reader', Remark: '日报' });
    const before = await api.DescribeAccounts({ DBInstanceId });
    await plane.kill('SIGKILL');
    plane = await startControlPlane(state);
    api = cloudClient(plane);
    const after = await api.DescribeAccounts({ DBInstanceId });
    expect(after.Details).toEqual(before.Details);
    expect(after.Details?.find(({ UserName }) => UserName === 'reader')?.Remark).toBe('日报');
  });

  it('ends the sessions of a locked account behind the gateway', async () => {
    const client = new Client({ ...addressOf(instance), user: 'reader', database: 'crm', password: SECRET });
    const ended = new Promise<void>((done) => client.on('error', () => done()));
    await client.connect();
    await api.LockAccount({ DBInstanceId, UserName: 'reader' });
    await ended;
    await expect(as('reader', SECRET, 'SELECT 1')).rejects.toThrow(/not permitted to log in/);
    await api.UnlockAccount({ DBInstanceId, UserName: 'reader' });
    await api.ResetAccountPassword({ DBInstanceId, UserName: 'reader', Password: NEXT });
    expect(await as('reader', NEXT, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('leaves no password in any file below the state folder nor in the daemon’s words', () => {
    for (const text of [SECRET, NEXT]) {
      expect(isAnywhere(state, text)).toBe('');
      expect(plane.log()).not.toContain(text);
    }
  });

  it('deletes both again', async () => {
    expect(await codeOf(api.DeleteDatabase({ DBInstanceId, DatabaseName: 'postgres' }))).toBe('OperationDenied');
    await api.DeleteDatabase({ DBInstanceId, DatabaseName: 'crm' });
    await api.DeleteAccount({ DBInstanceId, UserName: 'reader' });
    expect((await api.DescribeAccounts({ DBInstanceId })).TotalCount).toBe(1);
    expect((await api.DescribeDatabases({ DBInstanceId })).Items).toEqual(['postgres']);
  });
});
