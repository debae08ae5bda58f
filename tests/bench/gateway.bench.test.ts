import { execFile, execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectGateway, type GatewayLink } from '../../electron/control-plane/gateway/link';
import { prepareStateFolder, keyPair } from '../../electron/control-plane/state-folder';
import type { Logger } from '../../electron/log';
import { daemonProgram, openStateFolder, stopEverything } from '../support/control-plane';
import { serverAccount } from '../../electron/control-plane/cluster/account';
import { freePort, openTempFolder, startServer, type TestServer } from '../support/postgres';
import { missed, record, ROUNDS, wanted } from './figure';

const run = promisify(execFile);
const log: Logger = { write: () => undefined, bug: () => '' };
const SECONDS = 3;

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
  peerFolder = await openTempFolder('howdah-peers-');
  const account = await serverAccount();
  const sockets = join(peerFolder, 'sockets');
  mkdirSync(sockets);
  if (account) chownSync(sockets, account.uid, account.gid);
  server = await startServer({
    major: 17,
    settings: ["shared_buffers = '512MB'", 'max_connections = 100', `unix_socket_directories = '${sockets}'`],
  });
  // As the control plane does it: everyone reaches the server by its Unix socket.
  const path = join(sockets, `.s.PGSQL.${server.port}`);
  state = await openStateFolder();
  const folder = prepareStateFolder(state, null);
  const { nodeSecret } = await keyPair(folder);
  const program = join(dirname(await daemonProgram()), 'gateway.js');
  link = await connectGateway({ folder, secret: nodeSecret, log, program, onProblem: () => undefined });
  ports['gateway'] = await freePort();
  const rules = [{ action: 'ACCEPT', source: '0.0.0.0/0', protocol: 'ALL', ports: 'ALL', remark: '' }] as const;
  await link.setRoute({
    id: 'bench',
    host: '127.0.0.1',
    port: ports['gateway'],
    target: { path },
    state: 'open',
    rules: [...rules],
  });
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
  server one unix@${path}
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
* = host=${sockets} port=${server.port} user=postgres
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
  // Small: a new process of the server faults its shared memory in page by page, which would count against all but PgBouncer's kept sessions.
  execFileSync('pgbench', ['-i', '-q', '-s', '1', ...login(server.port)], { stdio: 'ignore' });
});
afterAll(async () => {
  for (const each of peers) each.kill('SIGKILL');
  await link?.close();
  await stopEverything(state);
  await server?.stop();
  rmSync(peerFolder, { recursive: true, force: true });
});

const login = (port: number): string[] => ['-h', '127.0.0.1', '-p', String(port), '-U', 'postgres', 'postgres'];
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

/** The values of all rounds, taken in turn: what else the machine does hits all alike. */
async function compare(measure: (port: number) => Promise<number>): Promise<Record<string, number[]>> {
  const found: Record<string, number[]> = {};
  // Once for nothing: all of them run for days elsewhere, with warm caches and translated code.
  for (const port of Object.values(ports)) await measure(port);
  for (let round = 0; round < ROUNDS; round += 1) {
    const names = Object.keys(ports);
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      (found[name] ??= []).push(await measure(ports[name] ?? 0));
    }
  }
  return found;
}

/** The promise is about HAProxy; PgBouncer, which keeps its sessions with the server, is measured beside it. */
const PEERS = [
  { peer: 'haproxy', peerName: 'HAProxy (TCP mode)', goal: 'ratio >= 0.8' },
  { peer: 'pgbouncer', peerName: 'PgBouncer (session mode)', goal: 'ratio >= 0.5' },
] as const;

async function tell(
  name: string,
  measure: (port: number) => Promise<number>,
  unit: string,
  scale = 1,
): Promise<string[]> {
  const found = await compare(measure);
  const scaled = (who: string): number[] => (found[who] ?? []).map((value) => value / scale);
  const figures = PEERS.filter(({ peer }) => ports[peer] !== undefined).map(({ peer, peerName, goal }) =>
    record({
      name: peer === 'haproxy' ? name : `${name}-${peer}`,
      ours: scaled('gateway'),
      peer: scaled(peer),
      peerName,
      unit,
      goal,
    }),
  );
  return missed(figures);
}

it.skipIf(!haproxy || !wanted('gateway/readings', 'gateway/readings-pgbouncer'))(
  'reaches 0.8 of HAProxy with short readings of eight clients',
  async () => expect(await tell('gateway/readings', readings, 'transactions/s')).toEqual([]),
);

it.skipIf(!haproxy || !wanted('gateway/copy', 'gateway/copy-pgbouncer'))(
  'reaches 0.8 of HAProxy with a COPY of 500 MB',
  async () => expect(await tell('gateway/copy', copy, 'MB/s', 1e6)).toEqual([]),
);
