import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADMIN, INSTANCE, openAccountsBench, type AccountsBench } from '../support/accounts';
import { codeOf, PASSWORD, type CloudClient } from '../support/cloud-client';
import { startServer, type TestServer } from '../support/postgres';

const instance = { DBInstanceId: INSTANCE };

describe.each([10, 13, 16, 18])('accounts on PostgreSQL %i', (major) => {
  let server: TestServer;
  let bench: AccountsBench;
  let api: CloudClient;

  const as = async <Row>(user: string, sql: string, password = PASSWORD, database = 'postgres'): Promise<Row[]> => {
    const client = new Client({ host: '127.0.0.1', port: server.port, user, database, password });
    client.on('error', () => undefined);
    await client.connect();
    try {
      return (await client.query(sql)).rows as Row[];
    } finally {
      await client.end();
    }
  };
  const account = async (name: string) => {
    const { Details = [] } = await api.DescribeAccounts({ ...instance, Limit: 100 });
    return Details.find(({ UserName }) => UserName === name);
  };
  const create = (UserName: string, Type = 'normal', Remark = '') =>
    api.CreateAccount({ ...instance, UserName, Type, Password: PASSWORD, Remark });

  beforeAll(async () => {
    server = await startServer({
      major,
      settings: ["log_statement = 'all'", 'logging_collector = on', "log_directory = 'log'"],
      hba: ['host all postgres 127.0.0.1/32 trust', 'host all all 127.0.0.1/32 scram-sha-256'],
    });
    bench = await openAccountsBench(server);
    ({ api } = bench);
  });
  afterAll(() => server.stop());

  it('makes an account that logs in with its password, and tells when', async () => {
    await create('reader', 'normal', '日报-1');
    expect(await as('reader', 'SELECT current_user AS me')).toEqual([{ me: 'reader' }]);
    await expect(as('reader', 'SELECT 1', 'Wrong-42-password')).rejects.toThrow(/password/);
    expect(await account('reader')).toMatchObject({
      Remark: '日报-1',
      Status: 2,
      UserType: 'normal',
      OpenCam: false,
      PGRoles: [],
    });
    expect((await account('reader'))?.CreateTime).toMatch(/^20\d\d-/);
    expect((await account('reader'))?.PasswordUpdateTime).toMatch(/^20\d\d-/);
    expect(await codeOf(create('reader'))).toBe('InvalidParameterValue.AccountExist');
  });

  it('makes many at the same time', async () => {
    const names = Array.from({ length: 8 }, (_, index) => `many_${index}`);
    await Promise.all(names.map((name, index) => create(name, index % 2 === 0 ? 'normal' : 'tencentDBSuper')));
    for (const name of names) expect(await account(name)).toMatchObject({ Status: 2 });
    const twice = await Promise.allSettled([create('twice'), create('twice')]);
    expect(twice.map(({ status }) => status).toSorted((a, b) => a.localeCompare(b))).toEqual(['fulfilled', 'rejected']);
    await Promise.all(names.map((UserName) => api.DeleteAccount({ ...instance, UserName })));
    for (const name of names) expect(await account(name)).toBeUndefined();
  });

  it('takes a verifier and never a password, and logs neither', async () => {
    const [row] = await server.sql("SELECT rolpassword FROM pg_authid WHERE rolname = 'reader'");
    const verifier = String(row?.['rolpassword']);
    expect(verifier).toMatch(/^SCRAM-SHA-256\$4096:/);
    await api.ResetAccountPassword({ ...instance, UserName: 'reader', Password: 'Another-42-seat' });
    expect(await as('reader', 'SELECT 1 AS one', 'Another-42-seat')).toHaveLength(1);
    await expect(as('reader', 'SELECT 1')).rejects.toThrow(/password/);
    const folder = join(server.dataFolder, 'log');
    const text = readdirSync(folder)
      .map((name) => readFileSync(join(folder, name), 'utf8'))
      .join('\n');
    expect(text).toContain('log_statement');
    expect(text).not.toContain(PASSWORD);
    expect(text).not.toContain('Another-42-seat');
    expect(text).not.toContain('SCRAM-SHA-256$');
  });

  it.each([
    ['', 'InvalidParameterValue.InvalidAccountNameFormatError'],
    ['1st', 'InvalidParameterValue.InvalidAccountNameFormatError'],
    ['pg_reader', 'InvalidParameterValue.InvalidAccountNameFormatError'],
    ['TencentDB_x', 'InvalidParameterValue.InvalidAccountNameFormatError'],
    ['postgres', 'InvalidParameterValue.InvalidAccountNameFormatError'],
    ['select', 'InvalidParameterValue.InvalidAccountNameFormatError'],
    ['none', 'InvalidParameterValue.InvalidAccountNameFormatError'],
    ['a"; DROP ROLE shop; --', 'InvalidParameterValue.InvalidAccountNameFormatError'],
    ['象', 'InvalidParameterValue.InvalidAccountNameFormatError'],
    ['a'.repeat(64), 'InvalidParameterValue.InvalidAccountNameFormatError'],
  ])('refuses the name %j', async (name, code) => {
    expect(await codeOf(create(name))).toBe(code);
  });

  it('refuses passwords and remarks that break a rule', async () => {
    const wanted = { ...instance, UserName: 'nobody_yet', Type: 'normal' };
    const at = (Password: string, more: object = {}) => codeOf(api.CreateAccount({ ...wanted, Password, ...more }));
    expect(await at('Aa1-567')).toBe('InvalidParameterValue.InvalidPasswordLengthError');
    expect(await at("Elephant'42-seat")).toBe('InvalidParameterValue.InvalidPasswordValueError');
    expect(await at('Elephant;42-seat')).toBe('InvalidParameterValue.InvalidPasswordValueError');
    expect(await at('/Elephant-42')).toBe('InvalidParameterValue.InvalidPasswordValueError');
    expect(await at(PASSWORD, { Remark: 'x'.repeat(61) })).toBe('InvalidParameterValue.ParameterLengthLimitError');
    expect(await at(PASSWORD, { Remark: 'two words' })).toBe('InvalidParameterValue.ParameterCharacterError');
    expect(await at(PASSWORD, { Type: 'root' })).toBe('InvalidParameterValue');
    expect(await at(PASSWORD, { OpenCam: true })).toBe('UnsupportedOperation');
    expect(await codeOf(api.CreateAccount(wanted))).toBe('MissingParameter');
    expect(await account('nobody_yet')).toBeUndefined();
  });

  it('locks: sessions end, nobody gets in; unlocks', async () => {
    await create('leaver');
    const open = new Client({
      host: '127.0.0.1',
      port: server.port,
      user: 'leaver',
      database: 'postgres',
      password: PASSWORD,
    });
    const lost = new Promise<string>((done) => open.on('error', (error) => done(error.message)));
    await open.connect();
    await api.LockAccount({ ...instance, UserName: 'leaver' });
    expect(await lost).toMatch(/terminat/);
    await expect(as('leaver', 'SELECT 1')).rejects.toThrow(/not permitted to log in/);
    expect((await account('leaver'))?.Status).toBe(5);
    await api.LockAccount({ ...instance, UserName: 'leaver' });
    await api.UnlockAccount({ ...instance, UserName: 'leaver' });
    expect(await as('leaver', 'SELECT 1 AS one')).toHaveLength(1);
    expect((await account('leaver'))?.Status).toBe(2);
  });

  it('shows accounts that were made in SQL with a row of zeros, whatever they are called', async () => {
    const hostile = `a"; DROP ROLE ${ADMIN}; -- ' $$ 象`;
    await server.sql(`CREATE ROLE "${hostile.replaceAll('"', '""')}" LOGIN`);
    await server.sql('CREATE ROLE just_a_group');
    expect(await account(hostile)).toMatchObject({ CreateTime: '0000-00-00 00:00:00', Remark: '', Status: 2 });
    expect(await account('just_a_group')).toBeUndefined();
    expect(await account('postgres')).toBeUndefined();
    expect(await account('tencentdb_superuser')).toBeUndefined();
    await api.ResetAccountPassword({ ...instance, UserName: hostile, Password: PASSWORD });
    expect(await as(hostile, 'SELECT 1 AS one')).toHaveLength(1);
    await api.ModifyAccountRemark({ ...instance, UserName: hostile, Remark: 'odd' });
    await api.LockAccount({ ...instance, UserName: hostile });
    expect(await account(hostile)).toMatchObject({ Remark: 'odd', Status: 5, CreateTime: '0000-00-00 00:00:00' });
    await api.DeleteAccount({ ...instance, UserName: hostile });
    expect(await account(hostile)).toBeUndefined();
    expect(await account(ADMIN)).toBeDefined();
  });

  it('touches neither the internal superuser nor the group of super accounts', async () => {
    for (const UserName of ['postgres', 'tencentdb_superuser', 'pg_monitor']) {
      const code = 'OperationDenied.AccountOperationDenied';
      expect(await codeOf(api.DeleteAccount({ ...instance, UserName }))).toBe(code);
      expect(await codeOf(api.LockAccount({ ...instance, UserName }))).toBe(code);
      expect(await codeOf(api.ResetAccountPassword({ ...instance, UserName, Password: PASSWORD }))).toBe(code);
    }
    expect(await codeOf(api.DeleteAccount({ ...instance, UserName: ADMIN }))).toBe(
      'OperationDenied.AccountOperationDenied',
    );
    expect(await codeOf(api.LockAccount({ ...instance, UserName: 'nobody' }))).toBe(
      'InvalidParameterValue.AccountNotExistError',
    );
  });

  it('gives a super account what its type says', async () => {
    await create('chief', 'tencentDBSuper');
    await create('clerk');
    expect(await account('chief')).toMatchObject({ UserType: 'tencentDBSuper', PGRoles: ['tencentdb_superuser'] });
    expect(await account(ADMIN)).toMatchObject({ UserType: 'tencentDBSuper' });
    await as('chief', 'CREATE ROLE made_by_chief LOGIN');
    await as('chief', 'CREATE DATABASE chiefs');
    await as('chief', 'DROP DATABASE chiefs');
    // It may manage what the API made, and read what others own.
    await server.sql('GRANT CREATE ON SCHEMA public TO clerk');
    await as('clerk', 'CREATE TABLE clerks (id int)');
    expect(await as('chief', 'SELECT * FROM clerks')).toEqual([]);
    await as('chief', 'ALTER ROLE clerk CONNECTION LIMIT 7');
    const [rights] = await as<Record<string, unknown>>(
      'chief',
      `SELECT pg_has_role('pg_monitor', 'usage') AS monitor, pg_has_role('pg_signal_backend', 'usage') AS signals,
              rolsuper AS super FROM pg_roles WHERE rolname = current_user`,
    );
    expect(rights).toEqual({ monitor: true, signals: true, super: false });
  });

  it('refuses to delete the owner of something and says what; deletes the holder of privileges', async () => {
    await server.createDatabase('crm');
    await server.sql('GRANT CREATE ON SCHEMA public TO clerk', 'crm');
    await as('clerk', 'CREATE TABLE orders (id serial); CREATE VIEW big_orders AS SELECT 1 AS one', PASSWORD, 'crm');
    await expect(api.DeleteAccount({ ...instance, UserName: 'clerk' })).rejects.toThrow(
      /still owns .*table public.orders.*in the database crm; table public.clerks in the database postgres/,
    );
    expect(await codeOf(api.DeleteAccount({ ...instance, UserName: 'clerk' }))).toBe('FailedOperation.PreCheckError');
    expect(await as('clerk', 'SELECT 1 AS one')).toHaveLength(1);
    for (const database of ['crm', 'postgres']) await server.sql('REASSIGN OWNED BY clerk TO chief', database);
    await server.sql('GRANT SELECT ON orders TO clerk WITH GRANT OPTION; GRANT ALL ON DATABASE crm TO clerk', 'crm');
    await server.sql('ALTER DEFAULT PRIVILEGES FOR ROLE clerk GRANT SELECT ON TABLES TO chief', 'crm');
    await api.DeleteAccount({ ...instance, UserName: 'clerk' });
    expect(await account('clerk')).toBeUndefined();
    expect(bench.notes()).not.toHaveProperty('clerk');
    // Re-entrant.
    await api.DeleteAccount({ ...instance, UserName: 'clerk' });
  });

  it('pages and orders', async () => {
    for (const name of ['page_a', 'page_b', 'page_c']) await create(name);
    const byName = await api.DescribeAccounts({ ...instance, OrderBy: 'name', OrderByType: 'asc', Limit: 100 });
    const names = (byName.Details ?? []).map(({ UserName }) => UserName);
    expect(names).toEqual([...names].toSorted((a = '', b = '') => (a < b ? -1 : 1)));
    const page = await api.DescribeAccounts({ ...instance, OrderBy: 'name', OrderByType: 'asc', Limit: 2, Offset: 1 });
    expect(page.TotalCount).toBe(byName.TotalCount);
    expect(page.Details?.map(({ UserName }) => UserName)).toEqual(names.slice(1, 3));
    const newest = await api.DescribeAccounts({ ...instance, Limit: 1 });
    expect(newest.Details?.[0]?.UserName).toBe('page_c');
    expect(await codeOf(api.DescribeAccounts({ ...instance, Limit: 101 }))).toMatch(/^InvalidParameterValue/);
    expect(await codeOf(api.DescribeAccounts({ ...instance, OrderBy: 'colour' }))).toBe('InvalidParameterValue');
    expect(await codeOf(api.DescribeAccounts({ DBInstanceId: 'postgres-00000000' }))).toBe(
      'ResourceNotFound.InstanceNotFoundError',
    );
  });

  it('is refused while the instance does not serve; a full disk only forbids what is new', async () => {
    bench.status = 'isolated';
    expect(await codeOf(api.DescribeAccounts(instance))).toBe('OperationDenied.InstanceStatusLimitError');
    expect(await codeOf(create('late'))).toBe('OperationDenied.InstanceStatusLimitError');
    bench.status = 'readonly';
    await server.sql('ALTER SYSTEM SET default_transaction_read_only = on');
    await server.sql('SELECT pg_reload_conf()');
    expect(await codeOf(create('late'))).toBe('OperationDenied.InstanceStatusLimitError');
    await api.LockAccount({ ...instance, UserName: 'page_a' });
    expect((await account('page_a'))?.Status).toBe(5);
    await server.sql('ALTER SYSTEM RESET default_transaction_read_only');
    await server.sql('SELECT pg_reload_conf()');
    bench.status = 'running';
  });
});
