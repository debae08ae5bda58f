import { execFile, execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectGateway, type GatewayLink } from '../../electron/control-plane/gateway/link';
import { prepareStateFolder, keyPair } from '../../electron/control-plane/state-folder';
import type { Logger } from '../../electron/log';
import { daemonProgram, openStateFolder, stopEverything } from '../support/control-plane';
import { freePort, openTempFolder, startServer, type TestServer } from '../support/postgres';

const run = promisify(execFile);
const log: Logger = { write: () => undefined, bug: () => '' };
const ROUNDS = Number(process.env['HOWDAH_ROUNDS'] ?? 5);
const SECONDS = 2;

/** Programs that are compared with, in HOWDAH_PEERS or on the path. */
function find(name: string): string | null {
  const folders = [process.env['HOWDAH_PEERS'] ?? '', ...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin'];
  return (
    folders
      .filter((each) => each !== '')
      .map((each) => join(each, name))
      .find(existsSync) ?? null
  );
}
const haproxy = find('haproxy');
const pgbouncer = find('pgbouncer');

let server: TestServer;
let state: string;
let link: GatewayLink;
let peerFolder: string;
/** In sessions of their own, as the gateway is: the kernel shares the processors among sessions first. */
const peers: ChildProcess[] = [];
const ports: Record<string, number> = {};

async function listening(port: number): Promise<void> {
  for (const deadline = Date.now() + 10_000; ; await new Promise((done) => setTimeout(done, 20))) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect({ host: '127.0.0.1', port });
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
    if (open) return;
    if (Date.now() > deadline) throw new Error(`nothing listens on ${port}`);
  }
}

beforeAll(async () => {
  server = await startServer({ major: 17, settings: ["shared_buffers = '512MB'", 'max_connections = 100'] });
  ports['direct'] = server.port;
  state = await openStateFolder();
  const folder = prepareStateFolder(state, null);
  const { nodeSecret } = await keyPair(folder);
  const program = join(dirname(await daemonProgram()), 'gateway.js');
  link = await connectGateway({ folder, secret: nodeSecret, log, program, onProblem: () => undefined });
  ports['gateway'] = await freePort();
  const target = { host: '127.0.0.1', port: server.port };
  await link.setRoute({ id: 'bench', host: '127.0.0.1', port: ports['gateway'], target, state: 'open', rules: null });
  peerFolder = await openTempFolder('howdah-peers-');
  if (haproxy) {
    ports['haproxy'] = await freePort();
    const file = join(peerFolder, 'haproxy.cfg');
    writeFileSync(
      file,
      `defaults
  mode tcp
  timeout connect 5s
  timeout client 10m
  timeout server 10m
listen bench
  bind 127.0.0.1:${ports['haproxy']}
  server one 127.0.0.1:${server.port}
`,
    );
    peers.push(spawn(haproxy, ['-db', '-f', file], { stdio: 'ignore', detached: true }));
    await listening(ports['haproxy']);
  }
  if (pgbouncer) {
    ports['pgbouncer'] = await freePort();
    const file = join(peerFolder, 'pgbouncer.ini');
    writeFileSync(
      file,
      `[databases]
* = host=127.0.0.1 port=${server.port} user=postgres
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${ports['pgbouncer']}
unix_socket_dir =
auth_type = any
pool_mode = session
ignore_startup_parameters = extra_float_digits
`,
    );
    peers.push(spawn(pgbouncer, [file], { stdio: 'ignore', detached: true, uid: 65_534, gid: 65_534 }));
    await listening(ports['pgbouncer']);
  }
  execFileSync('pgbench', ['-i', '-q', '-s', '5', ...login(server.port)], { stdio: 'ignore' });
});
afterAll(async () => {
  for (const each of peers) each.kill('SIGKILL');
  await link?.close();
  await stopEverything(state);
  await server?.stop();
  rmSync(peerFolder, { recursive: true, force: true });
});

const login = (port: number): string[] => ['-h', '127.0.0.1', '-p', String(port), '-U', 'postgres', 'postgres'];
const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

/** Transactions per second of short readings by eight clients. */
async function readings(port: number): Promise<number> {
  const { stdout } = await run('pgbench', [
    '-n',
    '-S',
    '-M',
    'prepared',
    '-c',
    '8',
    '-j',
    '2',
    '-T',
    String(SECONDS),
    ...login(port),
  ]);
  return Number(/tps = ([\d.]+)/.exec(stdout)?.[1]);
}

/** Bytes per second of a COPY of 500 MB out of the server. */
function copy(port: number): Promise<number> {
  const rows = 500_000;
  const sql = `COPY (SELECT repeat('x', 999) FROM generate_series(1, ${rows})) TO STDOUT`;
  return new Promise((resolve, reject) => {
    const began = performance.now();
    const child = spawn('psql', ['-X', '-q', '-c', sql, '-o', '/dev/null', ...login(port)], { stdio: 'ignore' });
    child.once('error', reject);
    child.once('exit', (code) =>
      code === 0
        ? resolve((rows * 1000 * 1000) / (performance.now() - began))
        : reject(new Error(`psql ended with ${code}`)),
    );
  });
}

async function compare(measure: (port: number) => Promise<number>): Promise<Record<string, number>> {
  const found: Record<string, number[]> = {};
  // Taken in turn, so that what else the machine does hits all alike.
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [name, port] of Object.entries(ports)) (found[name] ??= []).push(await measure(port));
  }
  return Object.fromEntries(Object.entries(found).map(([name, values]) => [name, Math.round(median(values))]));
}

const show = (what: string, found: Record<string, number>): void =>
  void process.stdout.write(
    `${what}: ${Object.entries(found)
      .map(([name, value]) => `${name} ${value} (${(value / (found['haproxy'] ?? found['direct'] ?? 1)).toFixed(2)})`)
      .join(', ')}\n`,
  );

it.skipIf(!haproxy)('reaches 0.8 of HAProxy with short readings of eight clients', async () => {
  const found = await compare(readings);
  show('pgbench -S -c 8, transactions/s (ratio to haproxy)', found);
  expect((found['gateway'] ?? 0) / (found['haproxy'] ?? 1)).toBeGreaterThan(0.8);
});

it.skipIf(!haproxy)('reaches 0.8 of HAProxy with a COPY of 500 MB', async () => {
  const found = await compare(copy);
  show('COPY, bytes/s (ratio to haproxy)', found);
  expect((found['gateway'] ?? 0) / (found['haproxy'] ?? 1)).toBeGreaterThan(0.8);
});
