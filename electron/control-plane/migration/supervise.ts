import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError, errorInfo } from '../../../shared/errors';
import { writeFileAtomically } from '../../adapters/storage/json-document';
import type { Logger } from '../../log';
import { identify, isAlive, processIdentity, signalProcess, waitForEnd, type ProcessIdentity } from '../processes';
import { lostDelay, LOST_MAX } from './job-rules';
import type { Job } from './store';
import { startWorker, type Worker, type WorkerExit } from './worker-process';
import type { WorkerCommand, WorkerEnd, WorkerEvent, WorkerOrder } from './worker-protocol';

export type WorkerMode = WorkerOrder['mode'];

export interface SuperviseDeps {
  /** The program of the worker. */
  readonly program: string;
  readonly log: Logger;
  readonly orderOf: (job: Job, mode: WorkerMode) => Promise<WorkerOrder>;
  readonly onEvent: (job: Job, event: WorkerEvent) => void;
  /** Something outside is away: until when to wait in milliseconds, or null when that has lasted too long. */
  readonly onWaits: (job: Job, end: WorkerEnd) => Promise<number | null>;
  /** A worker was lost and another one is started after the delay. */
  readonly onLost: (job: Job, words: string, delayMs: number) => Promise<void>;
  /** The work is over, one way or the other. */
  readonly onEnd: (job: Job, mode: WorkerMode, end: WorkerEnd) => Promise<void>;
  /** `onEnd` failed for a fault of the program: the task must not go on looking as if it was at work. */
  readonly onBroken: (job: Job, mode: WorkerMode, end: WorkerEnd) => Promise<void>;
}

/** Keeps one worker at each task that is at work, whatever happens to it. */
export interface Supervisor {
  /** Begins at once and goes on by itself until `onEnd`. */
  begin(job: Job, mode: WorkerMode): void;
  /** The work ends as `paused` or `stopped`, at once when no worker is there. False: nothing is at work that could end. */
  ask(id: string, wanted: 'pause' | 'stop'): boolean;
  /** False: no worker is there to hear it. The next one is told by its order. */
  send(id: string, command: WorkerCommand): boolean;
  /** Process of the worker that is at it; null while none is. */
  pid(id: string): number | null;
  /** The worker has done something that lasts: what was lost before does not count any more. */
  noteAdvance(id: string): void;
  /** Tries again at once what waits. */
  hurry(id: string): void;
  /** Ends the worker without `onEnd`, also one of an earlier daemon, and resolves when it is gone. */
  drop(job: Job): Promise<void>;
  /** Leaves everything as it is on disk: the next daemon goes on. */
  close(): Promise<void>;
}

const WORKER_FILE = 'worker.json';
/** A worker that was asked to end, or whose daemon has gone, has this time. */
const ORDERLY_MS = 30_000;
/** Of checks: they hold nothing that must be brought to an end. */
const CHECK_ORDERLY_MS = 3_000;
const KILLED_MS = 5_000;
const RETELL_MS = 2_000;

interface Running {
  readonly id: string;
  readonly mode: WorkerMode;
  worker: Worker | null;
  asked: 'pause' | 'stop' | null;
  /** Nothing is told of this one any more. */
  dropped: boolean;
  lost: number;
  wake: (() => void) | null;
  done: Promise<void>;
}

function earlier(file: string): ProcessIdentity | null {
  try {
    return processIdentity.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return null;
  }
}

/** Invariant: at most one worker writes into the folder of a task. One that an earlier daemon left ends by itself, or is ended. */
async function endEarlier(folder: string, orderlyMs: number): Promise<void> {
  const file = join(folder, WORKER_FILE);
  const found = earlier(file);
  if (found && isAlive(found) && !(await waitForEnd(found, orderlyMs))) {
    signalProcess(found, 'SIGKILL');
    await waitForEnd(found, KILLED_MS);
  }
  await rm(file, { force: true });
}

/** What cannot be turned into an order: an instance that is gone, passwords that cannot be opened. */
const refused = (error: AppError): WorkerEnd => ({
  outcome: 'failed',
  problem: error.message,
  hint: error.info.hint ?? '',
});

const fromOutside = ({ signal }: WorkerExit): boolean => signal === 'SIGKILL' || signal === 'SIGTERM';

const wordsOf = ({ code, signal, words }: WorkerExit): string => {
  const how = signal === null ? `ended with code ${code ?? '?'}` : `was ended by ${signal}`;
  const lines = words.split('\n').filter((line) => line.trim() !== '');
  const last = lines.find((line) => /^\w*Error\b/.test(line)) ?? lines.at(-1) ?? '';
  return last === '' ? `The worker ${how}` : `The worker ${how}: ${last.trim()}`;
};

/** How work ends that was asked to end: what was complete by then stays so. */
function answer(asked: 'pause' | 'stop', end: WorkerEnd | null): WorkerEnd {
  if (end?.outcome === 'done') return end;
  if (asked === 'stop') return { outcome: 'stopped', problem: '', hint: '' };
  const failed = end?.outcome === 'failed' || end?.outcome === 'incomplete';
  return end && failed ? end : { outcome: 'paused', problem: '', hint: '' };
}

export function createSupervisor(deps: SuperviseDeps): Supervisor {
  const running = new Map<string, Running>();
  /** Those whose end is being told. */
  const ending = new Set<Running>();
  let closing = false;

  /** Resolves after the time, or when somebody asks for something. */
  const sleep = (state: Running, ms: number): Promise<void> =>
    new Promise((resolve) => {
      const awake = (): void => {
        clearTimeout(timer);
        state.wake = null;
        resolve();
      };
      const timer = setTimeout(awake, ms);
      state.wake = awake;
    });

  const endWorker = async (worker: Worker, mode: WorkerMode): Promise<void> => {
    worker.leave();
    const timer = setTimeout(() => worker.kill(), mode === 'check' ? CHECK_ORDERLY_MS : ORDERLY_MS);
    await worker.ended;
    clearTimeout(timer);
  };

  const once = async (job: Job, state: Running): Promise<WorkerExit> => {
    await endEarlier(job.folder, ORDERLY_MS);
    let order: WorkerOrder;
    try {
      order = await deps.orderOf(job, state.mode);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      return { end: refused(error), code: null, signal: null, words: '' };
    }
    if (state.asked || state.dropped) return { end: null, code: null, signal: null, words: '' };
    const worker = startWorker({
      program: deps.program,
      // As it is now: what was changed while the order was made was told to no worker.
      order: { ...order, course: job.record().course },
      onEvent: (event) => {
        if (!state.dropped) deps.onEvent(job, event);
      },
      onGarbage: (line) =>
        deps.log.write('warn', 'a worker says what is no event', {
          job: job.id,
          line: job.scrub(line),
        }),
    });
    state.worker = worker;
    const identity = worker.pid === 0 ? null : identify(worker.pid);
    try {
      if (identity) await writeFileAtomically(join(job.folder, WORKER_FILE), JSON.stringify(identity));
    } catch (error) {
      // One that nobody would find again must not be.
      worker.kill();
      await worker.ended;
      state.worker = null;
      throw error;
    }
    const exit = await worker.ended;
    state.worker = null;
    const words = job.scrub(exit.words);
    if (words !== '') deps.log.write('warn', 'words of a worker', { job: job.id, words });
    return { ...exit, words };
  };

  /** One worker after the other until there is an end that lasts. Null: it is not for us to say any more. */
  const untilEnd = async (job: Job, state: Running): Promise<WorkerEnd | null> => {
    for (;;) {
      const exit = await once(job, state).catch((error: unknown): WorkerExit => {
        deps.log.bug(`the worker of ${job.id}`, error);
        return { end: null, code: null, signal: null, words: errorInfo(error).message };
      });
      if (state.dropped || closing) return null;
      if (state.asked) return answer(state.asked, exit.end);
      // One that ended in an orderly way without being asked by us was asked by somebody else.
      const end = exit.end?.outcome === 'paused' || exit.end?.outcome === 'stopped' ? null : exit.end;
      if (end && end.outcome !== 'waits') return end;
      let delay: number;
      if (end) {
        const wait = state.mode === 'run' ? await deps.onWaits(job, end) : null;
        if (wait === null) return { ...end, outcome: 'failed' };
        delay = wait;
      } else {
        state.lost += 1;
        const words = wordsOf(exit);
        // Somebody else ends a worker by SIGKILL or SIGTERM: that is no reason to give the task up.
        if (state.lost >= LOST_MAX && !fromOutside(exit)) {
          return { outcome: 'failed', problem: words, hint: 'Look into the log of the task, then resume it.' };
        }
        delay = lostDelay(state.lost);
        await deps
          .onLost(job, words, delay)
          .catch((error: unknown) => void deps.log.bug(`the record of ${job.id}`, error));
      }
      if (!state.asked && !state.dropped) await sleep(state, delay);
      if (state.dropped || closing) return null;
      if (state.asked) return answer(state.asked, null);
    }
  };

  /** The end of a task must not be lost because the disk is full: it is told again until it is kept. */
  const tellEnd = async (job: Job, state: Running, end: WorkerEnd): Promise<void> => {
    let broken: WorkerEnd | null = null;
    while (!state.dropped && !closing) {
      try {
        await (broken ? deps.onBroken(job, state.mode, broken) : deps.onEnd(job, state.mode, end));
        return;
      } catch (error) {
        const id = deps.log.bug(`the end of ${job.id}`, error);
        if (error instanceof AppError && error.code === 'storage') await sleep(state, RETELL_MS);
        else if (broken) return;
        else broken = { outcome: 'failed', problem: errorInfo(error).message, hint: `Log id ${id}` };
      }
    }
  };

  const run = async (job: Job, state: Running): Promise<void> => {
    let end: WorkerEnd | null;
    try {
      end = await untilEnd(job, state);
    } catch (error) {
      const id = deps.log.bug(`the worker of ${job.id}`, error);
      end = { outcome: 'failed', problem: errorInfo(error).message, hint: `Log id ${id}` };
    }
    // Before it is told: what is told may be followed by another beginning at once.
    if (running.get(job.id) === state) running.delete(job.id);
    ending.add(state);
    if (end) await tellEnd(job, state, end);
    ending.delete(state);
  };

  return {
    begin(job, mode) {
      if (running.has(job.id)) throw new Error(`the task ${job.id} has a worker already`);
      const state: Running = {
        id: job.id,
        mode,
        worker: null,
        asked: null,
        dropped: false,
        lost: 0,
        wake: null,
        done: Promise.resolve(),
      };
      running.set(job.id, state);
      state.done = run(job, state).catch((error: unknown) => void deps.log.bug(`the end of ${job.id}`, error));
    },
    ask(id, wanted) {
      const state = running.get(id);
      if (!state) return [...ending].some((each) => each.id === id);
      state.asked = wanted;
      const { worker, mode } = state;
      state.wake?.();
      if (!worker) return true;
      if (mode === 'check') void endWorker(worker, mode);
      else {
        worker.send({ command: wanted });
        const timer = setTimeout(() => void endWorker(worker, mode), ORDERLY_MS);
        void worker.ended.then(() => clearTimeout(timer));
      }
      return true;
    },
    send(id, command) {
      const worker = running.get(id)?.worker;
      worker?.send(command);
      return worker !== undefined && worker !== null;
    },
    pid: (id) => running.get(id)?.worker?.pid || null,
    noteAdvance(id) {
      const state = running.get(id);
      if (state) state.lost = 0;
    },
    hurry: (id) => running.get(id)?.wake?.(),
    async drop(job) {
      for (const state of [...running.values(), ...ending].filter(({ id }) => id === job.id)) {
        state.dropped = true;
        state.wake?.();
        if (state.worker) await endWorker(state.worker, 'check');
        await state.done;
      }
      await endEarlier(job.folder, CHECK_ORDERLY_MS);
    },
    async close() {
      closing = true;
      const all = [...running.values(), ...ending];
      for (const state of all) {
        state.wake?.();
        state.worker?.leave();
      }
      const ended = Promise.all(all.map(({ done }) => done));
      // A worker that takes longer goes on to its end alone; the next daemon waits for it.
      await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, CHECK_ORDERLY_MS).unref())]);
    },
  };
}
