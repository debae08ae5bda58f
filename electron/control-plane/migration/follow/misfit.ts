import { tableNow } from './ddl/join-table';
import { readColumns, type ColumnNow } from './ddl/structure-difference';
import type { Asking, TableRoute } from './follow-model';

/** Of a schema that may have another name on the other side. */
const isOwn = (type: string): boolean => type.includes('.');

/** Why rows with the columns `source` cannot be copied into `target`, in words; empty when they can. `columns`: other names there. */
export function misfitOf(
  source: readonly ColumnNow[],
  target: readonly ColumnNow[],
  columns: ReadonlyMap<string, string> = new Map(),
): string {
  const there = new Map(target.map((column) => [column.name, column]));
  const names = new Set(source.map(({ name }) => columns.get(name) ?? name));
  for (const { name, type } of source) {
    const found = there.get(columns.get(name) ?? name);
    if (!found) return `it has no column ${name}`;
    if (found.type !== type && !(isOwn(type) && isOwn(found.type)))
      return `its column ${found.name} is ${found.type} and not ${type}`;
  }
  const surplus = target.find(({ name, notNull, filled }) => !names.has(name) && notNull && !filled);
  return surplus ? `its column ${surplus.name} must have a value and gets none` : '';
}

/** `misfitOf` of a table as both sides have it now; empty as well when the sending side has no such table any more. */
export async function misfit(
  oid: number,
  route: TableRoute,
  asking: { readonly from: Asking; readonly to: Asking },
  signal: AbortSignal,
): Promise<string> {
  const source = await asking.from(async (session) => {
    const now = await tableNow(session, oid, signal);
    return now && readColumns(session, now, signal);
  });
  if (!source) return '';
  return misfitOf(source, await asking.to((session) => readColumns(session, route, signal)), route.columns);
}
