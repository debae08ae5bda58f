import { AppError } from '../../../../shared/errors';
import { quoteIdent, quoteQualified } from '../../../../shared/model/quote';
import type { PgSession } from '../../../adapters/postgres/session';
import type { Journal } from '../journal';
import type { PlannedDatabase, PlannedName } from '../plan-model';
import { withEmptyPath } from '../plan/empty-path';
import { reasonText } from '../worker/failure';
import type { Telling } from '../worker-protocol';
import { isOfObject } from './object-failure';

export interface MaterializedWork {
  readonly source: PgSession;
  /** Autocommit. */
  readonly target: PgSession;
  readonly plan: PlannedDatabase;
  readonly journal: Journal;
  readonly telling: Telling;
  readonly signal: AbortSignal;
  /** Also those that were filled before: rows have changed since. */
  readonly again?: boolean;
}

const STEP = 'materialized';
/** From here on the server itself refreshes with an empty path. */
const SAFE_PATH_FROM = 170_000;
/** A function, table, other object, column or schema is not found. */
const NOT_FOUND: ReadonlySet<string> = new Set(['42883', '42P01', '42704', '42703', '3F000']);

const keyOf = ({ schema, name }: PlannedName): string => `MATERIALIZED VIEW DATA ${quoteQualified(schema, name)}`;

type NeedRow = { readonly view: number; readonly needs: number };

/** Those that have rows on the source, each behind those it reads from, whether directly or through views. */
async function populatedInOrder({ source, plan, signal }: MaterializedWork): Promise<PlannedName[]> {
  const populated = await source.query<{ oid: number }>(
    `SELECT c.oid FROM pg_catalog.unnest($1::pg_catalog.oid[]) o (oid)
       JOIN pg_catalog.pg_class c ON c.oid = o.oid AND c.relispopulated`,
    [plan.materializedViews.map(({ oid }) => oid)],
    signal,
  );
  const rows = await source.query<NeedRow>(
    `SELECT DISTINCT r.ev_class AS view, d.refobjid AS needs
     FROM pg_catalog.pg_rewrite r
       JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass AND d.objid = r.oid
         AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refobjid <> r.ev_class
       JOIN pg_catalog.pg_class v ON v.oid = r.ev_class AND v.relkind IN ('v', 'm')
       JOIN pg_catalog.pg_class n ON n.oid = d.refobjid AND n.relkind IN ('v', 'm')`,
    [],
    signal,
  );
  const needs = new Map<number, number[]>();
  for (const { view, needs: needed } of rows) needs.set(view, [...(needs.get(view) ?? []), needed]);
  const wanted = new Set(populated.map(({ oid }) => oid));
  const byOid = new Map(plan.materializedViews.map((view) => [view.oid, view]));
  const seen = new Set<number>();
  const ordered: PlannedName[] = [];
  const visit = (oid: number): void => {
    if (seen.has(oid)) return;
    seen.add(oid);
    for (const needed of needs.get(oid) ?? []) visit(needed);
    const view = byOid.get(oid);
    if (view && wanted.has(oid)) ordered.push(view);
  };
  for (const { oid } of plan.materializedViews) visit(oid);
  return ordered;
}

/**
 * With an empty path, as a restored dump does it; when something is not found then, with the path of the database: functions in the view may
 * have relied on it whenever it was refreshed on the source.
 */
async function refresh(target: PgSession, statement: string, signal: AbortSignal): Promise<void> {
  await target.query("SELECT pg_catalog.set_config('search_path', '', false)", [], signal);
  try {
    await target.query(statement, [], signal);
  } catch (error) {
    const notFound = error instanceof AppError && NOT_FOUND.has(error.info.sqlstate ?? '');
    if (!notFound || target.serverVersionNum >= SAFE_PATH_FROM) throw error;
    const [row] = await target.query<{ path: string }>(
      `SELECT coalesce((SELECT reset_val FROM pg_catalog.pg_settings WHERE name = 'search_path'), '') AS path`,
      [],
      signal,
    );
    await target.query("SELECT pg_catalog.set_config('search_path', $1, false)", [row?.path ?? ''], signal);
    await target.query(statement, [], signal);
  }
}

/**
 * Fills the materialized views that have rows on the source. Those that fail are tried again while others succeed, then told. What an earlier call
 * has filled is not filled again, unless a table has come since, or it is asked for. Fails when a connection is lost, or as the signal says.
 */
export async function refreshMaterialized(work: MaterializedWork): Promise<void> {
  const { target, plan, journal, telling, signal } = work;
  const database = plan.source;
  if (plan.materializedViews.length === 0) return;
  const known = journal.entries.filter((entry) => entry.database === database);
  // What was filled before rows of a table came is filled again.
  const since = known.slice(known.findLastIndex(({ did }) => did === 'table-done') + 1);
  const filled = new Set(
    work.again === true
      ? []
      : since.flatMap((entry) => (entry.did === 'entry' && entry.outcome === 'done' ? [entry.key] : [])),
  );
  const views = await populatedInOrder(work);
  const empty = plan.materializedViews.length - views.length;
  if (empty > 0) telling.log('info', `${database}: ${empty} materialized views are not populated on the source either`);

  const tell = (view: PlannedName, outcome: 'done' | 'failed', reason: string, statement: string): void => {
    const { schema, name } = view;
    telling.object({
      database,
      key: keyOf(view),
      kind: 'MATERIALIZED VIEW DATA',
      schema,
      name,
      outcome,
      reason,
      statement,
    });
  };
  let waiting = views.filter((view) => !filled.has(keyOf(view)));
  await withEmptyPath(target, async () => {
    while (waiting.length > 0) {
      const failed: { readonly view: PlannedName; readonly reason: string; readonly statement: string }[] = [];
      for (const view of waiting) {
        const statement = `REFRESH MATERIALIZED VIEW ${quoteIdent(view.targetSchema)}.${quoteIdent(view.name)}`;
        try {
          await refresh(target, statement, signal);
          await journal.add({ did: 'entry', database, key: keyOf(view), outcome: 'done', reason: '' });
          tell(view, 'done', '', '');
        } catch (error) {
          if (!isOfObject(error)) throw error;
          failed.push({ view, reason: reasonText(error), statement });
        }
      }
      const hopeless = failed.length === waiting.length;
      waiting = failed.map(({ view }) => view);
      if (!hopeless) continue;
      for (const { view, reason, statement } of failed) tell(view, 'failed', reason, statement);
      break;
    }
  });
  if (waiting.length === 0) await journal.add({ did: 'step', database, step: STEP });
}
