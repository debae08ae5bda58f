import { openSession, type PgSession } from '../../electron/adapters/postgres/session';
import { prepareCatalogSession } from '../../electron/features/catalog/catalog-sessions';
import { TABLE_STATES } from '../../electron/features/catalog/forms/table-states';
import type { ObjectKind, ObjectRef, Statement } from '../../shared/model/catalog';
import type { AnyForm, FormContext, FormState, FormValue } from '../../shared/model/form';
import { TABLE_FORMS } from '../../shared/model/forms/table-forms';
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
      const together: string[] = [];
      const flush = async (): Promise<void> => {
        if (together.length > 0) await server.sql(together.splice(0).join(';\n'), database);
      };
      for (const { sql, outside } of statements) {
        if (outside === true) {
          await flush();
          await server.sql(sql, database);
        } else together.push(sql);
      }
      await flush();
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
  'partition',
  'concurrently',
  'only',
  'usingIndex',
]);

const isList = (value: FormValue | undefined): value is readonly FormValue[] => Array.isArray(value);

/** What a state says of the object, without what only the form needs. */
export function said(value: FormValue | undefined): FormValue | undefined {
  if (isList(value)) return value.map((each) => said(each) ?? null);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !OWN_KEYS.has(key))
      .map(([key, each]) => [key, said(each)]),
  );
}
