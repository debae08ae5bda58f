import { describe, expect, it } from 'vitest';
import { dictionaryOptions } from '../../electron/features/catalog/forms/code/dictionary-options';
import type { ObjectKind } from '../../shared/model/catalog';
import type { FormContext, FormState } from '../../shared/model/form';
import { formOf } from '../../shared/model/forms/all-forms';
import { dollarQuoted, withoutArguments } from '../../shared/model/forms/code/common';
import { problemsOf as problemsOfForm } from '../../renderer/features/catalog/forms/form-model';
import { renameOrder } from '../../shared/model/forms/code/rename-order';

const EVIL = `o'Brien "x"; DROP TABLE t --\n表`;
const EVIL_IDENT = `"o'Brien ""x""; DROP TABLE t --\n表"`;
const EVIL_LITERAL = `'o''Brien "x"; DROP TABLE t --\n表'`;

const context = (mode: 'create' | 'edit', version = 180_000): FormContext => ({
  mode,
  version,
  database: 'd',
  parent: { kind: 'schema', oid: 1, schema: '', name: 's', sub: 0 },
  object: null,
  user: 'me',
});

function sqlOf(
  kind: ObjectKind,
  variant: string,
  given: FormState,
  before: FormState | null,
  version?: number,
): string[] {
  const form = formOf(kind, variant);
  const where = context(before ? 'edit' : 'create', version);
  const initial = form?.initial(where) ?? {};
  const old = before ? { ...initial, ...before } : null;
  return (form?.statements({ ...(old ?? initial), ...given }, old, where) ?? []).map(({ sql }) => sql);
}

function problemsOf(kind: ObjectKind, variant: string, given: FormState, mode: 'create' | 'edit', version?: number) {
  const form = formOf(kind, variant);
  const where = context(mode, version);
  return Object.fromEntries(
    Object.entries(form?.check?.({ ...form.initial(where), ...given }, where) ?? {}).map(([field, { problem }]) => [
      field,
      problem,
    ]),
  );
}

describe('A body between dollars', () => {
  it.each([
    ['SELECT 1', '$$SELECT 1$$'],
    ['SELECT $$x$$', '$body$SELECT $$x$$$body$'],
    ['ends with $', '$body$ends with $$body$'],
    ['$$ $body$', '$body2$$$ $body$$body2$'],
    ['$$ ends with $body', '$body2$$$ ends with $body$body2$'],
  ])('has a tag that it does not hold: %s', (text, quoted) => {
    expect(dollarQuoted(text)).toBe(quoted);
  });
});

describe('The name of a function', () => {
  it.each([
    ['sales.total(integer, text)', 'sales.total'],
    ['"a(b".c (integer)', '"a(b".c'],
    ['"x"")("()', '"x"")("'],
    ['total', 'total'],
    ['  sales . total()', 'sales . total'],
  ])('stands without its arguments: %s', (text, name) => {
    expect(withoutArguments(text)).toBe(name);
  });
});

describe('Renames', () => {
  it('wait until their name is free', () => {
    const renames = [
      { from: 'a', to: 'b' },
      { from: 'b', to: 'c' },
    ];
    expect(renameOrder(renames, ['a', 'b'])).toEqual([
      { from: 'b', to: 'c' },
      { from: 'a', to: 'b' },
    ]);
  });

  it('change places by a name that nobody has', () => {
    const renames = [
      { from: 'a', to: 'b' },
      { from: 'b', to: 'a' },
      { from: 'c', to: 'c' },
    ];
    expect(renameOrder(renames, ['a', 'b', 'c', 'a_'])).toEqual([
      { from: 'a', to: 'a__' },
      { from: 'b', to: 'a' },
      { from: 'a__', to: 'b' },
    ]);
  });

  it('to a name that is taken are left to the server', () => {
    expect(renameOrder([{ from: 'a', to: 'b' }], ['a', 'b'])).toEqual([{ from: 'a', to: 'b' }]);
  });
});

describe('Options of a dictionary', () => {
  it('are read as the server keeps them', () => {
    expect(
      dictionaryOptions(`maxlen = 6, rejectlong = 'true', "Odd ""n""" = 'it''s', path = E'a\\\\b''c', n = -1`),
    ).toEqual([
      { name: 'maxlen', value: '6' },
      { name: 'rejectlong', value: 'true' },
      { name: 'Odd "n"', value: "it's" },
      { name: 'path', value: "a\\b'c" },
      { name: 'n', value: '-1' },
    ]);
    expect(dictionaryOptions('')).toEqual([]);
    expect(dictionaryOptions('no options')).toEqual([]);
  });

  it('that are numbers are given as such', () => {
    const options = [
      { name: 'maxlen', value: '6' },
      { name: 'code', value: '007' },
    ];
    expect(sqlOf('text-search-dictionary', '', { name: 'd', template: 't', options }, null)).toEqual([
      "CREATE TEXT SEARCH DICTIONARY s.d (TEMPLATE = t, maxlen = 6, code = '007')",
    ]);
  });
});

describe('Names and texts made to break out', () => {
  it.each([
    ['function', '', { language: EVIL, returnType: 'integer' }],
    ['procedure', '', {}],
    ['trigger-function', '', {}],
    ['aggregate', '', {}],
    ['type', 'composite', { attributes: [{ id: '1', name: EVIL, type: 'text', collation: '', comment: EVIL }] }],
    ['type', 'enum', { values: [{ id: '1', label: EVIL }] }],
    ['type', 'range', { multirange: EVIL }],
    ['type', 'base', { hasDefault: true, default: EVIL, category: EVIL, delimiter: EVIL }],
    ['type', 'shell', {}],
    ['domain', '', { baseType: 'text' }],
    ['collation', '', { provider: 'icu', locale: EVIL, rules: EVIL }],
    ['conversion', '', { sourceEncoding: EVIL, targetEncoding: EVIL }],
    ['operator', '', {}],
    ['text-search-configuration', '', { mappings: [{ id: '1', token: EVIL, dictionaries: ['d'] }] }],
    ['text-search-dictionary', '', { options: [{ name: EVIL, value: EVIL }] }],
    ['text-search-parser', '', {}],
    ['text-search-template', '', {}],
    ['statistics-object', '', { columns: [EVIL, 'b'], kinds: [EVIL] }],
    ['event-trigger', '', { tags: [EVIL], enabled: EVIL, event: EVIL }],
    ['foreign-data-wrapper', '', { options: [{ name: EVIL, value: EVIL }] }],
    ['foreign-server', '', { wrapper: EVIL, type: EVIL, version: EVIL }],
    ['user-mapping', '', { user: EVIL, server: EVIL }],
    ['language', '', {}],
    ['access-method', '', { type: EVIL }],
  ] as const)('stay inside of their quotes: %s %s', (kind, variant, given) => {
    const form = formOf(kind, variant);
    const initial = form?.initial(context('create')) ?? {};
    const everywhere = Object.fromEntries(
      ['name', 'schema', 'owner', 'comment'].filter((key) => key in initial).map((key) => [key, EVIL]),
    );
    const labels = 'labels' in initial ? { labels: [{ provider: EVIL, label: EVIL }] } : {};
    const sql = sqlOf(kind, variant, { ...everywhere, ...labels, ...given }, null).join('\n');
    const left = sql.replaceAll(EVIL_IDENT, '').replaceAll(EVIL_LITERAL, '');
    expect(sql).not.toBe('');
    expect(left).not.toContain('DROP TABLE');
  });

  it("don't become the sign of an operator", () => {
    expect(problemsOf('operator', '', {}, 'create')).toEqual({ rightType: 'required' });
    const [sql] = sqlOf('operator', '', { name: '+; DROP TABLE t', rightType: 'integer' }, null);
    expect(sql).toContain('CREATE OPERATOR s."+; DROP TABLE t" (');
  });
});

describe('Security labels', () => {
  it.each([
    ['function', '', 'FUNCTION s.x()', { returnType: 'integer' }],
    ['procedure', '', 'PROCEDURE s.x()', {}],
    ['aggregate', '', 'AGGREGATE s.x(*)', {}],
    ['type', 'enum', 'TYPE s.x', {}],
    ['domain', '', 'DOMAIN s.x', {}],
    ['event-trigger', '', 'EVENT TRIGGER x', {}],
    ['language', '', 'LANGUAGE x', {}],
  ] as const)('are set and taken away: %s %s', (kind, variant, target, given) => {
    const labels = [{ provider: 'selinux', label: EVIL }];
    const before = { name: 'x', ...given, labels };
    expect(sqlOf(kind, variant, { labels: [] }, before)).toEqual([`SECURITY LABEL FOR selinux ON ${target} IS NULL`]);
    expect(sqlOf(kind, variant, before, null)).toContain(`SECURITY LABEL FOR selinux ON ${target} IS ${EVIL_LITERAL}`);
  });
});

describe('A function', () => {
  const argument = { id: '1', mode: '', name: 'a', type: 'integer', default: '1' };
  const before = { name: 'f', returnType: 'integer', arguments: [argument], knownArguments: [argument] };
  const changed = (given: FormState) =>
    problemsOf('function', '', { ...before, arguments: [{ ...argument, ...given }] }, 'edit');

  it('keeps what the server would refuse to change', () => {
    expect(changed({})).toEqual({});
    expect(changed({ default: '2' })).toEqual({});
    expect(changed({ type: 'text' })).toEqual({ arguments: 'arguments-fixed' });
    expect(changed({ mode: 'INOUT' })).toEqual({ arguments: 'arguments-fixed' });
    expect(changed({ name: 'b' })).toEqual({ arguments: 'argument-name-fixed' });
    expect(changed({ default: '' })).toEqual({ arguments: 'argument-default-fixed' });
    expect(problemsOf('function', '', { ...before, arguments: [] }, 'edit')).toEqual({ arguments: 'arguments-fixed' });
  });

  it('is altered where that is enough, and gives itself away at the end', () => {
    expect(
      sqlOf('function', '', { volatility: 'STABLE', cost: 5, name: 'g', schema: 'z', owner: 'you' }, before),
    ).toEqual([
      'ALTER FUNCTION s.f(integer)\n    STABLE\n    COST 5',
      'ALTER FUNCTION s.f(integer) RENAME TO g',
      'ALTER FUNCTION s.g(integer) SET SCHEMA z',
      'ALTER FUNCTION z.g(integer) OWNER TO you',
    ]);
  });

  it('keeps the extensions that it depends on when it is defined anew', () => {
    const statements = sqlOf('function', '', { body: 'SELECT 2' }, { ...before, extensions: ['hstore'] });
    expect(statements[0]).toContain('CREATE OR REPLACE FUNCTION s.f(a integer DEFAULT 1)');
    expect(statements.slice(1)).toEqual(['ALTER FUNCTION s.f(integer) DEPENDS ON EXTENSION hstore']);
  });

  it('needs a result', () => {
    expect(problemsOf('function', '', {}, 'create')).toEqual({ returnType: 'required' });
    expect(problemsOf('function', '', { returns: 'TABLE' }, 'create')).toEqual({});
    const out = [{ ...argument, mode: 'OUT', default: '' }];
    expect(problemsOf('function', '', { arguments: out }, 'create')).toEqual({});
    expect(problemsOf('procedure', '', { arguments: out }, 'create', 130_000)).toEqual({ arguments: 'needs-version' });
    expect(problemsOf('procedure', '', { arguments: out }, 'create', 140_000)).toEqual({});
  });
});

describe('An enum', () => {
  const values = [
    { id: 'v1', label: 'a' },
    { id: 'v2', label: 'b' },
  ];
  const before = { name: 'mood', values, known: ['v1', 'v2'] };
  const added = { id: 'new', label: 'c' };

  it('loses no value, and none changes its place', () => {
    const check = (next: readonly { id: string; label: string }[]) =>
      problemsOf('type', 'enum', { ...before, values: next }, 'edit');
    expect(check([added, ...values])).toEqual({});
    expect(check(values.slice(1))).toEqual({ values: 'enum-value-removed' });
    expect(check(values.toReversed())).toEqual({ values: 'enum-value-moved' });
    expect(check([...values, { ...added, label: 'a' }])).toEqual({ values: 'twice' });
  });

  it('gets its values outside of a transaction before 12', () => {
    const form = formOf('type', 'enum');
    const state = { ...form?.initial(context('edit')), ...before };
    const next = { ...state, values: [...values, added] };
    const statement = { sql: "ALTER TYPE s.mood ADD VALUE 'c' AFTER 'b'" };
    expect(form?.statements(next, state, context('edit', 110_000))).toEqual([{ ...statement, outside: true }]);
    expect(form?.statements(next, state, context('edit', 120_000))).toEqual([statement]);
  });
});

it('A check without a name gets no comment', () => {
  const problemOf = (row: FormState) => {
    const form = formOf('domain', '');
    const where = context('create');
    const given = { name: 'd', baseType: 'integer', checks: [{ id: '1', name: '', expression: 'x', ...row }] };
    return form && [...problemsOfForm(form, { ...form.initial(where), ...given }, null, where).values()];
  };
  expect(problemOf({ comment: '' })).toEqual([]);
  expect(problemOf({ comment: 'c', name: 'n' })).toEqual([]);
  expect(problemOf({ comment: 'c' })).toEqual([{ problem: 'name-for-comment' }]);
  const form = formOf('constraint', 'domain-check');
  const where = context('create');
  const state = { ...form?.initial(where), expression: 'x', comment: 'c' };
  expect(form && [...problemsOfForm(form, state, null, where)]).toEqual([['comment', { problem: 'name-for-comment' }]]);
});

it('What a server is too old for is told at its field', () => {
  expect(problemsOf('collation', '', { provider: 'builtin' }, 'create', 160_000)).toEqual({
    provider: 'needs-version',
  });
  expect(problemsOf('event-trigger', '', { event: 'login' }, 'create', 160_000)).toEqual({ event: 'needs-version' });
  expect(problemsOf('access-method', '', { type: 'TABLE' }, 'create', 110_000)).toEqual({ type: 'needs-version' });
  const columns = ['a', 'b'];
  expect(problemsOf('statistics-object', '', { columns, kinds: ['mcv'] }, 'create', 110_000)).toEqual({
    kinds: 'needs-version',
  });
  expect(problemsOf('statistics-object', '', { columns: ['a'] }, 'create')).toEqual({ columns: 'statistics-columns' });
});
