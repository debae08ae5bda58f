import { AppError } from '../../../../shared/errors';
import type { DatabaseChoice } from '../../../../shared/model/migration';
import type { PgSession } from '../../../adapters/postgres/session';
import { analyze } from '../finish/statistics';
import { refreshMaterialized } from '../finish/materialized';
import { makeDatabase } from '../roles/make-database';
import type { StructureEntry } from '../structure/entry';
import { postWork, type PostWork } from '../structure/post-work';
import { copyData } from './copy-data';
import { expectUnemptied } from './emptied-tables';
import { failureKind } from './failure';
import { makeForeignKeys } from './foreign-keys';
import { createIndexBuilds, type IndexBuilds } from './index-builds';
import { keepForFollowing, stateStart, storedRoutes, type Followable, type OnSlot } from './follow-start';
import { COMPLETE, COPIED, databaseState, type DatabaseState } from './journal-state';
import { readEntries } from './read-entries';
import { restoreTables } from './restore-tables';
import type { RunContext } from './run-context';
import { runBatches } from './run-batches';
import { createSessionPool, type SessionPool } from './session-pool';
import type { EntryDeps } from './settle-entry';
import { withSession, withRetries } from './sides';
import { takeState, type SourceState } from './source-state';

/** One database on its way. */
interface Passage extends EntryDeps {
  readonly ctx: RunContext;
  readonly choice: DatabaseChoice;
  /** On the target. */
  readonly to: string;
  readonly state: DatabaseState;
  readonly sessions: SessionPool;
  readonly giveUp: (reason: unknown) => void;
}

/** Runs entries one after the other on a session of their own; anew on another one when it is lost. */
function inOrder(passage: Passage, entries: readonly StructureEntry[]): Promise<{ failed: number }> {
  const { ctx, database, to, journal, telling, signal } = passage;
  if (entries.length === 0) return Promise.resolve({ failed: 0 });
  return withSession(
    () => ctx.target.open(to, signal),
    signal,
    (session) => runBatches(entries, { session, database, journal, telling, signal }),
  );
}

/** What the journal knows was done must still be there: else the rest would be put into nothing. */
async function mustBeThere(ctx: RunContext, to: string, state: DatabaseState): Promise<void> {
  if (state.entries.size === 0) return;
  const { target, signal } = ctx;
  const found = await withSession(
    () => target.open(target.maintenance, signal),
    signal,
    (session) => session.query('SELECT 1 FROM pg_catalog.pg_database WHERE datname = $1', [to], signal),
  );
  if (found.length > 0) return;
  throw new AppError({
    code: 'conflict',
    message: `The database ${to} of the target is gone, although a part of it was moved before`,
    hint: 'Begin anew with another task.',
  });
}

async function makeTarget(ctx: RunContext, from: string, to: string): Promise<void> {
  const { source, target, journal, telling, signal } = ctx;
  const { keepOwners, keepPrivileges } = ctx.order.options;
  await withSession(
    () => source.open(source.maintenance, signal),
    signal,
    (asked) =>
      withSession(
        () => target.open(target.maintenance, signal),
        signal,
        (session) =>
          makeDatabase({
            source: asked,
            target: session,
            from,
            to,
            keepOwners,
            keepPrivileges,
            journal,
            telling,
            signal,
          }),
      ),
  );
}

/** Constraints, foreign keys, triggers and the like: after the rows. What would see the changes that follow is kept for later. */
async function afterRows(passage: Passage, post: PostWork, source: SourceState): Promise<void> {
  const { ctx } = passage;
  const { steps } = ctx;
  steps.begin('constraints');
  const constraints = await inOrder(passage, post.constraints);
  if (follows(ctx)) {
    steps.end('constraints', constraints.failed);
    return;
  }
  const keys = await makeForeignKeys(post.foreignKeys, {
    ...passage,
    plan: source.plan,
    pool: ctx.indexPool,
    onDone: (done, of) => steps.fraction('constraints', done / Math.max(1, of)),
  });
  const last = await inOrder(passage, post.last);
  steps.end('constraints', constraints.failed + keys + last.failed);
}

/** Steps that a database is through when its rows are there. */
const OF_ROWS = ['structure', 'copy', 'indexes', 'constraints', 'finish'] as const;

const follows = ({ order }: RunContext): boolean => order.options.type === 'fullAndIncrement';

/** What the rows make possible: filled materialized views with their indexes, statistics. */
async function finish(passage: Passage, source: SourceState, builds: IndexBuilds): Promise<void> {
  const { ctx, database, to, telling, journal, signal } = passage;
  const { plan } = source;
  const open = (): Promise<PgSession> => ctx.target.open(to, signal);
  const failedBefore = telling.failures.objects;
  ctx.steps.begin('finish');
  if (ctx.order.options.type !== 'structure' && plan.materializedViews.length > 0) {
    await withSession(
      () => ctx.source.open(database, signal),
      signal,
      (asked) =>
        withSession(open, signal, (session) =>
          refreshMaterialized({ source: asked, target: session, plan, telling, journal, signal }),
        ),
    );
  }
  await Promise.all(builds.waiting.map((oid) => builds.ready(oid)));
  if (ctx.order.options.type !== 'structure' && ctx.order.options.analyze) {
    await withSession(open, signal, (session) =>
      analyze({ target: session, plan, telling, signal, open, jobs: ctx.copyJobs() }),
    );
  }
  ctx.steps.end('finish', telling.failures.objects - failedBefore);
}

/** What comes before anything is written: what travels, and the statements that make it. */
async function begin(passage: Passage, source: SourceState, run: number): Promise<StructureEntry[]> {
  const { ctx, database, telling, journal, state } = passage;
  const data = ctx.order.options.type !== 'structure';
  await journal.add({ did: 'snapshot', database, run, lsn: source.lsn, at: Date.now() });
  telling.log('info', `${database}: snapshot taken at ${source.lsn}`);
  telling.snapshot(data ? Date.now() : null);
  telling.plan(database, data ? source.plan.tables : []);
  restoreTables(database, source.plan, state, telling, follows(ctx));
  ctx.steps.begin('structure');
  return readEntries(passage, source);
}

async function pass(
  passage: Passage,
  source: SourceState,
  run: number,
  entries: readonly StructureEntry[],
): Promise<void> {
  const { ctx } = passage;
  const { steps } = ctx;
  const data = ctx.order.options.type !== 'structure';
  if (!data) await source.release();
  const { choice, to, state, signal } = passage;
  const followed = new Set((await storedRoutes(ctx, choice.name, to, signal)).keys());
  /** What of a followed table is new comes with its changes. */
  const isNew = ({ key }: StructureEntry, table: number): boolean => followed.has(table) && !state.entries.has(key);
  const before = await inOrder(
    passage,
    entries.filter((entry) => entry.section === 'pre' && !(entry.kind === 'TABLE' && isNew(entry, entry.origin.oid))),
  );
  steps.end('structure', before.failed);

  const post = postWork(entries, source.plan);
  const indexes = post.indexes.filter(({ entry, tableOid }) => !isNew(entry, tableOid));
  const builds = createIndexBuilds(indexes, { ...passage, plan: source.plan, pool: ctx.indexPool });
  steps.begin('indexes');
  if (data) await copyData({ ...passage, source, run, entries, builds, followed });
  else steps.skip('copy', 'only the structure travels');
  const views = new Set(source.plan.materializedViews.map(({ oid }) => oid));
  const later = data ? views : new Set<number>();
  const built = await Promise.allSettled(
    builds.waiting.filter((oid) => !later.has(oid)).map((oid) => builds.ready(oid)),
  );
  for (const each of built) if (each.status === 'rejected') throw each.reason;
  steps.end('indexes', builds.failed);
  await afterRows(passage, post, source);
  await finish(passage, source, builds);
  if (data) {
    const { journal, database } = passage;
    const { tables } = source.plan;
    const open = () => ctx.target.open(to, signal);
    await expectUnemptied({ open, journal, database, tables, run, signal });
  }
  if (follows(ctx)) {
    await keepForFollowing({ ctx, choice, to, plan: source.plan, post, run, signal });
  }
}

/**
 * Moves one database: what the journal knows is not done again. Objects that fail are told and left; what ends the whole run is thrown.
 * Answers what following it needs; null where it is not followed.
 */
export async function runDatabase(ctx: RunContext, choice: DatabaseChoice, onSlot: OnSlot): Promise<Followable | null> {
  const { journal, telling, signal } = ctx;
  const database = choice.name;
  const to = choice.newName === '' ? choice.name : choice.newName;
  const state = databaseState(journal, database);
  await mustBeThere(ctx, to, state);
  if (state.steps.has(follows(ctx) ? COPIED : COMPLETE)) {
    telling.log('info', `${database}: was ${follows(ctx) ? 'copied' : 'done'} before`);
    telling.databaseDone(database);
    restoreTables(database, null, state, telling);
    for (const step of OF_ROWS) ctx.steps.end(step, 0);
    const record = state.slots.forward;
    if (!record) return null;
    onSlot(choice, record);
    return { choice, to, record };
  }
  const failures = telling.failures.objects + telling.failures.tables;
  await makeTarget(ctx, database, to);
  const ending = new AbortController();
  const inner = AbortSignal.any([signal, ending.signal]);
  const reasons: unknown[] = [];
  const giveUp = (reason: unknown): void => {
    reasons.push(reason);
    ending.abort();
  };
  const sessions = createSessionPool(() => ctx.target.open(to, inner, 'index'));
  const passage = { ctx, choice, database, to, state, sessions, giveUp, journal, telling, signal: inner };
  const run = state.runs + 1;
  const { source, begun } = await withRetries(
    () =>
      takeState(
        ctx,
        choice,
        (taken) => begin(passage, taken, run),
        follows(ctx) ? stateStart(ctx, choice, onSlot) : null,
      ),
    signal,
  );
  try {
    await pass(passage, source, run, begun);
  } catch (error) {
    // What was given up for a reason fails as cancelled.
    const [reason = error] = reasons;
    if (!source.snapshot.held && failureKind(reason) === 'away')
      telling.log('warning', `${database}: the snapshot is lost; tables that are copied later show a later state`);
    throw reason;
  } finally {
    await Promise.all([source.release(), sessions.close()]);
    telling.snapshot(null);
  }
  telling.databaseDone(database);
  const record = databaseState(journal, database).slots.forward;
  if (follows(ctx) && record) {
    telling.log('info', `${database}: copied`);
    return { choice, to, record };
  }
  if (telling.failures.objects + telling.failures.tables === failures)
    await journal.add({ did: 'step', database, step: COMPLETE });
  telling.log('info', `${database}: done`);
  return null;
}
