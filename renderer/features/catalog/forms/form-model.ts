import type { Statement } from '../../../../shared/model/catalog';
import type {
  AnyForm,
  Choice,
  FieldProblem,
  FormContext,
  FormField,
  FormState,
  FormValue,
} from '../../../../shared/model/form';
import { written } from '../../../../shared/model/forms/written';

/** A tab with the fields that this server, this mode and this state show. */
export interface ShownTab {
  readonly id: string;
  readonly fields: readonly FormField[];
}

const isList = (value: FormValue | undefined): value is readonly FormValue[] => Array.isArray(value);

export const isRecord = (value: FormValue | undefined): value is { readonly [key: string]: FormValue | undefined } =>
  typeof value === 'object' && value !== null && !isList(value);

/** The records of a list; anything else is none. */
export const rowsOf = (value: FormValue | undefined): readonly FormState[] =>
  isList(value) ? value.filter((row) => isRecord(row)) : [];

/** The texts of a field that holds several. */
export const textsOf = (value: FormValue | undefined): readonly string[] =>
  isList(value) ? value.filter((text) => typeof text === 'string') : [];

export const textOf = (value: FormValue | undefined): string =>
  typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';

export const isEmpty = (value: FormValue | undefined): boolean =>
  value === undefined || value === null || value === '' || (isList(value) && value.length === 0);

const isShown = (field: FormField, state: FormState, context: FormContext): boolean =>
  (field.since === undefined || context.version >= field.since) &&
  (field.until === undefined || context.version < field.until) &&
  (field.only === undefined || field.only === context.mode) &&
  (field.shown?.(state, context) ?? true);

export const shownFields = (fields: readonly FormField[], state: FormState, context: FormContext): FormField[] =>
  fields.filter((field) => isShown(field, state, context));

/** Tabs without a field to show are left out. */
export const shownTabs = (form: AnyForm, state: FormState, context: FormContext): ShownTab[] =>
  form.tabs
    .map(({ id, fields }) => ({ id, fields: shownFields(fields, state, context) }))
    .filter(({ fields }) => fields.length > 0);

/** Whether a field only shows its value. */
export const isLocked = (field: FormField, state: FormState, context: FormContext): boolean =>
  field.kind === 'fact' ||
  (field.fixed === true && context.mode === 'edit') ||
  !(field.enabled?.(state, context) ?? true);

/** The context of one record of a list: one that was not there before is being created. */
export function rowContext(context: FormContext, row: FormState, before: FormValue | undefined): FormContext {
  const known = rowsOf(before).some((old) => (old['id'] ?? null) === (row['id'] ?? null) && row['id'] !== undefined);
  return { ...context, mode: known ? 'edit' : 'create' };
}

const PROVIDER: FormField = { id: 'provider', kind: 'combo', required: true, choices: 'label-providers' };
const LABEL: FormField = { id: 'label', kind: 'text', required: true };

/** Null is a role that is not chosen yet; the empty string is everybody. */
export const GRANTEE: FormField = {
  id: 'grantee',
  kind: 'choice',
  choices: 'roles',
  check: (value) => (value === null ? { problem: 'required' } : null),
};

/** The columns of a list, and of the kinds that are lists with columns of their own. */
export function columnsOf(field: FormField): readonly FormField[] {
  if (field.kind === 'privileges') return [GRANTEE];
  if (field.kind === 'labels') return [PROVIDER, LABEL];
  if (field.kind === 'options') {
    const name: FormField = { id: 'name', kind: 'combo', required: true };
    return [field.choices === undefined ? name : { ...name, choices: field.choices }, { id: 'value', kind: 'text' }];
  }
  return field.columns ?? [];
}

function emptyValue(field: FormField): FormValue {
  switch (field.kind) {
    case 'switch':
      return false;
    case 'number':
      return null;
    case 'many':
    case 'list':
    case 'privileges':
    case 'labels':
    case 'options':
      return [];
    default:
      return '';
  }
}

/** A record for a list, nothing filled in. Labels, options and privileges need no identity. */
export function emptyRow(field: FormField): FormState {
  const row: Record<string, FormValue> = field.kind === 'list' ? { id: crypto.randomUUID() } : {};
  for (const column of columnsOf(field)) row[column.id] = column.initial ?? emptyValue(column);
  return row;
}

function fieldProblem(
  field: FormField,
  value: FormValue | undefined,
  state: FormState,
  context: FormContext,
): FieldProblem | null {
  if (isEmpty(value)) {
    return field.required === true ? { problem: 'required' } : (field.check?.(value ?? null, state, context) ?? null);
  }
  if (field.kind === 'number' && typeof value === 'number') {
    if (field.min !== undefined && value < field.min) return { problem: 'min', values: { min: field.min } };
    if (field.max !== undefined && value > field.max) return { problem: 'max', values: { max: field.max } };
  }
  return field.check?.(value ?? null, state, context) ?? null;
}

/** What is wrong, by path: `name`, or `columns.2.type` for a field of the third record of a list. */
export function problemsOf(
  form: AnyForm,
  state: FormState,
  before: FormState | null,
  context: FormContext,
): ReadonlyMap<string, FieldProblem> {
  const problems = new Map<string, FieldProblem>();
  const visit = (
    fields: readonly FormField[],
    at: FormState,
    was: FormState | null,
    where: FormContext,
    path: string,
  ): void => {
    for (const field of shownFields(fields, at, where)) {
      if (isLocked(field, at, where)) continue;
      const name = `${path}${field.id}`;
      const value = at[field.id];
      const problem = fieldProblem(field, value, at, where);
      if (problem) problems.set(name, problem);
      for (const [index, row] of rowsOf(value).entries()) {
        const old = was?.[field.id];
        const oldRow = rowsOf(old).find((each) => each['id'] === row['id']) ?? null;
        visit(columnsOf(field), row, oldRow, rowContext(where, row, old), `${name}.${index}.`);
      }
    }
  };
  for (const tab of form.tabs) visit(tab.fields, state, before, context, '');
  for (const [field, problem] of Object.entries(form.check?.(state, context) ?? {})) {
    if (!problems.has(field)) problems.set(field, problem);
  }
  return problems;
}

/** The tab that holds the field of a path; undefined when none shows it. */
export const tabOfPath = (tabs: readonly ShownTab[], path: string): string | undefined =>
  tabs.find((tab) => tab.fields.some((field) => path === field.id || path.startsWith(`${field.id}.`)))?.id;

/** The state after a field got a value, with what follows from it. */
export function withValue(
  form: AnyForm,
  state: FormState,
  field: string,
  value: FormValue,
  context: FormContext,
): FormState {
  const next = { ...state, [field]: value };
  return { ...next, ...form.derive?.(field, next, context) };
}

/** Statements as one text to read; those that run alone are told by a comment. */
export const scriptOf = (statements: readonly Statement[], outside: string): string =>
  statements
    .map(({ sql, outside: alone }) => `${alone === true ? `-- ${outside}\n` : ''}${written(sql)};`)
    .join('\n\n');

/** Choices for a widget: each value once, the present value among them. */
export function choicesWith(choices: readonly Choice[], value: string): Choice[] {
  const found = new Map<string, Choice>();
  for (const choice of choices) if (!found.has(choice.value)) found.set(choice.value, choice);
  if (value !== '' && !found.has(value)) found.set(value, { value });
  return [...found.values()];
}

/** Index of the statement that an error of `execute` names; null for none. */
export function failedStatement(field: string | undefined): number | null {
  const [, index] = /^statements\.(\d+)$/.exec(field ?? '') ?? [];
  return index === undefined ? null : Number(index);
}
