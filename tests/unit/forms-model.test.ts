import { expect, it } from 'vitest';
import {
  choicesWith,
  emptyRow,
  failedStatement,
  isLocked,
  problemsOf,
  rowContext,
  scriptOf,
  shownTabs,
  tabOfPath,
  withValue,
} from '../../renderer/features/catalog/forms/form-model';
import { isoMoment, localMoment } from '../../renderer/features/catalog/forms/moments';
import { defineForm, type FormContext, type FormField, type FormState } from '../../shared/model/form';

const ROWS: FormField = {
  id: 'rows',
  kind: 'list',
  columns: [
    { id: 'type', kind: 'text', required: true, fixed: true },
    { id: 'size', kind: 'number', min: 1, max: 9 },
    { id: 'on', kind: 'switch', initial: true },
    { id: 'deep', kind: 'many', only: 'edit' },
  ],
};

const form = defineForm<FormState>({
  kind: 'table',
  variant: '',
  words: 'forms',
  editable: true,
  tabs: [
    {
      id: 'general',
      fields: [
        { id: 'name', kind: 'text', required: true },
        { id: 'place', kind: 'text', fixed: true },
        { id: 'new', kind: 'switch', since: 150_000 },
        { id: 'old', kind: 'switch', until: 120_000 },
      ],
    },
    { id: 'lists', fields: [ROWS, { id: 'privileges', kind: 'privileges', privileges: ['SELECT'] }] },
    { id: 'never', fields: [{ id: 'secret', kind: 'text', required: true, shown: () => false }] },
  ],
  initial: () => ({ name: '', place: '', new: false, old: false, rows: [], privileges: [], secret: '' }),
  derive: (changed, state) => (changed === 'name' ? { place: `${JSON.stringify(state['name'])}!` } : {}),
  check: (state): Record<string, { problem: string }> =>
    state['name'] === state['place'] && state['name'] !== '' ? { place: { problem: 'twice' } } : {},
  statements: () => [],
});

const context = (mode: 'create' | 'edit', version = 180_000): FormContext => ({
  mode,
  version,
  database: '',
  parent: null,
  object: null,
  user: '',
});
const state = (given: FormState = {}): FormState => ({ ...form.initial(context('create')), ...given });
const problems = (given: FormState, before: FormState | null = null): [string, string][] =>
  [...problemsOf(form, given, before, context(before ? 'edit' : 'create'))].map(([path, { problem }]) => [
    path,
    problem,
  ]);

it('shows what the server and the mode know, and no empty tab', () => {
  const ids = (version: number): string[] =>
    shownTabs(form, state(), context('create', version)).flatMap(({ id, fields }) => [
      id,
      ...fields.map((field) => field.id),
    ]);
  expect(ids(180_000)).toEqual(['general', 'name', 'place', 'new', 'lists', 'rows', 'privileges']);
  expect(ids(110_000)).toEqual(['general', 'name', 'place', 'old', 'lists', 'rows', 'privileges']);
});

it('finds what is wrong at any depth, but not where nothing can be changed', () => {
  expect(problems(state())).toEqual([['name', 'required']]);
  const rows = [
    { id: 'a', type: '', size: 10 },
    { id: 'b', type: 'x', size: null },
  ];
  expect(problems(state({ name: 'n', rows }))).toEqual([
    ['rows.0.type', 'required'],
    ['rows.0.size', 'max'],
  ]);
  // The first record was there: its type is what it is.
  expect(problems(state({ name: 'n', rows }), state({ rows: rows.slice(0, 1) }))).toEqual([['rows.0.size', 'max']]);
  expect(problems(state({ name: 'n', place: 'n' }))).toEqual([['place', 'twice']]);
});

it('takes PUBLIC for a grantee, and a role that is not chosen for a problem', () => {
  const row = { privileges: ['SELECT'], grantable: [] };
  expect(problems(state({ name: 'n', privileges: [{ ...row, grantee: '' }] }))).toEqual([]);
  expect(problems(state({ name: 'n', privileges: [{ ...row, grantee: null }] }))).toEqual([
    ['privileges.0.grantee', 'required'],
  ]);
});

it('tells where a problem stands', () => {
  const tabs = shownTabs(form, state(), context('create'));
  expect(tabOfPath(tabs, 'rows.0.type')).toBe('lists');
  expect(tabOfPath(tabs, 'name')).toBe('general');
  expect(tabOfPath(tabs, 'secret')).toBeUndefined();
});

it('locks what is fixed once it is there, record by record', () => {
  const [type] = ROWS.columns ?? [];
  const old = [{ id: 'a' }];
  expect(rowContext(context('edit'), { id: 'a' }, old).mode).toBe('edit');
  expect(rowContext(context('edit'), { id: 'b' }, old).mode).toBe('create');
  expect(type && isLocked(type, {}, context('edit'))).toBe(true);
  expect(type && isLocked(type, {}, context('create'))).toBe(false);
});

it('fills new records, and follows what changes', () => {
  expect(emptyRow(ROWS)).toMatchObject({ type: '', size: null, on: true, deep: [] });
  expect(emptyRow(ROWS)['id']).not.toBe(emptyRow(ROWS)['id']);
  expect(withValue(form, state(), 'name', 'x', context('create'))).toMatchObject({ name: 'x', place: '"x"!' });
});

it('writes statements as a script, and knows which one failed', () => {
  expect(scriptOf([{ sql: 'A' }, { sql: 'B', outside: true }], 'alone')).toBe('A;\n\n-- alone\nB;');
  expect(failedStatement('statements.12')).toBe(12);
  expect(failedStatement('name')).toBeNull();
});

it('offers each choice once, and the present value always', () => {
  expect(choicesWith([{ value: 'a' }, { value: 'a', text: 'A' }], 'b')).toEqual([{ value: 'a' }, { value: 'b' }]);
});

it('keeps moments to the second, in both directions', () => {
  expect(isoMoment(localMoment('2031-02-03T04:05:06Z'))).toBe('2031-02-03T04:05:06Z');
  expect([localMoment(''), localMoment('never'), isoMoment('')]).toEqual(['', '', '']);
});
