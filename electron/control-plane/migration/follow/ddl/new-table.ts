import { quoteIdent, quoteQualified } from '../../../../../shared/model/quote';
import { columnClause, sequenceOptions } from './column-clauses';
import type { SequenceDetail, TableShape } from './ddl-event';
import { addWritten, qualified, targetOf, withOptions, type DdlPlan, type DdlWorld, type TargetName } from './ddl-plan';
import { addConstraint, noteAlways } from './table-changes';

/** A sequence as it is on the source; its last value is set at the cut-over. */
export function createSequence(plan: DdlPlan, world: DdlWorld, sequence: SequenceDetail): void {
  const schema = world.names.schema(sequence.schema);
  if (schema === undefined) return;
  const name = quoteQualified(schema, sequence.name);
  plan.statements.push(`CREATE SEQUENCE ${name} AS ${sequence.type} ${sequenceOptions(sequence)}`);
}

/** Ties a sequence to its column, so that it goes with it. */
export function ownSequence(plan: DdlPlan, world: DdlWorld, sequence: SequenceDetail, table: TargetName): void {
  const schema = world.names.schema(sequence.schema);
  if (schema === undefined || !sequence.owner) return;
  plan.statements.push(
    `ALTER SEQUENCE ${quoteQualified(schema, sequence.name)} OWNED BY ${qualified(table)}.${quoteIdent(sequence.owner.column)}`,
  );
}

/** Statements that make a table, its constraints included; indexes come by themselves. `filled`: it got rows when it was made. */
export function createTable(plan: DdlPlan, world: DdlWorld, table: TableShape, filled: boolean): void {
  const parents = table.parents.map((parent) => targetOf(world, parent.oid, parent.schema, parent.name));
  // A partition follows its table, whatever its own schema is.
  const partition = table.bound !== null && parents[0] !== undefined;
  const schema = world.names.schema(table.schema) ?? (partition ? parents[0]?.schema : undefined);
  const name =
    targetOf(world, table.oid, table.schema, table.name) ??
    (partition && schema ? { schema, name: table.name } : undefined);
  if (!name) return;
  if (parents.some((parent) => parent === undefined)) {
    plan.problems.push('it belongs to a table that is not of the task');
    return;
  }
  const unlogged = table.persistence === 'u' ? 'UNLOGGED ' : '';
  const by = table.partitionKey === null ? '' : ` PARTITION BY ${table.partitionKey}`;
  const options = withOptions(table.options);
  const [parent] = parents;
  const target = qualified(name);
  if (table.bound !== null && parent) {
    addWritten(
      plan,
      world,
      `CREATE ${unlogged}TABLE ${target} PARTITION OF ${qualified(parent)} ${table.bound}${by}${options}`,
    );
  } else {
    const columns = table.columns.filter(({ local }) => local || parents.length === 0);
    const inherits = parents.flatMap((each) => (each ? [qualified(each)] : []));
    addWritten(
      plan,
      world,
      `CREATE ${unlogged}TABLE ${target} (${columns.map((column) => columnClause(column, name.schema)).join(', ')})` +
        `${inherits.length > 0 ? ` INHERITS (${inherits.join(', ')})` : ''}${by}${options}`,
    );
  }
  const alter = `ALTER TABLE ${target}`;
  if (partition)
    for (const column of table.columns.filter(({ default: value, generated }) => value !== null && generated === ''))
      addWritten(
        plan,
        world,
        `${alter} ALTER COLUMN ${quoteIdent(column.name)} SET DEFAULT ${column.default ?? 'NULL'}`,
      );
  else for (const column of table.columns) noteAlways(plan, name, column);
  for (const constraint of table.constraints) addConstraint(plan, world, alter, constraint);
  const route = { ...name, syncedAt: 0n };
  if (table.persistence === 'u') {
    plan.notes.push(`${table.schema}.${table.name} is not logged: its rows are not followed`);
    plan.routes.set(table.oid, route);
  } else if (table.kind === 'p') plan.routes.set(table.oid, route);
  else plan.joined.push({ oid: table.oid, filled, route });
}
