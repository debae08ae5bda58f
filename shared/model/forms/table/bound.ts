import type { FormState } from '../../form';
import { written } from '../written';
import { bracketed, findOutside } from './sql-parts';
import { amount, text } from './values';

/** Which rows a partition takes. Values are SQL: constants, expressions, MINVALUE and MAXVALUE, parted by commas. */
export type Bound = {
  /** Empty: none is given. */
  readonly bound: string;
  readonly from: string;
  readonly to: string;
  readonly values: string;
  readonly modulus: number | null;
  readonly remainder: number | null;
};

export const NO_BOUND: Bound = { bound: '', from: '', to: '', values: '', modulus: null, remainder: null };

export const BOUNDS = ['range', 'list', 'hash', 'default'] as const;

export const boundOf = (row: FormState): Bound => ({
  bound: text(row['bound']),
  from: text(row['from']),
  to: text(row['to']),
  values: text(row['values']),
  modulus: amount(row['modulus']),
  remainder: amount(row['remainder']),
});

/** What CREATE TABLE … PARTITION OF and ATTACH PARTITION say. */
export function boundSql({ bound, from, to, values, modulus, remainder }: Bound): string {
  if (bound === 'default') return 'DEFAULT';
  if (bound === 'hash') return `FOR VALUES WITH (MODULUS ${modulus ?? 1}, REMAINDER ${remainder ?? 0})`;
  return bound === 'list'
    ? `FOR VALUES IN (${written(values)})`
    : `FOR VALUES FROM (${written(from)}) TO (${written(to)})`;
}

/** Takes apart what pg_get_expr says of a bound, e.g. `FOR VALUES FROM (1) TO (MAXVALUE)`. */
export function parseBound(sql: string): Bound {
  const inside = (word: string): string => {
    const at = findOutside(sql, word);
    return at < 0 ? '' : bracketed(sql, at + word.length - 1).inside;
  };
  if (sql.startsWith('FOR VALUES FROM'))
    return { ...NO_BOUND, bound: 'range', from: inside('FROM ('), to: inside('TO (') };
  if (sql.startsWith('FOR VALUES IN')) return { ...NO_BOUND, bound: 'list', values: inside('IN (') };
  const hash = /modulus (\d+), remainder (\d+)/i.exec(sql);
  if (hash) return { ...NO_BOUND, bound: 'hash', modulus: Number(hash[1]), remainder: Number(hash[2]) };
  return { ...NO_BOUND, bound: 'default' };
}
