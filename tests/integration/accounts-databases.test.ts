import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { INSTANCE, openAccountsBench, type AccountsBench } from '../support/accounts';
import { codeOf, PASSWORD, type CloudClient } from '../support/cloud-client';
import { startServer, type TestServer } from '../support/postgres';

const instance = { DBInstanceId: INSTANCE };

describe.each([10, 12, 15, 18])('databases on PostgreSQL %i', (major) => {
  let server: TestServer;
  let bench: AccountsBench;
  let api: CloudClient;
  const database = async (name: string) => {
    const { Databases = [] } = await api.DescribeDatabases({ ...instance, Limit: 100 });
    return Databases.find(({ DatabaseName }) => DatabaseName === name);
  };
  const create = (DatabaseName: string, more: object = {}) =>
    api.CreateDatabase({ ...instance, DatabaseName, DatabaseOwner: 'alice', ...more });

  beforeAll(async () => {
    server = await startServer({ major });
    bench = await openAccountsBench(server);
    ({ api } = bench);
    for (const UserName of ['alice', 'bob']) {
      await api.CreateAccount({ ...instance, UserName, Type: 'normal', Password: PASSWORD });
    }
  });
  afterAll(() => server.stop());

  it('makes a database with the instance’s own locale', async () => {
    await create('crm');
    expect(await database('crm')).toEqual({
      DatabaseName: 'crm',
      DatabaseOwner: 'alice',
      Encoding: 'UTF8',
      Collate: 'C.UTF-8',
      Ctype: 'C.UTF-8',
      AllowConn: true,
      ConnLimit: -1,
      Privileges: '',
    });
    expect((await api.DescribeDatabases(instance)).Items).toEqual(['crm', 'postgres']);
    expect(await codeOf(create('crm'))).toBe('InvalidParameterValue');
  });

  it('makes every documented encoding, with a locale that fits', async () => {
    for (const Encoding of ['UTF8', 'LATIN1', 'LATIN2', 'WIN1250', 'WIN1251', 'WIN1252', 'KOI8R', 'EUC_JP', 'EUC_KR']) {
      await create('encoded', { Encoding });
      expect(await database('encoded')).toMatchObject({ Encoding, Collate: Encoding === 'UTF8' ? 'C.UTF-8' : 'C' });
      await api.DeleteDatabase({ ...instance, DatabaseName: 'encoded' });
    }
    await create('plain', { Encoding: 'UTF8', Collate: 'C', Ctype: 'C.UTF-8' });
    expect(await database('plain')).toMatchObject({ Collate: 'C', Ctype: 'C.UTF-8' });
  });

  it.each([
    [{ Encoding: 'SQL_ASCII' }, 'InvalidParameterValue.CharsetNotFoundError'],
    [{ Encoding: "UTF8'; DROP DATABASE crm; --" }, 'InvalidParameterValue.CharsetNotFoundError'],
    [{ Encoding: 'LATIN1', Collate: 'C.UTF-8', Ctype: 'C.UTF-8' }, 'InvalidParameterValue'],
    [{ Collate: "C'; DROP DATABASE crm; --" }, 'InvalidParameterValue'],
    [{ Collate: 'xx_XX' }, 'InvalidParameterValue'],
    [{ DatabaseOwner: 'nobody' }, 'InvalidParameterValue.AccountNotExistError'],
    [{ DatabaseOwner: 'postgres' }, 'OperationDenied.AccountOperationDenied'],
    [{ DatabaseName: 'postgres' }, 'InvalidParameterValue.InvalidDatabaseNameFormatError'],
    [{ DatabaseName: 'template1' }, 'InvalidParameterValue.InvalidDatabaseNameFormatError'],
    [{ DatabaseName: 'a b' }, 'InvalidParameterValue.InvalidDatabaseNameFormatError'],
    [{ DatabaseName: 'table' }, 'InvalidParameterValue.InvalidDatabaseNameFormatError'],
  ])('refuses %j', async (more, code) => {
    expect(await codeOf(create('refused', more))).toBe(code);
    expect(await database('refused')).toBeUndefined();
    expect(await database('crm')).toBeDefined();
  });

  it('filters and pages', async () => {
    const filtered = await api.DescribeDatabases({ ...instance, Filters: [{ Name: 'database-name', Values: ['CR'] }] });
    expect(filtered).toMatchObject({ TotalCount: 1, Items: ['crm'] });
    const page = await api.DescribeDatabases({ ...instance, Limit: 1, Offset: 1 });
    expect(page).toMatchObject({ TotalCount: 3, Items: ['plain'] });
    expect(await codeOf(api.DescribeDatabases({ ...instance, Filters: [{ Name: 'colour', Values: [] }] }))).toBe(
      'InvalidParameterValue',
    );
  });

  it('changes the owner', async () => {
    await api.ModifyDatabaseOwner({ ...instance, DatabaseName: 'crm', DatabaseOwner: 'bob' });
    expect(await database('crm')).toMatchObject({ DatabaseOwner: 'bob' });
    const change = (DatabaseName: string, DatabaseOwner: string) =>
      codeOf(api.ModifyDatabaseOwner({ ...instance, DatabaseName, DatabaseOwner }));
    expect(await change('postgres', 'bob')).toBe('OperationDenied');
    expect(await change('nowhere', 'bob')).toBe('InvalidParameterValue');
    expect(await change('crm', 'nobody')).toBe('InvalidParameterValue.AccountNotExistError');
    await expect(api.DeleteAccount({ ...instance, UserName: 'bob' })).rejects.toThrow(/still owns database crm/);
  });

  it('drops a database with the sessions in it, whatever it is called, also with a full disk', async () => {
    const hostile = `x"; DROP DATABASE crm; -- ' 象`;
    await server.sql(`CREATE DATABASE "${hostile.replaceAll('"', '""')}"`);
    const client = new Client({ host: '127.0.0.1', port: server.port, user: 'postgres', database: hostile });
    client.on('error', () => undefined);
    await client.connect();
    bench.status = 'readonly';
    await api.DeleteDatabase({ ...instance, DatabaseName: hostile });
    bench.status = 'running';
    expect((await api.DescribeDatabases(instance)).Items).toEqual(['crm', 'plain', 'postgres']);
    await client.end().catch(() => undefined);
    expect(await codeOf(api.DeleteDatabase({ ...instance, DatabaseName: 'postgres' }))).toBe('OperationDenied');
    expect(await codeOf(api.DeleteDatabase({ ...instance, DatabaseName: 'template1' }))).toBe('OperationDenied');
    expect(await codeOf(api.DeleteDatabase({ ...instance, DatabaseName: 'nowhere' }))).toBe('InvalidParameterValue');
  });
});
