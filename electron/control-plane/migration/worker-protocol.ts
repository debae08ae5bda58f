import { z } from 'zod';
import {
  finding,
  migrationOptions,
  type STEPS,
  type Finding,
  type MigrationLogLine,
  type MigrationProgress,
  type ObjectOutcome,
  type TableProgress,
} from '../../../shared/model/migration';
import { reachable } from './endpoint';

/**
 * Between the daemon and the worker of a task: JSON lines. The daemon writes the order as the first line of standard input and commands
 * after it; the worker writes events on standard output and its own troubles on standard error. When standard input ends, the daemon is
 * gone or does not want the worker any more: the worker stops in an orderly way.
 */

export const workerOrder = z.object({
  jobId: z.string(),
  mode: z.enum(['check', 'run']),
  options: migrationOptions,
  source: reachable,
  target: reachable,
  /** Folder of the task: journal, temporary files. */
  folder: z.string(),
  /** Folders with client programs to look in first. */
  toolFolders: z.array(z.string()),
  /** How many tables, indexes at once, resolved. */
  copyJobs: z.number().int().min(1),
  indexJobs: z.number().int().min(1),
});
export type WorkerOrder = z.output<typeof workerOrder>;

export const workerCommand = z.discriminatedUnion('command', [
  /** Ends after what is being written is whole or undone; the journal knows where to go on. */
  z.object({ command: z.literal('pause') }),
  z.object({ command: z.literal('stop') }),
  z.object({
    command: z.literal('limit'),
    copyJobs: z.number().int().min(1),
    indexJobs: z.number().int().min(1),
    bytesPerSecond: z.number().int().min(0),
  }),
]);
export type WorkerCommand = z.output<typeof workerCommand>;

/** Why a worker ended. */
export const workerEnd = z.object({
  /**
   * `done`: all of it; `incomplete`: everything that could be done was, some objects failed; `waits`: something outside is away (a server,
   * the network, a password) and trying later may help; `failed`: trying again does not help by itself; `paused`, `stopped`: as asked.
   */
  outcome: z.enum(['done', 'incomplete', 'waits', 'failed', 'paused', 'stopped']),
  /** One sentence; empty when done. */
  problem: z.string(),
  hint: z.string(),
});
export type WorkerEnd = z.output<typeof workerEnd>;

const passed = <T>() => z.custom<T>((value) => typeof value === 'object' && value !== null);

export const workerEvent = z.discriminatedUnion('event', [
  z.object({ event: z.literal('log'), line: passed<MigrationLogLine>() }),
  /** At most four a second. */
  z.object({ event: z.literal('progress'), progress: passed<MigrationProgress>() }),
  /** Tables whose state has changed since the last such event; at most four a second. */
  z.object({ event: z.literal('tables'), tables: z.array(passed<TableProgress>()) }),
  z.object({ event: z.literal('objects'), objects: z.array(passed<ObjectOutcome>()) }),
  /** Of a check: which group of checks is looked at now, and what was found. */
  z.object({ event: z.literal('checking'), step: z.string() }),
  z.object({ event: z.literal('findings'), findings: z.array(finding) }),
  z.object({ event: z.literal('end'), end: workerEnd }),
]);
export type WorkerEvent = z.output<typeof workerEvent>;

/** What a running task tells; the parts of the engine get this, the worker turns it into events. */
export interface Telling {
  log(level: MigrationLogLine['level'], text: string): void;
  step(step: (typeof STEPS)[number], change: Partial<MigrationProgress['steps'][number]>): void;
  table(database: string, schema: string, name: string, change: Partial<TableProgress>): void;
  object(outcome: Omit<ObjectOutcome, 'at'>): void;
  findings(found: readonly Finding[]): void;
}
