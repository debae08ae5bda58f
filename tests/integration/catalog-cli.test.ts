import { afterAll, beforeAll, expect, it } from 'vitest';
import { ddlCommand } from '../../electron/cli/ddl';
import { startServer, type TestServer } from '../support/postgres';

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ major: 17, password: 'secret word' });
  await server.createDatabase('shop');
  await server.sql(
    `CREATE TABLE orders (id integer PRIMARY KEY); CREATE SCHEMA "Other"; CREATE TABLE "Other".orders (n integer); CREATE INDEX "I i" ON "Other".orders (n);
     CREATE FUNCTION tax(a numeric) RETURNS numeric LANGUAGE sql AS 'SELECT a'; CREATE FUNCTION tax(a integer) RETURNS integer LANGUAGE sql AS 'SELECT a';
     CREATE SCHEMA shop; CREATE TYPE shop.mood AS ENUM ('a'); CREATE CAST (integer AS shop.mood) WITH INOUT;
     CREATE OPERATOR shop.+# (FUNCTION = int4up, RIGHTARG = integer); CREATE OPERATOR FAMILY shop.fam USING btree;
     CREATE ROLE "R r" PASSWORD 'x'; CREATE FOREIGN DATA WRAPPER w; CREATE SERVER far FOREIGN DATA WRAPPER w;
     CREATE USER MAPPING FOR PUBLIC SERVER far; CREATE POLICY "P p" ON orders`,
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
  expect(JSON.parse((await run(uri(), '--json')).out)).toMatchObject({
    sql: expect.stringContaining('orders') as string,
  });
});

it('prints everything on request, which is also what it does by itself', async () => {
  expect((await run(uri(), '--all')).out).toBe((await run(uri())).out);
  await expect(run(uri(), '--all', '--object', 'orders')).rejects.toMatchObject({ info: { code: 'invalid-input' } });
});

it.each([
  ['table:public.orders', /^CREATE TABLE public\.orders/],
  ['function:tax(integer)', /^CREATE OR REPLACE FUNCTION public\.tax\(a integer\)/],
  ['column:public.orders.id', /^ALTER TABLE public\.orders\n {4}ADD COLUMN id integer/],
  ['constraint:orders.orders_pkey', /^ALTER TABLE ONLY public\.orders\n {4}ADD CONSTRAINT orders_pkey PRIMARY KEY/],
  ['index:orders_pkey', /ADD CONSTRAINT orders_pkey PRIMARY KEY/],
  ['index:public.orders_pkey', /ADD CONSTRAINT orders_pkey PRIMARY KEY/],
  ['index:orders.orders_pkey', /ADD CONSTRAINT orders_pkey PRIMARY KEY/],
  ['index:public.orders.orders_pkey', /ADD CONSTRAINT orders_pkey PRIMARY KEY/],
  ['index:"Other"."I i"', /^CREATE INDEX "I i" ON "Other"\.orders/],
  ['schema:"Other"', /^CREATE SCHEMA "Other"/],
  ['cast:(integer as shop.mood)', /^CREATE CAST \(integer AS shop\.mood\) WITH INOUT/],
  ['operator:shop.+#(NONE, integer)', /^CREATE OPERATOR shop\.\+#/],
  ['operator-family:shop.fam using btree', /^CREATE OPERATOR FAMILY shop\.fam USING btree/],
  ['role:"R r"', /^CREATE ROLE "R r" WITH\n {4}NOSUPERUSER\n[^;]*PASSWORD 'SCRAM-SHA-256\$/],
  ['database:shop', /^CREATE DATABASE shop WITH\n {4}OWNER = postgres/],
  ['tablespace:pg_default', /^CREATE TABLESPACE pg_default OWNER postgres LOCATION ''/],
  ['user-mapping:far.public', /^CREATE USER MAPPING FOR PUBLIC SERVER far/],
  ['policy:orders."P p"', /^CREATE POLICY "P p" ON public\.orders/],
  ['language:internal', /^CREATE PROCEDURAL LANGUAGE internal/],
  ['collation:pg_catalog.C', /^CREATE COLLATION pg_catalog\."C"/],
])('prints one object by its kind: %s', async (name, expected) => {
  const { out, code } = await run(uri(), '--object', name);
  expect(out).toMatch(expected);
  expect(code).toBe(0);
});

it('fails with what to do', async () => {
  await expect(run()).rejects.toMatchObject({ info: { code: 'invalid-input' } });
  await expect(run('nonsense')).rejects.toMatchObject({ info: { code: 'invalid-input' } });
  await expect(run(uri(), '--object', 'a.b.c')).rejects.toMatchObject({ info: { code: 'invalid-input' } });
  await expect(run(uri(), '--object', 'view:public.orders')).rejects.toMatchObject({ info: { code: 'not-found' } });
  for (const name of ['index:public."I i"', 'index:"Other".orders_pkey', 'policy:public."P p"'])
    await expect(run(uri(), '--object', name)).rejects.toMatchObject({ info: { code: 'not-found' } });
  await expect(run(uri(), '--object', 'public.nothing')).rejects.toMatchObject({ info: { code: 'not-found' } });
  await expect(run(uri().replace('secret%20word', 'wrong'))).rejects.toMatchObject({
    info: { code: 'authentication' },
  });
});
