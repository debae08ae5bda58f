import { AppError } from '../../../shared/errors';
import { contextOf, mustGet, type Ground } from './context';
import { changeRecord } from './change-record';
import type { Instances } from './instance-service';
import type { Step } from './operation-context';
import { preconditions } from './preconditions';
import { operationInput, type InstanceRecord, type OperationInput, type OperationKind } from './record';
import { firstStep, Interruption, runOperation } from './runner';
import { mayBegin } from './status';
import type { Turns } from './turns';

export interface Operations extends Pick<Instances, 'check' | 'begin' | 'beginWaiting' | 'cancelWaiting'> {
  nextTask(): number;
  /** Does the journalled operation of an instance. */
  run(id: string): void;
  /** Gives up the step that runs if it may be: the operation fails with this reason. Returns whether it was. */
  interrupt(id: string, reason: string): boolean;
  /** Whether the instance serves while its operation takes a long step, so that its servers are to be watched. */
  isInterruptible(id: string): boolean;
  /** Resolves when everything that runs has come to its end. */
  settled(): Promise<unknown>;
}

interface Running {
  readonly controller: AbortController;
  readonly done: Promise<void>;
  step: Step | null;
}

type Begun = Exclude<OperationKind, 'create'>;

/** Begins operations, runs them one at a time per instance, and lets some of them wait for their time. */
export function createOperations(ground: Ground, turns: Turns, ending: AbortSignal): Operations {
  const { repository, log } = ground;
  const running = new Map<string, Running>();
  let lastTask = 0;
  const nextTask = (): number => (lastTask = Math.max(lastTask + 1, Date.now()));

  const run = (id: string): void => {
    const controller = new AbortController();
    const signal = AbortSignal.any([ending, controller.signal]);
    const work = turns
      .foreground(id, () =>
        runOperation(repository, contextOf(ground, id, signal), {
          ending,
          repair: contextOf(ground, id, ending),
          onStep: (step) => {
            const me = running.get(id);
            if (me) me.step = step;
          },
        }),
      )
      .catch((error: unknown) => void log.bug(`operation of ${id}`, error))
      .finally(() => running.delete(id));
    running.set(id, { controller, done: work, step: null });
  };

  const refuse = (record: InstanceRecord, kind: Begun, why: string): AppError =>
    new AppError({ code: 'conflict', message: `The instance ${record.id} is ${why}: ${kind} is not possible now` });

  const mayGo = (kind: Begun, record: InstanceRecord, fromWaiting: boolean): void => {
    if (record.operation) throw refuse(record, kind, `busy (${record.operation.kind})`);
    const status = fromWaiting && record.status === 'waitSwitch' ? 'running' : record.status;
    if (!mayBegin(kind, status)) throw refuse(record, kind, record.status);
  };

  const check: Instances['check'] = (kind, id) => {
    const record = mustGet(repository, id);
    mayGo(kind, record, false);
    return record;
  };

  const go = async (kind: Begun, record: InstanceRecord, input: OperationInput, given = 0): Promise<number> => {
    const facts = preconditions(ground, record, kind, input);
    const taskId = given === 0 ? nextTask() : given;
    const { name: step, status } = firstStep(kind);
    await changeRecord(repository, record.id, {
      status,
      ...(record.waiting?.kind === kind ? { waiting: null } : {}),
      operation: {
        taskId,
        kind,
        step,
        note: '',
        startedAt: Date.now(),
        adminVerifier: null,
        input,
        facts,
      },
    });
    run(record.id);
    return taskId;
  };

  /** What changes the disk, or where the data is, is judged by how much there is. */
  const measured = async (kind: Begun, id: string): Promise<void> => {
    if (kind === 'deployment' || kind === 'respec') await ground.measureDisk(id);
  };

  return {
    nextTask,
    run,
    check,
    async begin(kind, id, wanted = {}, when = { at: 'now' }) {
      check(kind, id);
      await measured(kind, id);
      const record = check(kind, id);
      const input = operationInput.parse(wanted);
      if (when.at === 'now') return go(kind, record, input);
      if (kind !== 'switch' && kind !== 'deployment' && kind !== 'respec') {
        throw new AppError({ code: 'invalid-input', message: `The operation ${kind} cannot wait for a time` });
      }
      preconditions(ground, record, kind, input);
      const taskId = nextTask();
      await changeRecord(repository, id, {
        status: 'waitSwitch',
        waiting: { kind, input, from: when.from, until: when.until, taskId, tag: when.tag ?? 2 },
      });
      return taskId;
    },
    async beginWaiting(id) {
      const waits = mustGet(repository, id).waiting;
      if (waits) await measured(waits.kind, id);
      const record = mustGet(repository, id);
      const { waiting } = record;
      if (!waiting)
        throw new AppError({ code: 'conflict', message: `Nothing of the instance ${id} waits for its time` });
      mayGo(waiting.kind, record, true);
      return go(waiting.kind, record, waiting.input, waiting.taskId);
    },
    async cancelWaiting(id) {
      const record = mustGet(repository, id);
      if (!record.waiting || record.status !== 'waitSwitch') {
        throw new AppError({ code: 'conflict', message: `Nothing of the instance ${id} waits for its time` });
      }
      await changeRecord(repository, id, { status: 'running', waiting: null });
    },
    interrupt(id, reason) {
      const found = running.get(id);
      if (!found?.step?.interruptible || found.controller.signal.aborted) return false;
      found.controller.abort(new Interruption(reason));
      return true;
    },
    isInterruptible: (id) => running.get(id)?.step?.interruptible === true,
    settled: () => Promise.allSettled([...running.values()].map(({ done }) => done)),
  };
}
