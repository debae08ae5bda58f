import type { Choice, FormField, FormState } from '../../form';
import { amount, flag, options, text } from './values';

/** A column as a form holds it. `id` is its number in the table, or what the form gave to a new one. */
export const columnOf = (row: FormState) => ({
  id: text(row['id']),
  name: text(row['name']),
  /** As SQL writes it, with length and dimensions. */
  type: text(row['type']),
  notNull: flag(row['notNull']),
  primaryKey: flag(row['primaryKey']),
  default: text(row['default']),
  /** `ALWAYS`, `BY DEFAULT` or empty. */
  identity: text(row['identity']),
  start: text(row['start']),
  increment: text(row['increment']),
  minimum: text(row['minimum']),
  maximum: text(row['maximum']),
  cache: text(row['cache']),
  cycle: flag(row['cycle']),
  /** `STORED`, `VIRTUAL` or empty. */
  generated: text(row['generated']),
  expression: text(row['expression']),
  collation: text(row['collation']),
  /** Empty: the type's own. */
  storage: text(row['storage']),
  compression: text(row['compression']),
  statistics: amount(row['statistics']),
  nDistinct: text(row['nDistinct']),
  nDistinctInherited: text(row['nDistinctInherited']),
  /** Of a foreign table's column. */
  options: options(row['options']),
  comment: text(row['comment']),
  /** How old values become new ones when the type changes. */
  using: text(row['using']),
  /** Comes from a parent or a type. */
  inherited: flag(row['inherited']),
  /** How values are stored that the column says nothing of; empty for new columns. */
  typeStorage: text(row['typeStorage']),
  /** How an existing column is made: `plain`, `STORED` or `VIRTUAL`; empty for new columns. */
  origin: text(row['origin']),
});
export type Column = ReturnType<typeof columnOf>;

export const NO_COLUMN: Column = columnOf({});

const plain = (...values: readonly string[]): readonly Choice[] => values.map((value) => ({ value }));

const isIdentity = (row: FormState): boolean => text(row['identity']) !== '';
const isGenerated = (row: FormState): boolean => text(row['generated']) !== '';
const isExisting = (row: FormState): boolean => text(row['origin']) !== '';
const isOwn = (row: FormState): boolean => !flag(row['inherited']);

/** The least version whose generated columns can get another expression. */
const SET_EXPRESSION = 170000;

const NAME: FormField = { id: 'name', kind: 'text', required: true, enabled: isOwn };
const TYPE: FormField = { id: 'type', kind: 'combo', required: true, choices: 'types', enabled: isOwn };
const NOT_NULL: FormField = { id: 'notNull', kind: 'switch' };
const COMMENT: FormField = { id: 'comment', kind: 'long-text' };
const USING: FormField = { id: 'using', kind: 'sql', only: 'edit', shown: isExisting };
const DEFAULT: FormField = {
  id: 'default',
  kind: 'text',
  enabled: (row) => !isIdentity(row) && !isGenerated(row),
};

const GENERATION: readonly FormField[] = [
  {
    id: 'generated',
    kind: 'choice',
    choices: plain('STORED', 'VIRTUAL'),
    since: 120000,
    enabled: (row) => !isIdentity(row) && (!isExisting(row) || text(row['origin']) !== 'plain'),
    check: (value, row, context) => {
      if (value === 'VIRTUAL' && context.version < 180000) return { problem: 'virtual-columns' };
      const origin = text(row['origin']);
      return origin === '' || value === '' || value === origin ? null : { problem: 'generated-later' };
    },
  },
  {
    id: 'expression',
    kind: 'sql',
    since: 120000,
    shown: isGenerated,
    enabled: (row, context) => !isExisting(row) || context.version >= SET_EXPRESSION,
    check: (value, row) => (isGenerated(row) && text(value).trim() === '' ? { problem: 'required' } : null),
  },
];

const IDENTITY: readonly FormField[] = [
  { id: 'identity', kind: 'choice', choices: plain('ALWAYS', 'BY DEFAULT'), enabled: (row) => !isGenerated(row) },
  ...['start', 'increment', 'minimum', 'maximum', 'cache'].map((id): FormField => ({
    id,
    kind: 'text',
    shown: isIdentity,
    check: (value) => (/^(-?\d+)?$/.test(text(value)) ? null : { problem: 'whole-number' }),
  })),
  { id: 'cycle', kind: 'switch', shown: isIdentity },
];

const STORAGE: readonly FormField[] = [
  { id: 'collation', kind: 'choice', choices: 'collations', enabled: isOwn },
  { id: 'storage', kind: 'choice', choices: plain('PLAIN', 'EXTERNAL', 'EXTENDED', 'MAIN') },
  { id: 'compression', kind: 'choice', choices: plain('pglz', 'lz4'), since: 140000 },
  { id: 'statistics', kind: 'number', min: 0, max: 10_000 },
  ...['nDistinct', 'nDistinctInherited'].map((id): FormField => ({
    id,
    kind: 'text',
    check: (value) => (/^(-?\d+(\.\d+)?)?$/.test(text(value)) ? null : { problem: 'decimal' }),
  })),
];

/** Fields of a column in the list of a table; the first are the ones that its line shows. */
export const COLUMN_FIELDS: readonly FormField[] = [
  NAME,
  TYPE,
  NOT_NULL,
  { id: 'primaryKey', kind: 'switch' },
  DEFAULT,
  ...IDENTITY,
  ...GENERATION,
  ...STORAGE,
  USING,
  COMMENT,
];

/** Fields of a column in the list of a foreign table. */
export const FOREIGN_COLUMN_FIELDS: readonly FormField[] = [
  NAME,
  TYPE,
  NOT_NULL,
  DEFAULT,
  { id: 'options', kind: 'options' },
  ...GENERATION,
  ...STORAGE.filter((field) => field.id !== 'compression'),
  USING,
  COMMENT,
];

/** Fields of a column's own dialog by tab. */
export const COLUMN_TABS = {
  definition: [TYPE, USING, ...STORAGE],
  values: [NOT_NULL, DEFAULT, ...IDENTITY, ...GENERATION],
} as const;

/** Options that only columns of foreign tables have. */
export const FOREIGN_OPTIONS: FormField = {
  id: 'options',
  kind: 'options',
  shown: (state) => text(state['relation']) === 'foreign-table',
};
