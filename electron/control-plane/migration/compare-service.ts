import { AppError } from '../../../shared/errors';
import type { JobStatus } from '../../../shared/model/migration';
import type { CompareView, TableCompare } from '../../../shared/model/migration-api';
import { logLine } from '../../../shared/model/migration-shapes';
import type { Logger } from '../../log';
import { compareView, COMPARING, isOver, rowDifference, tableCompare, type CompareRecord } from './compare-record';
import { addCompare, openCompares, type Compare } from './compare-store';
import type { CompareTasks, CompareWish } from './compare-tasks';
import type { Job, JobStore } from './store';
import { createSupervisor } from './supervise';
import type { WorkerEnd, WorkerEvent, WorkerOrder } from './worker-protocol';

export interface CompareDeps {
  readonly store: Pick<JobStore, 'all' | 'get' | 'must'>;
  /** The program of the workers. */
  readonly program: string;
  /** What a worker of the task has to know, whatever it is to do. */
  readonly orderOf: (job: Job) => Promise<WorkerOrder>;
  readonly log: Logger;
}

const NAME_MAX = 128;
/** Comparisons that a task keeps. */
const KEPT_MAX = 100;
/** Nothing is on the target yet that could be compared. */
const TOO_EARLY: ReadonlySet<JobStatus> = new Set(['created', 'checking', 'checkPass', 'checkNotPass', 'readyRun']);

const conflict = (message: string, hint: string): AppError => new AppError({ code: 'conflict', message, hint });

function mustBeComparable(job: Job): void {
  const { status, options, isolatedAt, phase } = job.record();
  if (isolatedAt !== null) throw conflict(`The task ${job.id} is isolated`, 'Recover it first.');
  if (TOO_EARLY.has(status)) throw conflict(`The task ${job.id} has moved nothing yet (${status})`, 'Start it first.');
  if (options?.type === 'structure')
    throw conflict(`The task ${job.id} moves the structure only`, 'There are no rows to compare.');
  if (status === 'running' && phase === null)
    throw conflict(`The task ${job.id} still copies`, 'Compare when its rows are there.');
}

function checkWish({ name, samplePercent }: CompareWish): void {
  if (name.length > NAME_MAX)
    throw new AppError({ code: 'invalid-input', message: `A name has at most ${NAME_MAX} characters`, field: 'name' });
  if (!Number.isInteger(samplePercent) || samplePercent < 1 || samplePercent > 100)
    throw new AppError({ code: 'invalid-input', message: 'A sample takes 1 to 100 percent', field: 'samplePercent' });
}

/** Comparisons of the tasks of a store, each with a worker of its own while it runs. */
export function createCompares({ store, program, orderOf, log }: CompareDeps): CompareTasks {
  const compares = new Map<string, Compare>();
  /** Of tasks whose folders were looked into. */
  const opened = new Set<string>();
  /** Tasks of which one begins now: two that come at once do not begin both. */
  const beginning = new Set<string>();

  const ofJob = (jobId: string): Compare[] => {
    const job = store.get(jobId);
    if (!job) return [];
    if (!opened.has(jobId)) {
      opened.add(jobId);
      for (const compare of openCompares(jobId, job.folder, log)) compares.set(compare.id, compare);
    }
    return [...compares.values()].filter((each) => each.jobId === jobId);
  };
  const must = (jobId: string, id: string): Compare => {
    store.must(jobId);
    const compare = ofJob(jobId).find((each) => each.id === id);
    if (!compare)
      throw new AppError({
        code: 'not-found',
        message: `The task ${jobId} has no comparison ${id}`,
        apiCode: 'ResourceNotFound.ResourceNotFound',
      });
    return compare;
  };
  const known = (id: string): Compare => {
    const compare = compares.get(id);
    if (!compare) throw new Error(`there is no comparison ${id}`);
    return compare;
  };
  /** The task with the folder and the name of one of its comparisons: what a supervisor keeps beside a worker is kept there. */
  const seat = (job: Job, compare: Compare): Job => ({ ...job, id: compare.id, folder: compare.folder });

  const clean = (job: Job, table: TableCompare): TableCompare => ({ ...table, reason: job.scrub(table.reason) });

  const hear = (job: Job, event: WorkerEvent): void => {
    const compare = known(job.id);
    if (event.event === 'log') {
      const line = logLine.safeParse(event.line);
      if (line.success)
        job.log.append({ ...line.data, text: `${compare.record().name}: ${job.scrub(line.data.text)}` });
    } else if (event.event === 'compared') {
      const tables = event.tables.flatMap((each) => tableCompare.safeParse(each).data ?? []);
      if (tables.some(isOver)) supervisor.noteAdvance(compare.id);
      compare.setTables(tables.map((each) => clean(job, each)));
    } else if (event.event === 'differences') {
      compare.addDifferences(
        event,
        event.rows.flatMap((each) => rowDifference.safeParse(each).data ?? []),
      );
    }
  };

  const finish = async (job: Job, end: WorkerEnd): Promise<void> => {
    const compare = known(job.id);
    const stopped = end.outcome === 'stopped' || end.outcome === 'paused';
    const status = stopped ? 'canceled' : end.outcome === 'done' || end.outcome === 'incomplete' ? 'success' : 'failed';
    await compare.flush();
    await compare.change({
      status,
      endedAt: Date.now(),
      problem: stopped ? '' : job.scrub(end.problem),
      hint: stopped ? '' : job.scrub(end.hint),
    });
  };

  const supervisor = createSupervisor({
    program,
    log,
    async orderOf(job) {
      const compare = known(job.id);
      const own = store.must(compare.jobId);
      const { id, mode, samplePercent, tables, threads } = compare.record();
      await compare.nextAttempt();
      const done = compare.tables.filter(isOver).map(({ database, schema, name }) => ({ database, schema, name }));
      const order = await orderOf(own);
      return {
        ...order,
        mode: 'compare',
        folder: own.folder,
        copyJobs: threads === 0 ? order.copyJobs : threads,
        compare: { id, mode, samplePercent, tables, done },
      };
    },
    onEvent: hear,
    // Its worker waits by itself for what is away.
    onWaits: () => Promise.resolve(null),
    async onLost(job, words, delayMs) {
      const { name } = known(job.id).record();
      job.log.append({
        at: Date.now(),
        level: 'warning',
        text: `${name}: ${words}; another one begins in ${delayMs} ms`,
      });
    },
    onEnd: (job, _mode, end) => finish(job, end),
    onBroken: (job, _mode, end) => finish(job, end),
  });

  const begin = async (job: Job, compare: Compare, change: Partial<CompareRecord>): Promise<void> => {
    await compare.change({ ...change, status: 'running' });
    supervisor.begin(seat(job, compare), 'compare');
  };

  const view = (compare: Compare): CompareView => compareView(compare.record(), compare.tables);

  return {
    list: (jobId) =>
      ofJob(jobId)
        .map(view)
        .toSorted((a, b) => b.createdAt - a.createdAt),
    get: (jobId, id) => view(must(jobId, id)),
    wish(jobId, id) {
      const { name, mode, samplePercent, threads, tables } = must(jobId, id).record();
      return { name, mode, samplePercent, threads, tables };
    },
    async create(jobId, wish) {
      const job = store.must(jobId);
      checkWish(wish);
      mustBeComparable(job);
      if (ofJob(jobId).length >= KEPT_MAX)
        throw conflict(`The task ${jobId} keeps ${KEPT_MAX} comparisons already`, 'Delete some of them first.');
      const { name, mode, samplePercent, threads = 0, tables } = wish;
      const compare = await addCompare(
        jobId,
        job.folder,
        {
          name,
          mode,
          samplePercent,
          threads,
          tables: [...tables],
          status: 'created',
          createdAt: Date.now(),
          startedAt: null,
          endedAt: null,
          problem: '',
          hint: '',
        },
        log,
      );
      compares.set(compare.id, compare);
      return compare.id;
    },
    async change(jobId, id, wish) {
      const compare = must(jobId, id);
      checkWish(wish);
      if (compare.record().status !== 'created')
        throw conflict(`The comparison ${id} was begun already`, 'Create another one.');
      const { name, mode, samplePercent, threads = 0, tables } = wish;
      await compare.change({ name: name === '' ? id : name, mode, samplePercent, threads, tables: [...tables] });
    },
    async rename(jobId, id, name) {
      const compare = must(jobId, id);
      checkWish({ name, mode: 'full', samplePercent: 1, tables: [] });
      await compare.change({ name: name === '' ? id : name });
    },
    async start(jobId, id) {
      const compare = must(jobId, id);
      const job = store.must(jobId);
      mustBeComparable(job);
      const running = ofJob(jobId).find((each) => COMPARING.has(each.record().status));
      if (running ?? beginning.has(jobId))
        throw conflict(
          `A comparison of the task ${jobId} runs already${running ? `: ${running.id}` : ''}`,
          'Wait until it has ended, or stop it.',
        );
      beginning.add(jobId);
      try {
        await compare.clear();
        await begin(job, compare, { startedAt: Date.now(), endedAt: null, problem: '', hint: '' });
      } finally {
        beginning.delete(jobId);
      }
    },
    async stop(jobId, id) {
      const compare = must(jobId, id);
      const { status } = compare.record();
      if (!COMPARING.has(status)) throw conflict(`The comparison ${id} does not run (${status})`, '');
      await compare.change({ status: 'stopping' });
      if (!supervisor.ask(id, 'stop')) await compare.change({ status: 'canceled', endedAt: Date.now() });
    },
    async remove(jobId, id) {
      const compare = must(jobId, id);
      if (COMPARING.has(compare.record().status)) throw conflict(`The comparison ${id} runs`, 'Stop it first.');
      compares.delete(id);
      await compare.remove();
    },
    tables(jobId, id, { search, result, offset, limit }) {
      const words = search.toLowerCase();
      const rows = must(jobId, id).tables.filter(
        (each) =>
          (result === '' || each.result === result) &&
          (words === '' || `${each.database}.${each.schema}.${each.name}`.toLowerCase().includes(words)),
      );
      return { total: rows.length, rows: rows.slice(offset, offset + limit) };
    },
    differences: async (jobId, id, table) => must(jobId, id).differences(table),
    async drop(jobId) {
      const job = store.get(jobId);
      for (const compare of ofJob(jobId)) {
        if (job) await supervisor.drop(seat(job, compare));
        await compare.flush();
        compares.delete(compare.id);
      }
      opened.delete(jobId);
    },
    async resume() {
      for (const job of store.all()) {
        for (const compare of ofJob(job.id)) {
          const { status } = compare.record();
          if (status === 'readyRun' || status === 'running') await begin(job, compare, {});
          if (status === 'stopping') await compare.change({ status: 'canceled', endedAt: Date.now() });
        }
      }
    },
    async close() {
      await supervisor.close();
      await Promise.all([...compares.values()].map((each) => each.flush()));
    },
  };
}
