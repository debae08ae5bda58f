import { problemsOf } from '../../renderer/features/catalog/forms/form-model';
import type { PgSession } from '../../electron/adapters/postgres/session';
import { readFormState } from '../../electron/features/catalog/forms/read-form-state';
import { runStatements } from '../../electron/features/catalog/run-statements';
import type { ObjectKind, ObjectRef } from '../../shared/model/catalog';
import type { FormContext, FormState, FormValue } from '../../shared/model/form';
import { formOf } from '../../shared/model/forms/all-forms';
import type { FormCase } from './form-cases';
import type { TestServer } from './postgres';

const { signal } = new AbortController();

/** A value without what the server gives names to (ids, grantors); lists in an order of their own. */
export function plain(value: FormValue | undefined): unknown {
  if (Array.isArray(value)) {
    return value.map((each) => plain(each)).toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([key]) => key !== 'id' && key !== 'grantor');
  return Object.fromEntries(
    entries.map(([key, each]) => [key, plain(each)] as const).toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/** What was read beside what should have been, and the step after which. */
interface Step {
  readonly step: string;
  readonly state: unknown;
}

/** Dialogs filled in by a program, in the database `zoo` of a server. */
export function formTrip(server: TestServer, session: PgSession) {
  const contextOf = (object: ObjectRef | null): FormContext => ({
    mode: object ? 'edit' : 'create',
    version: session.serverVersionNum,
    database: 'zoo',
    parent: null,
    object,
    user: 'postgres',
  });
  const formFor = (kind: ObjectKind) => {
    const form = formOf(kind, '');
    if (!form) throw new Error(`no form of ${kind}`);
    return form;
  };
  /** Saves a dialog; fails when it has problems or changes nothing. */
  async function save(object: ObjectRef | null, kind: ObjectKind, state: FormState, before: FormState | null) {
    const form = formFor(kind);
    const context = contextOf(object);
    const problems = [...problemsOf(form, state, before, context)];
    if (problems.length > 0) throw new Error(`${kind} has problems: ${JSON.stringify(problems)}`);
    const statements = form.statements(state, before, context);
    if (statements.length === 0) throw new Error(`nothing changes in the ${kind}`);
    await runStatements(server.profile('zoo'), statements, signal);
  }
  const read = async (object: ObjectRef): Promise<FormState> => (await readFormState(session, object, signal)).state;

  /** Makes a thing, turns it into another, and back: what was read after each step, and what was asked for. */
  async function roundTrip({ kind, find, first, second, unread }: FormCase): Promise<{ got: Step[]; wanted: Step[] }> {
    await save(null, kind, { ...formFor(kind).initial(contextOf(null)), ...first }, null);
    const name = typeof first['name'] === 'string' ? first['name'] : '';
    const [row] = await session.query<{ oid: number }>(find, [name], signal);
    const object: ObjectRef = { kind, oid: row?.oid ?? 0, schema: '', name, sub: 0 };
    const kept = (state: FormState, keys: readonly string[]): unknown =>
      plain(Object.fromEntries(keys.filter((key) => !unread.includes(key)).map((key) => [key, state[key]])));
    const made = await read(object);
    // The owner's own privileges come by themselves.
    const asked = Object.keys(first).filter((key) => key !== 'privileges');
    const rights = (state: FormState, of: FormState): unknown => {
      const given = JSON.stringify(plain(of['privileges'] ?? []));
      const all = plain(state['privileges'] ?? []);
      return Array.isArray(all) ? all.filter((each) => given.includes(JSON.stringify(each))) : all;
    };
    const changed = { ...made, ...second };
    await save(object, kind, changed, made);
    const after = await read(object);
    await save(object, kind, made, after);
    const back = await read(object);
    const keys = Object.keys(made);
    return {
      got: [
        { step: 'made', state: [kept(made, asked), rights(made, first)] },
        { step: 'changed', state: kept(after, keys) },
        { step: 'back', state: kept(back, keys) },
      ],
      wanted: [
        { step: 'made', state: [kept(first, asked), plain(first['privileges'] ?? [])] },
        { step: 'changed', state: kept(changed, keys) },
        { step: 'back', state: kept(made, keys) },
      ],
    };
  }
  return { save, read, roundTrip };
}
