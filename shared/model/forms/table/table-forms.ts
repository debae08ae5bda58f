import {
  defineForm,
  type FormContext,
  type FormField,
  type FormState,
  type FormValue,
  type ObjectForm,
} from '../../form';
import { quoteQualified } from '../../quote';
import { same } from '../list-changes';
import { FOREIGN_COLUMN_FIELDS } from './column-shape';
import { CONSTRAINT_FIELDS } from './constraint-forms';
import { NO_CONSTRAINT } from './constraint-shape';
import { changeTable } from './table-change';
import { createTable } from './table-create';
import {
  ADVANCED,
  BOUND_FIELDS,
  COLUMNS,
  COMMENT,
  CONSTRAINTS,
  GENERAL,
  LIKE,
  PARAMETERS,
  PARTITIONING,
  SECURITY,
  TABLESPACE,
  TOAST_PARAMETERS,
} from './table-fields';
import { NO_TABLE, tableOf } from './table-shape';
import { flag, records, text } from './values';

/** `table` is how SQL names the table that is there: what choices of its columns and indexes depend on. */
const initial = ({ parent, user }: FormContext): FormState => ({
  ...NO_TABLE,
  table: '',
  owner: user,
  schema: parent?.kind === 'schema' ? parent.name : (parent?.schema ?? ''),
});

/** Names as the list holds them, also the one that is just being typed and is still empty. */
const namesOf = (value: FormValue | undefined): readonly string[] =>
  Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : [];

/** The columns of a key after the marks changed: a column that got another name keeps its place. */
function keyColumns(named: readonly string[], marked: readonly string[]): readonly string[] {
  const gone = named.filter((name) => !marked.includes(name));
  const come = marked.filter((name) => !named.includes(name));
  const [renamed] = come;
  if (gone.length === 1 && come.length === 1 && renamed !== undefined) {
    return named.map((name) => (marked.includes(name) ? name : renamed));
  }
  return [...named.filter((name) => marked.includes(name)), ...come];
}

/** The marks of columns and the primary key say the same: what was changed decides. */
const deriveKey: ObjectForm['derive'] = (changed, state) => {
  const columns = records(state['columns']);
  const [key, ...more] = records(state['primaryKey']);
  const named = namesOf(key?.['columns']);
  if (changed === 'columns') {
    const marked = columns.filter((column) => flag(column['primaryKey'])).map((column) => text(column['name']));
    const wanted = keyColumns(named, marked);
    if (same(wanted, named) || more.length > 0) return {};
    if (wanted.length === 0) return { primaryKey: [] };
    return { primaryKey: [{ ...NO_CONSTRAINT, id: 'new', ...key, columns: wanted }] };
  }
  if (changed !== 'primaryKey') return {};
  return { columns: columns.map((column) => ({ ...column, primaryKey: named.includes(text(column['name'])) })) };
};

const statements =
  (isForeign: boolean): ObjectForm['statements'] =>
  (state, before, context) =>
    before
      ? changeTable(tableOf(before), tableOf(state), isForeign, context)
      : createTable(tableOf(state), isForeign, context);

/** Partitioned tables can't inherit; a table of a type gets its columns from it. */
const INHERITANCE: readonly FormField[] = [
  {
    id: 'inherits',
    kind: 'many',
    choices: 'inheritable-tables',
    enabled: (state) => state['strategy'] === '' && state['ofType'] === '',
  },
  { id: 'ofType', kind: 'choice', choices: 'composite-types', enabled: (state) => !tableOf(state).inherits.length },
];

export const TABLE_FORM = defineForm<FormState>({
  kind: 'table',
  variant: '',
  words: 'forms-table',
  editable: true,
  tabs: [
    { id: 'general', fields: [...GENERAL, TABLESPACE, ...INHERITANCE, COMMENT] },
    { id: 'columns', fields: [COLUMNS, LIKE] },
    { id: 'constraints', fields: CONSTRAINTS },
    { id: 'partitions', fields: PARTITIONING },
    { id: 'parameters', fields: [PARAMETERS, TOAST_PARAMETERS] },
    { id: 'advanced', fields: ADVANCED },
    { id: 'security', fields: SECURITY },
  ],
  initial,
  derive: deriveKey,
  statements: statements(false),
});

export const PARTITION_FORM = defineForm<FormState>({
  kind: 'table',
  variant: 'partition',
  words: 'forms-table',
  editable: true,
  tabs: [
    {
      id: 'general',
      fields: [
        ...GENERAL,
        TABLESPACE,
        { id: 'parent', kind: 'choice', choices: 'partitioned-tables', required: true, fixed: true },
        ...BOUND_FIELDS.map((field) => (field.id === 'bound' ? { ...field, required: true } : field)),
        COMMENT,
      ],
    },
    { id: 'columns', fields: [{ ...COLUMNS, only: 'edit' }] },
    { id: 'constraints', fields: CONSTRAINTS },
    { id: 'partitions', fields: PARTITIONING },
    { id: 'parameters', fields: [PARAMETERS, TOAST_PARAMETERS] },
    { id: 'advanced', fields: ADVANCED },
    { id: 'security', fields: SECURITY },
  ],
  initial: (context) => ({
    ...initial(context),
    parent: context.parent?.kind === 'table' ? quoteQualified(context.parent.schema, context.parent.name) : '',
  }),
  derive: deriveKey,
  statements: statements(false),
});

export const FOREIGN_TABLE_FORM = defineForm<FormState>({
  kind: 'foreign-table',
  variant: '',
  words: 'forms-table',
  editable: true,
  tabs: [
    {
      id: 'general',
      fields: [
        ...GENERAL,
        { id: 'server', kind: 'choice', choices: 'foreign-servers', required: true, fixed: true },
        { id: 'inherits', kind: 'many', choices: 'inheritable-tables' },
        COMMENT,
      ],
    },
    { id: 'columns', fields: [{ id: 'columns', kind: 'list', columns: FOREIGN_COLUMN_FIELDS }] },
    { id: 'constraints', fields: [{ id: 'checks', kind: 'list', columns: CONSTRAINT_FIELDS.check }] },
    { id: 'options', fields: [{ id: 'options', kind: 'options' }] },
    { id: 'security', fields: SECURITY },
  ],
  initial,
  statements: statements(true),
});
