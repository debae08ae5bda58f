import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { AppError, throwIfAborted } from '../../../../shared/errors';
import type { DatabaseChoice } from '../../../../shared/model/migration';
import { compareDatabase } from '../compare/compare-database';
import { comparedTables, type ComparedTable } from '../compare/compare-model';
import { waitingTable } from '../compare/compare-table';
import { slotFlow } from '../compare/slot-flow';
import { readJournal, type JournalEntry } from '../journal';
import { readDatabases } from '../plan/read-databases';
import { readPlan } from '../plan/read-plan';
import type { CompareOrder, WorkerCommand, WorkerEnd, WorkerEvent, WorkerOrder } from '../worker-protocol';
import { createCompareTelling, type CompareTelling } from './compare-telling';
import { endOf, failureKind, needsPerson } from './failure';
import { createLinkWatch } from './link-watch';
import { createSessionPool } from './session-pool';
import { createSide, withRetries, withSession, type Side } from './sides';
import type { RunTelling } from './telling';

/** Pairs of sessions: more would be felt by those who work on the source. */
const JOBS_MAX = 8;
/** How long a server that is away is waited for, and between the attempts, in milliseconds. */
const AWAY_MS = 600_000;
const AGAIN_FIRST_MS = 1000;
const AGAIN_MOST_MS = 30_000;

const keyOf = ({ database, schema, name }: CompareOrder['tables'][number]): string =>
  JSON.stringify([database, schema, name]);

interface Context {
  readonly order: WorkerOrder;
  readonly wanted: CompareOrder;
  readonly source: Side;
  readonly target: Side;
  readonly telling: Pick<RunTelling, 'log'>;
  readonly compared: CompareTelling;
  /** Tables that are done. */
  readonly done: Set<string>;
  readonly signal: AbortSignal;
}

interface DatabaseWork {
  readonly choice: DatabaseChoice;
  readonly target: string;
  readonly tables: readonly ComparedTable[];
}

async function readEntries(folder: string): Promise<JournalEntry[]> {
  const text = await readFile(join(folder, 'journal.jsonl'), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  return readJournal(text);
}

type TableName = CompareOrder['tables'][number];

/** An empty name is all tables of the schema, an empty schema all of the database. */
const isMeant = ({ database, schema, name }: TableName, table: TableName): boolean =>
  database === table.database && (schema === '' || schema === table.schema) && (name === '' || name === table.name);

/** What is to be compared, by the source as it is now. */
async function planAll(ctx: Context): Promise<DatabaseWork[]> {
  const { source, order, wanted, signal } = ctx;
  const choices = await withSession(
    () => source.open(source.maintenance, signal),
    signal,
    (session) => readDatabases(session, order.options.objects),
  );
  const all = wanted.tables.length === 0;
  const exact = new Set(wanted.tables.filter(({ name }) => name !== '').map(keyOf));
  const wide = wanted.tables.filter(({ name }) => name === '');
  const databases = new Set(wanted.tables.map(({ database }) => database));
  const works: DatabaseWork[] = [];
  for (const choice of choices) {
    if (!all && !databases.has(choice.name)) continue;
    const plan = await withSession(
      () => source.open(choice.name, signal),
      signal,
      (session) => readPlan(session, choice, signal),
    );
    const named = ({ schema, name }: ComparedTable): boolean => {
      const table = { database: choice.name, schema, name };
      return exact.delete(keyOf(table)) || wide.some((each) => isMeant(each, table));
    };
    works.push({
      choice,
      target: plan.target,
      tables: comparedTables(plan).filter((table) => all || named(table)),
    });
  }
  const [missing] = exact;
  if (missing !== undefined)
    throw new AppError({
      code: 'not-found',
      message: `The source has no table ${missing} that the task moves`,
      hint: 'It may have been dropped or renamed. Choose the tables again.',
    });
  return works;
}

async function compareOne(ctx: Context, work: DatabaseWork, entries: readonly JournalEntry[]): Promise<void> {
  const { source, target, order, wanted, compared, telling, done, signal } = ctx;
  const database = work.choice.name;
  const tables = work.tables.filter(({ schema, name }) => !done.has(keyOf({ database, schema, name })));
  if (tables.length === 0) return;
  const asking = {
    source: createSessionPool(() => source.open(database, signal)),
    target: createSessionPool(() => target.open(work.target, signal)),
  };
  try {
    const lag = await slotFlow(
      database,
      entries,
      (side, question) => withRetries(() => asking[side].use(question), signal),
      signal,
    );
    telling.log('info', `${database}: ${tables.length} tables are compared${lag ? ' while changes flow' : ''}`);
    await compareDatabase({
      database,
      source: (until) => source.open(database, until),
      target: (until) => target.open(work.target, until),
      tables,
      mode: wanted.mode,
      samplePercent: wanted.samplePercent,
      seed: wanted.id,
      jobs: Math.min(JOBS_MAX, order.copyJobs),
      lag,
      signal,
      onTable(table) {
        if (table.endedAt !== null) done.add(keyOf(table));
        compared.table(table);
      },
      onDifferences: (schema, name, rows) => compared.differences(database, schema, name, rows),
    });
  } finally {
    await Promise.all([asking.source.close(), asking.target.close()]);
  }
}

async function compareAll(ctx: Context): Promise<WorkerEnd> {
  const { source, target, order, wanted, compared, done, signal } = ctx;
  await Promise.all([source.meet(signal), target.meet(signal)]);
  const works = await planAll(ctx);
  for (const { choice, tables } of works)
    for (const table of tables)
      if (!done.has(keyOf({ database: choice.name, schema: table.schema, name: table.name })))
        compared.table(waitingTable(table, { database: choice.name, mode: wanted.mode }));
  compared.flush();
  const entries = await readEntries(order.folder);
  for (const work of works) await compareOne(ctx, work, entries);
  return { outcome: 'done', problem: '', hint: '' };
}

/** Servers that are away are waited for: what is compared by then is not compared again. */
async function withPatience(
  ctx: Omit<Context, 'source' | 'target' | 'signal'>,
  ending: AbortSignal,
): Promise<WorkerEnd> {
  const { order, wanted, telling } = ctx;
  let delay = AGAIN_FIRST_MS;
  for (let since = Date.now(), before = ctx.done.size; ;) {
    const cut = new AbortController();
    const signal = AbortSignal.any([ending, cut.signal]);
    let away: unknown = null;
    const watch = createLinkWatch({
      holding: () => false,
      onAway(error) {
        away ??= error;
        cut.abort();
      },
      onWaiting: (text) => telling.log('warning', `A statement on the source waits for the comparison: ${text}`),
    });
    const side = (role: 'source' | 'target'): Side =>
      createSide({
        role,
        endpoint: order[role],
        // Not the name of the run: that ends sessions of its own name when it begins.
        jobId: wanted.id,
        watch,
        indexJobs: () => 1,
        onWarning: () => undefined,
      });
    try {
      return await compareAll({ ...ctx, source: side('source'), target: side('target'), signal });
    } catch (error) {
      const reason = away ?? error;
      if (ending.aborted || failureKind(reason) !== 'away' || needsPerson(reason)) throw reason;
      if (ctx.done.size > before) {
        since = Date.now();
        before = ctx.done.size;
        delay = AGAIN_FIRST_MS;
      }
      if (Date.now() - since > AWAY_MS) throw reason;
      telling.log('warning', `${endOf(reason).problem}; next attempt in ${Math.round(delay / 1000)} s`);
    } finally {
      await watch.stop();
    }
    await pause(delay, undefined, { signal: ending }).catch(() => undefined);
    throwIfAborted(ending);
    delay = Math.min(AGAIN_MOST_MS, delay * 2);
  }
}

const STOPPED: WorkerEnd = { outcome: 'stopped', problem: '', hint: '' };

/**
 * Compares source and target of a task, beside its run if there is one. `emit` writes an event.
 */
export function startCompare(
  order: WorkerOrder,
  telling: Pick<RunTelling, 'log'>,
  emit: (event: WorkerEvent) => unknown = (event) => process.stdout.write(`${JSON.stringify(event)}\n`),
): { command(command: WorkerCommand): void; readonly ended: Promise<WorkerEnd> } {
  const ending = new AbortController();
  const compared = createCompareTelling(emit);
  const compare = async (): Promise<WorkerEnd> => {
    const { compare: wanted } = order;
    if (!wanted) return { outcome: 'failed', problem: 'The order does not say what to compare', hint: '' };
    const done = new Set(wanted.done.map(keyOf));
    try {
      return await withPatience({ order, wanted, telling, compared, done }, ending.signal);
    } catch (error) {
      return ending.signal.aborted ? STOPPED : endOf(error);
    } finally {
      compared.flush();
    }
  };
  return {
    ended: compare(),
    command(command) {
      if (command.command === 'pause' || command.command === 'stop') ending.abort();
    },
  };
}
