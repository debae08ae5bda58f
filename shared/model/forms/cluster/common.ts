import type { Statement } from '../../catalog';
import type { FieldProblem, FormContext, FormField, FormState, FormValue, LabelRow, PrivilegeRow } from '../../form';
import { quoteIdent } from '../../quote';
import { listChanges } from '../list-changes';
import { parameterName, parameterSetting } from '../parameters';
import { privilegeChanges } from '../privileges';

/** What most objects have. */
export interface CommonState extends FormState {
  readonly name: string;
  readonly owner: string;
  readonly comment: string;
  readonly labels: readonly LabelRow[];
}

export const commonState = (context: FormContext): CommonState => ({
  name: '',
  owner: context.user,
  comment: '',
  labels: [],
});

const NAME_BYTES = 63;

/** Bytes of a code point in UTF-8. */
const width = (point: number): number => (point < 0x80 ? 1 : point < 0x8_00 ? 2 : point < 0x1_00_00 ? 3 : 4);

/** Longer names would be cut by the server. */
export function checkName(value: FormValue): FieldProblem | null {
  if (typeof value !== 'string') return null;
  const bytes = [...value].reduce((sum, character) => sum + width(character.codePointAt(0) ?? 0), 0);
  return bytes > NAME_BYTES ? { problem: 'too-long' } : null;
}

export const NAME: FormField = { id: 'name', kind: 'text', required: true, check: checkName };
export const OWNER: FormField = { id: 'owner', kind: 'choice', choices: 'roles', required: true };
export const SCHEMA: FormField = { id: 'schema', kind: 'choice', choices: 'schemas', required: true };
export const TABLESPACE: FormField = { id: 'tablespace', kind: 'choice', choices: 'tablespaces' };
export const COMMENT: FormField = { id: 'comment', kind: 'long-text' };
export const LABELS: FormField = { id: 'labels', kind: 'labels' };

/** Choices that need no translation: words of SQL. */
export const words = (...values: readonly string[]) => values.map((value) => ({ value, text: value }));

/** Choices whose texts are in the translations. */
export const values = (...all: readonly string[]) => all.map((value) => ({ value }));

/** The schema that a new thing goes into. */
export const schemaOf = (context: FormContext): string => {
  const { parent } = context;
  if (parent === null) return 'public';
  return parent.kind === 'schema' ? parent.name : parent.schema;
};

/** A whole number of any size, written out: limits of sequences are larger than what a number holds exactly. */
export const checkInteger = (value: FormValue): FieldProblem | null =>
  typeof value === 'string' && value.trim() !== '' && !/^\s*[-+]?\d+\s*$/u.test(value) ? { problem: 'number' } : null;

/** A text of SQL without the semicolons at its end. */
export const withoutEnd = (sql: string): string => sql.replace(/[\s;]+$/u, '');

/** One parameter that is set for a role, a database or a role in a database. `scope` is the other side: empty is all. */
export interface ParameterRow extends FormState {
  readonly id: string;
  readonly scope: string;
  readonly parameter: string;
  readonly value: string;
}

export const parametersField = (scope: 'roles' | 'databases'): FormField => ({
  id: 'parameters',
  kind: 'list',
  ordered: false,
  columns: [
    { id: 'parameter', kind: 'combo', choices: 'parameters', required: true },
    { id: 'value', kind: 'text' },
    { id: 'scope', kind: 'choice', choices: scope },
  ],
});

/** `ALTER … SET` and `ALTER … RESET` for what differs; `alter` gives what stands before, by the row's scope. */
export function parameterChanges(
  before: readonly ParameterRow[],
  after: readonly ParameterRow[],
  alter: (scope: string) => string,
): Statement[] {
  const { added, removed, changed } = listChanges(before, after, (row) => JSON.stringify([row.scope, row.parameter]));
  const set = [...changed.filter((pair) => pair.before.value !== pair.after.value).map((pair) => pair.after), ...added];
  return [
    ...removed.map((row) => ({ sql: `${alter(row.scope)} RESET ${parameterName(row.parameter)}` })),
    ...set.map((row) => ({ sql: `${alter(row.scope)} SET ${parameterSetting(row.parameter, row.value)}` })),
  ];
}

/** Privileges that things made later get, by class. */
export interface DefaultPrivileges extends FormState {
  readonly defaultTables: readonly PrivilegeRow[];
  readonly defaultSequences: readonly PrivilegeRow[];
  readonly defaultFunctions: readonly PrivilegeRow[];
  readonly defaultTypes: readonly PrivilegeRow[];
}

export const NO_DEFAULT_PRIVILEGES: DefaultPrivileges = {
  defaultTables: [],
  defaultSequences: [],
  defaultFunctions: [],
  defaultTypes: [],
};

/** Privileges of tables and views. */
export const TABLE_PRIVILEGES = [
  'SELECT',
  'INSERT',
  'UPDATE',
  'DELETE',
  'TRUNCATE',
  'REFERENCES',
  'TRIGGER',
  { name: 'MAINTAIN', since: 170_000 },
] as const;
export const SEQUENCE_PRIVILEGES = ['SELECT', 'UPDATE', 'USAGE'] as const;

export const DEFAULT_PRIVILEGE_FIELDS: readonly FormField[] = [
  { id: 'defaultTables', kind: 'privileges', privileges: TABLE_PRIVILEGES },
  { id: 'defaultSequences', kind: 'privileges', privileges: SEQUENCE_PRIVILEGES },
  { id: 'defaultFunctions', kind: 'privileges', privileges: ['EXECUTE'] },
  { id: 'defaultTypes', kind: 'privileges', privileges: ['USAGE'] },
];

/** What differs in the privileges of things made later by the connected role; in a schema, or everywhere in the database (empty). */
export function defaultPrivilegeChanges(
  before: DefaultPrivileges | null,
  after: DefaultPrivileges,
  schema: string,
): Statement[] {
  const prefix = `ALTER DEFAULT PRIVILEGES${schema === '' ? '' : ` IN SCHEMA ${quoteIdent(schema)}`}`;
  return [
    ...privilegeChanges('TABLES', before?.defaultTables ?? [], after.defaultTables, { prefix }),
    ...privilegeChanges('SEQUENCES', before?.defaultSequences ?? [], after.defaultSequences, { prefix }),
    ...privilegeChanges('FUNCTIONS', before?.defaultFunctions ?? [], after.defaultFunctions, { prefix }),
    ...privilegeChanges('TYPES', before?.defaultTypes ?? [], after.defaultTypes, { prefix }),
  ];
}
