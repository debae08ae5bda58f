import type { Statement } from '../catalog';
import type { LabelRow } from '../form';
import { quoteIdent, quoteLiteral } from '../quote';

/** What turns the security labels `before` into `after`. `target` is what stands after ON, e.g. `TABLE sales.orders`. */
export function labelChanges(target: string, before: readonly LabelRow[], after: readonly LabelRow[]): Statement[] {
  const old = new Map(before.map((row) => [row.provider, row.label]));
  const now = new Map(after.map((row) => [row.provider, row.label]));
  const label = (provider: string, sql: string): Statement => ({
    sql: `SECURITY LABEL FOR ${quoteIdent(provider)} ON ${target} IS ${sql}`,
  });
  return [
    ...[...old.keys()].filter((provider) => !now.has(provider)).map((provider) => label(provider, 'NULL')),
    ...[...now]
      .filter(([provider, text]) => old.get(provider) !== text)
      .map(([provider, text]) => label(provider, quoteLiteral(text))),
  ];
}
