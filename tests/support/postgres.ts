import { spawn, execFile, type ChildProcess } from 'node:child_process';
import { chmod, chown, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { NEW_SERVER } from '../../shared/model/server';
import type { ConnectionProfile } from '../../electron/ports';
import { serverAccount } from '../../electron/control-plane/cluster/account';
import { ensureBinaries } from '../../electron/control-plane/cluster/binaries';

const run = promisify(execFile);

/** A port of 127.0.0.1 that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() =>
        address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}

/** Servers of this process that may run: they end with it, also when a test run is interrupted. */
const living = new Set<ChildProcess>();
const endServers = (): void => {
  for (const server of living) server.kill('SIGQUIT');
};
process.once('exit', endServers);
// The test runner is gone.
process.once('disconnect', endServers);
process.once('SIGTERM', (signal) => {
  endServers();
  process.kill(process.pid, signal);
});

const ADDRESS_IN_USE = 'Address already in use';
const PORTS_TRIED = 5;

/** A real server of one test file: user `postgres`, trust authentication on 127.0.0.1 unless `password` is given (then scram or md5). */
export interface TestServer {
  readonly major: number;
  readonly port: number;
  readonly uri: (database?: string) => string;
  readonly profile: (database?: string) => ConnectionProfile;
  readonly dataFolder: string;
  readonly pid: number;
  /** A fresh database, dropped with the server. */
  createDatabase(name: string, options?: string): Promise<void>;
  /** Runs statements in a database and returns the last result's rows. */
  sql(sql: string, database?: string): Promise<Record<string, unknown>[]>;
  kill(signal?: NodeJS.Signals): void;
  /** Kills it and everything it started, and starts it again on the same data and port. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export interface TestServerOptions {
  readonly major: number;
  readonly password?: string;
  /** Lines for postgresql.conf. */
  readonly settings?: readonly string[];
  /** Certificate and key in PEM: turns TLS on. */
  readonly tls?: { readonly cert: string; readonly key: string };
  /** Replaces pg_hba.conf. */
  readonly hba?: readonly string[];
}

/** Folder that the server's account may enter. */
export async function openTempFolder(prefix: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), prefix));
  await chmod(folder, 0o711);
  return folder;
}

export async function startServer(options: TestServerOptions): Promise<TestServer> {
  const binaries = await ensureBinaries(options.major);
  const account = await serverAccount();
  const as = account ? { uid: account.uid, gid: account.gid } : {};
  const env = { PATH: process.env['PATH'] ?? '', LC_ALL: 'C.UTF-8', TZ: 'UTC' };
  const base = await openTempFolder('howdah-pg-');
  const dataFolder = join(base, 'data');
  await mkdir(dataFolder, { mode: 0o700 });
  if (account) await chown(dataFolder, account.uid, account.gid);
  const passwordFile = join(base, 'password');
  if (options.password) {
    await writeFile(passwordFile, options.password, { mode: 0o644 });
  }
  const auth = options.password ? (options.major === 10 ? 'md5' : 'scram-sha-256') : 'trust';
  await run(
    join(binaries.bin, 'initdb'),
    [
      '-D',
      dataFolder,
      '-U',
      'postgres',
      '-A',
      auth,
      '-E',
      'UTF8',
      '--locale=C.UTF-8',
      '--no-sync',
      ...(options.password ? [`--pwfile=${passwordFile}`] : []),
    ],
    { ...as, env, cwd: base },
  );
  let port = await freePort();
  const settings = [
    "listen_addresses = '127.0.0.1'",
    "unix_socket_directories = ''",
    'fsync = off',
    ...(options.tls ? ['ssl = on'] : []),
    ...(options.settings ?? []),
  ];
  const settingsFile = join(dataFolder, 'postgresql.conf');
  const usual = await readFile(settingsFile, 'utf8');
  const writeSettings = (): Promise<void> =>
    writeFile(settingsFile, `${usual}\n${[`port = ${port}`, ...settings].join('\n')}\n`);
  await writeSettings();
  if (options.hba) await writeFile(join(dataFolder, 'pg_hba.conf'), `${options.hba.join('\n')}\n`);
  if (options.tls) {
    for (const [name, text] of [
      ['server.crt', options.tls.cert],
      ['server.key', options.tls.key],
    ] as const) {
      const file = join(dataFolder, name);
      await writeFile(file, text, { mode: 0o600 });
      if (account) await chown(file, account.uid, account.gid);
    }
  }
  let stderr = '';
  const spawnServer = (): ChildProcess => {
    const started = spawn(join(binaries.bin, 'postgres'), ['-D', dataFolder], {
      ...as,
      env,
      cwd: base,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    living.add(started);
    started.once('exit', () => living.delete(started));
    started.stderr?.on('data', (chunk: Buffer) => (stderr = (stderr + chunk.toString()).slice(-4000)));
    return started;
  };
  const hasEnded = (): boolean => server.exitCode !== null || server.signalCode !== null;
  const ended = async (): Promise<void> => {
    if (!hasEnded()) await once(server, 'exit');
  };
  let server = spawnServer();
  const password = options.password ?? null;
  const login = (database: string) => ({
    host: '127.0.0.1',
    port,
    user: 'postgres',
    database,
    password: password ?? '',
  });

  const sql: TestServer['sql'] = async (text, database = 'postgres') => {
    const client = new Client(login(database));
    await client.connect();
    try {
      const result = (await client.query(text)) as unknown;
      const last = (Array.isArray(result) ? result.at(-1) : result) as { rows: Record<string, unknown>[] };
      return last.rows;
    } finally {
      await client.end();
    }
  };

  const answers = async (): Promise<void> => {
    for (const deadline = Date.now() + 20_000; ;) {
      try {
        const [{ data_directory: folder } = {}] = await sql('SHOW data_directory');
        // Another one may have taken the port, and answers instead.
        if (folder === dataFolder) return;
        throw new Error(`the server of ${String(folder)} answers`);
      } catch (error) {
        if (server.exitCode !== null || Date.now() > deadline)
          throw new Error(`server did not start: ${stderr}`, { cause: error });
        await new Promise((resolve) => setTimeout(resolve, 25));
      }
    }
  };
  for (let tried = 1; ; tried += 1) {
    try {
      await answers();
      break;
    } catch (error) {
      if (!stderr.includes(ADDRESS_IN_USE) || tried >= PORTS_TRIED) throw error;
      // Somebody else took the port since it was looked for.
      await ended();
      stderr = '';
      port = await freePort();
      await writeSettings();
      server = spawnServer();
    }
  }

  return {
    major: options.major,
    port,
    dataFolder,
    get pid() {
      return server.pid ?? 0;
    },
    uri: (database = 'postgres') =>
      `postgresql://postgres${password ? `:${password}` : ''}@127.0.0.1:${port}/${database}`,
    profile: (database = 'postgres') => ({
      host: '127.0.0.1',
      port,
      database,
      user: 'postgres',
      password,
      role: '',
      ssl: { ...NEW_SERVER.ssl, mode: 'disable' },
      ssh: NEW_SERVER.ssh,
      sshPassword: null,
      applicationName: 'howdah tests',
      connectTimeout: 10,
      statementTimeout: 0,
      keepAlive: 0,
      options: '',
      readOnly: false,
    }),
    createDatabase: async (name, extra = '') => {
      await sql(`CREATE DATABASE "${name}" ${extra}`);
    },
    sql,
    kill: (signal = 'SIGKILL') => void server.kill(signal),
    async restart() {
      server.kill('SIGKILL');
      await ended();
      // Backends of the one that was killed still hold its shared memory for a moment: a start is refused until they have ended.
      for (const deadline = Date.now() + 20_000; ;) {
        server = spawnServer();
        try {
          await answers();
          return;
        } catch (error) {
          if (Date.now() > deadline) throw error;
          await ended();
        }
      }
    },
    async stop() {
      if (!hasEnded()) server.kill('SIGINT');
      await ended();
      await rm(base, { recursive: true, force: true });
    },
  };
}
