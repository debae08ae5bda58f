import { AppError } from '../../../../shared/errors';
import type { DatabaseChoice } from '../../../../shared/model/migration';
import type { PgSession } from '../../../adapters/postgres/session';
import { journalName } from '../copy/copy-statements';
import { openSnapshot, type Snapshot } from '../copy/snapshot';
import { openProgress, readRoutes, saveRoutes } from '../follow/apply/progress';
import { formatLsn, parseLsn } from '../follow/change-stream';
import { IDENTITY } from '../follow/clean';
import { installCapture } from '../follow/ddl/capture';
import type { StreamIdentity, TableRoute } from '../follow/follow-model';
import { findIdentityColumns, setIdentity } from '../follow/identity-columns';
import { holdsAll, publishMore } from '../follow/publication';
import { prepareStream, takeConsistentPoint } from '../follow/source-slot';
import { lookAtSlot } from '../follow/slots';
import { SlotLost } from '../follow/stream';
import type { PlannedDatabase, PlannedTable } from '../plan-model';
import { readPlan } from '../plan/read-plan';
import type { PostWork } from '../structure/post-work';
import { saveDeferred } from './deferred';
import { COPIED, databaseState, type DatabaseState, type SlotRecord } from './journal-state';
import type { RunContext } from './run-context';
import { withSession } from './sides';
import type { ExportedState, StateStart } from './source-state';

/** A database whose rows are there and whose changes can be followed. */
export interface Followable {
  readonly choice: DatabaseChoice;
  /** On the target. */
  readonly to: string;
  readonly record: SlotRecord;
}

/** Told as soon as a database has a slot: from then on the source keeps WAL for it. */
export type OnSlot = (choice: DatabaseChoice, record: SlotRecord) => void;

export const identityOf = (
  ctx: RunContext,
  database: string,
  direction: 'forward' | 'back',
  { slot, system }: SlotRecord,
): StreamIdentity => ({ jobId: ctx.order.jobId, database, direction, slot, system });

/** Whether rows of the database may be on the target: then the slot that is there must stay. */
const hasBegun = ({ tables }: DatabaseState): boolean => [...tables.values()].some(({ begun }) => begun);

async function prepare(ctx: RunContext, choice: DatabaseChoice, onSlot: OnSlot): Promise<ExportedState> {
  const { source, journal, telling, signal, order } = ctx;
  const database = choice.name;
  const plan = await withSession(
    () => source.open(database, signal),
    signal,
    (session) => readPlan(session, choice, signal),
  );
  telling.log(
    'info',
    `${database}: making the slot that keeps its changes; this waits for transactions that run on the source`,
  );
  const prepared = await prepareStream({
    side: source,
    jobId: order.jobId,
    database,
    direction: 'forward',
    tables: plan.tables,
    async onPublished(session, publication) {
      if (!order.options.followDdl) return;
      const installed = await installCapture(session, { jobId: order.jobId, publication, signal });
      if (!installed)
        telling.log(
          'warning',
          `${database}: the account may not make event triggers: changes of the structure are not carried over, following stops where one does not fit`,
        );
    },
    async onMade(made) {
      await journal.add({ did: 'slot', database, direction: 'forward', ...made });
      if (made.lsn !== '') onSlot(choice, made);
    },
    onNote: (level, text) => telling.log(level, text),
    signal,
  });
  telling.log(
    'info',
    `${database}: changes are kept from ${formatLsn(prepared.lsn)} on by the slot ${prepared.identity.slot}`,
  );
  return prepared;
}

/** The slot stays as it is; tables that have come since join its publication. */
async function goOn(ctx: RunContext, choice: DatabaseChoice, record: SlotRecord): Promise<ExportedState> {
  const { source, telling, signal } = ctx;
  const database = choice.name;
  await withSession(
    () => source.open(database, signal),
    signal,
    async (session) => {
      const { slot } = await lookAtSlot(session, record.slot, signal);
      if (!slot || slot.walStatus === 'lost')
        throw new SlotLost(`The slot ${record.slot} of ${database} is gone`, slot !== null);
      const plan = await readPlan(session, choice, signal);
      const onNote = (level: 'info' | 'warning', text: string): void => telling.log(level, text);
      await publishMore(session, { name: record.publication, tables: plan.tables, onNote, signal });
    },
  );
  return takeConsistentPoint({ side: source, database, signal }, record.slot, 'resume');
}

/** States of a database whose changes are kept: the first by its slot, others by one that ends at once. */
export function stateStart(ctx: RunContext, choice: DatabaseChoice, onSlot: OnSlot): StateStart {
  const { source, journal, signal } = ctx;
  const database = choice.name;
  return {
    async take() {
      const state = databaseState(journal, database);
      const record = state.slots.forward;
      if (record === null || record.lsn === '' || !hasBegun(state)) return prepare(ctx, choice, onSlot);
      onSlot(choice, record);
      return goOn(ctx, choice, record);
    },
    async holds(plan) {
      const record = databaseState(journal, database).slots.forward;
      if (!record) return false;
      const onNote = (): void => undefined;
      const order = { name: record.publication, tables: plan.tables, onNote, signal };
      return withSession(
        () => source.open(database, signal),
        signal,
        (session) => holdsAll(session, order),
      );
    },
  };
}

/** A state of now for one table, beside the state that the others are read in. */
export interface FreshState {
  readonly snapshot: Snapshot;
  readonly lsn: string;
}

export async function takeFresh(ctx: RunContext, database: string, number: number): Promise<FreshState> {
  const record = databaseState(ctx.journal, database).slots.forward;
  if (!record) throw new Error(`${database} has no slot`);
  const { source, signal } = ctx;
  const point = await takeConsistentPoint({ side: source, database, signal }, record.slot, `again${number}`);
  try {
    const snapshot = await openSnapshot(() => source.open(database, signal), point.snapshot);
    return { snapshot, lsn: formatLsn(point.lsn) };
  } finally {
    await point.release();
  }
}

/** Tables whose changes are followed where they can be. */
const isFollowed = ({ persistence, extension }: PlannedTable): boolean =>
  persistence === 'permanent' && extension === undefined;

/** Where the rows of each table go whose copy is whole, and from where on its changes count. */
function routesOf(
  plan: PlannedDatabase,
  { tables, points }: DatabaseState,
  stored: ReadonlyMap<number, TableRoute>,
  run: number,
): Map<number, TableRoute> {
  const routes = new Map(stored);
  for (const table of plan.tables.filter(isFollowed)) {
    const route = { schema: table.targetSchema, name: table.targetName };
    const known = tables.get(journalName(table));
    // Its parts are known by it; it has no rows of its own.
    if (table.kind === 'partitioned') routes.set(table.oid, routes.get(table.oid) ?? { ...route, syncedAt: 0n });
    else if (known?.done && (known.done.run === run || !stored.has(table.oid))) {
      // One that was there before has perhaps another name by now, unless it was copied anew.
      const lsn = known.synced ?? points.get(known.done.run);
      if (lsn !== undefined) routes.set(table.oid, { ...route, syncedAt: parseLsn(lsn) });
    }
  }
  return routes;
}

/** Routes of a database that was followed before; none when it was not. */
export async function storedRoutes(
  ctx: RunContext,
  database: string,
  to: string,
  signal: AbortSignal,
): Promise<ReadonlyMap<number, TableRoute>> {
  const state = databaseState(ctx.journal, database);
  const record = state.slots.forward;
  if (!record || record.lsn === '' || !hasBegun(state)) return new Map();
  const asking = <T>(work: (session: PgSession) => Promise<T>): Promise<T> =>
    withSession(() => ctx.target.open(to, signal), signal, work);
  return readRoutes(asking, identityOf(ctx, database, 'forward', record));
}

export interface KeepDeps {
  readonly ctx: RunContext;
  readonly choice: DatabaseChoice;
  readonly to: string;
  readonly plan: PlannedDatabase;
  readonly post: PostWork;
  readonly run: number;
  readonly signal: AbortSignal;
}

/**
 * Writes down what following needs: where rows go (on the target), what is still to be made (in the folder of the task). Identity columns
 * take the values of the source from here on. When every table is there, the copy is over for good.
 */
export async function keepForFollowing({ ctx, choice, to, plan, post, run, signal }: KeepDeps): Promise<void> {
  const { journal, order, target } = ctx;
  const database = choice.name;
  const state = databaseState(journal, database);
  const record = state.slots.forward;
  if (!record) throw new AppError({ code: 'bug', message: `${database} has no slot` });
  const open = (): Promise<PgSession> => target.open(to, signal);
  await withSession(open, signal, async (session) => {
    const names = plan.tables.map(({ targetSchema: schema, targetName: name }) => ({ schema, name }));
    const columns = await findIdentityColumns(session, names, 'always', signal);
    // Known before it is done: what is set is set back in any case.
    await Promise.all(
      columns.map((column) => journal.add({ did: 'step', database, step: `${IDENTITY}${JSON.stringify(column)}` })),
    );
    await setIdentity(session, columns, 'BY DEFAULT', signal);
  });
  const identity = identityOf(ctx, database, 'forward', record);
  const asking = <T>(work: (session: PgSession) => Promise<T>): Promise<T> => withSession(open, signal, work);
  await openProgress(asking, identity);
  const routes = routesOf(plan, state, await readRoutes(asking, identity), run);
  await saveDeferred(order.folder, database, {
    leftOut: plan.tables.flatMap(({ oid, kind }) => (kind === 'table' && !routes.has(oid) ? [oid] : [])),
    foreignKeys: post.foreignKeys,
    last: post.last,
    tables: plan.tables.map(({ targetSchema, targetName, bytes }) => ({ targetSchema, targetName, bytes })),
  });
  await saveRoutes(asking, identity, routes);
  const isThere = (table: PlannedTable): boolean =>
    table.kind !== 'table' || routes.has(table.oid) || Boolean(state.tables.get(journalName(table))?.done);
  if (plan.tables.every(isThere)) await journal.add({ did: 'step', database, step: COPIED });
}
