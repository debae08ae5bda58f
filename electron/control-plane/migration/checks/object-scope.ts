import type { CheckStepId, Finding } from '../../../../shared/model/migration';
import type { PlannedDatabase, PlannedTable } from '../plan-model';
import type { Check, CheckContext, CheckedDatabase, Found } from './check';

/** Oids of the source of what travels of one database; tables of extensions come with these. */
export interface Scope {
  readonly tables: readonly number[];
  /** Tables, foreign tables, views, materialized views, sequences. */
  readonly relations: readonly number[];
  readonly functions: readonly number[];
  /** Names of schemas on the source, and of those among them of which everything travels. */
  readonly schemas: readonly string[];
  readonly wholeSchemas: readonly string[];
}

export function scopeOf(plan: PlannedDatabase): Scope {
  const tables = ownTables(plan).map(({ oid }) => oid);
  const others = [plan.foreignTables, plan.views, plan.materializedViews, plan.sequences];
  return {
    tables,
    relations: [...tables, ...others.flatMap((list) => list.map(({ oid }) => oid))],
    functions: plan.functions.map(({ oid }) => oid),
    schemas: plan.schemas.map(({ name }) => name),
    wholeSchemas: plan.schemas.filter(({ whole }) => whole).map(({ name }) => name),
  };
}

/** Tables that the structure makes. */
export const ownTables = (plan: PlannedDatabase): readonly PlannedTable[] =>
  plan.tables.filter(({ extension }) => extension === undefined);

/** The name of a relation `c` in its schema `n`, quoted as in SQL, whatever the search path is. */
export const RELATION_NAME = "pg_catalog.format('%I.%I', n.nspname, c.relname)";
export const RELATIONS = 'pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace';
/** The columns `a` of the relations whose oids are the first parameter, those of partitions included. */
export const COLUMNS = `pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace AND a.attrelid = ANY ($1::oid[]) AND a.attnum > 0 AND NOT a.attisdropped`;
export const COLUMN_NAME = "pg_catalog.format('%I.%I.%I', n.nspname, c.relname, a.attname)";

/** `1 table`, `2 tables`. */
export const count = (many: number, one: string, more = `${one}s`): string =>
  `${many.toLocaleString('en-US')} ${many === 1 ? one : more}`;

interface Words {
  readonly level: Finding['level'];
  readonly found: string;
  readonly effect?: string;
  readonly remedy?: string;
  readonly fix?: Finding['fix'];
}

/** What a check says of one database; nothing found is `pass` with what was looked at. */
export function databaseFinding(
  database: CheckedDatabase,
  side: Found['side'],
  sql: string,
  items: readonly string[],
  words: Words,
): Found {
  return {
    level: words.level,
    side,
    database: database.plan.source,
    found: words.found,
    items: [...items],
    effect: words.effect ?? '',
    remedy: words.remedy ?? '',
    sql,
    fix: words.fix ?? null,
  };
}

export const passed = (database: CheckedDatabase, side: Found['side'], sql: string, found: string): Found =>
  databaseFinding(database, side, sql, [], { level: 'pass', found });

export interface ItemsCheck {
  readonly id: string;
  readonly step: CheckStepId;
  readonly title: string;
  readonly applies?: (context: CheckContext) => boolean;
  /** Answers `item`, one row for each thing found. */
  readonly sql: string | ((context: CheckContext) => string);
  /** Default: the tables. */
  readonly params?: (scope: Scope, database: CheckedDatabase) => readonly unknown[];
  /** Of what is found. */
  readonly level: Finding['level'];
  /** What is said when there is nothing. */
  readonly none: string;
  readonly found: (many: number) => string;
  readonly effect: string;
  readonly remedy: string;
  readonly fix?: (items: readonly string[], database: CheckedDatabase) => Finding['fix'];
}

/** A check that asks the source one thing in each database and reports what comes back. */
export const itemsCheck = (o: ItemsCheck): Check => ({
  id: o.id,
  step: o.step,
  title: o.title,
  applies: (context) => context.databases.length > 0 && (o.applies?.(context) ?? true),
  async run(context) {
    const sql = typeof o.sql === 'string' ? o.sql : o.sql(context);
    return forDatabases(context, async (database) => {
      const scope = scopeOf(database.plan);
      const params = o.params?.(scope, database) ?? [scope.tables];
      const rows = await database.source.query<{ item: string }>(sql, params, context.signal);
      const items = rows.map(({ item }) => item);
      if (items.length === 0) return passed(database, 'source', sql, o.none);
      return databaseFinding(database, 'source', sql, items, {
        level: o.level,
        found: o.found(items.length),
        effect: o.effect,
        remedy: o.remedy,
        fix: o.fix?.(items, database) ?? null,
      });
    });
  },
});

/** One database after the other: a check uses one connection to each server at a time. */
export async function forDatabases(
  context: CheckContext,
  ask: (database: CheckedDatabase) => Promise<Found | readonly Found[] | null>,
): Promise<Found[]> {
  const all: Found[] = [];
  for (const database of context.databases) {
    const said = await ask(database);
    if (said !== null) all.push(...(Array.isArray(said) ? said : [said]));
  }
  return all;
}

/** The same for databases that are on the target already. */
export const forTargets = (
  context: CheckContext,
  ask: (
    database: CheckedDatabase & { readonly target: NonNullable<CheckedDatabase['target']> },
  ) => Promise<Found | readonly Found[] | null>,
): Promise<Found[]> =>
  forDatabases(context, async (database) =>
    database.target === null ? null : ask({ ...database, target: database.target }),
  );
