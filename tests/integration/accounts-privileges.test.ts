import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADMIN, INSTANCE, openAccountsBench } from '../support/accounts';
import { codeOf, PASSWORD, type CloudClient } from '../support/cloud-client';
import { startServer, type TestServer } from '../support/postgres';

const instance = { DBInstanceId: INSTANCE };
type Change = Parameters<CloudClient['ModifyAccountPrivileges']>[0]['ModifyPrivilegeSet'][number];
type Target = NonNullable<NonNullable<Change['DatabasePrivilege']>['Object']>;

const HOSTILE = `t"; DROP TABLE orders; -- ' 象`;
const quoted = `"${HOSTILE.replaceAll('"', '""')}"`;
const inShop = { DatabaseName: 'shop', SchemaName: 'sales' };

const objects: readonly [Target, string[]][] = [
  [{ ObjectType: 'database', ObjectName: 'shop' }, ['CREATE', 'CONNECT', 'TEMPORARY']],
  [{ ObjectType: 'schema', ObjectName: 'sales', DatabaseName: 'shop' }, ['CREATE', 'USAGE']],
  [{ ObjectType: 'table', ObjectName: 'orders', ...inShop }, ['SELECT', 'INSERT', 'TRUNCATE', 'TRIGGER']],
  [{ ObjectType: 'table', ObjectName: HOSTILE, ...inShop }, ['SELECT', 'DELETE']],
  [{ ObjectType: 'view', ObjectName: 'big_orders', ...inShop }, ['SELECT', 'UPDATE']],
  [{ ObjectType: 'matview', ObjectName: 'totals', ...inShop }, ['SELECT']],
  [{ ObjectType: 'sequence', ObjectName: 'orders_id_seq', ...inShop }, ['SELECT', 'UPDATE', 'USAGE']],
  [{ ObjectType: 'column', ObjectName: 'Amount "x"', TableName: 'orders', ...inShop }, ['SELECT', 'UPDATE']],
  [{ ObjectType: 'type', ObjectName: 'colour', ...inShop }, ['USAGE']],
  [{ ObjectType: 'function', ObjectName: 'one', ...inShop }, ['EXECUTE']],
  [{ ObjectType: 'function', ObjectName: 'twin(a integer)', ...inShop }, ['EXECUTE']],
  [{ ObjectType: 'procedure', ObjectName: 'tidy', ...inShop }, ['EXECUTE']],
];

describe.each([10, 13, 17, 18])('privileges on PostgreSQL %i', (major) => {
  let server: TestServer;
  let api: CloudClient;
  const kinds = objects.filter(([{ ObjectType }]) => major >= 11 || ObjectType !== 'procedure');

  const change = (UserName: string, ...ModifyPrivilegeSet: Change[]) =>
    api.ModifyAccountPrivileges({ ...instance, UserName, ModifyPrivilegeSet });
  const grant = (Object: Target, ...PrivilegeSet: string[]): Change => ({
    DatabasePrivilege: { Object, PrivilegeSet },
    ModifyType: 'grantObject',
  });
  const revoke = (Object: Target, PrivilegeSet: string[], IsCascade = false): Change => ({
    DatabasePrivilege: { Object, PrivilegeSet },
    ModifyType: 'revokeObject',
    IsCascade,
  });
  const alter = (ObjectName: string, ModifyType: string, ...PrivilegeSet: string[]): Change => ({
    DatabasePrivilege: { Object: { ObjectType: 'account', ObjectName }, PrivilegeSet },
    ModifyType,
  });
  const privileges = async (UserName: string, ...DatabaseObjectSet: Target[]): Promise<string[][]> => {
    const { PrivilegeSet = [] } = await api.DescribeAccountPrivileges({ ...instance, UserName, DatabaseObjectSet });
    return PrivilegeSet.map((each) => each.PrivilegeSet ?? []);
  };
  const names = async (ObjectType: string, where: object = {}) =>
    (await api.DescribeDatabaseObjects({ ...instance, ObjectType, ...where })).ObjectSet ?? [];
  const orders: Target = { ObjectType: 'table', ObjectName: 'orders', ...inShop };

  beforeAll(async () => {
    server = await startServer({
      major,
      hba: ['host all postgres 127.0.0.1/32 trust', 'host all all 127.0.0.1/32 scram-sha-256'],
    });
    ({ api } = await openAccountsBench(server));
    for (const [UserName, Type] of [
      ['owner_1', 'normal'],
      ['reader', 'normal'],
      ['boss', 'normal'],
      ['chief', 'tencentDBSuper'],
    ] as const) {
      await api.CreateAccount({ ...instance, UserName, Type, Password: PASSWORD });
    }
    await server.createDatabase('shop', 'OWNER owner_1');
    await server.createDatabase('other', 'OWNER owner_1');
    await server.sql(
      `SET ROLE owner_1;
       CREATE SCHEMA sales; SET search_path = sales;
       CREATE TABLE orders (id serial, "Amount ""x""" int); CREATE TABLE ${quoted} (id int);
       CREATE VIEW big_orders AS SELECT 1 AS one; CREATE MATERIALIZED VIEW totals AS SELECT 1 AS one;
       CREATE TYPE colour AS ENUM ('red'); CREATE DOMAIN small AS int;
       CREATE FUNCTION one() RETURNS int LANGUAGE sql AS 'SELECT 1';
       CREATE FUNCTION twin(a int) RETURNS int LANGUAGE sql AS 'SELECT 1';
       CREATE FUNCTION twin(b text) RETURNS int LANGUAGE sql AS 'SELECT 1';
       REVOKE ALL ON FUNCTION one(), twin(int), twin(text) FROM PUBLIC; REVOKE ALL ON TYPE colour FROM PUBLIC`,
      'shop',
    );
    if (major >= 11) {
      await server.sql(
        `SET ROLE owner_1; CREATE PROCEDURE sales.tidy() LANGUAGE sql AS 'SELECT 1';
         REVOKE ALL ON PROCEDURE sales.tidy() FROM PUBLIC`,
        'shop',
      );
    }
    await server.sql('SET ROLE owner_1; CREATE SCHEMA sales; CREATE TABLE sales.orders (id int)', 'other');
  });
  afterAll(() => server.stop());

  it('lists the objects of each kind, the server’s own schemas left out', async () => {
    expect(await names('database')).toEqual(['other', 'postgres', 'shop']);
    expect(await names('schema', { DatabaseName: 'shop' })).toEqual(['public', 'sales']);
    expect(await names('table', inShop)).toEqual(['orders', HOSTILE]);
    expect(await names('view', inShop)).toEqual(['big_orders']);
    expect(await names('matview', inShop)).toEqual(['totals']);
    expect(await names('sequence', inShop)).toEqual(['orders_id_seq']);
    expect(await names('type', inShop)).toEqual(['colour', 'small']);
    expect(await names('function', inShop)).toEqual(['one', 'twin(a integer)', 'twin(b text)']);
    expect(await names('procedure', inShop)).toEqual(major >= 11 ? ['tidy'] : []);
    expect(await names('column', { ...inShop, TableName: 'orders' })).toEqual(['Amount "x"', 'id']);
    const page = await api.DescribeDatabaseObjects({
      ...instance,
      ObjectType: 'table',
      ...inShop,
      Limit: 1,
      Offset: 1,
    });
    expect(page).toMatchObject({ TotalCount: 2, ObjectSet: [HOSTILE] });
    expect(await codeOf(names('table', { DatabaseName: 'shop' }))).toBe('MissingParameter');
    expect(await codeOf(names('table', { DatabaseName: 'nowhere', SchemaName: 'public' }))).toBe(
      'FailedOperation.DBError',
    );
    expect(await codeOf(names('table', { DatabaseName: 'shop', SchemaName: 'pg_catalog' }))).toBe(
      'InvalidParameterValue.InvalidDatabaseObjectName',
    );
  });

  it('grants on every kind of objects and tells what was given; revokes all of it', async () => {
    const targets = kinds.map(([object]) => object);
    expect((await privileges('reader', ...targets)).flat()).toEqual([]);
    await change('reader', ...kinds.map(([object, wanted]) => grant(object, ...wanted)));
    const given = await privileges('reader', ...targets);
    for (const [index, [object, wanted]] of kinds.entries()) {
      expect([object.ObjectType, given[index]?.toSorted()]).toEqual([object.ObjectType, wanted.toSorted()]);
    }
    await change('reader', ...kinds.map(([object, wanted]) => revoke(object, wanted)));
    expect((await privileges('reader', ...targets)).flat()).toEqual([]);
  });

  it('does all or nothing, across databases too', async () => {
    const elsewhere: Target = { ...orders, DatabaseName: 'other' };
    const gone: Target = { ...orders, ObjectName: 'no_such_table' };
    expect(
      await codeOf(change('reader', grant(orders, 'SELECT'), grant(elsewhere, 'SELECT'), grant(gone, 'SELECT'))),
    ).toBe('InvalidParameterValue.InvalidDatabaseObjectName');
    expect((await privileges('reader', orders, elsewhere)).flat()).toEqual([]);
    await change('reader', grant(orders, 'SELECT'), grant(elsewhere, 'SELECT', 'INSERT'));
    expect(await privileges('reader', orders, elsewhere)).toEqual([['SELECT'], ['SELECT', 'INSERT']]);
  });

  it('revokes what others gave on, with a cascade only when asked', async () => {
    await server.sql(
      'GRANT USAGE ON SCHEMA sales TO boss; GRANT SELECT ON sales.orders TO boss WITH GRANT OPTION',
      'shop',
    );
    await server.sql('SET ROLE boss; GRANT SELECT ON sales.orders TO chief', 'shop');
    expect(await privileges('chief', orders)).toEqual([['SELECT']]);
    expect(await codeOf(change('boss', revoke(orders, ['SELECT'])))).toBe('FailedOperation.DBError');
    expect(await privileges('boss', orders)).toEqual([['SELECT']]);
    await change('chief', revoke(orders, ['SELECT']));
    expect(await privileges('chief', orders)).toEqual([[]]);
    await server.sql('SET ROLE boss; GRANT SELECT ON sales.orders TO chief', 'shop');
    await change('boss', revoke(orders, ['SELECT'], true));
    expect(await privileges('chief', orders)).toEqual([[]]);
  });

  it('knows what privileges there are', async () => {
    expect(await codeOf(change('reader', grant(orders, 'EXECUTE')))).toBe('InvalidParameterValue');
    expect(await codeOf(change('reader', grant(orders, 'SELECT ON orders TO PUBLIC; --')))).toBe(
      'InvalidParameterValue',
    );
    if (major >= 17) {
      await change('reader', grant(orders, 'MAINTAIN'));
      await change('reader', revoke(orders, ['MAINTAIN']));
    } else expect(await codeOf(change('reader', grant(orders, 'MAINTAIN')))).toBe('InvalidParameterValue');
    const secrets = { ObjectType: 'table', ObjectName: 'pg_authid', DatabaseName: 'shop', SchemaName: 'pg_catalog' };
    expect(await codeOf(change('reader', grant(secrets, 'SELECT')))).toBe(
      'InvalidParameterValue.InvalidDatabaseObjectName',
    );
    expect(await codeOf(change('nobody', grant(orders, 'SELECT')))).toBe('InvalidParameterValue.AccountNotExistError');
    expect(await codeOf(change('reader', ...Array.from({ length: 51 }, () => grant(orders, 'SELECT'))))).toMatch(
      /^InvalidParameterValue/,
    );
  });

  it('changes the type of an account and its groups', async () => {
    const typeOf = async (name: string) =>
      (await privileges(name, { ObjectType: 'account', ObjectName: name }))[0]?.[0];
    expect(await typeOf('boss')).toBe('normal');
    await change('boss', alter('boss', 'alterRole', 'tencentDBSuper'));
    expect(await typeOf('boss')).toBe('tencentDBSuper');
    const client = new Client({
      host: '127.0.0.1',
      port: server.port,
      user: 'boss',
      database: 'postgres',
      password: PASSWORD,
    });
    await client.connect();
    await client.query('CREATE ROLE made_by_boss');
    await client.query('DROP ROLE made_by_boss');
    await client.end();
    await change('boss', alter('boss', 'alterRole', 'normal'));
    expect(await typeOf('boss')).toBe('normal');
    const [attributes] = await server.sql(
      "SELECT rolcreaterole, rolcreatedb, pg_has_role('boss', 'pg_monitor', 'member') AS m FROM pg_roles WHERE rolname = 'boss'",
    );
    expect(attributes).toEqual({ rolcreaterole: false, rolcreatedb: false, m: false });
    expect(await codeOf(change(ADMIN, alter(ADMIN, 'alterRole', 'normal')))).toBe(
      'OperationDenied.AccountOperationDenied',
    );
    await change('boss', alter('boss', 'grantRole', 'pg_monitor'));
    const { Details = [] } = await api.DescribeAccounts({ ...instance, Limit: 100 });
    expect(Details.find(({ UserName }) => UserName === 'boss')?.PGRoles).toEqual(['pg_monitor']);
    await change('boss', alter('boss', 'revokeRole', 'pg_monitor'));
    expect(await codeOf(change('boss', alter('boss', 'grantRole', 'postgres')))).toBe(
      'OperationDenied.AccountOperationDenied',
    );
    if (major >= 11) {
      expect(await codeOf(change('boss', alter('boss', 'grantRole', 'pg_execute_server_program')))).toBe(
        'OperationDenied.AccountOperationDenied',
      );
    }
    expect(await codeOf(change('boss', alter('reader', 'alterRole', 'normal')))).toBe('InvalidParameterValue');
  });
});
