import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect } from 'vitest';
import { endpoint } from '../../electron/control-plane/migration/endpoint';
import { createMigrationJobs, type MigrationDeps } from '../../electron/control-plane/migration/jobs';
import type { JobConfiguration, MigrationJobs } from '../../electron/control-plane/migration/job-service';
import { AppError } from '../../shared/errors';
import {
  migrationOptions,
  STEPS,
  type Finding,
  type FollowProgress,
  type JobStatus,
  type MigrationOptions,
  type MigrationProgress,
} from '../../shared/model/migration';
import { memoryLog } from './log';

/** Migration tasks without a control plane around them, and workers that do what a test says. */

export const STAND_IN = resolve(import.meta.dirname, 'stand-in-worker.mjs');

/** What a worker does, see `stand-in-worker.mjs`. */
export type Play = readonly (readonly object[])[];

export const ended = (outcome: string, problem = '', hint = ''): object => ({
  say: { event: 'end', end: { outcome, problem, hint } },
});
const noInstance = async (): Promise<never> => {
  throw new Error('there is no instance');
};
/** What a control plane without instances answers about them. */
export const NO_INSTANCES: MigrationDeps['instances'] = {
  get: () => undefined,
  list: () => [],
  certificateAuthority: async () => '',
  withSuperuser: noInstance,
  certifyFor: noInstance,
  holdClients: noInstance,
  letClients: noInstance,
  exchangeAddresses: noInstance,
  taskAddress: async () => ({ host: '127.0.0.1', port: 1 }),
  noteEvent: noInstance,
};
export const HANG: object = { hang: true };

export function progressOf(totals: Partial<MigrationProgress['totals']>): MigrationProgress {
  return {
    steps: STEPS.map((step) => ({
      step,
      state: step === 'prepare' ? 'success' : step === 'copy' ? 'running' : 'notStarted',
      fraction: step === 'copy' ? 0.5 : null,
      startedAt: null,
      endedAt: null,
      note: '',
    })),
    totals: {
      tables: 2,
      tablesDone: 0,
      tablesFailed: 0,
      rows: 0,
      bytes: 0,
      totalBytes: 100,
      objects: 3,
      objectsDone: 0,
      objectsFailed: 0,
      indexes: 0,
      indexesDone: 0,
      ...totals,
    },
    bytesPerSecond: 0,
    rowsPerSecond: 0,
    estimateSeconds: null,
    snapshotSince: null,
    copyJobs: 2,
    indexJobs: 2,
    follow: null,
  };
}

const FOLLOWS: FollowProgress = {
  direction: 'forward',
  databases: [],
  ...{ lagBytes: 0, lagSeconds: 0, retainedBytes: 0 },
  ...{ rowsInPerSecond: 0, rowsOutPerSecond: 0, bytesInPerSecond: 0 },
  ...{ estimateSeconds: 0, fallingBehind: false, walAlarm: false, blockers: [], cutOver: [] },
};

/** A task that follows one database without a gap. */
export const followOf = (
  change: Partial<FollowProgress> = {},
  database: Partial<FollowProgress['databases'][number]> = {},
): MigrationProgress => ({
  ...progressOf({}),
  // What a stand-in is told must not be long.
  steps: [],
  follow: {
    ...FOLLOWS,
    databases: [
      {
        ...{ database: 'shop', state: 'following', slot: 'howdah_x', applied: '0/1', written: '0/1' },
        ...{ lagBytes: 0, lagSeconds: 0, retainedBytes: 0, walStatus: 'reserved', problem: '' },
        ...{ transactions: 1, inserted: 0, updated: 0, deleted: 0, truncated: 0, drifted: 0, quietSeconds: 5 },
        halts: [],
        ...database,
      },
    ],
    ...change,
  },
});

export const phase = (name: string): object => ({ say: { event: 'phase', phase: name } });

export const findingOf = (change: Partial<Finding>): Finding => ({
  check: 'wal-level',
  step: 'SrcParameterCheck',
  level: 'pass',
  side: 'source',
  database: '',
  title: 'Level of the WAL',
  found: 'wal_level is logical',
  items: [],
  count: 0,
  effect: '',
  remedy: '',
  sql: 'SHOW wal_level',
  fix: null,
  ...change,
});

export const PASSED: Play[number] = [{ say: { event: 'findings', findings: [findingOf({})] } }, ended('done')];

/** A configuration whose workers do what `play` says. */
export function configurationOf(
  play: Play,
  {
    clean,
    ...change
  }: Partial<Omit<JobConfiguration, 'options'>> & {
    readonly options?: Partial<MigrationOptions>;
    /** Of workers that clean the source. */
    readonly clean?: Play;
  } = {},
): JobConfiguration {
  const side = (host: string, options = '') => ({
    endpoint: endpoint.parse({ accessType: 'extranet', host, user: 'shop', options }),
    secrets: { password: `secret of the ${host}`, sshPassword: null },
  });
  return {
    runMode: 'immediate',
    at: null,
    retryMinutes: 60,
    source: side('source', JSON.stringify({ runs: play, clean })),
    target: side('target'),
    ...change,
    options: migrationOptions.parse({ type: 'full', objects: { mode: 'all', roleMode: 'all' }, ...change.options }),
  };
}

export interface Bench {
  readonly folder: string;
  readonly jobs: MigrationJobs;
  readonly log: ReturnType<typeof memoryLog>;
  /** Ends the daemon's part and opens it again on the same folder. */
  again(): Promise<void>;
  /** A task whose workers do what is said; verified already when the first of its plays is a check. */
  made(play: Play, change?: Parameters<typeof configurationOf>[1]): Promise<string>;
  status(id: string): JobStatus | undefined;
  until(id: string, status: JobStatus): Promise<void>;
  /** Kinds of the events of a task, oldest first. */
  events(id: string): string[];
  /** One line for each worker that was started. */
  starts(id: string): string[];
  commands(id: string): unknown[];
  /** The course in the order of each worker that was started. */
  courses(id: string): unknown[];
  close(): Promise<void>;
}

const read = (file: string): string[] => {
  try {
    return readFileSync(file, 'utf8').trim().split('\n');
  } catch {
    return [];
  }
};

export async function openBench(change: Partial<MigrationDeps> = {}): Promise<Bench> {
  const folder = await mkdtemp(join(tmpdir(), 'howdah-jobs-'));
  const log = memoryLog();
  const open = (): Promise<MigrationJobs> =>
    createMigrationJobs({
      folder,
      nodeSecret: 'n'.repeat(64),
      program: STAND_IN,
      toolFolders: [],
      instances: NO_INSTANCES,
      gateway: { sessions: async () => [] },
      reads: {
        objects: async () => ({ schemas: [], largeObjects: 0 }),
        closure: async () => [],
        databases: async () => [],
      },
      log,
      ...change,
    });
  let jobs = await open();
  const status = (id: string): JobStatus | undefined => jobs.get(id)?.status;
  const until = (id: string, wanted: JobStatus): Promise<void> =>
    expect.poll(() => status(id), { timeout: 15_000, interval: 20 }).toBe(wanted);
  return {
    folder,
    get jobs() {
      return jobs;
    },
    log,
    async again() {
      await jobs.close();
      jobs = await open();
    },
    async made(play, configuration) {
      const { id } = await jobs.create({ name: '', region: 'ap-guangzhou', size: 'medium', tags: [] });
      await jobs.configure(id, configurationOf(play, configuration));
      if (play[0] === PASSED) {
        await jobs.check(id);
        await until(id, 'checkPass');
      }
      return id;
    },
    status,
    until,
    events: (id) => (jobs.get(id)?.events ?? []).map(({ kind }) => kind).toReversed(),
    starts: (id) => read(join(folder, id, 'starts')),
    commands: (id) => read(join(folder, id, 'commands')).map((line): unknown => JSON.parse(line)),
    courses: (id) => read(join(folder, id, 'courses')).map((line): unknown => JSON.parse(line)),
    async close() {
      await jobs.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The code of a refusal; fails when there is none. */
export async function refusal(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
  throw new Error('it was not refused');
}
