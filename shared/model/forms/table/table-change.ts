import type { Statement } from '../../catalog';
import type { FormContext, PrivilegeRow } from '../../form';
import { quoteQualified } from '../../quote';
import { commentChange, ownerChange, renameChange, schemaChange } from '../identity';
import { labelChanges } from '../labels';
import { listChanges } from '../list-changes';
import { foreignOptionChanges } from '../options';
import { privilegeChanges } from '../privileges';
import { boundSql } from './bound';
import type { Column } from './column-shape';
import { addColumn, columnChanges, columnRenames, dropColumn } from './column-sql';
import type { Constraint } from './constraint-shape';
import {
  addAgain,
  addConstraint,
  constraintAlterations,
  dropConstraint,
  isRebuilt,
  type Target,
} from './constraint-sql';
import { attachmentOf, partitionChanges } from './partition-sql';
import { settingChanges } from './table-settings';
import { CONSTRAINT_LISTS, type Table } from './table-shape';

/** Before and after of the things that stay. */
interface Pair<Thing> {
  readonly before: Thing;
  readonly after: Thing;
}

interface ConstraintSteps {
  readonly drops: Statement[];
  readonly changes: Statement[];
}

/** Constraints follow the new names of columns and of the table by themselves: with the old names said anew, what is left is a change. */
function renamed(constraint: Constraint, names: ReadonlyMap<string, string>, table: Pair<string>): Constraint {
  const name = (column: string): string => names.get(column) ?? column;
  const isOwn = constraint.target === table.before;
  return {
    ...constraint,
    columns: constraint.columns.map(name),
    include: constraint.include.map(name),
    setColumns: constraint.setColumns.map(name),
    elements: constraint.elements.map((element) => ({ ...element, column: name(element.column) })),
    target: isOwn ? table.after : constraint.target,
    targetColumns: isOwn ? constraint.targetColumns.map(name) : constraint.targetColumns,
  };
}

/** What is said of constraints: those that go are dropped before columns change, foreign keys first; those that come are added after. */
function constraintSteps(target: Target, before: Table, after: Table, table: Pair<string>): ConstraintSteps {
  const renames = new Map(
    stayingColumns(before, after)
      .filter((pair) => pair.before.name !== pair.after.name)
      .map((pair) => [pair.before.name, pair.after.name]),
  );
  // A name that is said anew may be meant as it is: it is a column's name now.
  const now = new Set(after.columns.map((column) => column.name));
  const stale = new Map([...renames].filter(([from]) => !now.has(from)));
  const drops: Statement[] = [];
  const changes: Statement[] = [];
  for (const [list, variant] of CONSTRAINT_LISTS) {
    const unchanged = new Set(before[list].map((row) => JSON.stringify(row)));
    const was = before[list].map((row) => renamed(row, renames, table));
    const is = after[list].map((row) => renamed(row, unchanged.has(JSON.stringify(row)) ? renames : stale, table));
    const { added, removed, changed } = listChanges(was, is, (row) => row.id);
    const rebuilt = changed.filter((pair) => isRebuilt(variant, pair.before, pair.after));
    drops.unshift(...[...removed, ...rebuilt.map((pair) => pair.before)].map((row) => dropConstraint(target, row)));
    changes.push(
      ...changed
        .filter((pair) => !rebuilt.includes(pair))
        .flatMap((pair) => constraintAlterations(target, variant, pair.before, pair.after)),
      ...added.flatMap((row) => addConstraint(target, variant, row)),
      ...rebuilt.flatMap((pair) => addAgain(target, variant, pair.after)),
    );
  }
  return { drops, changes };
}

function stayingColumns(before: Table, after: Table): Pair<Column>[] {
  const old = new Map(before.columns.map((column) => [column.id, column]));
  return after.columns.flatMap((column) => {
    const was = old.get(column.id);
    return was ? [{ before: was, after: column }] : [];
  });
}

function columnSteps(table: string, before: Table, after: Table, version: number): Statement[] {
  const { added, removed } = listChanges(before.columns, after.columns, (column) => column.id);
  const staying = stayingColumns(before, after);
  const renames = staying
    .filter((pair) => pair.before.name !== pair.after.name)
    .map((pair) => ({ from: pair.before.name, to: pair.after.name }));
  return [
    // What is computed of others goes before them.
    ...removed
      .toSorted((left, right) => Number(left.generated === '') - Number(right.generated === ''))
      .map((column) => dropColumn(table, column)),
    ...columnRenames(
      table,
      renames,
      staying.map((pair) => pair.before.name),
    ),
    ...staying.flatMap((pair) => columnChanges(table, pair.before, pair.after)),
    ...added.flatMap((column) => addColumn(table, column, version)),
  ];
}

/** Leaving and joining: a parent's columns must be there before the table can inherit them. */
function parentSteps(table: string, before: Table, after: Table): Pair<Statement[]> {
  const alter = `ALTER TABLE ${table}`;
  const gone = before.inherits.filter((parent) => !after.inherits.includes(parent));
  const come = after.inherits.filter((parent) => !before.inherits.includes(parent));
  return {
    before: [
      ...(before.ofType !== '' && before.ofType !== after.ofType ? [{ sql: `${alter} NOT OF` }] : []),
      ...gone.map((parent) => ({ sql: `${alter} NO INHERIT ${parent}` })),
    ],
    after: [
      ...(after.ofType !== '' && before.ofType !== after.ofType ? [{ sql: `${alter} OF ${after.ofType}` }] : []),
      ...come.map((parent) => ({ sql: `${alter} INHERIT ${parent}` })),
    ],
  };
}

/** A partition's bound can only be said when it is attached. */
function boundChanges(table: string, before: Table, after: Table): Statement[] {
  if (before.parent === '' || (before.parent === after.parent && boundSql(before) === boundSql(after))) return [];
  return [
    { sql: `ALTER TABLE ${before.parent} DETACH PARTITION ${table}` },
    { sql: `ALTER TABLE ${after.parent} ATTACH PARTITION ${table} ${boundSql(after)}` },
  ];
}

/** With the table its owner's privileges go to the next one; a form that still tells them of the former owner means the same. */
const handedOver = ({ owner }: Table, next: string, { privileges }: Table): PrivilegeRow[] =>
  privileges.map((row) => (row.grantee === owner && next !== '' ? { ...row, grantee: next } : row));

/** What turns a table, a partition or a foreign table into another: renames, never dropping and adding, for what has the same `id`. */
export function changeTable(before: Table, after: Table, isForeign: boolean, { version }: FormContext): Statement[] {
  const kind = isForeign ? 'FOREIGN TABLE' : 'TABLE';
  const old = quoteQualified(before.schema, before.name);
  const renamedTable = quoteQualified(before.schema, after.name);
  const name = quoteQualified(after.schema, after.name);
  const target: Target = { table: name, schema: after.schema, databaseTablespace: before.databaseTablespace };
  const constraints = constraintSteps(target, before, after, { before: old, after: name });
  const parents = parentSteps(name, before, after);
  return [
    ...renameChange(`${kind} ${old}`, before.name, after.name),
    ...schemaChange(`${kind} ${renamedTable}`, before.schema, after.schema),
    ...constraints.drops,
    ...parents.before,
    ...columnSteps(name, before, after, version),
    ...parents.after,
    ...constraints.changes,
    ...(isForeign ? foreignOptionChanges(`FOREIGN TABLE ${name}`, before.options, after.options) : []),
    ...(isForeign ? [] : settingChanges(before, after)),
    ...boundChanges(name, before, after),
    ...partitionChanges(attachmentOf(after), before.partitions, after.partitions),
    ...ownerChange(`${kind} ${name}`, before.owner, after.owner),
    ...commentChange(`${kind} ${name}`, before.comment, after.comment),
    ...privilegeChanges(
      `TABLE ${name}`,
      handedOver(before, after.owner, before),
      handedOver(before, after.owner, after),
    ),
    ...labelChanges(`${kind} ${name}`, before.labels, after.labels),
  ];
}
