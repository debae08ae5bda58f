import { afterAll, beforeAll, expect, it } from 'vitest';
import { ddlCommand } from '../../electron/cli/ddl';
import { startServer, type TestServer } from '../support/postgres';

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ major: 17, password: 'secret word' });
  await server.createDatabase('shop');
  await server.sql(
    `CREATE TABLE orders (id integer PRIMARY KEY); CREATE SCHEMA "Other"; CREATE TABLE "Other".orders (n integer);
     CREATE FUNCTION tax(a numeric) RETURNS numeric LANGUAGE sql AS 'SELECT a'; CREATE FUNCTION tax(a integer) RETURNS integer LANGUAGE sql AS 'SELECT a'`,
    'shop',
  );
});
afterAll(async () => {
  await server?.stop();
});

async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const lines = { out: '', err: '' };
  const code = await ddlCommand(args, {
    out: (text) => void (lines.out += `${text}\n`),
    err: (text) => void (lines.err += `${text}\n`),
    signal: new AbortController().signal,
  });
  return { code, ...lines };
}
const uri = () => server.uri('shop').replace('secret word', 'secret%20word');

it('prints the script of a database that makes it anew', async () => {
  const { code, out, err } = await run(uri());
  expect([code, err]).toEqual([0, '']);
  await server.createDatabase('copy');
  await server.sql(out, 'copy');
  const again = await run(uri().replace(/shop$/, 'copy'));
  expect(again.out).toBe(out);
  expect(out).not.toContain('secret word');
});

it('prints one object, or all of one name', async () => {
  expect((await run(uri(), '--object', 'public.orders')).out).toMatch(/^CREATE TABLE public\.orders \(/);
  expect((await run(uri(), '--object', '"Other".orders')).out).toMatch(/^CREATE TABLE "Other"\.orders \(/);
  expect((await run(uri(), '--object=orders')).out.match(/CREATE TABLE/g)).toHaveLength(2);
  expect((await run(uri(), '--object', 'public.tax')).out.match(/CREATE OR REPLACE FUNCTION/g)).toHaveLength(2);
  expect((await run(uri(), '--object', 'public.tax(integer)')).out.match(/CREATE OR REPLACE FUNCTION/g)).toHaveLength(
    1,
  );
});

it('prints JSON on request', async () => {
  const { out } = await run(uri(), '--object', 'public.orders', '--json');
  expect(JSON.parse(out)).toMatchObject({
    objects: [
      { kind: 'table', schema: 'public', name: 'orders', sql: expect.stringContaining('orders_pkey') as string },
    ],
  });
  expect(JSON.parse((await run(uri(), '--json')).out)).toMatchObject({ missing: [] });
});

it('says what is not in the script of a database', async () => {
  await server.createDatabase('ops');
  await server.sql("CREATE CONVERSION c FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8", 'ops');
  const { code, out, err } = await run(uri().replace(/shop$/, 'ops'));
  expect(code).toBe(3);
  expect(err).toBe('warning: not in this script: 1 conversions\n');
  expect(out).toMatch(/^-- Not in this script: 1 conversions\n/);
});

it('fails with what to do', async () => {
  await expect(run()).rejects.toMatchObject({ info: { code: 'invalid-input' } });
  await expect(run('nonsense')).rejects.toMatchObject({ info: { code: 'invalid-input' } });
  await expect(run(uri(), '--object', 'a.b.c')).rejects.toMatchObject({ info: { code: 'invalid-input' } });
  await expect(run(uri(), '--object', 'public.nothing')).rejects.toMatchObject({ info: { code: 'not-found' } });
  await expect(run(uri().replace('secret%20word', 'wrong'))).rejects.toMatchObject({
    info: { code: 'authentication' },
  });
});
