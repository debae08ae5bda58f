import { AppError, errorInfo, type ErrorInfo } from '../../../shared/errors';
import { isOver, type TaskState, type TaskStep, type TaskView } from '../../../shared/model/task';
import { redact, type Logger } from '../../log';
import type { TaskControl, TaskRequest } from '../../ports';
import type { TaskLog } from './task-log';
import { createSpeed, secondsLeft, weightedFraction } from './task-progress';

/** One task while it runs. */
export interface RunningTask {
  readonly control: TaskControl;
  view(): TaskView;
  cancel(): void;
  /** Runs the work to its end; never fails. */
  run(work: (control: TaskControl) => Promise<void>): Promise<void>;
}

interface Fields {
  state: TaskState;
  steps: TaskStep[];
  bytesDone: number;
  bytesTotal: number;
  endedAt: number | null;
  warnings: number;
  errors: number;
  error: ErrorInfo | null;
}

const clamp = (fraction: number): number => Math.min(1, Math.max(0, fraction));

/** `changed` runs at every change, unthrottled. */
export function createRunningTask(
  id: string,
  request: TaskRequest,
  deps: { readonly taskLog: TaskLog; readonly log: Logger; readonly changed: () => void },
): RunningTask {
  const { taskLog, log, changed } = deps;
  const controller = new AbortController();
  const startedAt = Date.now();
  const bytesSpeed = createSpeed();
  const fractionSpeed = createSpeed();
  const now: Fields = {
    state: 'queued',
    steps: request.steps.map(({ key, weight }) => ({ key, weight, state: 'waiting', fraction: null, note: '' })),
    bytesDone: 0,
    bytesTotal: 0,
    endedAt: null,
    warnings: 0,
    errors: 0,
    error: null,
  };

  const change = (which: (step: TaskStep) => boolean, to: Partial<TaskStep>): void => {
    now.steps = now.steps.map((step) => (which(step) ? { ...step, ...to } : step));
  };
  const noteFraction = (): void => {
    const fraction = weightedFraction(now.steps);
    if (fraction !== null) fractionSpeed.add(Date.now(), fraction);
  };
  const known = (key: string): void => {
    if (!now.steps.some((step) => step.key === key)) throw new Error(`task ${request.kind} has no step ${key}`);
  };

  const control: TaskControl = {
    id,
    signal: controller.signal,
    log(level, text) {
      if (level === 'warning') now.warnings++;
      if (level === 'error') now.errors++;
      const at = Date.now();
      for (const line of redact(text).trimEnd().split('\n')) taskLog.append({ level, at, text: line });
      changed();
    },
    step(key) {
      known(key);
      change((step) => step.state === 'running', { state: 'done', fraction: 1, note: '' });
      change((step) => step.key === key, { state: 'running' });
      noteFraction();
      changed();
    },
    progress(fraction, note) {
      change((step) => step.state === 'running', {
        fraction: fraction === null || !Number.isFinite(fraction) ? null : clamp(fraction),
        ...(note === undefined ? {} : { note: redact(note) }),
      });
      noteFraction();
      changed();
    },
    bytes(done, total) {
      now.bytesDone = done;
      now.bytesTotal = total;
      bytesSpeed.add(Date.now(), done);
      changed();
    },
    skipStep(key) {
      known(key);
      change((step) => step.key === key, { state: 'skipped', note: '' });
      noteFraction();
      changed();
    },
  };

  function end(state: TaskState, error: ErrorInfo | null): void {
    const running = { succeeded: 'done', failed: 'failed' } as const;
    const last = state === 'succeeded' || state === 'failed' ? running[state] : 'skipped';
    change((step) => step.state === 'running', {
      state: last,
      note: '',
      ...(last === 'done' ? { fraction: 1 } : {}),
    });
    if (state === 'succeeded') change((step) => step.state === 'waiting', { state: 'skipped' });
    if (error && state === 'failed') {
      taskLog.append({ level: 'error', at: Date.now(), text: redact(error.message) });
    }
    now.state = state;
    now.error = error;
    now.endedAt = Date.now();
    changed();
  }

  return {
    control,
    view() {
      const at = now.endedAt ?? Date.now();
      const over = isOver(now.state);
      const fraction = now.state === 'succeeded' ? 1 : weightedFraction(now.steps);
      const rate = bytesSpeed.perSecond(at);
      const byFraction = secondsLeft(fraction, fractionSpeed.perSecond(at));
      const byBytes = now.bytesTotal > 0 && rate > 0 ? Math.max(1, (now.bytesTotal - now.bytesDone) / rate) : null;
      return {
        id,
        kind: request.kind,
        title: request.title,
        state: now.state,
        steps: now.steps,
        fraction,
        bytesDone: now.bytesDone,
        bytesTotal: now.bytesTotal,
        // After the end: the mean over the whole run.
        rate: over ? now.bytesDone / Math.max(0.001, (at - startedAt) / 1000) : rate,
        secondsLeft: over ? null : (byFraction ?? (fraction === null && byBytes ? Math.round(byBytes) : null)),
        startedAt,
        endedAt: now.endedAt,
        warnings: now.warnings,
        errors: now.errors,
        error: now.error,
        logLines: taskLog.count(),
      };
    },
    cancel() {
      if (isOver(now.state) || now.state === 'cancelling') return;
      now.state = 'cancelling';
      changed();
      controller.abort();
    },
    async run(work) {
      now.state = 'running';
      changed();
      try {
        await work(control);
        end('succeeded', null);
      } catch (error) {
        const info = errorInfo(error);
        if (info.code === 'cancelled' || controller.signal.aborted) {
          if (info.code !== 'cancelled') control.log('debug', info.message);
          end('cancelled', null);
        } else {
          const logId = info.code === 'bug' ? log.bug(`task ${request.kind}`, error) : undefined;
          end('failed', logId === undefined ? info : { ...info, logId });
        }
      }
    },
  };
}

/** What `cancel` and `remove` say of a task that is not there. */
export const noSuchTask = (id: string): AppError =>
  new AppError({ code: 'not-found', message: `There is no task ${id}`, field: 'id' });
