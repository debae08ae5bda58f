import { AppError } from '../../../../shared/errors';
import type { DatabaseChoice } from '../../../../shared/model/migration';
import { quoteQualified } from '../../../../shared/model/quote';
import type { PgSession } from '../../../adapters/postgres/session';
import { readRoutes } from '../follow/apply/progress';
import { NOT_COPIED } from '../follow/ddl/join-table';
import type { Asking, StreamIdentity } from '../follow/follow-model';
import { findPublications } from '../follow/publication';
import type { Journal } from '../journal';
import type { PlannedDatabase, PlannedTable } from '../plan-model';
import { readPlan, type FollowedTables } from '../plan/read-plan';
import { databaseState } from '../worker/journal-state';
import type { RunContext } from '../worker/run-context';

/** What of a database is followed, as both servers have it now: tables are known by their routes, which outlive their names. */

const FILTERS_FROM = 150_000;
const NAMED = 5;

/** Which rows of tables a publication lets through, by oid; null where that is not for the publication to say. */
async function publishedFilters(
  source: PgSession,
  slot: string,
  signal: AbortSignal,
): Promise<ReadonlyMap<number, string> | null> {
  if (source.serverVersionNum < FILTERS_FROM) return null;
  const names = await findPublications(source, slot, signal);
  const [there] = await source.query<{ all: boolean }>(
    'SELECT pg_catalog.bool_or(puballtables) AS all FROM pg_catalog.pg_publication WHERE pubname = ANY ($1)',
    [names],
    signal,
  );
  if (there?.all !== false) return null;
  const rows = await source.query<{ oid: number; filter: string }>(
    `SELECT r.prrelid AS oid, pg_catalog.pg_get_expr(r.prqual, r.prrelid) AS filter
       FROM pg_catalog.pg_publication_rel r JOIN pg_catalog.pg_publication p ON p.oid = r.prpubid
      WHERE p.pubname = ANY ($1) AND r.prqual IS NOT NULL`,
    [names],
    signal,
  );
  return new Map(rows.map(({ oid, filter }) => [oid, filter]));
}

/** The stream of one direction as the journal has it; null when there is none (any more). */
function streamOf(
  { order, journal }: { readonly order: { readonly jobId: string }; readonly journal: Journal },
  { name, newName }: DatabaseChoice,
  direction: 'forward' | 'back',
): StreamIdentity | null {
  const record = databaseState(journal, name).slots[direction];
  if (!record || record.lsn === '') return null;
  const database = direction === 'forward' || newName === '' ? name : newName;
  return { jobId: order.jobId, database, direction, slot: record.slot, system: record.system };
}

const asked =
  (session: PgSession): Asking =>
  (work) =>
    work(session);

type PlaceRow = { readonly oid: number; readonly schema: string; readonly name: string };

/** Where tables of the source go, by the routes of the way back: these lead from the target to them. */
async function placesBack(
  sides: { readonly source: PgSession; readonly target: PgSession },
  stream: StreamIdentity,
  signal: AbortSignal,
): Promise<Map<number, { readonly schema: string; readonly name: string }>> {
  const routes = [...(await readRoutes(asked(sides.source), stream))];
  const there = await sides.target.query<PlaceRow>(
    `SELECT c.oid, n.nspname AS schema, c.relname AS name FROM pg_catalog.pg_class c
       JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = ANY ($1::oid[])`,
    [routes.map(([oid]) => oid)],
    signal,
  );
  const here = await sides.source.query<PlaceRow>(
    `SELECT c.oid, w.schema, w.name FROM unnest($1::text[], $2::text[]) w (schema, name)
       JOIN pg_catalog.pg_namespace n ON n.nspname = w.schema
       JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = w.name`,
    [routes.map(([, { schema }]) => schema), routes.map(([, { name }]) => name)],
    signal,
  );
  const oidOf = new Map(here.map(({ schema, name, oid }) => [quoteQualified(schema, name), oid]));
  const routeOf = new Map(routes);
  return new Map(
    there.flatMap(({ oid: onTarget, schema, name }) => {
      const route = routeOf.get(onTarget);
      const oid = route && oidOf.get(quoteQualified(route.schema, route.name));
      return oid === undefined ? [] : [[oid, { schema, name }] as const];
    }),
  );
}

async function followedTables(
  ctx: Pick<RunContext, 'order' | 'journal'>,
  choice: DatabaseChoice,
  sides: { readonly source: PgSession; readonly target: PgSession },
  signal: AbortSignal,
): Promise<FollowedTables | undefined> {
  const forward = streamOf(ctx, choice, 'forward');
  if (forward) {
    const places = await readRoutes(asked(sides.target), forward);
    return { places, filters: await publishedFilters(sides.source, forward.slot, signal) };
  }
  const back = streamOf(ctx, choice, 'back');
  return back ? { places: await placesBack(sides, back, signal), filters: null } : undefined;
}

/**
 * The plan of a database as it is followed. What a person has chosen and is gone by now is left out; a table that was renamed is there, and goes where
 * its rows went. Before anything is followed it is `readPlan`.
 */
export const readFollowedPlan = async (
  ctx: Pick<RunContext, 'order' | 'journal'>,
  choice: DatabaseChoice,
  sides: { readonly source: PgSession; readonly target: PgSession },
  signal: AbortSignal,
): Promise<PlannedDatabase> => readPlan(sides.source, choice, signal, await followedTables(ctx, choice, sides, signal));

/** Decided by a person: the changes of the table are left out. */
function isLeftOut({ journal }: Pick<RunContext, 'journal'>, database: string, oid: number): boolean {
  const { decisions } = databaseState(journal, database);
  return [...decisions].some(([id, { choice }]) => choice === 'skip' && id.startsWith(`structure:${oid}:`));
}

/** Names of tables, not all of many. */
export const listed = (tables: readonly Pick<PlannedTable, 'schema' | 'name'>[]): string => {
  const names = tables.slice(0, NAMED).map(({ schema, name }) => quoteQualified(schema, name));
  return `${names.join(', ')}${tables.length > NAMED ? ` and ${tables.length - NAMED} more` : ''}`;
};

/** Tables of the plan that keep their rows and whose changes do not come, or do not come yet. */
export interface Unfollowed {
  /** Nobody brings their rows. */
  readonly unknown: readonly PlannedTable[];
  /** Their rows are still to be copied. */
  readonly waiting: readonly PlannedTable[];
}

export async function findUnfollowed(
  ctx: Pick<RunContext, 'order' | 'journal'>,
  choice: DatabaseChoice,
  { target, plan }: { readonly target: PgSession; readonly plan: PlannedDatabase },
): Promise<Unfollowed> {
  const stream = streamOf(ctx, choice, 'forward');
  if (!stream) return { unknown: [], waiting: [] };
  const routes = await readRoutes(asked(target), stream);
  const tables = plan.tables.filter(
    ({ oid, kind, persistence, extension }) =>
      kind === 'table' && persistence === 'permanent' && extension === undefined && !isLeftOut(ctx, choice.name, oid),
  );
  return {
    unknown: tables.filter(({ oid }) => !routes.has(oid)),
    waiting: tables.filter(({ oid }) => routes.get(oid)?.syncedAt === NOT_COPIED),
  };
}

/**
 * Fails with `conflict`, naming the tables, when some of them would be missing after the cut-over. Those that nobody brings it names once: a person
 * who asks for the cut-over all the same leaves them out. `told` are those that were named.
 */
export function mustAllBeFollowed(database: string, { unknown, waiting }: Unfollowed, told: Set<string>): void {
  const fresh = unknown.filter(({ oid }) => !told.has(`${database} ${oid}`));
  for (const { oid } of fresh) told.add(`${database} ${oid}`);
  if (fresh.length > 0)
    throw new AppError({
      code: 'conflict',
      message: `${database}: ${listed(fresh)} would be missing on the target: such tables have come since the copy, and their changes are not followed. Asked for again, the cut-over leaves them out`,
      hint: 'Take the cut-over back to move them by a task of their own, or ask for it again to leave them out.',
    });
  if (waiting.length > 0)
    throw new AppError({
      code: 'conflict',
      message: `${database}: the rows of ${listed(waiting)} are still to be copied`,
      hint: 'Take the cut-over back, and complete when they have been copied.',
    });
}
