import type { Statement } from '../catalog';
import type { OptionRow } from '../form';
import { quoteIdent, quoteLiteral } from '../quote';

/** Name of a storage parameter; `toast.` before it says that it belongs to the TOAST table. */
const optionName = (name: string): string =>
  name.startsWith('toast.') ? `toast.${quoteIdent(name.slice('toast.'.length))}` : quoteIdent(name);

/** What stands in WITH (…): `fillfactor = '70', toast.autovacuum_enabled = 'false'`. Empty for none. */
export const optionList = (rows: readonly OptionRow[]): string =>
  rows.map((row) => `${optionName(row.name)} = ${quoteLiteral(row.value)}`).join(', ');

/** What stands in OPTIONS (…) of a new foreign thing: `host 'db', port '5432'`. Empty for none. */
export const foreignOptionList = (rows: readonly OptionRow[]): string =>
  rows.map((row) => `${quoteIdent(row.name)} ${quoteLiteral(row.value)}`).join(', ');

interface OptionDifference {
  readonly added: readonly OptionRow[];
  readonly changed: readonly OptionRow[];
  readonly removed: readonly string[];
}

function difference(before: readonly OptionRow[], after: readonly OptionRow[]): OptionDifference {
  const old = new Map(before.map((row) => [row.name, row.value]));
  const now = new Map(after.map((row) => [row.name, row]));
  return {
    added: [...now.values()].filter((row) => !old.has(row.name)),
    changed: [...now.values()].filter((row) => old.has(row.name) && old.get(row.name) !== row.value),
    removed: [...old.keys()].filter((name) => !now.has(name)),
  };
}

/** What turns storage parameters `before` into `after`. `target` is what stands after ALTER, e.g. `TABLE sales.orders`. */
export function optionChanges(target: string, before: readonly OptionRow[], after: readonly OptionRow[]): Statement[] {
  const { added, changed, removed } = difference(before, after);
  const set = [...changed, ...added];
  return [
    ...(removed.length > 0 ? [{ sql: `ALTER ${target} RESET (${removed.map(optionName).join(', ')})` }] : []),
    ...(set.length > 0 ? [{ sql: `ALTER ${target} SET (${optionList(set)})` }] : []),
  ];
}

/** What turns the options of a foreign thing into `after`: ADD, SET and DROP. `target` is what stands after ALTER, e.g. `SERVER far`. */
export function foreignOptionChanges(
  target: string,
  before: readonly OptionRow[],
  after: readonly OptionRow[],
): Statement[] {
  const { added, changed, removed } = difference(before, after);
  const parts = [
    ...removed.map((name) => `DROP ${quoteIdent(name)}`),
    ...changed.map((row) => `SET ${quoteIdent(row.name)} ${quoteLiteral(row.value)}`),
    ...added.map((row) => `ADD ${quoteIdent(row.name)} ${quoteLiteral(row.value)}`),
  ];
  return parts.length > 0 ? [{ sql: `ALTER ${target} OPTIONS (${parts.join(', ')})` }] : [];
}
