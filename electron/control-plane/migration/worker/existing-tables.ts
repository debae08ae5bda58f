import { z } from 'zod';
import { quoteIdent } from '../../../../shared/model/quote';
import type { PgSession } from '../../../adapters/postgres/session';
import { journalName } from '../copy/copy-statements';
import type { PlannedDatabase, PlannedTable } from '../plan-model';

/** A table of the target that was there before. */
export interface ExistingTable {
  /** Why rows of the source do not fit; null when they do. */
  readonly problem: string | null;
  /** Names of what hangs on it: indexes, constraints, triggers, policies, rules. */
  readonly parts: ReadonlySet<string>;
  readonly partitioned: boolean;
}

const row = z.object({
  schema: z.string(),
  name: z.string(),
  kind: z.string(),
  columns: z.array(z.object({ name: z.string(), type: z.string() })),
  parts: z.array(z.string()),
});

const EXISTING = `SELECT n.nspname AS schema, c.relname AS name, c.relkind::text AS kind,
  (SELECT coalesce(json_agg(json_build_object('name', a.attname, 'type', pg_catalog.format_type(a.atttypid, a.atttypmod))
                            ORDER BY a.attnum), '[]')
     FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns,
  ARRAY(SELECT x.relname::text FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid WHERE i.indrelid = c.oid
        UNION SELECT conname::text FROM pg_catalog.pg_constraint WHERE conrelid = c.oid
        UNION SELECT tgname::text FROM pg_catalog.pg_trigger WHERE tgrelid = c.oid AND NOT tgisinternal
        UNION SELECT polname::text FROM pg_catalog.pg_policy WHERE polrelid = c.oid
        UNION SELECT rulename::text FROM pg_catalog.pg_rewrite WHERE ev_class = c.oid) AS parts
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  JOIN unnest($1::text[], $2::text[]) AS wanted (schema, name) ON wanted.schema = n.nspname AND wanted.name = c.relname`;

/** Types of other schemas may have moved with them: their last name counts. */
const plainType = (type: string): string => {
  const dot = type.lastIndexOf('.');
  return dot < 0 ? type : type.slice(dot + 1);
};

function problemOf(table: PlannedTable, found: z.output<typeof row>): string | null {
  const name = `${table.targetSchema}.${table.targetName}`;
  if (found.kind !== 'r' && found.kind !== 'p') return `${name} is there already and is no table`;
  const there = new Map(found.columns.map((column) => [column.name, column.type]));
  for (const column of table.columns) {
    const type = there.get(column.name);
    if (type === undefined) return `${name} is there already and has no column ${column.name}`;
    if (plainType(type) !== plainType(column.type))
      return `${name} is there already and its column ${column.name} is ${type}, not ${column.type}`;
  }
  if (there.size > table.columns.length) {
    const more = found.columns.find(({ name: each }) => !table.columns.some((column) => column.name === each));
    return `${name} is there already and has another column ${more?.name ?? ''}`;
  }
  return null;
}

/** Tables of the plan that the target has, by their name in the journal. */
export async function readExisting(
  session: PgSession,
  plan: PlannedDatabase,
  signal: AbortSignal,
): Promise<Map<string, ExistingTable>> {
  const rows = await session.query(
    EXISTING,
    [plan.tables.map((table) => table.targetSchema), plan.tables.map((table) => table.targetName)],
    signal,
  );
  const found = new Map(
    rows.map((each) => row.parse(each)).map((each) => [JSON.stringify([each.schema, each.name]), each]),
  );
  const existing = new Map<string, ExistingTable>();
  for (const table of plan.tables) {
    const there = found.get(JSON.stringify([table.targetSchema, table.targetName]));
    if (!there) continue;
    existing.set(journalName(table), {
      problem: problemOf(table, there),
      parts: new Set(there.parts),
      partitioned: there.kind === 'p',
    });
  }
  return existing;
}

/** Whether a table of the target holds rows of its own (of a partitioned one: its partitions'). */
export async function holdsRows(
  session: PgSession,
  table: PlannedTable,
  partitioned: boolean,
  signal: AbortSignal,
): Promise<boolean> {
  const name = `${quoteIdent(table.targetSchema)}.${quoteIdent(table.targetName)}`;
  const rows = await session.query(`SELECT 1 FROM ${partitioned ? '' : 'ONLY '}${name} LIMIT 1`, [], signal);
  return rows.length > 0;
}
