import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { MigrationLogLine, MigrationProgress, ObjectOutcome, TableProgress } from '../../shared/model/migration';
import { migrationOptions } from '../../shared/model/migration';
import { reachable, type Reachable } from '../../electron/control-plane/migration/endpoint';
import {
  NO_COURSE,
  workerEvent,
  type WorkerCommand,
  type WorkerEnd,
  type WorkerEvent,
  type WorkerOrder,
} from '../../electron/control-plane/migration/worker-protocol';
import { daemonProgram } from './control-plane';
import type { TestServer } from './postgres';

/** The real worker program, driven as the daemon would. */
export interface TestWorker {
  readonly pid: number;
  readonly events: readonly WorkerEvent[];
  readonly lines: readonly MigrationLogLine[];
  /** As told last, by `database schema.name`. */
  readonly tables: ReadonlyMap<string, TableProgress>;
  /** As told last, by `database key`. */
  readonly objects: ReadonlyMap<string, ObjectOutcome>;
  progress(): MigrationProgress | null;
  /** What it wrote on standard error. */
  errors(): string;
  send(command: WorkerCommand): void;
  /** Closes its input, as a daemon does that ends. */
  hangUp(): void;
  kill(signal?: NodeJS.Signals): void;
  /** How it ended; null when it told no end (killed). */
  readonly ended: Promise<WorkerEnd | null>;
}

export const workerProgram = async (): Promise<string> => join(dirname(await daemonProgram()), 'migration-worker.js');

/** A server of a test as a side of a task. */
export const sideOf = (server: TestServer, change: Partial<Reachable> = {}): Reachable =>
  reachable.parse({
    accessType: 'extranet',
    host: '127.0.0.1',
    port: server.port,
    user: 'postgres',
    database: 'postgres',
    ssl: { mode: 'disable', rootCert: '', cert: '', key: '', crl: '', sni: true },
    password: server.profile().password,
    sshPassword: null,
    ...change,
  });

/** Everything of one database, or what is given. */
export const orderOf = (
  source: TestServer,
  target: TestServer,
  change: Partial<Omit<WorkerOrder, 'options'>> & { readonly options?: object; readonly database?: string } = {},
): WorkerOrder => {
  const { options, database, ...rest } = change;
  return {
    jobId: 'dts-test0001',
    mode: 'run',
    source: sideOf(source),
    target: sideOf(target),
    folder: '',
    toolFolders: [],
    copyJobs: 2,
    indexJobs: 2,
    course: NO_COURSE,
    compare: null,
    ...rest,
    options: migrationOptions.parse({
      type: 'full',
      objects: {
        mode: 'partial',
        roleMode: 'none',
        databases: database === undefined ? [] : [{ name: database, mode: 'all' }],
      },
      ...options,
    }),
  };
};

export const openJobFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'howdah-job-'));
export const removeJobFolder = (folder: string): Promise<void> => rm(folder, { recursive: true, force: true });

/** Starts the worker and gives it its order. */
export async function startWorker(order: WorkerOrder): Promise<TestWorker> {
  const child = spawn(process.execPath, [await workerProgram()], { stdio: ['pipe', 'pipe', 'pipe'], cwd: '/' });
  const events: WorkerEvent[] = [];
  const lines: MigrationLogLine[] = [];
  const tables = new Map<string, TableProgress>();
  const objects = new Map<string, ObjectOutcome>();
  let progress: MigrationProgress | null = null;
  let end: WorkerEnd | null = null;
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  child.stdin.on('error', () => undefined);
  const read = createInterface({ input: child.stdout });
  read.on('line', (line) => {
    const event = workerEvent.parse(JSON.parse(line));
    if (event.event !== 'objects') events.push(event);
    if (event.event === 'progress') progress = event.progress;
    if (event.event === 'log') lines.push(event.line);
    if (event.event === 'end') end = event.end;
    if (event.event === 'tables')
      for (const table of event.tables) tables.set(`${table.database} ${table.schema}.${table.name}`, table);
    if (event.event === 'objects')
      for (const object of event.objects) objects.set(`${object.database} ${object.key}`, object);
  });
  const ended = new Promise<WorkerEnd | null>((resolve) => {
    child.once('close', () => resolve(end));
  });
  const send = (message: object): void => void child.stdin.write(`${JSON.stringify(message)}\n`);
  send(order);
  return {
    pid: child.pid ?? 0,
    events,
    lines,
    tables,
    objects,
    progress: () => progress,
    errors: () => errors,
    send,
    hangUp: () => void child.stdin.end(),
    kill: (signal = 'SIGKILL') => void child.kill(signal),
    ended,
  };
}
