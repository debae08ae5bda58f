import { AppError, errorInfo } from '../../../shared/errors';
import type { Blocker, Completion, Decision } from '../../../shared/model/migration';
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
  'not-durable': 'the target does not keep what it has confirmed',
};

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
  /** Fails with `not-found`, `invalid-input`, `conflict`. */
  decide(job: Job, decision: Decision): Promise<void>;
  /** Fails with `conflict` once clients may be on the target. */
  mustBeStoppable(job: Job): void;
  onPhase(job: Job, phase: WorkerPhase): void;
  /** To be called before each worker: what was begun with the address is where the record says it is. */
  expect(job: Job): Promise<void>;
  /** The work is over, or rests: nobody is kept waiting. */
  rest(job: Job): Promise<void>;
  tick(now: number): Promise<void>;
}

export function createCourse({ store, log, supervisor, address }: CourseDeps): CourseControl {
  const turns = new Map<string, Promise<unknown>>();
  /** Tasks that have drained and whose address could not be moved yet, with the time of the next attempt. */
  const unmoved = new Map<string, number>();

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
    await job.change({ status: 'completing', course }, { kind, text });
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
    const { course, status } = job.record();
    const back = course.back !== null;
    const how = course.back ?? course.completion;
    unmoved.delete(job.id);
    if (status !== 'completing' || !how) return;
    if (!isLedOver(course)) {
      // From here on clients may be there, whatever becomes of this process.
      await job.change({ course: { ...course, opened: !back } });
      try {
        if (how.moveAddress) await address.switch(job.id);
      } catch (error) {
        const text = `The address could not be moved, it is tried again: ${errorInfo(error).message}`;
        await job.change({ course }, { kind: 'address-not-moved', text });
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
    const { status, course, phase: before } = job.record();
    const event = phase === before ? undefined : { kind: phase, text: PHASE_WORDS[phase] };
    const goesOn = job.record().waitingSince === null ? {} : { attempts: 0, waitingSince: null, end: null };
    const moving = course.completion !== null && !course.opened;
    if (phase === 'drained') {
      if (status !== 'completing') return;
      await job.change({ phase, ...goesOn }, event);
      await open(job);
    } else if (phase === 'guarding') {
      if (course.back || course.finish || (status !== 'completing' && status !== 'guarding')) return;
      await job.change({ status: 'guarding', phase, ...goesOn }, event);
      await address.undo(job.id);
    } else if (!moving && !course.opened && !course.back) {
      const next = phase === 'ready' ? ('readyComplete' as const) : ('running' as const);
      const known = status === 'running' || status === 'readyComplete' || status === 'completing';
      await job.change({ phase, ...goesOn, ...(known ? { status: next } : {}) }, event);
      if (status === 'completing') await address.undo(job.id);
    }
  };

  const mustAskAnew = (job: Job, what: string): void => {
    if (!hasFailedStep(job.results.progress)) throw conflict(job.record(), what);
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
        const blockers = job.results.progress?.follow?.blockers ?? ['copying'];
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
          if (course.back || course.opened || !course.completion) throw conflict(record, 'complete');
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
        const back = course.back !== null;
        if (course.finish || isLedOver(course) || !(course.back ?? course.completion)) {
          throw new AppError({
            code: 'conflict',
            message: `The cut-over of ${job.id} cannot be taken back any more: clients may be on the ${back ? 'source' : 'target'} already`,
          });
        }
        unmoved.delete(job.id);
        const next: Course = back ? { ...course, back: null } : NO_COURSE;
        await job.change({ course: next }, { kind: 'taken-back', text: 'The cut-over is taken back' });
        supervisor().send(job.id, { command: 'takeBack' });
      }),
    goBack: (job, completion) =>
      inTurn(job, async () => {
        const record = job.record();
        mustAllow(record, 'goBack', 'going back');
        const { course, status } = record;
        if (status === 'completing') {
          if (!course.back || !course.opened) throw conflict(record, 'going back');
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
    async decide(job, decision) {
      const record = job.record();
      const halt = job.results.progress?.follow?.databases
        .flatMap(({ halts }) => halts)
        .find(({ id, database }) => id === decision.id && database === decision.database);
      if (record.isolatedAt !== null || !halt)
        throw new AppError({ code: 'not-found', message: `The task ${job.id} does not wait for this decision` });
      if (!halt.choices.includes(decision.choice)) {
        const message = `${decision.choice} is no choice here: ${halt.choices.join(', ')}`;
        throw new AppError({ code: 'invalid-input', message, field: 'decision.choice' });
      }
      if (decision.statement !== undefined && (decision.choice !== 'apply' || halt.kind !== 'ddl')) {
        const message = 'Another statement can be given only where a statement is applied';
        throw new AppError({ code: 'invalid-input', message, field: 'decision.statement' });
      }
      if (!supervisor().send(job.id, { command: 'decide', decision }))
        throw new AppError({
          code: 'conflict',
          message: `Nobody is at the task ${job.id} just now`,
          hint: 'Try again when it goes on.',
        });
      const text = `Decided: ${decision.choice}: ${halt.text}`;
      await job.change({}, { kind: 'decided', text: job.scrub(text) });
    },
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
    async expect(job) {
      const { course, status } = job.record();
      const how = course.back ?? course.completion;
      if (status !== 'completing' || !how?.moveAddress) return;
      if (!isLedOver(course)) await address.hold(...sides(job, course.back !== null));
      else {
        await address.switch(job.id);
        await address.release(job.id);
      }
    },
    async rest(job) {
      unmoved.delete(job.id);
      await (isLedOver(job.record().course) ? address.release(job.id) : address.undo(job.id));
    },
    async tick(now) {
      // A copy: what fails again comes back.
      for (const [id, at] of [...unmoved]) {
        if (at > now) continue;
        const job = store.get(id);
        if (job) await inTurn(job, () => open(job));
        else unmoved.delete(id);
      }
    },
  };
}
