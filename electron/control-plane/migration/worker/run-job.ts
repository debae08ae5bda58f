import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import type { DatabaseChoice } from '../../../../shared/model/migration';
import type { PgSession } from '../../../adapters/postgres/session';
import { createRateLimit } from '../copy/rate-limit';
import { createWorkPool } from '../copy/work-pool';
import { openJournal, type Journal } from '../journal';
import { readDatabases } from '../plan/read-databases';
import { copyRoles } from '../roles/copy-roles';
import type { WorkerCommand, WorkerEnd, WorkerOrder } from '../worker-protocol';
import { endOf } from './failure';
import { createFollowing, type Following } from './following';
import { createLinkWatch } from './link-watch';
import type { RunContext } from './run-context';
import { runDatabase } from './run-database';
import { createRunSteps } from './run-steps';
import { createSide, withSession } from './sides';
import type { RunTelling } from './telling';

/** A run that is under way. */
export interface Run {
  command(command: WorkerCommand): void;
  /** Never rejects. */
  readonly ended: Promise<WorkerEnd>;
}

/** How long what has arrived may take to become durable before everything ends; what is not comes again. */
const SETTLE_MS = 1000;

const sizes = z.array(z.object({ name: z.string(), bytes: z.string() }));

const ROWS_DONE: WorkerEnd = { outcome: 'done', problem: '', hint: '' };

/** Sizes of the databases on disk, in bytes, where the account may see them. */
async function readSizes(session: PgSession, names: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const rows = await session.query(
    `SELECT datname AS name, pg_catalog.pg_database_size(oid)::text AS bytes FROM pg_catalog.pg_database
      WHERE datname = ANY ($1) AND pg_catalog.has_database_privilege(oid, 'CONNECT')`,
    [names],
  );
  return new Map(sizes.parse(rows).map(({ name, bytes }) => [name, Number(bytes)]));
}

async function prepare(ctx: RunContext): Promise<DatabaseChoice[]> {
  const { source, target, signal, telling, order } = ctx;
  ctx.steps.begin('prepare');
  await Promise.all([source.meet(signal), target.meet(signal)]);
  const choices = await withSession(
    () => source.open(source.maintenance, signal),
    signal,
    async (session) => {
      const list = await readDatabases(session, order.options.objects);
      telling.databases(
        await readSizes(
          session,
          list.map(({ name }) => name),
        ),
      );
      return list;
    },
  );
  telling.log('info', `Databases: ${choices.map(({ name }) => name).join(', ') || 'none'}`);
  return choices;
}

async function roles(ctx: RunContext): Promise<void> {
  const { source, target, signal, telling, journal, order } = ctx;
  const selection = order.options.objects;
  if (selection.roleMode === 'none') {
    ctx.steps.skip('roles', 'no roles were chosen');
    return;
  }
  ctx.steps.begin('roles');
  const before = telling.failures.objects;
  await withSession(
    () => source.open(source.maintenance, signal),
    signal,
    (asked) =>
      withSession(
        () => target.open(target.maintenance, signal),
        signal,
        (session) => copyRoles({ source: asked, target: session, selection, journal, telling, signal }),
      ),
  );
  ctx.steps.end('roles', telling.failures.objects - before);
}

const OF_DATABASES = ['structure', 'copy', 'indexes', 'constraints', 'finish'] as const;

async function runAll(ctx: RunContext, following: Following): Promise<WorkerEnd> {
  const { telling } = ctx;
  const choices = await prepare(ctx);
  ctx.steps.end('prepare', 0);
  await roles(ctx);
  if (choices.length === 0) for (const step of OF_DATABASES) ctx.steps.skip(step, 'no databases were chosen');
  for (const [index, choice] of choices.entries()) {
    ctx.steps.database(index, choices.length);
    const followable = await runDatabase(ctx, choice, following.onSlot);
    if (followable) following.begin(followable);
  }
  if (ctx.order.options.type === 'fullAndIncrement') {
    return following.live();
  }
  for (const step of ['follow', 'complete'] as const) ctx.steps.skip(step, '');
  const { tables, objects } = telling.failures;
  if (tables + objects === 0) return ROWS_DONE;
  return {
    outcome: 'incomplete',
    problem: `${tables} tables and ${objects} other objects could not be moved`,
    hint: 'The reasons stand beside them. Resume tries them again.',
  };
}

/** Runs a task to its end, or to where it is told to pause. What was done before is known from the journal in the folder of the task. */
export function startRun(order: WorkerOrder, telling: RunTelling): Run {
  const ending = new AbortController();
  let wished: 'paused' | 'stopped' | null = null;
  let away: unknown = null;
  let following: Following | null = null;
  /** Commands that came before there was anybody to hear them. */
  const early: WorkerCommand[] = [];
  let copyJobs = order.copyJobs;
  let indexJobs = order.indexJobs;
  const limit = createRateLimit(order.options.bytesPerSecond);
  const copyPool = createWorkPool(copyJobs);
  const indexPool = createWorkPool(indexJobs);
  const watch = createLinkWatch({
    holding: () => limit.holding,
    onAway(error) {
      // Streams wait for a lost connection themselves.
      if (following?.living === true) return;
      away ??= error;
      ending.abort();
    },
    onWaiting: (text) => telling.log('warning', `A statement on the source waits for the copy to end: ${text}`),
  });
  const side = (role: 'source' | 'target') =>
    createSide({
      role,
      endpoint: order[role],
      jobId: order.jobId,
      watch,
      indexJobs: () => indexJobs,
      onWarning: (text) => telling.log('warning', text),
    });

  const run = async (): Promise<WorkerEnd> => {
    let journal: Journal | null = null;
    try {
      journal = await openJournal(join(order.folder, 'journal.jsonl'));
      const ctx: RunContext = {
        order,
        source: side('source'),
        target: side('target'),
        journal,
        telling,
        watch,
        copyPool,
        copyJobs: () => copyJobs,
        indexPool,
        limit,
        signal: ending.signal,
        steps: createRunSteps(telling),
      };
      following = createFollowing(ctx, (error) => {
        away ??= error;
        ending.abort();
      });
      for (const command of early.splice(0)) following.command(command);
      return await runAll(ctx, following);
    } catch (error) {
      if (wished !== null) return { outcome: wished, problem: '', hint: '' };
      const end = endOf(away ?? error);
      telling.log('error', end.problem);
      return end;
    } finally {
      await following?.stop();
      await watch.stop();
      await journal?.close();
      await rm(join(order.folder, 'tmp'), { recursive: true, force: true });
    }
  };

  return {
    ended: run(),
    command(command) {
      if (command.command === 'limit') {
        copyJobs = command.copyJobs;
        indexJobs = command.indexJobs;
        copyPool.setLimit(copyJobs);
        indexPool.setLimit(indexJobs);
        limit.set(command.bytesPerSecond);
        telling.limits(copyJobs, indexJobs);
        return;
      }
      if (command.command !== 'pause' && command.command !== 'stop') {
        if (following) following.command(command);
        else early.push(command);
        return;
      }
      if (wished !== null) return;
      wished = command.command === 'pause' ? 'paused' : 'stopped';
      if (wished === 'paused' && order.options.type === 'fullAndIncrement')
        telling.log('info', 'Paused: the source keeps its WAL for the task until it goes on');
      const settled = Promise.race([following?.stop(), pause(SETTLE_MS)]);
      // What does not settle comes again.
      void settled.catch(() => undefined).finally(() => ending.abort());
    },
  };
}
