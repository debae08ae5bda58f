import { throwIfAborted } from '../../../../shared/errors';
import { quoteQualified } from '../../../../shared/model/quote';
import { createCopySessions, type CopySessions } from '../copy/copy-sessions';
import { createDurability } from '../copy/durability';
import { findUnpublished } from '../follow/publication';
import { hasCapture } from '../follow/ddl/capture';
import { copyLargeObjects } from '../finish/large-objects';
import { setSequences } from '../finish/sequences';
import type { PlannedTable } from '../plan-model';
import type { StructureEntry } from '../structure/entry';
import { readExisting } from './existing-tables';
import { takeFresh } from './follow-start';
import type { IndexBuilds } from './index-builds';
import { databaseState, type DatabaseState } from './journal-state';
import type { RunContext } from './run-context';
import { createSessionPool } from './session-pool';
import type { EntryDeps } from './settle-entry';
import { withRetries, withSession } from './sides';
import type { SourceState } from './source-state';
import { copyTables } from './table-copies';
import { together } from './together';

interface CopyDataDeps extends EntryDeps {
  readonly ctx: RunContext;
  /** On the target. */
  readonly to: string;
  readonly state: DatabaseState;
  readonly source: SourceState;
  readonly run: number;
  readonly entries: readonly StructureEntry[];
  readonly builds: IndexBuilds;
  /** Tables of the source whose changes are followed already. */
  readonly followed: ReadonlySet<number>;
  /** Ends everything that is under way for the database, for this reason. */
  readonly giveUp: (reason: unknown) => void;
}

const RELATIONS = 1259;

/** What became of the statements that make the tables: those that were there before, and why others could not be made. */
async function tablesByFate({ ctx, to, database, source, journal, entries, signal }: CopyDataDeps) {
  const { entries: outcomes } = databaseState(journal, database);
  const unmade = new Map<number, string>();
  const left = new Set<number>();
  for (const { kind, key, origin } of entries) {
    if (kind !== 'TABLE' || origin.catalog !== RELATIONS) continue;
    const known = outcomes.get(key);
    if (known?.outcome === 'failed') unmade.set(origin.oid, `The table could not be made: ${known.reason}`);
    if (known?.outcome === 'skipped') left.add(origin.oid);
  }
  const before = { ...source.plan, tables: source.plan.tables.filter(({ oid }) => left.has(oid)) };
  const existing = await withSession(
    () => ctx.target.open(to, signal),
    signal,
    (session) => readExisting(session, before, signal),
  );
  return { unmade, existing };
}

const NAMELESS =
  'Its updates and deletes could not be followed: it has neither a primary key nor a replica identity. Give it one on the source';

/** Why tables cannot be followed, by their oid. */
async function findNameless(
  { ctx, database, source, followed }: CopyDataDeps,
  signal: AbortSignal,
): Promise<ReadonlyMap<number, string>> {
  const record = databaseState(ctx.journal, database).slots.forward;
  if (!record) return new Map();
  const order = { name: record.publication, tables: source.plan.tables, onNote: () => undefined, signal };
  const unpublished = await withSession(
    () => ctx.source.open(database, signal),
    signal,
    (session) => findUnpublished(session, order),
  );
  const reasonOf = ({ schema, name }: { readonly schema: string; readonly name: string }): string =>
    `${NAMELESS}: ALTER TABLE ${quoteQualified(schema, name)} REPLICA IDENTITY FULL; then pause the task and resume it`;
  return new Map(
    unpublished.filter(({ oid }) => !followed.has(oid)).map((table): [number, string] => [table.oid, reasonOf(table)]),
  );
}

/** Sessions at both ends for the rows, watched. */
function openCopySessions({ ctx, to, database, source }: CopyDataDeps, signal: AbortSignal): CopySessions {
  return createCopySessions({
    openSource: () => ctx.source.openCopy(database, source.encoding, signal),
    openTarget: () => ctx.target.openCopy(to, source.encoding, signal),
    onPair: (pair) =>
      ctx.watch.flow({
        sourcePid: pair.source.backendPid,
        targetPid: pair.target.backendPid,
        moved: () => pair.moved,
        active: () => pair.flowing,
        cut() {
          pair.source.cut('Nothing came from the source any more');
          pair.target.cut('The target took nothing any more');
        },
      }),
  });
}

async function copyRowsOfTables(
  deps: CopyDataDeps,
  signal: AbortSignal,
  onThere: (table: PlannedTable) => void,
): Promise<void> {
  const { ctx, to } = deps;
  const fate = await tablesByFate(deps);
  ctx.steps.begin('copy');
  const asking = createSessionPool(() => ctx.target.open(to, signal));
  const sessions = openCopySessions(deps, signal);
  const durability = createDurability(() => withRetries(() => ctx.target.open(to, signal), signal));
  const { type, followDdl } = ctx.order.options;
  const follows = type === 'fullAndIncrement';
  const nameless = await findNameless(deps, signal);
  const { jobId } = ctx.order;
  let taken = 0;
  try {
    const failed = await copyTables({
      ...deps,
      existing: fate.existing,
      unmade: new Map([...nameless, ...fate.unmade]),
      captured: async () =>
        follows &&
        followDdl &&
        withSession(
          () => ctx.source.open(deps.database, signal),
          signal,
          (session) => hasCapture(session, { jobId, signal }),
        ),
      fresh: follows ? () => takeFresh(ctx, deps.database, (taken += 1)) : null,
      sessions,
      signal,
      durability,
      asking: (work) => withRetries(() => asking.use(work), signal),
      onThere,
      onLeftAlone: (table, reason) => deps.builds.leave(table.oid, reason),
    });
    ctx.steps.end('copy', failed);
  } finally {
    await Promise.all([sessions.close(), asking.close(), durability.close()]);
  }
}

/** What is neither rows nor statements: states of sequences, large objects. */
async function copyBesides(deps: CopyDataDeps, signal: AbortSignal): Promise<void> {
  const { ctx, to, database, source, journal, telling } = deps;
  await withSession(
    () => ctx.target.open(to, signal),
    signal,
    async (session) => {
      const common = { source: source.reader, target: session, journal, telling, signal };
      await setSequences({ ...common, plan: source.plan });
      if (source.plan.largeObjects)
        await copyLargeObjects({
          ...common,
          database,
          keepOwners: ctx.order.options.keepOwners,
          keepPrivileges: ctx.order.options.keepPrivileges,
          onBytes: (bytes) => ctx.limit.take(bytes),
        });
    },
  );
}

/**
 * Copies rows, large objects and sequences of a database under its snapshot, which is given back as soon as they are read; indexes of a table
 * are built as soon as its rows are there. Returns when all of that is done; throws what ends the run.
 */
export async function copyData(deps: CopyDataDeps): Promise<void> {
  const { database, source, telling, builds, signal, giveUp } = deps;
  const indexing = new Set<Promise<void>>();
  const onThere = (table: PlannedTable): void => {
    const { schema, name } = table;
    telling.table(database, schema, name, { state: 'indexing' });
    const work = builds
      .ready(table.oid)
      .then(() => telling.table(database, schema, name, { state: 'done', endedAt: Date.now() }))
      .catch(giveUp)
      .finally(() => indexing.delete(work));
    indexing.add(work);
  };
  try {
    await together(signal, [(inner) => copyRowsOfTables(deps, inner, onThere), (inner) => copyBesides(deps, inner)]);
    await source.release();
    telling.snapshot(null);
  } catch (error) {
    giveUp(error);
    throw error;
  } finally {
    while (indexing.size > 0) await Promise.all(indexing);
  }
  throwIfAborted(signal);
}
