import type { Choice, FormField, FormState } from '../../form';
import { quoteIdent } from '../../quote';
import { written } from '../written';
import { amount, text } from './values';

/** A column or an expression of an index or an exclusion constraint. */
export const elementOf = (row: FormState) => ({
  id: text(row['id']),
  /** Name of a column, unquoted; empty for an expression. */
  column: text(row['column']),
  expression: text(row['expression']),
  collation: text(row['collation']),
  /** As SQL writes it; empty is the type's usual one. */
  opclass: text(row['opclass']),
  /** What stands in the brackets after the operator class, e.g. `siglen='32'`. */
  opclassOptions: text(row['opclassOptions']),
  /** `DESC` or empty. */
  order: text(row['order']),
  /** `FIRST`, `LAST` or empty: as the order says. */
  nulls: text(row['nulls']),
  /** Of an exclusion, e.g. `&&` or `"schema".&&`. */
  operator: text(row['operator']),
  /** Statistics target of an expression of an index. */
  statistics: amount(row['statistics']),
});
export type Element = ReturnType<typeof elementOf>;

/** Letters of which operators are made. */
const QUALIFIED = /^[\s\S]+\.[-+*/<>=~!@#%^&|`?]+$/;

/** An operator of a schema is only understood within OPERATOR (…). */
const operatorSql = (operator: string): string =>
  QUALIFIED.test(operator) && !operator.startsWith('OPERATOR') ? `OPERATOR(${operator})` : operator;

/** An element between the brackets of an index; the operator class of a type is named where options need it. */
export function elementSql(element: Element): string {
  const what = element.column === '' ? `(${written(element.expression)})` : quoteIdent(element.column);
  const opclassOptions = element.opclassOptions === '' ? '' : ` (${element.opclassOptions})`;
  return [
    what,
    element.collation === '' ? '' : ` COLLATE ${element.collation}`,
    element.opclass === '' ? '' : ` ${element.opclass}${opclassOptions}`,
    element.order === '' ? '' : ` ${element.order}`,
    element.nulls === '' ? '' : ` NULLS ${element.nulls}`,
    element.operator === '' ? '' : ` WITH ${operatorSql(element.operator)}`,
  ].join('');
}

const plain = (...values: readonly string[]): readonly Choice[] => values.map((value) => ({ value }));

const COLUMN: FormField = {
  id: 'column',
  kind: 'combo',
  choices: 'columns',
  choicesOf: 'table',
  choicesFrom: 'columns',
  check: (value, row) =>
    text(value) === '' && text(row['expression']).trim() === '' ? { problem: 'column-or-expression' } : null,
};
const EXPRESSION: FormField = { id: 'expression', kind: 'text', enabled: (row) => text(row['column']) === '' };
const DETAILS: readonly FormField[] = [
  { id: 'order', kind: 'choice', choices: plain('', 'DESC') },
  { id: 'nulls', kind: 'choice', choices: plain('FIRST', 'LAST') },
  { id: 'collation', kind: 'choice', choices: 'collations' },
  { id: 'opclass', kind: 'combo', choices: 'operator-classes', choicesOf: 'method' },
  {
    id: 'opclassOptions',
    kind: 'text',
    since: 130000,
    enabled: (row) => text(row['opclass']) !== '',
  },
];

export const INDEX_ELEMENT_FIELDS: readonly FormField[] = [
  COLUMN,
  EXPRESSION,
  ...DETAILS,
  {
    id: 'statistics',
    kind: 'number',
    min: 0,
    max: 10_000,
    since: 110000,
    enabled: (row) => text(row['column']) === '',
  },
];

export const EXCLUSION_ELEMENT_FIELDS: readonly FormField[] = [
  COLUMN,
  { id: 'operator', kind: 'combo', choices: 'operators', required: true },
  EXPRESSION,
  ...DETAILS,
];

/** Fields of a partition key's column or expression. */
export const KEY_ELEMENT_FIELDS: readonly FormField[] = [
  COLUMN,
  EXPRESSION,
  { id: 'collation', kind: 'choice', choices: 'collations' },
  { id: 'opclass', kind: 'combo', choices: 'operator-classes' },
];
