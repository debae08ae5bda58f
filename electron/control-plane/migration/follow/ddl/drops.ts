import { quoteIdent, quoteQualified } from '../../../../../shared/model/quote';
import type { DdlDrop, DroppedObject } from './ddl-event';
import { isOfTask, mentionsChanged, newPlan, qualified, targetOf, type DdlPlan, type DdlWorld } from './ddl-plan';

/** Kinds in the order in which they can go, several of a kind by one statement: what they need of one another goes with it. */
const BY_NAME = [
  { type: 'view', words: 'VIEW' },
  { type: 'materialized view', words: 'MATERIALIZED VIEW' },
  { type: 'table', words: 'TABLE' },
  { type: 'foreign table', words: 'FOREIGN TABLE' },
  { type: 'index', words: 'INDEX' },
  { type: 'sequence', words: 'SEQUENCE' },
  { type: 'aggregate', words: 'AGGREGATE' },
  { type: 'function', words: 'FUNCTION' },
  { type: 'procedure', words: 'PROCEDURE' },
  { type: 'statistics object', words: 'STATISTICS' },
  { type: 'domain', words: 'DOMAIN' },
  { type: 'type', words: 'TYPE' },
] as const;

/** Parts of a table, dropped before the tables. */
const OF_TABLE = new Set(['trigger', 'policy', 'rule', 'table constraint', 'default value', 'table column']);
/** Named with their arguments, which follow the name as the server writes it. */
const CALLABLE = new Set(['aggregate', 'function', 'procedure']);

function dropPart(object: DroppedObject, world: DdlWorld, dropped: ReadonlySet<string>): string | undefined {
  const [schema, table, part] = object.names ?? [];
  if (typeof schema !== 'string' || typeof table !== 'string' || typeof part !== 'string') return undefined;
  // The rule of a view is the view.
  if (dropped.has(quoteQualified(schema, table)) || part === '_RETURN') return undefined;
  const route = [...world.routes].find(([oid]) => object.type === 'table column' && oid === object.oid)?.[1];
  const target = route ?? (isOfTask(world, schema) ? targetOf(world, 0, schema, table) : undefined);
  if (!target) return undefined;
  const name = qualified(target);
  const ident = quoteIdent(part);
  switch (object.type) {
    case 'table constraint':
      return `ALTER TABLE IF EXISTS ${name} DROP CONSTRAINT IF EXISTS ${ident}`;
    case 'default value':
      return `ALTER TABLE IF EXISTS ${name} ALTER COLUMN ${ident} DROP DEFAULT`;
    case 'table column':
      return `ALTER TABLE IF EXISTS ${name} DROP COLUMN IF EXISTS ${ident}`;
    case 'trigger':
      return `DROP TRIGGER IF EXISTS ${ident} ON ${name}`;
    case 'policy':
      return `DROP POLICY IF EXISTS ${ident} ON ${name}`;
    default:
      return `DROP RULE IF EXISTS ${ident} ON ${name}`;
  }
}

/** The name of what is dropped, on the receiving side; undefined: it is not of the task. */
function nameOf(object: DroppedObject, world: DdlWorld): string | undefined {
  const { schema, name } = object;
  if (schema === null) return undefined;
  const [, bare] = object.names ?? [];
  const plain = name ?? bare;
  if (object.type === 'table' || object.type === 'foreign table') {
    const target = plain ? targetOf(world, object.oid, schema, plain) : undefined;
    return target && qualified(target);
  }
  const mapped = world.names.schema(schema);
  if (mapped === undefined || !isOfTask(world, schema)) return undefined;
  // The server names no arguments apart from the rest.
  if (CALLABLE.has(object.type))
    return mapped === schema
      ? object.identity
      : `${quoteIdent(mapped)}${object.identity.slice(quoteIdent(schema).length)}`;
  return plain ? quoteQualified(mapped, plain) : undefined;
}

/** What a command has dropped, with what went along: nothing else goes on the receiving side. */
export function planDrop(event: DdlDrop, world: DdlWorld): DdlPlan {
  const plan = newPlan();
  const altered = event.tag.startsWith('ALTER ');
  for (const { type, oid } of event.dropped) if (type === 'table' && world.routes.has(oid)) plan.routes.set(oid, null);
  const meant = event.dropped.filter(({ original, normal }) => original || normal);
  const schemas = meant.filter(({ type }) => type === 'schema');
  const relations = new Set(
    event.dropped.flatMap(({ type, names }) =>
      /^(?:foreign table|table|view|materialized view)$/.test(type) &&
      typeof names?.[0] === 'string' &&
      typeof names[1] === 'string'
        ? [quoteQualified(names[0], names[1])]
        : [],
    ),
  );
  const known = new Set<string>(['schema', ...OF_TABLE, ...BY_NAME.map(({ type }) => type)]);
  for (const object of meant.filter(({ type }) => OF_TABLE.has(type))) {
    // Columns and constraints of the table itself are told apart when the command ends.
    if (altered && object.original && object.type.startsWith('table ')) continue;
    const statement = dropPart(object, world, relations);
    if (statement !== undefined) plan.statements.push(statement);
    if (statement !== undefined && object.names?.some((name) => name !== null && world.names.changed.has(name)))
      plan.problems.push('it names something that has another name on the target');
  }
  for (const { type, words } of BY_NAME) {
    const names = meant
      .filter((object) => object.type === type && !(type === 'type' && !object.original && !object.normal))
      .flatMap((object) => nameOf(object, world) ?? []);
    if (names.length > 0) plan.statements.push(`DROP ${words} IF EXISTS ${names.toReversed().join(', ')}`);
  }
  for (const { name } of schemas) {
    const mapped = name === null ? undefined : world.names.schema(name);
    if (mapped !== undefined && name !== null && world.names.joins(name))
      plan.statements.push(`DROP SCHEMA IF EXISTS ${quoteIdent(mapped)}`);
  }
  for (const object of meant) {
    if (object.type === 'default acl') plan.notes.push(`${event.tag} is not carried over`);
    else if (!known.has(object.type) && (object.schema === null || isOfTask(world, object.schema)))
      plan.problems.push(`${object.type} ${object.identity} was dropped`);
  }
  if (plan.statements.some((statement) => CALLED.test(statement) && mentionsChanged(statement, world.names)))
    plan.problems.push('it names something that has another name on the target');
  return plan;
}

const CALLED = /^DROP (?:FUNCTION|PROCEDURE|AGGREGATE) /;
