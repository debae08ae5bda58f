import { randomUUID } from 'node:crypto';
import { cancelled, errorInfo, type ErrorInfo } from '../../shared/errors';
import type { TaskLogLine } from '../../shared/model/task';
import type { TaskControl, TaskRunner } from '../ports';

/** A runner for one command: the task is over when `ended` resolves; nothing is kept. */
export interface CliTask {
  readonly runner: TaskRunner;
  /** The failure, or null. */
  readonly ended: Promise<ErrorInfo | null>;
}

export interface CliTaskEvents {
  log(level: TaskLogLine['level'], text: string): void;
  step(key: string): void;
  progress(fraction: number | null, note: string): void;
}

export function createCliTask(signal: AbortSignal, events: CliTaskEvents): CliTask {
  let end: (failure: ErrorInfo | null) => void = () => undefined;
  const ended = new Promise<ErrorInfo | null>((resolve) => (end = resolve));
  const runner: TaskRunner = {
    start(_request, work) {
      const id = randomUUID();
      const control: TaskControl = {
        id,
        signal,
        log: (level, text) => events.log(level, text),
        step: (key) => events.step(key),
        progress: (fraction, note = '') => events.progress(fraction, note),
        bytes: () => undefined,
        skipStep: () => undefined,
      };
      work(control).then(
        () => end(null),
        (error: unknown) => end(signal.aborted ? cancelled().info : errorInfo(error)),
      );
      return id;
    },
  };
  return { runner, ended };
}
