import {
  STEPS,
  type Finding,
  type FollowProgress,
  type MigrationLogLine,
  type MigrationProgress,
  type MigrationStep,
  type ObjectOutcome,
  type StepProgress,
  type TableProgress,
} from '../../../../shared/model/migration';
import type { PlannedTable } from '../plan-model';
import type { Telling, WorkerEnd, WorkerEvent, WorkerPhase } from '../worker-protocol';
import { createRates } from './rates';
import { createTableTally, newTable, tableKey } from './table-tally';

/** What the worker itself tells, beyond what the parts of the engine do. */
export interface RunTelling extends Telling {
  /** Databases of the source and their sizes, in bytes: what the progress of the whole is weighed by. */
  databases(sizes: ReadonlyMap<string, number>): void;
  /** Tables of a database that travel, and how many statements its structure has. */
  plan(database: string, tables: readonly PlannedTable[]): void;
  statements(database: string, count: number, beforeRows: number): void;
  /** A table that an earlier run has copied. */
  restored(
    database: string,
    schema: string,
    name: string,
    done: { readonly rows: number; readonly bytes: number },
  ): void;
  databaseDone(database: string): void;
  tableOf(database: string, schema: string, name: string): TableProgress | undefined;
  /** Bytes of a table that went through. */
  flowed(database: string, schema: string, name: string, bytes: number): void;
  /** An index of a table waits (`todo`) or is built (`done`). */
  index(table: { database: string; schema: string; name: string } | null, what: 'todo' | 'done' | 'failed'): void;
  snapshot(since: number | null): void;
  limits(copyJobs: number, indexJobs: number): void;
  checking(step: string): void;
  readonly failures: {
    readonly tables: number;
    readonly objects: number;
    /** Indexes and keys of tables that are there themselves. */
    readonly indexes: number;
  };
  /** Replaces what was told of the changes before. */
  follow(follow: FollowProgress): void;
  phase(phase: WorkerPhase): void;
  /** For the events of the task. */
  happened(kind: string, text: string): void;
  stepState(step: MigrationStep): StepProgress['state'];
  /** The last words: everything that waits is told, then the end. */
  end(end: WorkerEnd): void;
}

export interface TellingOptions {
  /** False: the reader is slow; what is told next is gathered until it has caught up. */
  readonly emit: (event: WorkerEvent) => boolean;
  readonly copyJobs: number;
  readonly indexJobs: number;
  readonly now?: () => number;
}

const EVERY_MS = 250;
/** Log lines that wait for a slow reader. */
const LINES_MAX = 2000;
const newStep = (step: MigrationStep): StepProgress => ({
  step,
  state: 'notStarted',
  fraction: null,
  startedAt: null,
  endedAt: null,
  note: '',
});

/** Gathers what is told into at most four events of a kind a second. */
export function createTelling(options: TellingOptions): RunTelling {
  const { emit, now = Date.now } = options;
  const steps = new Map<MigrationStep, StepProgress>(STEPS.map((step) => [step, newStep(step)]));
  const tables = createTableTally();
  const outcomes = new Map<string, ObjectOutcome['outcome']>();
  /** How many indexes of a table could not be made. */
  const unindexed = new Map<string, number>();
  const tallies = { done: 0, failed: 0, skipped: 0 };
  const expected = new Map<string, { readonly all: number; readonly beforeRows: number }>();
  const sizes = new Map<string, number>();
  const planned = new Set<string>();
  const rates = createRates(now);
  const objects: ObjectOutcome[] = [];
  const lines: MigrationLogLine[] = [];
  let linesDropped = 0;
  let limits = { copyJobs: options.copyJobs, indexJobs: options.indexJobs };
  let snapshotSince: number | null = null;
  let follow: FollowProgress | null = null;
  let indexes = 0;
  let indexesDone = 0;
  let changed = false;
  let timer: NodeJS.Timeout | null = null;
  let slow = false;
  let flowed = false;

  /** Databases that are not planned yet count by their size. */
  const unplanned = (): number => [...sizes].reduce((sum, [name, size]) => (planned.has(name) ? sum : sum + size), 0);

  /** A step that runs never goes back. */
  const advance = (step: MigrationStep, done: number, all: number): void => {
    const known = steps.get(step);
    if (known?.state !== 'running' || all <= 0) return;
    steps.set(step, { ...known, fraction: Math.max(known.fraction ?? 0, Math.min(1, done / all)) });
  };

  const progress = (): MigrationProgress => {
    const ahead = unplanned();
    const { weight, behind, ...sums } = tables.sums;
    const all = weight + ahead;
    advance('copy', behind, all);
    if (sizes.size < 2) {
      advance('structure', outcomes.size, [...expected.values()][0]?.beforeRows ?? 0);
      advance('indexes', indexesDone, indexes);
    }
    const { bytesPerSecond, rowsPerSecond, weightPerSecond } = rates.now();
    return {
      steps: STEPS.map((step) => steps.get(step) ?? newStep(step)),
      totals: {
        ...sums,
        totalBytes: sums.totalBytes + ahead,
        objects: Math.max(
          outcomes.size,
          [...expected.values()].reduce((sum, { all: count }) => sum + count, 0),
        ),
        objectsDone: tallies.done,
        objectsFailed: tallies.failed,
        indexes,
        indexesDone,
      },
      bytesPerSecond,
      rowsPerSecond,
      estimateSeconds: weightPerSecond > 0 ? Math.max(0, Math.round((all - behind) / weightPerSecond)) : null,
      snapshotSince,
      ...limits,
      follow,
    };
  };

  const put = (event: WorkerEvent): void => {
    slow = !emit(event) || slow;
  };
  const flush = (): void => {
    slow = false;
    if (linesDropped > 0) {
      lines.push({ at: now(), level: 'warning', text: `${linesDropped} lines were left out` });
      linesDropped = 0;
    }
    for (const line of lines.splice(0)) put({ event: 'log', line });
    const told = tables.takeChanged();
    if (told.length > 0) put({ event: 'tables', tables: told });
    if (objects.length > 0) put({ event: 'objects', objects: objects.splice(0) });
    // Once more when nothing flows any more: the rates are nought then.
    const { flowing } = rates;
    if (changed || flowing || flowed) {
      changed = false;
      flowed = flowing;
      put({ event: 'progress', progress: progress() });
    }
  };
  const tick = (): void => {
    timer = null;
    flush();
    if (flowed) schedule();
  };
  const schedule = (): void => {
    // A slow reader is given four times as long, so that what it has not read does not pile up here.
    timer ??= setTimeout(tick, slow ? EVERY_MS * 4 : EVERY_MS);
  };
  const touch = (): void => {
    changed = true;
    schedule();
  };

  const change = (key: string, wanted: Partial<TableProgress>, flows = true): void => {
    const gained = tables.change(key, wanted);
    if (flows && gained > 0) rates.weight(gained);
    touch();
  };

  return {
    log(level, text) {
      if (lines.length < LINES_MAX) lines.push({ at: now(), level, text });
      else linesDropped += 1;
      schedule();
    },
    step(step, wanted) {
      const before = steps.get(step) ?? newStep(step);
      const begins = wanted.state === 'running' && before.startedAt === null;
      const ends = wanted.state !== undefined && wanted.state !== 'running' && before.endedAt === null;
      steps.set(step, {
        ...before,
        ...(begins ? { startedAt: now() } : {}),
        ...(ends ? { endedAt: now() } : {}),
        ...(wanted.state === 'success' ? { fraction: 1 } : {}),
        ...wanted,
      });
      touch();
    },
    table: (database, schema, name, wanted) => change(tableKey(database, schema, name), wanted),
    object(outcome) {
      const key = `${outcome.database}\n${outcome.key}`;
      const before = outcomes.get(key);
      if (before) tallies[before] -= 1;
      tallies[outcome.outcome] += 1;
      outcomes.set(key, outcome.outcome);
      objects.push({ ...outcome, at: now() });
      touch();
    },
    findings: (found: readonly Finding[]) => put({ event: 'findings', findings: [...found] }),
    databases(known) {
      for (const [name, size] of known) sizes.set(name, size);
      touch();
    },
    plan(database, list) {
      planned.add(database);
      for (const table of list) {
        const key = tableKey(database, table.schema, table.name);
        if (table.kind === 'partitioned' || tables.has(key)) continue;
        tables.add(newTable(database, table.schema, table.name, table.rows, table.bytes));
      }
      touch();
    },
    statements(database, all, beforeRows) {
      expected.set(database, { all, beforeRows });
      touch();
    },
    restored(database, schema, name, { rows, bytes }) {
      const key = tableKey(database, schema, name);
      if (!tables.has(key)) tables.add(newTable(database, schema, name, rows, bytes));
      change(key, { state: 'done', rows, bytes }, false);
    },
    databaseDone(database) {
      planned.add(database);
      touch();
    },
    tableOf: (database, schema, name) => tables.get(tableKey(database, schema, name)),
    flowed(database, schema, name, count) {
      const key = tableKey(database, schema, name);
      const known = tables.get(key);
      if (!known) return;
      const { totalBytes, estimatedRows, bytes } = known;
      rates.bytes(count, totalBytes > 0 ? (count * estimatedRows) / totalBytes : 0);
      change(key, { bytes: bytes + count });
    },
    index(table, what) {
      if (what === 'todo') indexes += 1;
      else if (what === 'done') indexesDone += 1;
      const key = table && tableKey(table.database, table.schema, table.name);
      const known = key === null ? undefined : tables.get(key);
      if (key !== null && what === 'failed') unindexed.set(key, (unindexed.get(key) ?? 0) + 1);
      if (key !== null && known) {
        change(key, {
          indexes: known.indexes + Number(what === 'todo'),
          indexesDone: known.indexesDone + Number(what === 'done'),
        });
      }
      touch();
    },
    snapshot(since) {
      snapshotSince = since;
      touch();
    },
    limits(copyJobs, indexJobs) {
      limits = { copyJobs, indexJobs };
      touch();
    },
    checking: (step) => put({ event: 'checking', step }),
    follow(wanted) {
      follow = wanted;
      touch();
    },
    phase: (phase) => put({ event: 'phase', phase }),
    happened: (kind, text) => put({ event: 'happened', kind, text }),
    get failures() {
      const indexesFailed = [...unindexed].reduce(
        (sum, [key, count]) => sum + (tables.get(key)?.state === 'failed' ? 0 : count),
        0,
      );
      return { tables: tables.sums.tablesFailed, objects: tallies.failed, indexes: indexesFailed };
    },
    stepState: (step) => steps.get(step)?.state ?? 'notStarted',
    end(end) {
      if (timer) clearTimeout(timer);
      timer = null;
      snapshotSince = null;
      changed = true;
      flush();
      emit({ event: 'end', end });
    },
  };
}
