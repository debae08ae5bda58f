import { expect } from 'vitest';
import type { PgSession } from '../../electron/adapters/postgres/session';
import { readFormState } from '../../electron/features/catalog/forms/read-form-state';
import { runStatements } from '../../electron/features/catalog/run-statements';
import type { ObjectKind, ObjectRef } from '../../shared/model/catalog';
import type { FormContext, FormState, FormValue } from '../../shared/model/form';
import { formOf } from '../../shared/model/forms/all-forms';
import { same } from '../../shared/model/forms/list-changes';
import { isLocked, problemsOf, shownFields } from '../../renderer/features/catalog/forms/form-model';
import type { TestServer } from './postgres';

/** One object that is made by its form, then changed field by field, and back. */
export interface Trip {
  readonly kind: ObjectKind;
  readonly variant?: string;
  readonly parent?: ObjectRef;
  readonly given: FormState;
  /** Each is done alone; then all fields go back at once. */
  readonly edits: readonly (FormState | ((now: FormState) => FormState))[];
  /** Fields that don't go back. */
  readonly stays?: readonly string[];
}

/** Where the newest object of a kind is found. */
const CATALOGS: Readonly<Partial<Record<ObjectKind, string>>> = {
  function: 'pg_proc',
  procedure: 'pg_proc',
  'trigger-function': 'pg_proc',
  aggregate: 'pg_proc',
  domain: "pg_type WHERE typtype = 'd'",
  constraint: 'pg_constraint WHERE contypid <> 0',
  collation: 'pg_collation',
  conversion: 'pg_conversion',
  operator: 'pg_operator',
  cast: 'pg_cast',
  transform: 'pg_transform',
  'access-method': 'pg_am',
  'text-search-configuration': 'pg_ts_config',
  'text-search-dictionary': 'pg_ts_dict',
  'text-search-parser': 'pg_ts_parser',
  'text-search-template': 'pg_ts_template',
  'statistics-object': 'pg_statistic_ext',
  'event-trigger': 'pg_event_trigger',
  'foreign-data-wrapper': 'pg_foreign_data_wrapper',
  'foreign-server': 'pg_foreign_server',
  'user-mapping': 'pg_user_mapping',
  language: 'pg_language',
};
const TYPES: Readonly<Record<string, string>> = {
  composite: 'c',
  enum: 'e',
  range: 'r',
  base: "b' AND typcategory <> 'A",
  shell: 'p',
};

/** What the form doesn't ask: identities, what the server has, and what is done once. */
const UNASKED = new Set([
  'id',
  'known',
  'knownArguments',
  'isKnownValid',
  'recordedVersion',
  'actualVersion',
  'refresh',
  'copy',
  'from',
]);

/** Lists whose order says nothing. */
const UNORDERED = new Set(['privileges', 'options', 'parameters']);

/** A state as it compares: without identities, and without what the owner holds by himself. */
export function comparable(state: FormState, owners: readonly string[]): FormState {
  const clean = (value: FormValue | undefined): FormValue => {
    if (value === undefined || value === null || typeof value !== 'object') return value ?? null;
    if (isRows(value)) return value.map(clean);
    return Object.fromEntries(
      Object.entries(value)
        .filter(([key]) => !UNASKED.has(key))
        .map(([key, each]) => [key, clean(each)]),
    );
  };
  const all = Object.entries(state).filter(([key]) => !UNASKED.has(key));
  return Object.fromEntries(
    all.map(([key, value]) => {
      const cleaned = clean(value);
      if (!UNORDERED.has(key) || !isRows(cleaned)) return [key, cleaned];
      const rows = cleaned.filter(
        (row) => !owners.some((owner) => JSON.stringify(row).includes(JSON.stringify(owner))),
      );
      return [key, rows.toSorted((left, right) => (JSON.stringify(left) < JSON.stringify(right) ? -1 : 1))];
    }),
  );
}

/** The records of a list, with the ids that the server's things have. */
export function rowsOf(state: FormState, field: string): Readonly<Record<string, FormValue | undefined>>[] {
  const value = state[field] ?? null;
  return isRows(value)
    ? value.flatMap((row) => (row !== null && typeof row === 'object' && !isRows(row) ? [row] : []))
    : [];
}

const isRows = (value: FormValue): value is readonly FormValue[] => Array.isArray(value);

export interface TripGround {
  readonly server: TestServer;
  readonly database: string;
  readonly session: PgSession;
  /** Roles that own things on the way: their own rows among the privileges are not compared. */
  readonly owners: readonly string[];
}

/** Makes, changes and changes back; after each step the state that is read must be the state that was asked for. Tells how many changes there were. */
export async function takeTrip({ server, database, session, owners }: TripGround, trip: Trip): Promise<number> {
  const form = formOf(trip.kind, trip.variant ?? '');
  if (!form) throw new Error(`no form of ${trip.kind} ${trip.variant ?? ''}`);
  const { signal } = new AbortController();
  const context: FormContext = {
    mode: 'create',
    version: session.serverVersionNum,
    database,
    parent: trip.parent ?? null,
    object: null,
    user: 'postgres',
  };
  const catalog =
    trip.kind === 'type' ? `pg_type WHERE typtype = '${TYPES[trip.variant ?? ''] ?? ''}'` : CATALOGS[trip.kind];
  const newest = async (): Promise<ObjectRef> => {
    const [row] = await session.query<{ oid: number }>(
      `SELECT max(oid::pg_catalog.int8)::pg_catalog.oid AS oid FROM pg_catalog.${catalog}`,
    );
    return { kind: trip.kind, oid: row?.oid ?? 0, schema: '', name: '', sub: 0 };
  };
  const read = async (): Promise<FormState> => {
    const { variant, state } = await readFormState(session, await newest(), signal);
    expect(variant).toBe(trip.variant ?? '');
    return state;
  };
  const label = `${trip.kind} ${trip.variant ?? ''}`;

  const asked: FormState = { ...form.initial(context), ...trip.given };
  expect({ label, problems: [...problemsOf(form, asked, null, context)] }).toEqual({ label, problems: [] });
  await runStatements(server.profile(database), form.statements(asked, null, context), signal);
  const made = await read();
  expect({ label, ...comparable(made, owners) }).toEqual({ label, ...comparable(asked, owners) });

  const changing: FormContext = { ...context, mode: 'edit' };
  expect(form.statements(made, made, changing)).toEqual([]);
  let now = made;
  let steps = 0;
  const step = async (wanted: FormState, what: string): Promise<void> => {
    // What the dialog doesn't let a person change proves nothing.
    const locked = form.tabs
      .flatMap((tab) => shownFields(tab.fields, wanted, changing))
      .filter((field) => !same(wanted[field.id], now[field.id]) && isLocked(field, now, changing));
    const problems = [...problemsOf(form, wanted, now, changing)];
    expect({ what, problems, locked }).toEqual({ what, problems: [], locked: [] });
    const statements = form.statements(wanted, now, changing);
    const sql = statements.map((statement) => statement.sql).join(';\n');
    expect(sql).not.toBe('');
    await runStatements(server.profile(database), statements, signal);
    steps += 1;
    now = await read();
    expect({ what, sql, ...comparable(now, owners) }).toEqual({ what, sql, ...comparable(wanted, owners) });
  };
  const changed = new Set<string>();
  for (const each of trip.edits) {
    const edit = typeof each === 'function' ? each(now) : each;
    for (const key of Object.keys(edit)) changed.add(key);
    await step({ ...now, ...edit }, `${label} ${Object.keys(edit).join()}`);
  }
  for (const key of trip.stays ?? []) changed.delete(key);
  const back = Object.fromEntries(Object.entries(made).filter(([key]) => changed.has(key)));
  if (changed.size > 0) await step({ ...now, ...back }, `${label} back`);
  return steps;
}
