import { setTimeout as pause } from 'node:timers/promises';
import { AppError, errorInfo, throwIfAborted } from '../../shared/errors';
import { BUSY_STATUSES, type Finding, type MigrationProgress } from '../../shared/model/migration';
import type { MigrationJobDetail } from '../../shared/model/migration-api';
import { localPlane } from '../adapters/control-plane/control-plane';
import { createFileTokens } from '../adapters/storage/file-tokens';
import { createMigrationFeature, type MigrationFeature } from '../features/migration/migration-feature';
import type { Logger } from '../log';
import { createCliConnections } from './connections';
import { EXIT, type CommandIo } from './io';
import { openLocalPlane } from './local-plane';
import { MIGRATE_USAGE, parseMigrate, type MigrateWords } from './migrate-options';
import { endLine, findingLines, progressLine } from './migrate-print';

const QUIET: Logger = { write: () => undefined, bug: () => '' };
const LOOK_MS = 300;
/** How often the progress is written when it changes all the time. */
const TELL_MS = 2000;
const PAGE = 500;

interface Task {
  readonly feature: MigrationFeature;
  readonly id: string;
  readonly words: MigrateWords;
  readonly io: CommandIo;
}

const say = ({ words, io }: Task, text: string): void => {
  if (!words.quiet && !words.json && text !== '') io.err(text);
};

/** Follows the task until no worker is at it; tells its progress. */
async function follow(task: Task): Promise<MigrationJobDetail> {
  const { feature, id, io } = task;
  let told = '';
  let toldAt = 0;
  for (;;) {
    const context = { signal: io.signal };
    const job = await feature.handlers.detail({ id }, context);
    if (job.status === 'running') {
      const progress = await feature.handlers.progress({ id }, context);
      const line = job.problem !== '' ? `waiting: ${job.problem}` : progress ? progressLine(progress) : '';
      if (line !== told && Date.now() - toldAt >= TELL_MS) {
        told = line;
        toldAt = Date.now();
        say(task, line);
      }
    }
    if (!BUSY_STATUSES.has(job.status) && job.status !== 'readyRun') return job;
    await pause(LOOK_MS, undefined, { signal: io.signal }).catch(() => undefined);
    throwIfAborted(io.signal);
  }
}

/** Null: the checks let the run begin. */
async function check(task: Task): Promise<{ readonly findings: readonly Finding[]; readonly stop: string | null }> {
  const { feature, id, words, io } = task;
  const context = { signal: io.signal };
  await feature.handlers.check({ id }, context);
  const job = await follow(task);
  const { findings } = await feature.handlers.findings({ id }, context);
  const notable = findings.filter(({ level }) => level === 'warning' || level === 'failed');
  for (const finding of notable) for (const line of findingLines(finding)) say(task, line);
  if (job.status !== 'checkPass') return { findings, stop: job.problem || 'The checks did not pass' };
  const steps = [...new Set(notable.map(({ step }) => step))];
  if (steps.length === 0 || words.checkOnly) return { findings, stop: null };
  if (!words.skipWarnings)
    return { findings, stop: 'The checks warn of something: look at it, then give --skip-warnings to go on' };
  await feature.handlers.skip({ id, steps }, context);
  return { findings, stop: null };
}

/** All rows of a list that is read page by page. */
async function pages<Row>(
  read: (page: { search: string; offset: number; limit: number }) => Promise<{ total: number; rows: readonly Row[] }>,
): Promise<Row[]> {
  const all: Row[] = [];
  for (;;) {
    const { total, rows } = await read({ search: '', offset: all.length, limit: PAGE });
    all.push(...rows);
    if (rows.length === 0 || all.length >= total) return all;
  }
}

/** Tables and objects that failed. */
async function failures({ feature: { handlers }, id, io }: Task) {
  const context = { signal: io.signal };
  const [tables, objects] = await Promise.all([
    pages(async (page) => {
      const { total, tables: rows } = await handlers.tables({ id, ...page, state: 'failed' }, context);
      return { total, rows };
    }),
    pages(async (page) => {
      const { total, objects: rows } = await handlers.objects({ id, ...page, outcome: 'failed' }, context);
      return { total, rows };
    }),
  ]);
  return { tables, objects };
}

const nameOf = ({ options }: MigrateWords): string =>
  `${options.type === 'full' ? 'full copy' : 'structure'} from the command line`;

async function create(feature: MigrationFeature, words: MigrateWords, io: CommandIo): Promise<Task> {
  const context = { signal: io.signal };
  // The size bounds how much runs at once: here the options do.
  const { id } = await feature.handlers.create({ name: nameOf(words), size: '2xlarge', tags: [] }, context);
  return { feature, id, words, io };
}

/** Gives the task up: nothing of it is kept. */
async function discard({ feature, id }: Task): Promise<void> {
  const context = { signal: AbortSignal.timeout(DISCARD_MS) };
  const { status } = await feature.handlers.detail({ id }, context);
  if (BUSY_STATUSES.has(status)) await feature.handlers.stop({ id }, context);
  for (;;) {
    const job = await feature.handlers.detail({ id }, context);
    if (!BUSY_STATUSES.has(job.status)) break;
    await pause(LOOK_MS);
    throwIfAborted(context.signal);
  }
  await feature.handlers.isolate({ id }, context);
  await feature.handlers.destroy({ id }, context);
}

const DISCARD_MS = 60_000;

/** From the checks to the end. */
async function run(task: Task, onStarted: () => void): Promise<number> {
  const { feature, id, words, io } = task;
  const context = { signal: io.signal };
  const { findings, stop } = await check(task);
  let progress: MigrationProgress | null = null;
  let job = await feature.handlers.detail({ id }, context);
  if (words.checkOnly || stop !== null) {
    const outcome = stop === null ? 'checked' : 'not started';
    if (words.json) io.out(JSON.stringify({ id, outcome, problem: stop ?? '', findings }));
    else io[stop === null ? 'out' : 'err'](stop ?? `${id}: the checks passed`);
    // What was only looked at leaves nothing behind.
    if (!words.keep) await discard(task);
    return stop === null ? EXIT.ok : EXIT.failed;
  }
  await feature.handlers.start({ id }, context);
  onStarted();
  job = await follow(task);
  progress = await feature.handlers.progress({ id }, context);
  const failed = await failures(task);
  const some = failed.tables.length + failed.objects.length > 0;
  const wentThrough = progress?.steps.every(({ state }) => state !== 'running' && state !== 'notStarted') ?? false;
  const outcome = job.status === 'success' ? 'done' : some && wentThrough ? 'incomplete' : job.status;
  if (words.json) {
    const { problem, hint } = job;
    io.out(JSON.stringify({ id, outcome, problem, hint, findings, progress, ...failed }));
  } else {
    for (const { schema, name, reason } of failed.tables) io.err(`failed: table ${schema}.${name}: ${reason}`);
    for (const { kind, schema, name, reason } of failed.objects)
      io.err(`failed: ${kind} ${schema === '' ? '' : `${schema}.`}${name}: ${reason}`);
    io[outcome === 'done' ? 'out' : 'err'](endLine(job, progress));
    if (job.status !== 'success' && job.hint !== '') io.err(`hint: ${job.hint}`);
  }
  return outcome === 'done' ? EXIT.ok : outcome === 'incomplete' ? EXIT.withErrors : EXIT.failed;
}

function explain(error: unknown, json: boolean, io: CommandIo): number {
  const info = errorInfo(error);
  if (json) io.out(JSON.stringify({ outcome: 'failed', error: info }));
  else io.err([`error: ${info.message}`, info.apiCode, info.hint && `hint: ${info.hint}`].filter(Boolean).join('\n'));
  return EXIT.failed;
}

/**
 * `howdah migrate --from URI --to URI --type structural|full`: a task of the local control plane, from its checks to its end. Interrupted, it is
 * stopped and destroyed unless it is to be kept; so is one that could not be started. Exit codes: 0 done, 1 failed, 2 usage, 3 done but for some objects.
 */
export async function migrateCommand(args: readonly string[], io: CommandIo): Promise<number> {
  if (args.includes('--help')) {
    io.out(MIGRATE_USAGE);
    return EXIT.ok;
  }
  let words: MigrateWords;
  try {
    words = parseMigrate(args);
  } catch (error) {
    io.err(`${errorInfo(error).message}\n${MIGRATE_USAGE}`);
    return EXIT.usage;
  }
  const connections = createCliConnections(QUIET);
  const source = connections.add(words.from);
  const target = connections.add(words.to);
  const plane = localPlane(openLocalPlane(words.state));
  const feature = createMigrationFeature({
    plane: () => plane,
    connections,
    files: createFileTokens(),
    emit: () => undefined,
    log: QUIET,
  });
  let task: Task | null = null;
  let hasStarted = false;
  try {
    task = await create(feature, words, io);
    await feature.handlers.configure(
      {
        id: task.id,
        name: nameOf(words),
        tags: [],
        runMode: 'immediate',
        at: null,
        source: { kind: 'server', serverId: source.serverId, database: '' },
        target: { kind: 'server', serverId: target.serverId, database: '' },
        options: words.options,
        retryMinutes: words.retryMinutes,
      },
      { signal: io.signal },
    );
    return await run(task, () => (hasStarted = true));
  } catch (error) {
    if (task && (io.signal.aborted || !hasStarted) && !words.keep)
      await discard(task).catch((failure: unknown) =>
        io.err(`The task ${task?.id} is still there: ${errorInfo(failure).message}`),
      );
    return explain(
      io.signal.aborted ? new AppError({ code: 'cancelled', message: 'Interrupted' }) : error,
      words.json,
      io,
    );
  } finally {
    await feature.close();
  }
}
