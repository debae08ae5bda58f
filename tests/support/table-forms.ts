import { expect } from 'vitest';
import { openSession, type PgSession } from '../../electron/adapters/postgres/session';
import { prepareCatalogSession } from '../../electron/adapters/postgres/catalog-sessions';
import { TABLE_STATES } from '../../electron/features/catalog/forms/table-states';
import { runStatements } from '../../electron/features/catalog/run-statements';
import type { ObjectKind, ObjectRef, Statement } from '../../shared/model/catalog';
import type { AnyForm, FormContext, FormState, FormValue } from '../../shared/model/form';
import { TABLE_FORMS } from '../../shared/model/forms/table-forms';
import { tableOf } from '../../shared/model/forms/table/table-shape';
import { privileges, text } from '../../shared/model/forms/table/values';
import type { TestServer } from './postgres';

const signal = new AbortController().signal;

/** Dialogs of tables at work on one database of a server. */
export interface FormDesk {
  readonly version: number;
  /** Rows of a query. */
  rows(sql: string): Promise<Record<string, unknown>[]>;
  context(mode: 'create' | 'edit', parent?: ObjectRef | null): FormContext;
  read(object: ObjectRef): Promise<{ readonly form: AnyForm; readonly state: FormState }>;
  /** Runs the statements: those that may together in one transaction. */
  run(statements: readonly Statement[]): Promise<void>;
  end(): Promise<void>;
}

export const formOfTable = (kind: ObjectKind, variant: string): AnyForm => {
  const form = TABLE_FORMS.find((each) => each.kind === kind && each.variant === variant);
  if (!form) throw new Error(`no form of ${kind} ${variant}`);
  return form;
};

export async function openDesk(server: TestServer, database: string): Promise<FormDesk> {
  const session: PgSession = await openSession(server.profile(database));
  await prepareCatalogSession(session);
  const version = session.serverVersionNum;
  return {
    version,
    rows: (sql) => session.query(sql),
    context: (mode, parent = null) => ({ mode, version, database, parent, object: null, user: 'postgres' }),
    async read(object) {
      const found = await TABLE_STATES[object.kind]?.(session, object, signal);
      if (!found) throw new Error(`${object.kind} ${object.name} is gone`);
      return { form: formOfTable(object.kind, found.variant), state: found.state };
    },
    async run(statements) {
      if (statements.length > 0) await runStatements(server.profile(database), statements, signal);
    },
    end: () => session.end(),
  };
}

/** Keys that a form keeps for itself. */
const OWN_KEYS = new Set([
  'id',
  'origin',
  'typeStorage',
  'using',
  'how',
  'table',
  'databaseTablespace',
  'partition',
  'concurrently',
  'only',
  'usingIndex',
  'replica',
  'coveringIndex',
]);

const isList = (value: FormValue | undefined): value is readonly FormValue[] => Array.isArray(value);

/** What a state says of the object, without what only the form needs. */
function said(value: FormValue | undefined): FormValue | undefined {
  if (isList(value)) return value.map((each) => said(each) ?? null);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !OWN_KEYS.has(key))
      .map(([key, each]) => [key, said(each)]),
  );
}

/** The state without what an owner has by itself, and what a form may still tell of the one before. */
const withoutOwner = (state: FormState, former = state): FormState => ({
  ...state,
  ...('privileges' in state
    ? {
        privileges: privileges(state['privileges']).filter(
          ({ grantee }) => grantee !== state['owner'] && grantee !== former['owner'],
        ),
      }
    : {}),
});

/** What a state says of the thing, records that say little filled up. */
const shown = ({ kind }: AnyForm, state: FormState): FormValue | undefined =>
  said(kind === 'table' || kind === 'foreign-table' ? tableOf(state) : state);

/** Makes a thing of what is asked beside a form's first state, finds it with `find`, and sees that it is what was asked for. */
export async function makes(
  desk: FormDesk,
  form: AnyForm,
  parent: ObjectRef,
  asked: FormState,
  find: string,
): Promise<ObjectRef> {
  const context = desk.context('create', parent);
  const state = { ...form.initial(context), ...asked };
  await desk.run(form.statements(state, null, context));
  const [row] = await desk.rows(find);
  const object: ObjectRef = {
    kind: form.kind,
    oid: Number(row?.['oid']),
    schema: parent.kind === 'schema' ? parent.name : parent.schema,
    name: text(state['name']),
    sub: Number(row?.['sub'] ?? 0),
  };
  const made = await desk.read(object);
  expect(made.form.variant).toBe(form.variant);
  expect(shown(form, withoutOwner(made.state))).toEqual(shown(form, withoutOwner(state)));
  return object;
}

/** Changes a thing and sees that it is what was asked for, and nothing is left to say. `find` finds it anew where the change makes it anew. */
export async function changes(desk: FormDesk, object: ObjectRef, edit: FormState, find?: string): Promise<ObjectRef> {
  const { form, state } = await desk.read(object);
  const wanted = { ...state, ...edit };
  const statements = form.statements(wanted, state, desk.context('edit'));
  expect({ edit: Object.keys(edit), statements: statements.length > 0 }).toEqual({
    edit: Object.keys(edit),
    statements: true,
  });
  await desk.run(statements);
  const [row] = find === undefined ? [] : await desk.rows(find);
  const now = row ? { ...object, oid: Number(row['oid']) } : object;
  const after = await desk.read(now);
  expect({ edit: Object.keys(edit), state: shown(form, withoutOwner(after.state, state)) }).toEqual({
    edit: Object.keys(edit),
    state: shown(form, withoutOwner(wanted, state)),
  });
  return now;
}

/** One edit after the other, then everything back at once, then all of it at once. */
export async function changesAll(
  desk: FormDesk,
  object: ObjectRef,
  edits: readonly FormState[],
  find?: string,
): Promise<ObjectRef> {
  const { state } = await desk.read(object);
  let now = object;
  for (const edit of edits) now = await changes(desk, now, edit, find);
  const all: FormState = Object.assign({}, ...edits);
  const original = Object.fromEntries(Object.keys(all).map((key) => [key, state[key]]));
  now = await changes(desk, now, original, find);
  return changes(desk, now, all, find);
}

/** What the dialog would do with a thing that nobody changed. */
export async function untouched(desk: FormDesk, object: ObjectRef): Promise<readonly Statement[]> {
  const { form, state } = await desk.read(object);
  return form.statements(state, state, desk.context('edit'));
}
