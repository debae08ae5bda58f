import { expect, it } from 'vitest';
import { problemsOf } from '../../renderer/features/catalog/forms/form-model';
import type { ObjectKind } from '../../shared/model/catalog';
import type { FormContext, FormState } from '../../shared/model/form';
import { formOf } from '../../shared/model/forms/all-forms';

const contextOf = (version: number): FormContext => ({
  mode: 'create',
  version,
  database: 'd',
  parent: { kind: 'schema', oid: 1, schema: '', name: 's', sub: 0 },
  object: null,
  user: 'u',
});

/** A new thing: its statements and what is wrong with it. */
function made(kind: ObjectKind, given: FormState, version = 180_000) {
  const form = formOf(kind, '');
  if (!form) throw new Error(`no form of ${kind}`);
  const context = contextOf(version);
  const state = { ...form.initial(context), name: 'n', ...given };
  return {
    sql: form.statements(state, null, context).map((statement) => statement.sql),
    problems: [...problemsOf(form, state, null, context)].map(([path, { problem }]) => `${path}: ${problem}`),
  };
}

it('A comment at the end of a query or a filter swallows nothing', () => {
  expect(made('view', { definition: 'SELECT 1 -- one;' }).sql).toEqual(['CREATE VIEW s.n AS\nSELECT 1 -- one\n']);
  expect(made('materialized-view', { definition: 'SELECT 1 -- one;' }).sql).toEqual([
    'CREATE MATERIALIZED VIEW s.n AS\nSELECT 1 -- one\nWITH DATA',
  ]);
  const tables = [{ id: 'a', table: 's.t', only: true, columns: [], where: 'a > 1 -- one' }];
  expect(made('publication', { tables }).sql).toEqual([
    'CREATE PUBLICATION n FOR TABLE ONLY s.t WHERE (a > 1 -- one\n)',
  ]);
});

it('Tables are published with what inherits from them, or alone', () => {
  const row = { id: 'a', table: 's.t', only: false, columns: [], where: '' };
  const tables = [row, { ...row, id: 'b', table: 's.u', only: true }];
  expect(made('publication', { tables }, 100_000).sql).toEqual(['CREATE PUBLICATION n FOR TABLE s.t, ONLY s.u']);
});

it('The number of a database is one that the server does not keep for itself', () => {
  expect(made('database', { oid: 16_384 }).sql).toEqual(['CREATE DATABASE n\n  OWNER = u\n  OID = 16384']);
  expect(made('database', { oid: 5 }).problems).toEqual(['oid: min']);
  expect(made('database', { oid: 5 }, 140_000).problems).toEqual([]);
});

it('The passwords of a subscription stand in fields of their own', () => {
  const given = { publications: ['p'], connect: false, password: "it's", sslPassword: 'k' };
  const host = { name: 'host', value: 'h' };
  expect(made('subscription', { ...given, connection: [host] }).sql[0]).toContain(
    String.raw`CONNECTION E'host=''h'' password=''it\\''s'' sslpassword=''k'''`,
  );
  const twice = [host, { name: 'password', value: 'x' }];
  expect(made('subscription', { ...given, connection: twice }).problems).toEqual(['connection: own-field']);
});
