import { AppError, errorInfo } from '../../../shared/errors';
import type { Blocker, Completion, MigrationProgress } from '../../../shared/model/migration';
import type { Logger } from '../../log';
import { conflict, mustAllow } from './job-configuration';
import type { AddressMove } from './address-move';
import { hasFailedStep, isLedOver } from './job-rules';
import type { Job, JobStore } from './store';
import type { Supervisor } from './supervise';
import { NO_COURSE, type Course, type WorkerPhase } from './worker-protocol';

/** Why a task cannot be completed, in words. */
const WHY: Readonly<Record<Blocker, string>> = {
  copying: 'it is still being copied',
  gap: 'the target is behind the source',
  halted: 'a change waits for a decision',
  away: 'a server is away',
  lost: 'the changes of the source cannot be followed any more',
  'tables-failed': 'tables were not copied',
  'objects-failed': 'objects were not made',
};

/** What a worker that says that it is ready may still have told before. */
const SMALL: ReadonlySet<Blocker> = new Set(['copying', 'gap']);

/** After an address that could not be moved. */
const AGAIN_MS = 5_000;

export interface CourseDeps {
  readonly store: Pick<JobStore, 'get'>;
  readonly log: Logger;
  readonly supervisor: () => Supervisor;
  readonly address: AddressMove;
}

/** The cut-over of tasks and its way back: each turn is on disk before a worker hears of it. */
export interface CourseControl {
  /** Begins, or asks anew after a step has failed. Fails with `conflict` or `invalid-input`. */
  complete(job: Job, completion: Completion): Promise<void>;
  takeBack(job: Job): Promise<void>;
  goBack(job: Job, completion: Completion): Promise<void>;
  finish(job: Job): Promise<void>;
  /** Fails with `conflict` once clients may be on the target. */
  mustBeStoppable(job: Job): void;
  onPhase(job: Job, phase: WorkerPhase): void;
  onProgress(job: Job, progress: MigrationProgress): void;
  /** To be called before each worker: what was begun with the address is where the record says it is. */
  expect(job: Job): Promise<void>;
  /** The work is over, or rests: nobody is kept waiting. Never fails: what cannot be let go now is tried again. */
  rest(job: Job): Promise<void>;
  tick(now: number): Promise<void>;
}

export function createCourse({ store, log, supervisor, address }: CourseDeps): CourseControl {
  const turns = new Map<string, Promise<unknown>>();
  /** Tasks that have drained and whose address could not be moved yet, with the time of the next attempt. */
  const unmoved = new Map<string, number>();
  /** Tasks at rest whose clients could not be let go yet, with the time of the next attempt. */
  const held = new Map<string, number>();
  /** Tasks whose worker began while the cut-over was being undone: its first `guarding` says where it begins, not that it was taken back. */
  const beginsBack = new Set<string>();

  /** One after the other for each task: a phase and a person may come at the same time. */
  const inTurn = <T>(job: Job, work: () => Promise<T>): Promise<T> => {
    const turn = (turns.get(job.id) ?? Promise.resolve()).then(work);
    const settled = turn
      .catch(() => undefined)
      .finally(() => {
        if (turns.get(job.id) === settled) turns.delete(job.id);
      });
    turns.set(job.id, settled);
    return turn;
  };

  const sides = (job: Job, back: boolean): Parameters<AddressMove['hold']> => {
    const { source, target } = job.record();
    if (!source || !target) throw conflict(job.record(), 'a cut-over');
    return [job.id, back ? target : source, back ? source : target];
  };
  const mustMove = (job: Job, { moveAddress }: Completion): void => {
    const { source, target } = job.record();
    if (!moveAddress || (source && target && address.can(source, target))) return;
    throw new AppError({
      code: 'invalid-input',
      message: 'The address can be moved only when both sides are instances of this control plane',
      field: 'completion.moveAddress',
    });
  };

  /** Begins one direction of the cut-over. Clients wait from here on when the address is to be moved. */
  const begin = async (job: Job, course: Course, how: Completion, kind: string, text: string): Promise<void> => {
    const { status, course: before } = job.record();
    const back = course.back !== null;
    await job.change({ status: 'completing', course, ledBack: false }, { kind, text });
    try {
      if (how.moveAddress) await address.hold(...sides(job, back));
      else await address.undo(job.id);
    } catch (error) {
      const { message } = errorInfo(error);
      await job.change({ course: before, status }, { kind: 'address-not-held', text: message });
      throw error;
    }
    supervisor().send(job.id, { command: back ? 'goBack' : 'complete', completion: how });
  };

  /** Leads the clients over. What cannot be moved now is tried again; until then clients are where they were. */
  const open = async (job: Job): Promise<void> => {
    const record = job.record();
    const { course, status, ledBack } = record;
    const back = course.back !== null;
    const how = course.back ?? course.completion;
    unmoved.delete(job.id);
    if (status !== 'completing' || !how) return;
    if (!isLedOver(record)) {
      // From here on clients may be there, whatever becomes of this process.
      await job.change(back ? { ledBack: true } : { course: { ...course, opened: true } });
      try {
        if (how.moveAddress) await address.switch(job.id);
      } catch (error) {
        const text = `The address could not be moved, it is tried again: ${errorInfo(error).message}`;
        await job.change({ course, ledBack }, { kind: 'address-not-moved', text });
        unmoved.set(job.id, Date.now() + AGAIN_MS);
        return;
      }
      const where = back ? 'source' : 'target';
      const text = how.moveAddress ? `The address leads to the ${where}` : `Clients may use the ${where}`;
      await job.change({}, { kind: 'opened', text });
    }
    supervisor().send(job.id, { command: 'opened' });
    if (how.moveAddress) await address.release(job.id);
  };

  const PHASE_WORDS: Readonly<Record<WorkerPhase, string>> = {
    following: 'Everything is copied; the changes of the source are followed',
    ready: 'The target has caught up: the task can be completed',
    drained: 'Everything that was written is on the other side',
    guarding: 'The target is in use; its changes flow back to the source, so that the cut-over can be undone',
  };

  const hearPhase = async (job: Job, phase: WorkerPhase): Promise<void> => {
    const { status, course, phase: before, takingBack, waitingSince } = job.record();
    const event = phase === before ? undefined : { kind: phase, text: PHASE_WORDS[phase] };
    const goesOn = { phase, ...(waitingSince === null ? {} : { attempts: 0, waitingSince: null, end: null }) };
    if (phase === 'drained') {
      if (status !== 'completing') return;
      if (takingBack) {
        supervisor().send(job.id, { command: 'takeBack' });
        return;
      }
      await job.change(goesOn, event);
      await open(job);
      return;
    }
    if (phase === 'guarding') {
      if (beginsBack.delete(job.id) || course.finish || (status !== 'completing' && status !== 'guarding')) return;
      if (course.back && !takingBack) return;
      const guarded = { status: 'guarding' as const, course: { ...course, back: null }, takingBack: false };
      await job.change({ ...goesOn, ...guarded }, event);
      if (course.back) await address.undo(job.id);
      return;
    }
    if (course.opened || course.back || (course.completion && !takingBack)) return;
    const isTaken = status === 'completing';
    const next = phase === 'ready' ? ('readyComplete' as const) : ('running' as const);
    const follows = isTaken || status === 'running' || status === 'readyComplete' ? { status: next } : {};
    await job.change({ ...goesOn, ...follows, course: NO_COURSE, takingBack: false }, event);
    if (isTaken) await address.undo(job.id);
  };

  const rest = async (job: Job): Promise<void> => {
    unmoved.delete(job.id);
    held.delete(job.id);
    try {
      await (isLedOver(job.record()) ? address.release(job.id) : address.undo(job.id));
    } catch (error) {
      held.set(job.id, Date.now() + AGAIN_MS);
      const reason = errorInfo(error).message;
      log.write('warn', 'clients still wait for the address of a task', { job: job.id, reason });
    }
  };

  const mustAskAnew = (job: Job, what: string): void => {
    const record = job.record();
    if (!hasFailedStep(job.results.progress) || record.takingBack || isLedOver(record)) throw conflict(record, what);
  };

  return {
    complete: (job, completion) =>
      inTurn(job, async () => {
        const record = job.record();
        const { status, course, options } = record;
        if (options && options.type !== 'fullAndIncrement') {
          const message = `The task ${job.id} is ${status}: there is nothing to complete, a full copy ends by itself`;
          throw new AppError({ code: 'conflict', message });
        }
        const told = job.results.progress?.follow?.blockers ?? ['copying'];
        // A task that is ready may have a small gap at any moment: the cut-over waits for it.
        const blockers = status === 'readyComplete' ? told.filter((each) => !SMALL.has(each)) : told;
        const busy = status === 'running' || status === 'readyComplete';
        if (record.isolatedAt === null && busy && (status === 'running' || blockers.length > 0)) {
          const why = (blockers.length > 0 ? blockers : (['gap'] as const)).map((each) => WHY[each]).join(', ');
          throw new AppError({
            code: 'conflict',
            message: `The task ${job.id} cannot be completed yet: ${why}`,
            hint: 'It can be completed when its status is readyComplete.',
          });
        }
        mustAllow(record, 'complete');
        if (status === 'completing') {
          if (course.back || !course.completion) throw conflict(record, 'complete');
          mustAskAnew(job, 'complete');
        }
        mustMove(job, completion);
        await begin(job, { ...NO_COURSE, completion }, completion, 'completing', 'The cut-over begins');
      }),
    takeBack: (job) =>
      inTurn(job, async () => {
        const record = job.record();
        mustAllow(record, 'takeBack', 'taking it back');
        const { course } = record;
        const isCut = (course.back ?? course.completion) !== null && !course.finish && !record.takingBack;
        if (!isCut || isLedOver(record)) {
          const where = course.back ? 'source' : 'target';
          const why = record.takingBack ? 'it is being taken back' : `clients may be on the ${where} already`;
          const message = `The cut-over of ${job.id} cannot be taken back any more: ${why}`;
          throw new AppError({ code: 'conflict', message });
        }
        unmoved.delete(job.id);
        await job.change({ takingBack: true }, { kind: 'taking-back', text: 'The cut-over is to be taken back' });
        supervisor().send(job.id, { command: 'takeBack' });
      }),
    goBack: (job, completion) =>
      inTurn(job, async () => {
        const record = job.record();
        mustAllow(record, 'goBack', 'going back');
        const { course, status } = record;
        if (status === 'completing') {
          if (!course.back) throw conflict(record, 'going back');
          mustAskAnew(job, 'going back');
        }
        mustMove(job, completion);
        await begin(job, { ...course, back: completion }, completion, 'going-back', 'The cut-over is being undone');
      }),
    finish: (job) =>
      inTurn(job, async () => {
        const record = job.record();
        mustAllow(record, 'finish');
        const course = { ...record.course, finish: true };
        await job.change({ status: 'completing', course }, { kind: 'finishing', text: 'The way back is given up' });
        supervisor().send(job.id, { command: 'finish' });
      }),
    mustBeStoppable(job) {
      const { status, course } = job.record();
      if (status !== 'completing' || !(course.opened || course.back || course.finish)) return;
      throw new AppError({
        code: 'conflict',
        message: `The task ${job.id} cannot be stopped: clients may be on the target already`,
        hint: 'It ends by itself; what it leaves is taken away then.',
      });
    },
    onPhase(job, phase) {
      inTurn(job, () => hearPhase(job, phase)).catch((error: unknown) => void log.bug(`the phase of ${job.id}`, error));
    },
    onProgress(job, { follow }) {
      // A worker that began anew goes on with the cut-over, and hears again that it is not wanted.
      if (follow && follow.cutOver.length > 0 && job.record().takingBack)
        supervisor().send(job.id, { command: 'takeBack' });
    },
    async expect(job) {
      const record = job.record();
      const { course, status } = record;
      const back = course.back !== null;
      if (back) beginsBack.add(job.id);
      else beginsBack.delete(job.id);
      held.delete(job.id);
      const how = course.back ?? course.completion;
      if (status !== 'completing' || !how?.moveAddress) return;
      if (!isLedOver(record)) await address.hold(...sides(job, back));
      else {
        await address.switch(job.id);
        await address.release(job.id);
      }
    },
    rest,
    async tick(now) {
      const due = async (waiting: Map<string, number>, work: (job: Job) => Promise<void>): Promise<void> => {
        // A copy: what fails again comes back.
        for (const [id, at] of [...waiting]) {
          if (at > now) continue;
          const job = store.get(id);
          if (job) await inTurn(job, () => work(job));
          else waiting.delete(id);
        }
      };
      await due(unmoved, open);
      await due(held, rest);
    },
  };
}
