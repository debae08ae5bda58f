import { defineForm, type AnyForm, type Choice, type FormContext, type FormField, type FormState } from '../../form';
import { quoteQualified } from '../../quote';
import { checkNamed } from '../identity';
import { constraintOf, CONSTRAINT_VARIANTS, NO_CONSTRAINT, type ConstraintVariant } from './constraint-shape';
import { addConstraint, constraintChanges, type Target } from './constraint-sql';
import { EXCLUSION_ELEMENT_FIELDS } from './element-shape';
import { flag, text, texts } from './values';

const plain = (...values: readonly string[]): readonly Choice[] => values.map((value) => ({ value }));
const ACTIONS = plain('NO ACTION', 'RESTRICT', 'CASCADE', 'SET NULL', 'SET DEFAULT');

const NAME: FormField = { id: 'name', kind: 'text' };
const COMMENT: FormField = {
  id: 'comment',
  kind: 'long-text',
  check: checkNamed,
};
const DEFERRAL: readonly FormField[] = [
  { id: 'deferrable', kind: 'switch' },
  { id: 'deferred', kind: 'switch', enabled: (row) => flag(row['deferrable']) },
];
const INDEX: readonly FormField[] = [
  { id: 'tablespace', kind: 'choice', choices: 'tablespaces' },
  { id: 'fillfactor', kind: 'number', min: 10, max: 100 },
];
const NOT_ENFORCED: FormField = { id: 'notEnforced', kind: 'switch', since: 180000 };
const NOT_VALID: FormField = { id: 'notValid', kind: 'switch', enabled: (row) => !flag(row['notEnforced']) };

/** Names of columns: chosen from the table that is there, or typed where the table is only being made. */
const columnNames = (id: string, more: Partial<FormField> = {}): FormField => ({
  id,
  kind: 'many',
  free: true,
  choices: 'columns',
  choicesOf: 'table',
  // Those of another table are none of the form's own columns.
  ...(more.choicesOf === undefined ? { choicesFrom: 'columns' } : {}),
  ...more,
});

const keyFields = (unique: boolean): readonly FormField[] => [
  NAME,
  columnNames('columns', {
    check: (value, row) =>
      texts(value).length === 0 && text(row['usingIndex']) === '' ? { problem: 'required' } : null,
  }),
  columnNames('include', { since: 110000 }),
  ...(unique ? [{ id: 'nullsNotDistinct', kind: 'switch', since: 150000 } satisfies FormField] : []),
  { id: 'withoutOverlaps', kind: 'switch', since: 180000 },
  ...DEFERRAL,
  ...INDEX,
  COMMENT,
];

const FOREIGN_KEY: readonly FormField[] = [
  NAME,
  columnNames('columns', { required: true }),
  { id: 'target', kind: 'combo', choices: 'tables', required: true },
  columnNames('targetColumns', { choicesOf: 'target' }),
  { id: 'onUpdate', kind: 'choice', choices: ACTIONS },
  { id: 'onDelete', kind: 'choice', choices: ACTIONS },
  columnNames('setColumns', {
    since: 150000,
    shown: (row) => text(row['onDelete']).startsWith('SET'),
  }),
  { id: 'match', kind: 'choice', choices: plain('SIMPLE', 'FULL') },
  { id: 'period', kind: 'switch', since: 180000 },
  { id: 'coveringIndex', kind: 'text', only: 'create' },
  ...DEFERRAL,
  NOT_VALID,
  NOT_ENFORCED,
  COMMENT,
];

const CHECK: readonly FormField[] = [
  NAME,
  { id: 'expression', kind: 'sql', required: true },
  { id: 'noInherit', kind: 'switch' },
  NOT_VALID,
  NOT_ENFORCED,
  COMMENT,
];

const EXCLUSION: readonly FormField[] = [
  NAME,
  { id: 'method', kind: 'choice', choices: 'index-access-methods' },
  { id: 'elements', kind: 'list', required: true, columns: EXCLUSION_ELEMENT_FIELDS },
  columnNames('include', { since: 110000 }),
  { id: 'where', kind: 'sql' },
  ...DEFERRAL,
  ...INDEX,
  COMMENT,
];

/** Fields of a constraint in the list of a table. */
export const CONSTRAINT_FIELDS: Readonly<Record<ConstraintVariant, readonly FormField[]>> = {
  'primary-key': keyFields(false),
  unique: keyFields(true),
  'foreign-key': FOREIGN_KEY,
  check: CHECK,
  exclusion: EXCLUSION,
};

const targetOf = (state: FormState): Target => ({
  table: text(state['table']),
  schema: text(state['tableSchema']),
  databaseTablespace: text(state['databaseTablespace']),
});

function dialogFields(variant: ConstraintVariant): readonly FormField[] {
  const fields = CONSTRAINT_FIELDS[variant].filter((field) => field.id !== 'name' && field.id !== 'comment');
  if (variant !== 'primary-key' && variant !== 'unique') return fields;
  const using: FormField = { id: 'usingIndex', kind: 'choice', choices: 'indexes', choicesOf: 'table', only: 'create' };
  return [...fields, using];
}

/** The dialog of one kind of constraint. Its state holds the table: `table` as SQL writes it, `tableSchema` unquoted. */
const constraintForm = (variant: ConstraintVariant): AnyForm =>
  defineForm<FormState>({
    kind: 'constraint',
    variant,
    words: 'forms-table',
    editable: true,
    tabs: [
      { id: 'general', fields: [NAME, { id: 'table', kind: 'fact' }, COMMENT] },
      { id: 'definition', fields: dialogFields(variant) },
    ],
    initial: ({ parent }: FormContext) => ({
      ...NO_CONSTRAINT,
      table: parent ? quoteQualified(parent.schema, parent.name) : '',
      tableSchema: parent?.schema ?? '',
      databaseTablespace: '',
    }),
    statements: (state, before) =>
      before
        ? constraintChanges(targetOf(before), variant, constraintOf(before), constraintOf(state))
        : addConstraint(targetOf(state), variant, constraintOf(state)),
  });

export const CONSTRAINT_FORMS: readonly AnyForm[] = CONSTRAINT_VARIANTS.map(constraintForm);
