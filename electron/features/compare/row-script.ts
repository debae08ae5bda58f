import { quoteIdent, quoteLiteral, quoteQualified } from '../../../shared/model/quote';
import type { TableDifferences } from './compare-data';
import type { RowValues } from './read-rows';
import { sameValue } from './row-keys';
import type { RowTable } from './table-rows';

/** Statements for the rows of one table. */
interface TablePart {
  readonly table: RowTable;
  readonly deletes: readonly string[];
  readonly updates: readonly string[];
  readonly inserts: readonly string[];
  /** Columns that the updates set. */
  readonly set: ReadonlySet<string>;
}

export interface RowScript {
  /** One transaction; empty when there is nothing to do. */
  readonly sql: string;
  readonly statements: number;
}

const nameOf = ({ schema, name }: { readonly schema: string; readonly name: string }): string =>
  quoteQualified(schema, name);

/** A comment that a name in it can't end. */
const note = (text: string): string => `-- ${text.replaceAll(/[\r\n]/g, ' ')}`;

/**
 * The script that brings the rows of the target to the source's; rows of the target alone are deleted only when `remove` says so. Of one table
 * deletes come first, then updates, then inserts, so that unique values are free before they are taken. A table is filled after those that it
 * refers to and emptied before them.
 */
export function rowScript(found: readonly TableDifferences[], remove: boolean): RowScript {
  const parts = found.map((differences) => partOf(differences, remove));
  const all = parentsFirst(parts, () => true);
  const { order, circles } = all.circles.length === 0 ? all : parentsFirst(parts, ({ deferrable }) => !deferrable);
  const late = lateDeletes(order);
  const childrenFirst = order.toReversed();
  const deletesOf = (isLate: boolean): string[] =>
    childrenFirst.filter((part) => late.has(part) === isLate).flatMap(({ deletes }) => deletes);
  const statements = [
    ...deletesOf(false),
    ...order.flatMap((part) =>
      setsReference(part, part.table) ? [...part.inserts, ...part.updates] : [...part.updates, ...part.inserts],
    ),
    ...deletesOf(true),
  ];
  const kept = found.flatMap(identityNotes);
  if (statements.length === 0) return { sql: kept.map((line) => `${line}\n`).join(''), statements: 0 };
  const notes = [
    ...circles.map((names) =>
      note(`${names.join(', ')} refer to each other. If that fails, make one of the foreign keys DEFERRABLE first.`),
    ),
    ...found.flatMap(exchangeNotes),
    ...kept,
    ...found
      .filter(({ more }) => more)
      .map(({ targetTable, rows }) =>
        note(`Only the first ${rows.length} rows that differ of ${nameOf(targetTable)}: compare again after this.`),
      ),
  ];
  const lines = [...notes, 'BEGIN;', 'SET CONSTRAINTS ALL DEFERRED;', ...statements, 'COMMIT;'];
  return { sql: `${lines.join('\n')}\n`, statements: statements.length };
}

const literal = (value: string | null | undefined): string =>
  value === null || value === undefined ? 'NULL' : quoteLiteral(value);

function partOf({ columns, key, rows, targetTable }: TableDifferences, remove: boolean): TablePart {
  const table = nameOf(targetTable);
  const keyOf = (row: RowValues): string[] => key.map((column) => literal(row[columns.indexOf(column)]));
  const where = (row: RowValues): string =>
    keyOf(row)
      .map((value, index) => `${quoteIdent(key[index] ?? '')} = ${value}`)
      .join(' AND ');
  // Rows of children that inherit are not the table's own, though a key may be theirs too.
  const own = targetTable.partitioned ? table : `ONLY ${table}`;
  const set = new Set<string>();
  const updates: string[] = [];
  const inserted: string[] = [];
  const deleted: RowValues[] = [];
  for (const { source, target } of rows) {
    if (source && target) {
      const changes = columns.flatMap((column, index) => {
        const kind = targetTable.kinds[index] ?? 'text';
        if (sameValue(kind, source[index] ?? null, target[index] ?? null) || targetTable.identities.includes(column))
          return [];
        set.add(column);
        return [`${quoteIdent(column)} = ${literal(source[index])}`];
      });
      if (changes.length > 0) updates.push(`UPDATE ${own} SET ${changes.join(', ')} WHERE ${where(target)};`);
    } else if (source) inserted.push(`(${source.map(literal).join(', ')})`);
    else if (target && remove) deleted.push(target);
  }
  const overriding = targetTable.identities.length > 0 ? ' OVERRIDING SYSTEM VALUE' : '';
  const into = `INSERT INTO ${table} (${columns.map(quoteIdent).join(', ')})${overriding} VALUES`;
  // Rows that refer to rows of the same table go in and out at once: foreign keys are checked after the whole statement.
  const isOwnParent = targetTable.refers.some((parent) => nameOf(parent) === table);
  if (!isOwnParent || inserted.length + deleted.length === 0) {
    const inserts = inserted.map((values) => `${into} ${values};`);
    const deletes = deleted.map((row) => `DELETE FROM ${own} WHERE ${where(row)};`);
    return { table: targetTable, deletes, updates, inserts, set };
  }
  const tuple = (values: readonly string[]): string =>
    values.length === 1 ? (values[0] ?? '') : `(${values.join(', ')})`;
  const keys = deleted.map((row) => tuple(keyOf(row))).join(',\n');
  return {
    table: targetTable,
    deletes: deleted.length > 0 ? [`DELETE FROM ${own} WHERE ${tuple(key.map(quoteIdent))} IN (${keys});`] : [],
    updates,
    inserts: inserted.length > 0 ? [`${into} ${inserted.join(',\n')};`] : [],
    set,
  };
}

/** Whether the updates of a table change what of `parent` its rows refer to. */
const setsReference = ({ table, set }: TablePart, parent: RowTable): boolean =>
  table.refers.some((each) => nameOf(each) === nameOf(parent) && each.columns.some((column) => set.has(column)));

/** The tables, each after those that it refers to by foreign keys that count, and the names of those that do so in a circle. */
function parentsFirst(
  parts: readonly TablePart[],
  counts: (reference: RowTable['refers'][number]) => boolean,
): { order: TablePart[]; circles: string[][] } {
  const byName = new Map(parts.map((part) => [nameOf(part.table), part]));
  const order: TablePart[] = [];
  const circles: string[][] = [];
  const seen = new Set<TablePart>();
  const path: TablePart[] = [];
  const visit = (part: TablePart): void => {
    const start = path.indexOf(part);
    if (start >= 0 && part !== path.at(-1)) circles.push(path.slice(start).map(({ table }) => nameOf(table)));
    if (seen.has(part)) return;
    seen.add(part);
    path.push(part);
    for (const parent of part.table.refers.filter(counts)) {
      const next = byName.get(nameOf(parent));
      if (next) visit(next);
    }
    path.pop();
    order.push(part);
  };
  for (const part of parts) visit(part);
  return { order, circles };
}

/**
 * Tables whose rows are deleted after all else, because rows of others (or their own) still refer to them until they are updated: deleted
 * before, they would take those rows with them by ON DELETE CASCADE.
 */
function lateDeletes(order: readonly TablePart[]): Set<TablePart> {
  const late = new Set<TablePart>();
  for (const parent of order.toReversed()) {
    const waits = order.some(
      (child) =>
        setsReference(child, parent.table) ||
        (late.has(child) && child.table.refers.some((each) => nameOf(each) === nameOf(parent.table))),
    );
    if (parent.deletes.length > 0 && waits) late.add(parent);
  }
  return late;
}

/** One for each column whose values differ but can't be updated. */
const identityNotes = ({ columns, rows, targetTable }: TableDifferences): string[] =>
  targetTable.identities.flatMap((column) => {
    const at = columns.indexOf(column);
    if (!rows.some(({ source, target }) => source && target && source[at] !== target[at])) return [];
    return [
      note(
        `${quoteIdent(column)} of ${nameOf(targetTable)} differs but is GENERATED ALWAYS AS IDENTITY: it is left as it is.`,
      ),
    ];
  });

/** One for each unique index of which a row takes the value that another row has until it is updated. */
function exchangeNotes({ columns, rows, targetTable }: TableDifferences): string[] {
  return targetTable.unique.flatMap(({ name, columns: own }) => {
    const places = own.map((column) => columns.indexOf(column));
    const valueOf = (row: RowValues): string => JSON.stringify(places.map((at) => row[at] ?? null));
    const changed = rows.flatMap(({ source, target }) => {
      if (!source || !target) return [];
      const pair = { before: valueOf(target), after: valueOf(source) };
      return pair.before === pair.after ? [] : [pair];
    });
    const before = new Set(changed.map((pair) => pair.before));
    if (!changed.some((pair) => before.has(pair.after))) return [];
    const [table, index] = [nameOf(targetTable), quoteIdent(name)];
    return [
      note(`Rows of ${table} exchange values of ${index}. If that fails, make the unique constraint DEFERRABLE first.`),
    ];
  });
}
