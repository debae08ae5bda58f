import { quoteIdent } from '../../../../../shared/model/quote';
import type { TableRoute } from '../follow-model';
import { columnClause, identityClause, isConstant } from './column-clauses';
import type { ColumnShape, ConstraintShape, TableShape } from './ddl-event';
import { addWritten, qualified, targetOf, type DdlPlan, type DdlWorld, type TargetName } from './ddl-plan';

/** NOT VALID at the end, and when a constraint is looked at. */
const TAIL = /((?: NOT)? DEFERRABLE)?( INITIALLY DEFERRED)?( NOT ENFORCED)?( NOT VALID)?$/;

/** The column gets its values from the server only, once the source is left. */
export function noteAlways(plan: DdlPlan, { schema, name }: TargetName, column: ColumnShape): void {
  if (column.identity === 'a') plan.always.push({ schema, table: name, column: column.name });
}

/** Adds the statement of a column that has come. */
function addColumn(plan: DdlPlan, world: DdlWorld, target: TargetName, after: TableShape, column: ColumnShape): void {
  const { default: expression, missing } = column;
  const { schema } = target;
  const alter = `ALTER TABLE ${qualified(target)}`;
  const add = `${alter} ADD COLUMN `;
  noteAlways(plan, target, column);
  if (column.generated !== '' || expression === null) {
    addWritten(plan, world, add + columnClause(column, schema));
    if (column.identity !== '' && world.rewritten) unlike(plan, after, `rows of column ${column.name} got numbers`);
  } else if (missing !== null) {
    addWritten(plan, world, add + columnClause(column, schema, missing));
    addWritten(plan, world, `${alter} ALTER COLUMN ${quoteIdent(column.name)} SET DEFAULT ${expression}`);
  } else {
    addWritten(plan, world, add + columnClause(column, schema));
    if (!isConstant(expression))
      unlike(plan, after, `the default of column ${column.name} may give every row another value`);
  }
}

function unlike(plan: DdlPlan, table: TableShape, reason: string): void {
  plan.problems.push(reason);
  plan.recopied.add(table.oid);
}

function changeColumn(
  plan: DdlPlan,
  world: DdlWorld,
  target: TargetName,
  after: TableShape,
  was: ColumnShape,
  is: ColumnShape,
): void {
  const column = `ALTER TABLE ${qualified(target)} ALTER COLUMN ${quoteIdent(is.name)}`;
  if (was.identity !== is.identity) noteAlways(plan, target, is);
  const type = was.type !== is.type || was.collation !== is.collation;
  if (type) {
    const collation = is.collation === null ? '' : ` COLLATE ${is.collation}`;
    addWritten(plan, world, `${column} TYPE ${is.type}${collation}`);
    if (world.rewritten) unlike(plan, after, `the values of column ${is.name} were written anew`);
  }
  if (was.generated !== is.generated || (is.generated !== '' && was.default !== is.default && !type)) {
    plan.problems.push(`column ${is.name} is generated in another way`);
    plan.recopied.add(after.oid);
  } else if (is.generated === '' && was.default !== is.default) {
    addWritten(plan, world, `${column} ${is.default === null ? 'DROP DEFAULT' : `SET DEFAULT ${is.default}`}`);
  }
  if (was.notNull !== is.notNull) plan.statements.push(`${column} ${is.notNull ? 'SET' : 'DROP'} NOT NULL`);
  if (was.identity === '' && is.identity !== '')
    plan.statements.push(`${column} ADD ${identityClause(is, target.schema)}`);
  if (was.identity !== '' && is.identity === '') plan.statements.push(`${column} DROP IDENTITY IF EXISTS`);
}

/** Adds what makes a constraint on a table. */
export function addConstraint(plan: DdlPlan, world: DdlWorld, alter: string, constraint: ConstraintShape): void {
  addWritten(plan, world, `${alter} ADD CONSTRAINT ${quoteIdent(constraint.name)} ${constraint.def}`);
  if (constraint.type === 'f' && !world.triggersOff)
    plan.problems.push(`foreign key ${constraint.name} would act on changes that come from the source`);
}

function changeConstraints(plan: DdlPlan, world: DdlWorld, alter: string, before: TableShape, after: TableShape): void {
  const old = new Map(before.constraints.map((constraint) => [constraint.oid, constraint]));
  for (const is of after.constraints) {
    const was = old.get(is.oid);
    if (!was) {
      addConstraint(plan, world, alter, is);
      continue;
    }
    // The rest of a definition changes with the names of columns and tables.
    const [, deferrable = '', deferred = '', enforced = '', invalid = ''] = TAIL.exec(was.def) ?? [];
    const [, nowDeferrable = '', nowDeferred = '', nowEnforced = '', nowInvalid = ''] = TAIL.exec(is.def) ?? [];
    if (deferrable !== nowDeferrable || deferred !== nowDeferred || enforced !== nowEnforced)
      plan.problems.push(`constraint ${is.name} is checked in another way`);
    else if (invalid !== '' && nowInvalid === '')
      plan.statements.push(`${alter} VALIDATE CONSTRAINT ${quoteIdent(is.name)}`);
  }
}

/** What of a table cannot be carried over by itself. */
function findUnlike(plan: DdlPlan, before: TableShape, after: TableShape): void {
  const parents = ({ parents: list }: TableShape): string => list.map(({ oid }) => oid).join();
  if (parents(before) !== parents(after) || before.bound !== after.bound)
    plan.problems.push('it joins a table to others, or takes it away from them');
  if (before.persistence !== after.persistence) plan.problems.push('the table is logged in another way');
  if (before.partitionKey !== after.partitionKey) plan.problems.push('the table is partitioned in another way');
  if (before.owner !== after.owner)
    plan.notes.push(`The owner of ${after.schema}.${after.name} is another one on the source: not carried over`);
}

/** Where a table goes that is called otherwise, and the statements for it. */
function renamed(plan: DdlPlan, world: DdlWorld, before: TableShape, after: TableShape): TableRoute | undefined {
  const target = targetOf(world, before.oid, before.schema, before.name);
  if (!target) return undefined;
  const schema = before.schema === after.schema ? target.schema : world.names.schema(after.schema);
  if (schema === undefined) {
    plan.problems.push(`the table moves to schema ${after.schema}, which is not of the task`);
    return undefined;
  }
  if (schema !== target.schema)
    plan.statements.push(`ALTER TABLE ${qualified(target)} SET SCHEMA ${quoteIdent(schema)}`);
  // A name that the person chose stays.
  const name = target.name === before.name ? after.name : target.name;
  if (name !== target.name)
    plan.statements.push(`ALTER TABLE ${qualified({ ...target, schema })} RENAME TO ${quoteIdent(name)}`);
  const route = world.routes.get(before.oid);
  if (route && (schema !== route.schema || name !== route.name))
    plan.routes.set(before.oid, { ...route, schema, name });
  return { schema, name, syncedAt: route?.syncedAt ?? 0n, ...(route?.columns ? { columns: route.columns } : {}) };
}

/**
 * Statements that make of a table what it is on the source now. True when there was anything to tell apart; without, the statement itself has to
 * say what it did.
 */
export function changeTable(plan: DdlPlan, world: DdlWorld, before: TableShape, after: TableShape): boolean {
  const said = (): number => plan.statements.length + plan.problems.length + plan.notes.length;
  const first = said();
  findUnlike(plan, before, after);
  const target = renamed(plan, world, before, after);
  if (!target) return true;
  const alter = `ALTER TABLE ${qualified(target)}`;
  const constraints = new Map(after.constraints.map((constraint) => [constraint.oid, constraint]));
  for (const was of before.constraints) {
    const is = constraints.get(was.oid);
    if (!is) plan.statements.push(`${alter} DROP CONSTRAINT IF EXISTS ${quoteIdent(was.name)}`);
    else if (is.name !== was.name)
      plan.statements.push(`${alter} RENAME CONSTRAINT ${quoteIdent(was.name)} TO ${quoteIdent(is.name)}`);
  }
  const columns = new Map(before.columns.map((column) => [column.n, column]));
  const left = new Set(after.columns.map(({ n }) => n));
  const ours = ({ local }: ColumnShape): boolean => local || after.parents.length === 0;
  for (const column of before.columns.filter(({ n }) => !left.has(n)).filter(ours))
    plan.statements.push(`${alter} DROP COLUMN ${quoteIdent(column.name)}`);
  for (const is of after.columns.filter(ours)) {
    const was = columns.get(is.n);
    if (was && was.name !== is.name)
      plan.statements.push(`${alter} RENAME COLUMN ${quoteIdent(was.name)} TO ${quoteIdent(is.name)}`);
  }
  for (const is of after.columns) {
    const was = columns.get(is.n);
    if (was) changeColumn(plan, world, target, after, was, is);
    else if (ours(is)) addColumn(plan, world, target, after, is);
  }
  changeConstraints(plan, world, alter, before, after);
  if (target.columns && said() > first) plan.problems.push('columns of the table have other names on the target');
  return said() > first;
}
