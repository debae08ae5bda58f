import { AppError, throwIfAborted } from '../../../../shared/errors';
import { quoteIdent, quoteQualified } from '../../../../shared/model/quote';
import type { PgSession } from '../../../adapters/postgres/session';
import type { PlannedDatabase } from '../plan-model';
import type { Check, CheckContext, Found } from './check';
import { EXISTING, existingRelations, existingTables, isTable, type ExistingTable } from './conflict-existing';
import { count, databaseFinding, forTargets, passed, scopeOf } from './object-scope';

/** Tables that are looked into one by one; of more, those that take up room count as full. */
const MOST_LOOKED_INTO = 500;
const SIZED =
  'SELECT c.oid::bigint::float8 AS oid FROM pg_catalog.pg_class c WHERE c.oid = ANY ($1::oid[]) AND pg_catalog.pg_relation_size(c.oid) > 0';

/** Null: it is not allowed, or somebody holds a lock. */
async function peek<T extends Record<string, unknown>>(
  target: PgSession,
  sql: string,
  params: readonly unknown[],
  signal: AbortSignal,
): Promise<readonly T[] | null> {
  await target.query('BEGIN READ ONLY', [], signal);
  try {
    await target.query("SET LOCAL lock_timeout = '1s'", [], signal);
    return await target.query<T>(sql, params, signal);
  } catch (error) {
    throwIfAborted(signal);
    if (error instanceof AppError && error.code === 'sql') return null;
    throw error;
  } finally {
    if (!target.closed) await target.query('ROLLBACK');
  }
}

/** Those of the tables that hold rows, and those of which it cannot be seen. */
async function fullTables(
  target: PgSession,
  tables: readonly ExistingTable[],
  signal: AbortSignal,
): Promise<readonly ExistingTable[]> {
  if (tables.length > MOST_LOOKED_INTO) {
    const sized = await peek<{ oid: number }>(target, SIZED, [tables.map(({ oid }) => oid)], signal);
    const oids = new Set(sized?.map(({ oid }) => oid));
    return sized === null ? tables : tables.filter(({ oid }) => oids.has(oid));
  }
  const full: ExistingTable[] = [];
  for (const table of tables) {
    const rows = await peek(target, `SELECT 1 AS one FROM ${table.name} LIMIT 1`, [], signal);
    if (rows === null || rows.length > 0) full.push(table);
  }
  return full;
}

type Words = Pick<Found, 'level' | 'found' | 'effect' | 'remedy'>;

function tableWords(context: CheckContext, many: number, full: number): Words {
  const same = `${count(many, 'table')} of the same name on the target`;
  if (context.options.type === 'structure')
    return {
      level: 'warning',
      found: same,
      effect: 'These tables stay as they are; their definitions are not made anew.',
      remedy: 'Drop them on the target, give the tables another name, or leave them out.',
    };
  const found = `${same}, ${full === 0 ? 'all empty' : `${full} with rows`}`;
  if (full === 0)
    return {
      level: 'warning',
      found,
      effect: 'These tables stay as they are and get the rows.',
      remedy: 'Drop them on the target when they should be made as on the source.',
    };
  if (context.options.existingRows === 'refuse')
    return {
      level: 'failed',
      found,
      effect: 'Tables that hold rows are not touched: nothing is copied into them.',
      remedy:
        'Empty or drop them on the target, choose to empty them or to add to them, give the tables another name, or leave them out.',
    };
  return context.options.existingRows === 'truncate'
    ? {
        level: 'warning',
        found,
        effect: `The rows of ${count(full, 'table')} of the target are deleted before the copy.`,
        remedy: 'Look at the list: is each of them to be replaced?',
      }
    : {
        level: 'warning',
        found,
        effect: 'Rows are added to what is there; where a key is there already, the copy of that table fails.',
        remedy: 'Choose to empty the tables first when the target should be equal to the source.',
      };
}

const tables: Check = {
  id: 'same-name-tables',
  step: 'ConflictCheck',
  title: 'Tables that are on the target already',
  applies: ({ databases }) => databases.length > 0,
  run: (context) =>
    forTargets(context, async (database) => {
      const there = await existingTables(database.target, database.plan, context.signal);
      const others = there.filter((each) => !isTable(each));
      const existing = there.filter(isTable);
      if (there.length === 0)
        return passed(database, 'target', EXISTING, `None of ${count(database.plan.tables.length, 'table')} is there`);
      if (others.length > 0)
        return databaseFinding(
          database,
          'target',
          EXISTING,
          others.map(({ name }) => name),
          {
            level: 'failed',
            found: `${count(others.length, 'table')} whose name another kind of object has on the target`,
            effect: 'The tables cannot be made, and their rows have nowhere to go.',
            remedy: 'Drop or rename the objects on the target, or give the tables another name.',
          },
        );
      const look = context.options.type !== 'structure';
      const full = look ? await fullTables(database.target, existing, context.signal) : [];
      const words = tableWords(context, existing.length, full.length);
      const items = (full.length > 0 ? full : existing).map(({ name }) => name);
      return databaseFinding(database, 'target', EXISTING, items, words);
    }),
};

const TYPES = `SELECT n.nspname AS schema, t.typname AS name FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
LEFT JOIN pg_catalog.pg_class c ON c.oid = t.typrelid WHERE n.nspname = ANY ($1::text[])
AND (t.typtype IN ('e', 'd', 'r') OR c.relkind = 'c') AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend d
WHERE d.classid = 'pg_catalog.pg_type'::pg_catalog.regclass AND d.objid = t.oid AND d.deptype = 'e')`;
const FUNCTIONS = `SELECT n.nspname AS schema, p.proname || '(' || pg_catalog.pg_get_function_identity_arguments(p.oid) || ')' AS name
FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = ANY ($1::text[])`;

interface Place extends Record<string, unknown> {
  readonly schema: string;
  readonly name: string;
}
const written = ({ schema, name }: Place): string => quoteQualified(schema, name);

/** Views, sequences and indexes by name, but not those that belong to a table which is there itself. */
async function otherRelations(target: PgSession, plan: PlannedDatabase, signal: AbortSignal): Promise<string[]> {
  const there = await existingTables(target, plan, signal);
  const kept = new Set(there.map(({ oid }) => oid));
  const keptOnSource = new Set(there.map(({ table }) => table.oid));
  const schemas = new Map(plan.schemas.map(({ name, targetName }) => [name, targetName]));
  const named = [plan.views, plan.materializedViews, plan.foreignTables, plan.sequences].flat();
  const places = [
    ...named.map(({ targetSchema, name }) => ({ schema: targetSchema, name })),
    ...plan.indexes
      .filter(({ tableOid }) => !keptOnSource.has(tableOid))
      .map(({ schema, name }) => ({ schema: schemas.get(schema) ?? schema, name })),
  ];
  const found = await existingRelations(target, places, signal);
  return found.filter(({ owner }) => owner === null || !kept.has(owner)).map(written);
}

const objects: Check = {
  id: 'same-name-objects',
  step: 'ConflictCheck',
  title: 'Other objects that are on the target already',
  applies: ({ databases }) => databases.length > 0,
  run: (context) =>
    forTargets(context, async (database) => {
      const { plan, source, target } = database;
      const schemas = new Map(plan.schemas.map(({ name, targetName }) => [name, targetName]));
      const targetSchemas = [...schemas.values()];
      const here = await source.query<Place>(TYPES, [scopeOf(plan).schemas], context.signal);
      const types = new Set((await target.query<Place>(TYPES, [targetSchemas], context.signal)).map(written));
      const functions = await target.query<Place>(FUNCTIONS, [targetSchemas], context.signal);
      const known = new Set(functions.map(({ schema, name }) => `${schema}.${name}`));
      const items = [
        ...(await otherRelations(target, plan, context.signal)),
        ...plan.functions
          .filter(({ targetSchema, name }) => known.has(`${targetSchema}.${name}`))
          .map(({ targetSchema, name }) => `${quoteIdent(targetSchema)}.${name}`),
        ...here
          .map(({ schema, name }) => written({ schema: schemas.get(schema) ?? schema, name }))
          .filter((name) => types.has(name))
          .map((name) => `type ${name}`),
      ];
      if (items.length === 0)
        return passed(
          database,
          'target',
          EXISTING,
          'No view, sequence, index, function or type of these names is there',
        );
      return databaseFinding(database, 'target', EXISTING, items.toSorted(), {
        level: 'warning',
        found: `${count(items.length, 'object')} of the same name on the target`,
        effect: 'They stay as they are on the target; each is reported as one that could not be made.',
        remedy: 'Drop them on the target when they should be as on the source, or look whether they are equal.',
      });
    }),
};

export const NAME_CONFLICT_CHECKS: readonly Check[] = [tables, objects];
