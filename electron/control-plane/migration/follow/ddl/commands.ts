import { quoteIdent, quoteLiteral, quoteQualified } from '../../../../../shared/model/quote';
import { isWord, sqlTokens, dottedName } from '../../structure/sql-tokens';
import { details, type DdlCommand, type DdlEnd } from './ddl-event';
import { addWritten, isOfTask, newPlan, targetOf, withOptions, type DdlPlan, type DdlWorld } from './ddl-plan';
import { createSequence, createTable, ownSequence } from './new-table';
import { isOurs } from './schema-names';
import { addStatement } from './single-statement';
import { changeTable } from './table-changes';

/** Commands whose statement itself says all there is: it touches no rows, and one object. */
const AS_WRITTEN = new Set([
  'COMMENT',
  'GRANT',
  'REVOKE',
  'ALTER AGGREGATE',
  'ALTER COLLATION',
  'ALTER DOMAIN',
  'ALTER FUNCTION',
  'ALTER INDEX',
  'ALTER MATERIALIZED VIEW',
  'ALTER OPERATOR',
  'ALTER POLICY',
  'ALTER PROCEDURE',
  'ALTER ROUTINE',
  'ALTER SEQUENCE',
  'ALTER STATISTICS',
  'ALTER TEXT SEARCH CONFIGURATION',
  'ALTER TEXT SEARCH DICTIONARY',
  'ALTER TYPE',
  'ALTER VIEW',
  'CREATE AGGREGATE',
  'CREATE CAST',
  'CREATE COLLATION',
  'CREATE DOMAIN',
  'CREATE OPERATOR',
  'CREATE POLICY',
  'CREATE TEXT SEARCH CONFIGURATION',
  'CREATE TEXT SEARCH DICTIONARY',
  'CREATE TYPE',
]);
const MAKES_TABLE = new Set(['CREATE TABLE', 'CREATE TABLE AS', 'SELECT INTO']);
/** Of a table that is not called by the command: the statement names it. */
const OF_TABLE = new Set(['table', 'table column', 'table constraint']);
/** Without consequence for the objects that are there. */
const NOTED_ONLY = new Set(['ALTER DEFAULT PRIVILEGES', 'SECURITY LABEL']);

const makes = (command: DdlCommand): boolean => MAKES_TABLE.has(command.tag) && command.type === 'table';

/** Whether a command is about something of the task; a privilege does not say on what it is. */
function concerns(command: DdlCommand, world: DdlWorld, event: DdlEnd): boolean {
  if (command.type === 'schema') return command.identity !== null && !isOurs(command.identity);
  const of = details.tableOf(command.detail) ?? command.oid;
  if (of !== null && world.routes.has(of)) return true;
  const shape = event.tables.find(({ after }) => after.oid === of)?.after;
  if (shape?.parents.some(({ oid }) => world.routes.has(oid))) return true;
  if (command.schema !== null) return isOfTask(world, command.schema);
  return true;
}

function createView(plan: DdlPlan, world: DdlWorld, command: DdlCommand): boolean {
  const view = details.view(command.detail);
  const schema = view ? world.names.schema(view.schema) : undefined;
  if (!view || schema === undefined) return false;
  const columns = view.columns ? ` (${view.columns.map(quoteIdent).join(', ')})` : '';
  const query = view.def.replace(/;\s*$/, '');
  const head = `${quoteQualified(schema, view.name)}${columns}${withOptions(view.options)} AS ${query}`;
  // Its rows come when the source is left.
  addWritten(
    plan,
    world,
    view.kind === 'm' ? `CREATE MATERIALIZED VIEW ${head} WITH NO DATA` : `CREATE OR REPLACE VIEW ${head}`,
  );
  return true;
}

function createIndex(plan: DdlPlan, world: DdlWorld, command: DdlCommand): boolean {
  const index = details.index(command.detail);
  if (!index) return false;
  if (!index.dependent) addWritten(plan, world, index.valid ? index.def.replace(/ ON ONLY /, ' ON ') : index.def);
  return true;
}

function createType(plan: DdlPlan, world: DdlWorld, command: DdlCommand): boolean {
  const type = details.enumeration(command.detail);
  const schema = type ? world.names.schema(type.schema) : undefined;
  if (!type || schema === undefined) return false;
  plan.statements.push(
    `CREATE TYPE ${quoteQualified(schema, type.name)} AS ENUM (${type.labels.map(quoteLiteral).join(', ')})`,
  );
  return true;
}

function createTrigger(plan: DdlPlan, world: DdlWorld, command: DdlCommand): boolean {
  const trigger = details.trigger(command.detail);
  if (!trigger) return false;
  addWritten(plan, world, trigger.def);
  if (!world.triggersOff) plan.problems.push('the trigger would act on changes that come from the source');
  return true;
}

/** `ALTER SCHEMA … RENAME TO …`: everything in it goes with it. */
function renameSchema(plan: DdlPlan, world: DdlWorld, event: DdlEnd): void {
  const tokens = sqlTokens(event.query ?? '');
  const old = dottedName(tokens, 2)?.parts[0]?.value;
  const renames = isWord(tokens[0], 'alter') && isWord(tokens[1], 'schema') && isWord(tokens[3], 'rename');
  if (old !== undefined && !isOfTask(world, old)) return;
  plan.problems.push(
    renames
      ? 'a schema gets another name: tables of it are known by the old one'
      : 'what it does to the schema is not known',
  );
}

/** What is made of one object by the way it is on the source now; false: only the statement says what it did. */
function fromObject(plan: DdlPlan, world: DdlWorld, event: DdlEnd, command: DdlCommand): boolean {
  switch (command.tag) {
    case 'CREATE VIEW':
    case 'CREATE MATERIALIZED VIEW':
      return createView(plan, world, command);
    case 'CREATE INDEX':
      return createIndex(plan, world, command);
    case 'CREATE TRIGGER':
      return createTrigger(plan, world, command);
    case 'CREATE TYPE':
      return createType(plan, world, command);
    case 'CREATE FUNCTION':
    case 'CREATE PROCEDURE':
    case 'CREATE STATISTICS': {
      const definition = details.definition(command.detail);
      if (definition !== null) addWritten(plan, world, definition);
      return definition !== null;
    }
    case 'CREATE SCHEMA': {
      const schema = command.identity === null ? undefined : details.schema(command.detail);
      const mapped = schema === undefined ? undefined : world.names.schema(schema);
      if (mapped !== undefined) plan.statements.push(`CREATE SCHEMA IF NOT EXISTS ${quoteIdent(mapped)}`);
      return true;
    }
    case 'ALTER SCHEMA':
      renameSchema(plan, world, event);
      return true;
    case 'ALTER TYPE': {
      const type = details.enumeration(command.detail);
      if (type) plan.enums.push(type);
      return type !== null;
    }
    default:
      return false;
  }
}

/** Words of ALTER TABLE after which rows lie, or belong, elsewhere. */
const MOVES = ['attach', 'detach', 'inherit', 'logged', 'unlogged', 'tablespace', 'access', 'of', 'split', 'merge'];

/** Takes the statement itself, where it is of those that touch no rows. */
function addAsWritten(plan: DdlPlan, world: DdlWorld, event: DdlEnd): void {
  const tokens = event.tag === 'ALTER TABLE' ? sqlTokens(event.query ?? '') : [];
  if (tokens.some((token) => isWord(token, ...MOVES)))
    plan.problems.push('it may move rows from one table to another, or write them anew');
  if (tokens.some((token, at) => isWord(token, 'enable') && isWord(tokens[at + 1], 'always', 'replica')))
    plan.problems.push('the trigger or rule would act on changes that come from the source');
  if (AS_WRITTEN.has(event.tag) || event.tag === 'ALTER TABLE') addStatement(plan, world, event);
  else plan.problems.push(`${event.tag} is not carried over by itself`);
}

/** Tables that the command has made or changed. */
function planTables(plan: DdlPlan, world: DdlWorld, event: DdlEnd, commands: readonly DdlCommand[]): boolean {
  let told = false;
  for (const { before, after } of event.tables) {
    const command = commands.find(({ oid, type }) => oid === after.oid && OF_TABLE.has(type));
    if (command && makes(command)) {
      createTable(plan, world, after, event.tag === 'CREATE TABLE AS' || event.tag === 'SELECT INTO');
      told = true;
    } else if (before !== null && event.tag === 'ALTER TABLE') {
      if (targetOf(world, before.oid, before.schema, before.name))
        told = changeTable(plan, world, before, after) || told;
      else if (world.names.joins(after.schema) && before.schema !== after.schema) {
        plan.problems.push(`table ${after.schema}.${after.name} comes from a schema that is not of the task`);
        told = true;
      }
    } else if (before === null && event.tag === 'ALTER TABLE') {
      plan.problems.push('how the table was before is not known');
      told = true;
    }
  }
  return told;
}

/** What the end of a command means for the receiving side. */
export function planEnd(event: DdlEnd, world: DdlWorld): DdlPlan {
  const plan = newPlan();
  const commands = event.commands.filter((command) => concerns(command, world, event));
  if (commands.length === 0) return plan;
  if (NOTED_ONLY.has(event.tag)) {
    plan.notes.push(`${event.tag} is not carried over`);
    return plan;
  }
  for (const command of commands.filter(({ tag }) => tag === 'CREATE SCHEMA')) fromObject(plan, world, event, command);
  const sequences = new Map(
    commands.flatMap(({ oid, tag, type, detail }) => {
      const sequence = type === 'sequence' && tag === 'CREATE SEQUENCE' ? details.sequence(detail) : null;
      return sequence && !sequence.internal && oid !== null ? [[oid, sequence] as const] : [];
    }),
  );
  for (const sequence of sequences.values()) createSequence(plan, world, sequence);
  let told = planTables(plan, world, event, commands);
  for (const sequence of sequences.values()) {
    const shape = event.tables.find(({ after }) => after.oid === sequence.owner?.table)?.after;
    const table = shape && targetOf(world, shape.oid, shape.schema, shape.name);
    if (table) ownSequence(plan, world, sequence, table);
  }
  let written = false;
  const seen = new Set<string>();
  for (const command of commands) {
    // Some commands are told in parts, each of which would say the same.
    const same = `${command.class} ${command.oid}`;
    if (command.oid !== null && seen.has(same)) continue;
    seen.add(same);
    const done =
      sequences.has(command.oid ?? 0) ||
      command.tag === 'CREATE SCHEMA' ||
      makes(command) ||
      (command.type === 'sequence' && event.tag !== 'ALTER SEQUENCE') ||
      fromObject(plan, world, event, command);
    if (done) told = true;
    else if (OF_TABLE.has(command.type) && event.tag === 'ALTER TABLE' && told) continue;
    else written = true;
  }
  if (written) addAsWritten(plan, world, event);
  return plan;
}
