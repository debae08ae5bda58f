import { z } from 'zod';
import {
  COMPARE_MODES,
  completion,
  decision,
  finding,
  migrationOptions,
  type STEPS,
  type Finding,
  type MigrationLogLine,
  type MigrationProgress,
  type ObjectOutcome,
  type TableProgress,
} from '../../../shared/model/migration';
import type { TableCompare, RowDifference } from '../../../shared/model/migration-api';
import { reachable } from './endpoint';

/**
 * Between the daemon and the worker of a task: JSON lines. The daemon writes the order as the first line of standard input and commands
 * after it; the worker writes events on standard output and its own troubles on standard error. When standard input ends, the daemon is
 * gone or does not want the worker any more: the worker stops in an orderly way.
 */

/** What a comparison is to look at. */
export const compareOrder = z.object({
  id: z.string(),
  mode: z.enum(COMPARE_MODES),
  samplePercent: z.number().int().min(1).max(100),
  /** Of the source; empty is every table of the task. */
  tables: z.array(z.object({ database: z.string(), schema: z.string(), name: z.string() })),
  /** Of the source: what an earlier worker has compared already. */
  done: z.array(z.object({ database: z.string(), schema: z.string(), name: z.string() })).default([]),
});
export type CompareOrder = z.output<typeof compareOrder>;

/**
 * How far the daemon has brought the cut-over: a worker that begins anew goes on from here. `opened`: clients are (or may be) on the target;
 * `back`: the cut-over is being undone (`opened` stays true: the worker tells `drained` again and hears the command `opened` again).
 */
export const course = z.object({
  completion: completion.nullable(),
  opened: z.boolean(),
  back: completion.nullable(),
  /** The way back is given up. */
  finish: z.boolean(),
});
export type Course = z.output<typeof course>;
export const NO_COURSE: Course = { completion: null, opened: false, back: null, finish: false };

export const workerOrder = z.object({
  jobId: z.string(),
  /** `clean`: takes everything away that the task has left on its source, and its records on the target. */
  mode: z.enum(['check', 'run', 'compare', 'clean']),
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
  course: course.default(NO_COURSE),
  /** Of transactions of the source that still run, kept for each database; without: as much as is sensible. */
  spoolBytes: z.number().int().min(1).optional(),
  /** Only of `compare`. */
  compare: compareOrder.nullable().default(null),
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
  /** Begins the cut-over; it ends with the event `drained`, and goes on after the command `opened`. */
  z.object({ command: z.literal('complete'), completion }),
  z.object({ command: z.literal('takeBack') }),
  /** Clients may be on the target now. */
  z.object({ command: z.literal('opened') }),
  z.object({ command: z.literal('goBack'), completion }),
  z.object({ command: z.literal('finish') }),
  z.object({ command: z.literal('decide'), decision }),
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
  /** With `failed`: no worker can go on, because the changes that are missing are not to be had any more. */
  final: z.boolean().optional(),
});
export type WorkerEnd = z.output<typeof workerEnd>;

export const WORKER_PHASES = ['following', 'ready', 'drained', 'guarding'] as const;
export type WorkerPhase = (typeof WORKER_PHASES)[number];

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
  /**
   * `following`: everything is copied and its changes are followed; `ready`: without a gap worth naming; `drained`: the cut-over waits for the
   * clients to be led to the target (or back to the source); `guarding`: the way back is open.
   */
  z.object({ event: z.literal('phase'), phase: z.enum(WORKER_PHASES) }),
  /** Something that a person should read in the events of the task. */
  z.object({ event: z.literal('happened'), kind: z.string(), text: z.string() }),
  /** Tables of a comparison that have changed since the last such event. */
  z.object({ event: z.literal('compared'), tables: z.array(passed<TableCompare>()) }),
  z.object({
    event: z.literal('differences'),
    database: z.string(),
    schema: z.string(),
    name: z.string(),
    rows: z.array(passed<RowDifference>()),
  }),
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
