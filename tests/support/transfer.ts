import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { createFileTokens } from '../../electron/adapters/storage/file-tokens';
import { createCliTask } from '../../electron/cli/task';
import { createTransferFeature } from '../../electron/features/transfer/transfer-feature';
import type { Logger } from '../../electron/log';
import type { ConnectionProfile, Connections } from '../../electron/ports';
import type { ImportPlan } from '../../shared/contract/transfer';
import type { DumpPreview, Finding, ImportReport } from '../../shared/model/import';
import type { TestServer } from './postgres';

const root = resolve(import.meta.dirname, '../..');
/** Databases written by others, beside the clone; null on machines without them. */
export const dataset = (path: string): string | null => {
  const file = resolve(root, '../shared/data', path);
  return existsSync(file) ? file : null;
};
export const SHOP = join(root, 'resources/sample/shop.sql');

const quiet: Logger = { write: () => undefined, bug: () => '' };
const signal = new AbortController().signal;

export interface ImportRequest {
  readonly from: string | { readonly server: TestServer; readonly database: string };
  readonly to: TestServer;
  readonly database: string;
  readonly create?: boolean;
  readonly options?: Partial<ImportPlan['options']>;
  /** Hides the client programs of the machine. */
  readonly withoutTools?: boolean;
  readonly abort?: AbortSignal;
  readonly password?: string;
  /** Changes how both servers are reached. */
  readonly through?: (profile: ConnectionProfile) => ConnectionProfile;
  readonly onProgress?: (fraction: number | null, note: string) => void;
}

export interface Imported {
  readonly findings: readonly Finding[];
  readonly report: ImportReport;
  /** Files left in the folder for passwords. */
  readonly left: readonly string[];
  readonly log: readonly string[];
  /** Seconds of the step that moves the data. */
  readonly loadSeconds: number;
}

/** Runs one import through the feature as the window does, and waits for its end. */
export async function runImport(request: ImportRequest): Promise<Imported> {
  const folder = await mkdtemp(join(tmpdir(), 'howdah-import-'));
  const servers = new Map<string, TestServer>([['to', request.to]]);
  if (typeof request.from !== 'string') servers.set('from', request.from.server);
  const profile = (id: string, database: string | null): ConnectionProfile => {
    const server = servers.get(id);
    if (!server) throw new Error('no such server');
    const made = server.profile(database ?? 'postgres');
    const reached = request.through?.(made) ?? made;
    return request.password === undefined ? reached : { ...reached, password: request.password };
  };
  const connections: Connections = {
    profile: async (id, database) => profile(id, database),
    name: (id) => id,
    onDisconnect: () => () => undefined,
    reportLost: () => undefined,
  };
  const log: string[] = [];
  let loadFrom = 0;
  let loadSeconds = 0;
  const task = createCliTask(request.abort ?? signal, {
    log: (level, text) => void log.push(`${level}: ${text}`),
    step: (key) => {
      if (key === 'import-load') loadFrom = performance.now();
      else if (loadFrom > 0 && loadSeconds === 0) loadSeconds = (performance.now() - loadFrom) / 1000;
    },
    progress: (fraction, note) => request.onProgress?.(fraction, note),
  });
  const files = createFileTokens();
  const feature = createTransferFeature({
    connections,
    runner: task.runner,
    files,
    toolFolders: () => [],
    folder,
    tempFolder: join(folder, 'private'),
    log: quiet,
    ...(request.withoutTools ? { findTools: async () => [] } : {}),
  });
  const plan: ImportPlan = {
    source:
      typeof request.from === 'string'
        ? { kind: 'file', fileToken: files.add(request.from, 'read') }
        : { kind: 'database', serverId: 'from', database: request.from.database },
    target: { serverId: 'to', database: request.database, create: request.create ?? true, encoding: '' },
    options: {
      content: 'all',
      schemas: [],
      tables: [],
      noOwner: true,
      noPrivileges: true,
      clean: false,
      singleTransaction: false,
      stopOnError: false,
      jobs: 1,
      analyze: false,
      allowUnsafeCommands: false,
      ...request.options,
    },
  };
  try {
    const findings = await feature.handlers.check({ plan }, { signal });
    const { taskId } = await feature.handlers.start({ plan }, { signal });
    await task.ended;
    const { report } = await feature.handlers.result({ taskId }, { signal });
    if (!report) throw new Error('no report');
    const privates = join(folder, 'private');
    return { findings, report, log, loadSeconds, left: existsSync(privates) ? readdirSync(privates) : [] };
  } finally {
    await feature.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** What the wizard shows of a file. */
export async function previewOf(path: string): Promise<DumpPreview> {
  const { previewFile } = await import('../../electron/features/transfer/preview');
  const { locateTools } = await import('../../electron/adapters/tools/locate');
  return previewFile(path, await locateTools([], signal), signal);
}

const run = promisify(execFile);
const connectionArgs = (server: TestServer, database: string): string[] => [
  '-h',
  '127.0.0.1',
  '-p',
  String(server.port),
  '-U',
  'postgres',
  '-d',
  database,
];
const env = (server: TestServer): NodeJS.ProcessEnv => ({
  ...process.env,
  PGPASSWORD: server.profile().password ?? '',
});

/** A client program of the machine, against a test server. Returns its standard output. */
export async function client(
  server: TestServer,
  database: string,
  program: string,
  args: readonly string[],
): Promise<string> {
  const { stdout } = await run(program, [...connectionArgs(server, database), ...args], {
    env: env(server),
    maxBuffer: 512 * 1024 * 1024,
  });
  return stdout;
}

/** The structure as pg_dump prints it, without what differs in every run. */
export async function structureOf(server: TestServer, database: string): Promise<string> {
  const text = await client(server, database, 'pg_dump', ['-s', '-O', '-x']);
  return text.replaceAll(/^\\(un)?restrict .*$/gm, '');
}

/** Rows and a checksum over all rows of each table, in an order of their own. */
export async function checksums(server: TestServer, database: string): Promise<Record<string, string>> {
  const login = server.profile(database);
  const session = new Client({
    host: login.host,
    port: login.port,
    user: login.user,
    database,
    password: login.password ?? '',
    options: '-c timezone=UTC -c extra_float_digits=1',
  });
  await session.connect();
  try {
    const { rows } = await session.query<{ name: string }>(
      `SELECT c.oid::regclass::text AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE (c.relkind = 'r' OR c.relkind = 'm' AND c.relispopulated) AND n.nspname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1`,
    );
    const sums: Record<string, string> = {};
    for (const { name } of rows) {
      const sum = await session.query<{ sum: string }>(
        `SELECT count(*) || ' ' || coalesce(sum(('x' || left(md5(t::text), 15))::bit(60)::bigint)::text, '') AS sum FROM ONLY ${name} t`,
      );
      sums[name] = sum.rows[0]?.sum ?? '';
    }
    return sums;
  } finally {
    await session.end();
  }
}
