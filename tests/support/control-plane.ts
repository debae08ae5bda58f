import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { build } from 'vite';
import { pgDumpModule } from '../../electron/dev/pg-dump-module';

const root = resolve(import.meta.dirname, '../..');
const ready = z.object({ endpoint: z.string(), secretId: z.string(), secretKey: z.string() });

let built: Promise<string> | null = null;

/** Removes the bundles of test processes that have ended: a worker has no chance to do so itself. */
function forgetDead(cache: string): void {
  for (const name of existsSync(cache) ? readdirSync(cache) : []) {
    const pid = /^control-plane-(\d+)$/.exec(name)?.[1];
    if (pid && !existsSync(`/proc/${pid}`)) rmSync(join(cache, name), { recursive: true, force: true });
  }
}

/** Bundles daemon, gateway and workers from the sources as they are now, so that a test never runs an older build. Returns the daemon's program. */
export function daemonProgram(): Promise<string> {
  return (built ??= (async () => {
    const cache = join(root, 'node_modules/.cache/howdah-tests');
    forgetDead(cache);
    const outDir = join(cache, `control-plane-${process.pid}`);
    await build({
      root,
      configFile: false,
      logLevel: 'error',
      plugins: [pgDumpModule()],
      build: {
        ssr: true,
        outDir,
        emptyOutDir: true,
        minify: false,
        target: 'node20',
        rolldownOptions: {
          input: {
            'control-plane': join(root, 'electron/control-plane/main.ts'),
            gateway: join(root, 'electron/control-plane/gateway/main.ts'),
            'migration-worker': join(root, 'electron/control-plane/migration/worker/main.ts'),
            'pg-dump-worker': join(root, 'electron/adapters/tools/embedded/worker.ts'),
          },
          output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
        },
      },
    });
    return join(outDir, 'control-plane.js');
  })());
}

export interface TestControlPlane {
  readonly state: string;
  readonly endpoint: string;
  readonly secretId: string;
  readonly secretKey: string;
  readonly pid: number;
  /** What the daemon wrote on standard error so far. */
  log(): string;
  /** Kills the daemon alone; servers and gateway go on. Resolves when it is gone. */
  kill(signal?: NodeJS.Signals): Promise<void>;
}

/** A state folder of its own that the servers' account may enter. */
export async function openStateFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'howdah-cp-'));
  await chmod(folder, 0o711);
  return folder;
}

/** Starts a daemon on a state folder and waits for its line of JSON. */
export async function startControlPlane(
  state: string,
  options: {
    readonly program?: string;
    readonly env?: Readonly<Record<string, string>>;
    readonly args?: readonly string[];
  } = {},
): Promise<TestControlPlane> {
  const program = options.program ?? (await daemonProgram());
  const child: ChildProcess = spawn(
    process.execPath,
    [program, '--state', state, '--foreground', ...(options.args ?? [])],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...options.env },
    },
  );
  let log = '';
  child.stderr?.on('data', (chunk: Buffer) => (log = (log + chunk.toString()).slice(-100_000)));
  const exited = new Promise<void>((done) => child.once('exit', () => done()));
  const line = await new Promise<string>((done, failed) => {
    let text = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (text.includes('\n')) done(text);
    });
    child.once('exit', (code) => failed(new Error(`the control plane ended with ${code}: ${log}`)));
  });
  return {
    ...ready.parse(JSON.parse(line)),
    state,
    pid: child.pid ?? 0,
    log: () => log,
    async kill(signal = 'SIGKILL') {
      child.kill(signal);
      await exited;
    },
  };
}

/** Processes that belong to a state folder: daemon and gateway by their arguments, servers by their working folder. */
export function processesOf(state: string): { pid: number; kind: 'daemon' | 'gateway' | 'postgres' }[] {
  const found: { pid: number; kind: 'daemon' | 'gateway' | 'postgres' }[] = [];
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const args = readFileSync(`/proc/${name}/cmdline`, 'utf8').split('\0');
      const at = args.indexOf('--state');
      if (at > 0 && args[at + 1] === state) {
        found.push({ pid: Number(name), kind: args.includes('--socket') ? 'gateway' : 'daemon' });
      } else if (readlinkSync(`/proc/${name}/cwd`).startsWith(`${state}/`)) {
        found.push({ pid: Number(name), kind: 'postgres' });
      }
    } catch {
      // Gone meanwhile.
    }
  }
  return found;
}

/** Postmasters of a state folder: the servers whose parent is not a server themselves. */
export function postmastersOf(state: string): number[] {
  const servers = processesOf(state)
    .filter(({ kind }) => kind === 'postgres')
    .map(({ pid }) => pid);
  // Backends come and go: one that has ended between the two looks is no postmaster.
  const parentOf = (pid: number): number | null => {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    } catch {
      return null;
    }
  };
  return servers.filter((pid) => {
    const parent = parentOf(pid);
    return parent !== null && !servers.includes(parent);
  });
}

const signal = (pid: number, name: NodeJS.Signals): void => {
  try {
    process.kill(pid, name);
  } catch {
    // Gone meanwhile.
  }
};

/** Ends daemon, gateway and every server of a state folder, by their process ids, and removes it. */
export async function stopEverything(state: string): Promise<void> {
  for (const kind of ['daemon', 'gateway', 'postgres'] as const) {
    for (const each of processesOf(state)) if (each.kind === kind) signal(each.pid, 'SIGKILL');
  }
  for (const deadline = Date.now() + 20_000; processesOf(state).length > 0;) {
    if (Date.now() > deadline)
      throw new Error(`processes of ${state} do not end: ${JSON.stringify(processesOf(state))}`);
    for (const { pid } of processesOf(state)) signal(pid, 'SIGKILL');
    await new Promise((done) => setTimeout(done, 20));
  }
  if (existsSync(state)) await rm(state, { recursive: true, force: true, maxRetries: 5 });
}
