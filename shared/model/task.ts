import type { ErrorInfo } from '../errors';

export const TASK_STATES = [
  'queued',
  'running',
  'cancelling',
  'succeeded',
  'failed',
  'cancelled',
  'interrupted',
] as const;
/** `interrupted`: the program ended while it ran. */
export type TaskState = (typeof TASK_STATES)[number];

export interface TaskStep {
  /** Key in the translations of `tasks.steps`. */
  readonly key: string;
  readonly state: 'waiting' | 'running' | 'done' | 'failed' | 'skipped';
  /** Share of the whole, relative to the other steps. */
  readonly weight: number;
  /** 0 … 1; null when it can't be known. */
  readonly fraction: number | null;
  /** What is being done right now, e.g. the table's name; empty is nothing. */
  readonly note: string;
}

/** The one shape of everything that takes long. */
export interface TaskView {
  readonly id: string;
  /** e.g. `import`, `save-result`, `fetch-binaries`; key in the translations of `tasks.kinds`. */
  readonly kind: string;
  /** What it works on, in the person's words. */
  readonly title: string;
  readonly state: TaskState;
  readonly steps: readonly TaskStep[];
  /** 0 … 1 over all steps by weight; null when it can't be known. */
  readonly fraction: number | null;
  readonly bytesDone: number;
  /** 0 when unknown. */
  readonly bytesTotal: number;
  /** Bytes a second over the last seconds; 0 when idle. */
  readonly rate: number;
  /** Seconds; null when it can't be known. */
  readonly secondsLeft: number | null;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly endedAt: number | null;
  readonly warnings: number;
  readonly errors: number;
  readonly error: ErrorInfo | null;
  readonly logLines: number;
}

export interface TaskLogLine {
  readonly level: 'debug' | 'info' | 'harmless' | 'warning' | 'error';
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly text: string;
}

export const isOver = (state: TaskState): boolean =>
  state === 'succeeded' || state === 'failed' || state === 'cancelled' || state === 'interrupted';
