import { withEmptyPath } from '../plan/empty-path';
import type { PlannedTable } from '../plan-model';
import type { Check } from './check';
import { existingTables, isTable, type ExistingTable } from './conflict-existing';
import { count, databaseFinding, forTargets, passed } from './object-scope';

const TARGET_COLUMNS = (major: number): string => `SELECT a.attrelid::bigint::float8 AS table, a.attname AS name,
pg_catalog.format_type(a.atttypid, a.atttypmod) AS type,
${major >= 12 ? "a.attgenerated <> ''" : 'false'} AS generated
FROM pg_catalog.pg_attribute a WHERE a.attrelid = ANY ($1::oid[]) AND a.attnum > 0 AND NOT a.attisdropped`;
const KEYS = `SELECT i.indrelid::bigint::float8 AS table, i.indisprimary AS primary, i.indisunique AS unique,
pg_catalog.format('%I.%I', n.nspname, x.relname) AS name FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
JOIN pg_catalog.pg_namespace n ON n.oid = x.relnamespace WHERE i.indrelid = ANY ($1::oid[]) ORDER BY 4`;
const TRIGGERS = `SELECT pg_catalog.format('%I.%I: trigger %I%s', n.nspname, c.relname, g.tgname,
CASE g.tgenabled WHEN 'A' THEN ', always' WHEN 'R' THEN ', replica' ELSE '' END) AS item
FROM pg_catalog.pg_trigger g JOIN pg_catalog.pg_class c ON c.oid = g.tgrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.oid = ANY ($1::oid[]) AND NOT g.tgisinternal AND g.tgenabled <> 'D'
UNION ALL SELECT pg_catalog.format('%I.%I: foreign key %I', n.nspname, c.relname, k.conname)
FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_class c ON c.oid = k.conrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE k.contype = 'f' AND (k.conrelid = ANY ($1::oid[]) OR k.confrelid = ANY ($1::oid[])) ORDER BY 1`;

export interface TargetColumn extends Record<string, unknown> {
  readonly table: number;
  readonly name: string;
  readonly type: string;
  readonly generated: boolean;
}
interface Key extends Record<string, unknown> {
  readonly table: number;
  readonly primary: boolean;
  readonly unique: boolean;
  readonly name: string;
}

/** Types of other schemas may have moved with them: their last name counts. */
const plainType = (type: string): string => type.slice(type.lastIndexOf('.') + 1);

/** In words, what keeps the rows of a table from going into the one that is there. */
export function differences(table: Pick<PlannedTable, 'columns'>, there: readonly TargetColumn[]): string[] {
  const columns = new Map(there.map((column) => [column.name, column]));
  const said = table.columns.flatMap(({ name, type, generated }) => {
    const column = columns.get(name);
    if (!column) return [`no column ${name}`];
    if (column.generated !== generated) return [`${name} is ${column.generated ? 'generated' : 'not generated'}`];
    return plainType(column.type) === plainType(type) ? [] : [`${name} is ${column.type}, not ${type}`];
  });
  const names = new Set(table.columns.map(({ name }) => name));
  const more = there.filter(({ name }) => !names.has(name));
  return [...said, ...more.map(({ name }) => `${name} is not on the source`)];
}

const byTable = <T extends { readonly table: number }>(rows: readonly T[]): Map<number, T[]> => {
  const groups = new Map<number, T[]>();
  for (const row of rows) groups.set(row.table, [...(groups.get(row.table) ?? []), row]);
  return groups;
};

const structure: Check = {
  id: 'target-structure',
  step: 'ConflictCheck',
  title: 'Structure of tables that are on the target already',
  applies: ({ databases }) => databases.length > 0,
  run: (context) =>
    forTargets(context, async (database) => {
      const { plan, target } = database;
      const sql = TARGET_COLUMNS(context.target.major);
      const existing = (await existingTables(target, plan, context.signal)).filter(isTable);
      if (existing.length === 0) return null;
      const oids = existing.map(({ oid }) => oid);
      const columns = byTable(
        await withEmptyPath(target, () => target.query<TargetColumn>(sql, [oids], context.signal)),
      );
      const items = existing.flatMap(({ table, oid, name }) =>
        differences(table, columns.get(oid) ?? []).map((said) => `${name}: ${said}`),
      );
      if (items.length === 0)
        return passed(database, 'target', sql, `${count(existing.length, 'table')} with the columns of the source`);
      return databaseFinding(database, 'target', sql, items, {
        level: context.options.type === 'structure' ? 'warning' : 'failed',
        found: `${count(items.length, 'difference')} between tables of the source and those of the same name on the target`,
        effect:
          context.options.type === 'structure'
            ? 'The tables of the target stay as they are.'
            : 'The rows do not fit: nothing is copied into these tables.',
        remedy: 'Drop the tables on the target so that they are made as on the source, or change their columns.',
      });
    }),
};

const triggers: Check = {
  id: 'target-triggers',
  step: 'ConflictCheck',
  title: 'Triggers and foreign keys of tables that are on the target already',
  applies: ({ options, databases }) => options.type !== 'structure' && databases.length > 0,
  run: (context) =>
    forTargets(context, async (database) => {
      const existing = (await existingTables(database.target, database.plan, context.signal)).filter(isTable);
      if (existing.length === 0) return null;
      const params = [existing.map(({ oid }) => oid)];
      const items = (await database.target.query<{ item: string }>(TRIGGERS, params, context.signal)).map(
        ({ item }) => item,
      );
      if (items.length === 0)
        return passed(
          database,
          'target',
          TRIGGERS,
          `${count(existing.length, 'table')} without triggers and foreign keys`,
        );
      return databaseFinding(database, 'target', TRIGGERS, items, {
        level: 'warning',
        found: `${count(items.length, 'trigger or foreign key', 'triggers and foreign keys')} on tables that get rows`,
        effect:
          'Without the right to set session_replication_role they act on every row: foreign keys refuse rows whose other side is not there yet. Triggers marked ALWAYS or REPLICA act in any case.',
        remedy:
          'Drop the foreign keys and disable the triggers (ALTER TABLE … DISABLE TRIGGER …) until the copy is done.',
      });
    }),
};

async function keysOf(
  database: Parameters<Parameters<typeof forTargets>[1]>[0],
  signal: AbortSignal,
): Promise<{ readonly existing: ExistingTable[]; readonly keys: Map<number, Key[]> }> {
  const existing = (await existingTables(database.target, database.plan, signal)).filter(isTable);
  const rows =
    existing.length === 0 ? [] : await database.target.query<Key>(KEYS, [existing.map(({ oid }) => oid)], signal);
  return { existing, keys: byTable(rows) };
}

const indexes: Check = {
  id: 'target-indexes',
  step: 'ConflictCheck',
  title: 'Indexes of tables that are on the target already',
  applies: ({ options, databases }) => options.type !== 'structure' && databases.length > 0,
  run: (context) =>
    forTargets(context, async (database) => {
      const { existing, keys } = await keysOf(database, context.signal);
      if (existing.length === 0) return null;
      const items = [...keys.values()]
        .flat()
        .filter(({ primary }) => !primary)
        .map(({ name }) => name);
      if (items.length === 0)
        return passed(database, 'target', KEYS, `${count(existing.length, 'table')} without secondary indexes`);
      return databaseFinding(database, 'target', KEYS, items, {
        level: 'warning',
        found: `${count(items.length, 'secondary index', 'secondary indexes')} on tables that get rows`,
        effect: 'Every row is put into them one by one: the copy of these tables takes about a third longer, or more.',
        remedy: 'Drop them on the target; those of the source are built after the rows.',
      });
    }),
};

const applyKeys: Check = {
  id: 'target-apply-keys',
  step: 'ConflictCheck',
  title: 'Keys of tables that are on the target already',
  applies: ({ incremental, databases }) => incremental && databases.length > 0,
  run: (context) =>
    forTargets(context, async (database) => {
      const { existing, keys } = await keysOf(database, context.signal);
      if (existing.length === 0) return null;
      const items = existing.flatMap(({ oid, name }) => {
        const mine = (keys.get(oid) ?? []).filter(({ unique }) => unique);
        if (mine.length === 0) return [`${name}: no primary key, no unique index`];
        const more = mine.filter(({ primary }) => !primary).map((key) => key.name);
        return more.length === mine.length || more.length === 0
          ? []
          : [`${name}: beside the primary key ${more.join(', ')}`];
      });
      if (items.length === 0)
        return passed(database, 'target', KEYS, `${count(existing.length, 'table')} with one key each`);
      return databaseFinding(database, 'target', KEYS, items, {
        level: 'warning',
        found: `${count(items.length, 'table')} of the target whose keys make the changes slow or bound to their order`,
        effect:
          'Changes of rows without a key are found by reading the table; with several keys they go in strict order, not in batches.',
        remedy: 'Give each table of the target a primary key; drop further unique indexes until the end.',
      });
    }),
};

export const STRUCTURE_CONFLICT_CHECKS: readonly Check[] = [structure, triggers, indexes, applyKeys];
