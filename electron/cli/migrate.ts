import { AppError, errorInfo } from '../../shared/errors';
import { BUSY_STATUSES, type Finding, type MigrationProgress, type MigrationType } from '../../shared/model/migration';
import type { MigrationJobDetail } from '../../shared/model/migration-api';
import { localPlane } from '../adapters/control-plane/control-plane';
import { createFileTokens } from '../adapters/storage/file-tokens';
import { createMigrationFeature, type MigrationFeature } from '../features/migration/migration-feature';
import type { Logger } from '../log';
import { createCliConnections } from './connections';
import { EXIT, type CommandIo } from './io';
import { openLocalPlane } from './local-plane';
import { decide } from './migrate-decide';
import { parseMigrate, type MigrateWords } from './migrate-options';
import { eventOf, followTask } from './migrate-follow';
import { endLine, findingLines, progressLine } from './migrate-print';
import { discard, failures, nextLook, pauseKept, say, type Task } from './migrate-task';
import { MIGRATE_USAGE } from './migrate-usage';

const QUIET: Logger = { write: () => undefined, bug: () => '' };
/** How often the progress is written when it changes all the time. */
const TELL_MS = 2000;

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
    await nextLook(io.signal);
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

const NAMES: Readonly<Record<MigrationType, string>> = {
  structure: 'structure',
  full: 'full copy',
  fullAndIncrement: 'full copy and its changes',
};
const nameOf = ({ options }: MigrateWords): string => `${NAMES[options.type]} from the command line`;

async function create(feature: MigrationFeature, words: MigrateWords, io: CommandIo): Promise<Task> {
  const context = { signal: io.signal };
  // The size bounds how much runs at once: here the options do.
  const { id } = await feature.handlers.create({ name: nameOf(words), size: '2xlarge', tags: [] }, context);
  return { feature, id, words, io };
}

type Outcome = 'done' | 'guarding' | 'went-back' | 'taken-back' | 'incomplete' | MigrationJobDetail['status'];

const EXITS: Readonly<Partial<Record<Outcome, number>>> = {
  done: EXIT.ok,
  guarding: EXIT.ok,
  'went-back': EXIT.ok,
  incomplete: EXIT.withErrors,
};

interface Ended {
  readonly job: MigrationJobDetail;
  readonly progress: MigrationProgress | null;
  /** Of the checks. */
  readonly findings: readonly Finding[];
  /** Why the cut-over was taken back; empty when it was not. */
  readonly takenBack: string;
}

function outcomeOf({ job, progress, takenBack }: Ended, someFailed: boolean): Outcome {
  if (takenBack !== '') return 'taken-back';
  if (job.status === 'success') return job.events.some(({ kind }) => kind === 'went-back') ? 'went-back' : 'done';
  // What follows the copy is of incremental tasks, which do not end with objects that failed.
  const copy = progress?.steps.filter(({ step }) => step !== 'follow' && step !== 'complete') ?? [];
  const wentThrough = copy.length > 0 && copy.every(({ state }) => state !== 'running' && state !== 'notStarted');
  return job.status === 'failed' && someFailed && wentThrough ? 'incomplete' : job.status;
}

/** Tells how it ended. */
async function conclude(task: Task, ended: Ended): Promise<number> {
  const { words, io, id } = task;
  const { job, progress, findings, takenBack } = ended;
  const failed = await failures(task);
  const outcome = outcomeOf(ended, failed.tables.length + failed.objects.length > 0);
  const problem = takenBack === '' ? job.problem : takenBack;
  if (words.json) {
    const { hint } = job;
    const event = words.options.type === 'fullAndIncrement' ? eventOf('end', job, progress) : {};
    io.out(JSON.stringify({ ...event, id, outcome, problem, hint, findings, progress, ...failed }));
  } else {
    for (const { schema, name, reason } of failed.tables) io.err(`failed: table ${schema}.${name}: ${reason}`);
    for (const { kind, schema, name, reason } of failed.objects)
      io.err(`failed: ${kind} ${schema === '' ? '' : `${schema}.`}${name}: ${reason}`);
    if (outcome === 'guarding')
      io.out(`${id}: cut over; the way back is open: howdah migrate --resume ${id} --finish, or --go-back`);
    else if (takenBack !== '') io.err(`${id}: ${takenBack}`);
    else io[EXITS[outcome] === EXIT.ok ? 'out' : 'err'](endLine(job, progress));
    if (job.status !== 'success' && job.hint !== '') io.err(`hint: ${job.hint}`);
  }
  return EXITS[outcome] ?? EXIT.failed;
}

/** From where it is to its end. */
async function toTheEnd(task: Task, findings: readonly Finding[]): Promise<number> {
  const { feature, id, words, io } = task;
  if (words.options.type === 'fullAndIncrement') {
    const followed = await followTask(task);
    if (followed.takenBack !== '') await pauseKept(task);
    return conclude(task, { ...followed, findings });
  }
  const job = await follow(task);
  const progress = await feature.handlers.progress({ id }, { signal: io.signal });
  return conclude(task, { job, progress, findings, takenBack: '' });
}

/** From the checks to the end. */
async function run(task: Task, onStarted: () => void): Promise<number> {
  const { feature, id, words, io } = task;
  const { findings, stop } = await check(task);
  if (words.checkOnly || stop !== null) {
    const outcome = stop === null ? 'checked' : 'not started';
    if (words.json) io.out(JSON.stringify({ id, outcome, problem: stop ?? '', findings }));
    else io[stop === null ? 'out' : 'err'](stop ?? `${id}: the checks passed`);
    // What was only looked at leaves nothing behind.
    if (!words.keep) await discard(task);
    return stop === null ? EXIT.ok : EXIT.failed;
  }
  await feature.handlers.start({ id }, { signal: io.signal });
  onStarted();
  return toTheEnd(task, findings);
}

/** Goes on with a task that was kept, whatever it waits for. */
async function resume(task: Task): Promise<number> {
  const { feature, id, words, io } = task;
  const context = { signal: io.signal };
  const { actions, status, options } = await feature.handlers.detail({ id }, context);
  if (actions.includes('continue')) await feature.handlers.goOn({ id }, context);
  else if (actions.includes('resume')) await feature.handlers.resume({ id }, context);
  else if (!BUSY_STATUSES.has(status))
    throw new AppError({ code: 'conflict', message: `The task ${id} is ${status}: it does not go on` });
  return toTheEnd({ ...task, words: { ...words, options: options ?? words.options } }, []);
}

/** Interrupted while it follows: the task is kept, and the words say how to go on with it. */
async function leave(task: Task): Promise<number> {
  const { feature, id, words, io } = task;
  const isPaused = await pauseKept(task);
  const context = { signal: AbortSignal.timeout(LEAVE_MS) };
  const job = await feature.handlers.detail({ id }, context);
  const progress = await feature.handlers.progress({ id }, context);
  const text = isPaused
    ? `${id} is ${job.status === 'manualPaused' ? 'paused' : job.status} and kept; its source keeps the changes until it goes on.`
    : `${id} is being cut over and goes on in the control plane.`;
  if (words.json) {
    const outcome = job.status === 'manualPaused' ? 'paused' : job.status;
    io.out(JSON.stringify({ ...eventOf('end', job, progress), outcome, problem: job.problem, hint: job.hint }));
  } else io.err(`${text} Go on by: howdah migrate --resume ${id}`);
  return EXIT.failed;
}

const LEAVE_MS = 10_000;

function explain(error: unknown, json: boolean, io: CommandIo): number {
  const info = errorInfo(error);
  if (json) io.out(JSON.stringify({ outcome: 'failed', error: info }));
  else io.err([`error: ${info.message}`, info.apiCode, info.hint && `hint: ${info.hint}`].filter(Boolean).join('\n'));
  return EXIT.failed;
}

/** Makes the task and tells it what to do. */
async function prepare(task: Task, connections: ReturnType<typeof createCliConnections>): Promise<void> {
  const { feature, id, words, io } = task;
  const [source, target] = [words.from, words.to].map((uri) => connections.add(uri));
  if (!source || !target) throw new Error('a side is missing');
  await feature.handlers.configure(
    {
      id,
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
}

/**
 * `howdah migrate --from URI --to URI --type structural|full|incremental`: a task of the local control plane, from its checks to its end, or on
 * with one that was kept. Interrupted, it is stopped and destroyed unless it is to be kept; so is one that could not be started; one that follows
 * is paused and kept. Exit codes: 0 done, 1 failed, 2 usage, 3 done but for some objects.
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
  const plane = localPlane(openLocalPlane(words.state));
  const feature = createMigrationFeature({
    plane: () => plane,
    connections,
    files: createFileTokens(),
    emit: () => undefined,
    log: QUIET,
  });
  let task: Task | null = null;
  let hasStarted = words.resume !== null;
  try {
    if (words.resume !== null) {
      task = { feature, id: words.resume, words, io };
      return await (words.decide === null ? resume(task) : decide(task, words.decide));
    }
    task = await create(feature, words, io);
    await prepare(task, connections);
    return await run(task, () => (hasStarted = true));
  } catch (error) {
    const interrupted = io.signal.aborted;
    const failure = interrupted ? new AppError({ code: 'cancelled', message: 'Interrupted' }) : error;
    try {
      const follows = words.options.type === 'fullAndIncrement' || words.resume !== null;
      if (task && interrupted && hasStarted && follows && words.decide === null) return await leave(task);
      if (task && (interrupted || !hasStarted) && words.resume === null && !words.keep) await discard(task);
    } catch (trouble) {
      io.err(`The task ${task?.id ?? ''} is still there: ${errorInfo(trouble).message}`);
    }
    return explain(failure, words.json, io);
  } finally {
    await feature.close();
  }
}
