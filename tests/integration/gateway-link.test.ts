import { spawn, type ChildProcess } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, afterEach } from 'vitest';
import { connectGateway, type GatewayLink } from '../../electron/control-plane/gateway/link';
import type { Route } from '../../electron/control-plane/gateway/route';
import { identify } from '../../electron/control-plane/processes';
import { keyPair, prepareStateFolder, type StateFolder } from '../../electron/control-plane/state-folder';
import { daemonProgram, openStateFolder, processesOf, stopEverything } from '../support/control-plane';
import { openSession, sleepingSession, until } from '../support/gateway';
import { memoryLog } from '../support/log';
import { freePort, startServer, type TestServer } from '../support/postgres';

let server: TestServer;
let state: string;
let folder: StateFolder;
let secret: string;
let link: GatewayLink | null = null;
let port: number;
let log: ReturnType<typeof memoryLog>;

const open = async (): Promise<GatewayLink> => {
  const program = join(dirname(await daemonProgram()), 'gateway.js');
  link = await connectGateway({ folder, secret, log, program, onProblem: () => undefined });
  return link;
};
const route = (change: Partial<Route> = {}): Route => ({
  id: 'one',
  host: '127.0.0.1',
  port,
  target: { host: '127.0.0.1', port: server.port },
  state: 'open',
  rules: null,
  ...change,
});
const gateways = (): number[] =>
  processesOf(state)
    .filter(({ kind }) => kind === 'gateway')
    .map(({ pid }) => pid);

beforeAll(async () => {
  server = await startServer({ major: 17 });
});
afterAll(() => server?.stop());
beforeEach(async () => {
  state = await openStateFolder();
  folder = prepareStateFolder(state, null);
  secret = (await keyPair(folder)).nodeSecret;
  port = await freePort();
  log = memoryLog();
});
afterEach(async () => {
  await link?.close();
  await stopEverything(state);
});

it('drives rules, holding, cutting and sessions of the process', async () => {
  const gateway = await open();
  await gateway.setRoute(route({ rules: [] }));
  await expect(openSession(port)).rejects.toThrow();
  await gateway.setRoute(route({ state: 'hold' }));
  const waiting = openSession(port, { application_name: 'shop' });
  await until(async () => (await gateway.sessions())[0]?.state === 'waiting');
  await gateway.setRoute(route());
  const client = await waiting;
  expect(await gateway.sessions()).toMatchObject([{ state: 'open', application: 'shop', tls: false }]);
  const ended = new Promise((done) => client.once('end', done));
  expect(await gateway.cut(['one', 'unknown'])).toBe(1);
  await ended;
});

it('gives a new process every route again, with its rules', async () => {
  const gateway = await open();
  const second = await freePort();
  await gateway.setRoute(route());
  await gateway.setRoute(route({ id: 'one/2', port: second, rules: [] }));
  const [killed = 0] = gateways();
  process.kill(killed, 'SIGKILL');
  await until(() => gateways().some((pid) => pid !== killed), 'another process');
  const client = await (async () => {
    for (;;) {
      const found = await openSession(port).catch(() => null);
      if (found) return found;
    }
  })();
  await client.end();
  await expect(openSession(second)).rejects.toThrow(/terminated|ECONNRESET/);
  expect(gateways()).toHaveLength(1);
});

it('changes the rules of a route and nothing else, also for the process that comes next', async () => {
  const gateway = await open();
  const all = { action: 'ACCEPT', source: '0.0.0.0/0', protocol: 'ALL', ports: 'ALL', remark: '' } as const;
  await gateway.setRoute(route());
  const { done } = await sleepingSession(port);
  await gateway.setRoute(route({ state: 'hold' }));
  await gateway.setRules('one', []);
  expect(await done).not.toBe('slept');
  await gateway.setRules('one', [all]);
  await gateway.setRules('unknown', [all]);
  const waiting = openSession(port);
  await until(async () => (await gateway.sessions())[0]?.state === 'waiting', 'a session that is held');
  await gateway.setRoute(route({ rules: [all] }));
  await (await waiting).end();
  await gateway.setRules('one', []);
  const [killed = 0] = gateways();
  process.kill(killed, 'SIGKILL');
  await until(() => gateways().some((pid) => pid !== killed), 'another process');
  await until(async () => (await openSession(port).catch((error: unknown) => String(error))) !== 'ECONNREFUSED');
  await expect(openSession(port)).rejects.toThrow(/terminated|ECONNRESET|ECONNREFUSED/);
});

it('replaces a process that does not answer any more', async () => {
  const gateway = await open();
  await gateway.setRoute(route());
  const [hung = 0] = gateways();
  process.kill(hung, 'SIGSTOP');
  await until(() => !gateways().includes(hung), 'the end of the process that hangs');
  await until(
    () =>
      openSession(port)
        .then((client) => client.end())
        .then(() => true)
        .catch(() => false),
    'a session through another process',
  );
  expect(gateways()).toHaveLength(1);
  expect(log.records.map(({ text }) => text)).toContain('the gateway does not answer and is replaced');
});

it('adopts the running process of its own version, and its sessions go on', async () => {
  await (await open()).setRoute(route());
  const client = await openSession(port);
  const before = gateways();
  await link?.close();
  const next = await open();
  await next.setRoute(route());
  expect(gateways()).toEqual(before);
  expect((await client.query('SELECT 1 AS n')).rows).toEqual([{ n: 1 }]);
  await client.end();
});

describe('a process of an older version', () => {
  /** The control channel as version 1 spoke it. */
  const OLD = `
    const { createHmac } = require('node:crypto');
    const [, secret] = process.argv;
    const path = process.argv[process.argv.indexOf('--socket') + 1];
    const proof = (who, nonce) => createHmac('sha256', secret).update('howdah-gateway ' + who + ' ' + nonce).digest('hex');
    require('node:net').createServer((socket) => {
      socket.on('error', () => undefined);
      socket.write(JSON.stringify({ nonce: '0'.repeat(32) }) + '\\n');
      socket.on('data', (chunk) => {
        for (const line of chunk.toString().split('\\n').filter(Boolean)) {
          const message = JSON.parse(line);
          if (message.nonce) socket.write(JSON.stringify({ proof: proof('gateway', message.nonce), pid: process.pid, version: '1' }) + '\\n');
          if (message.do === 'end' && !process.argv.includes('--stubborn')) process.exit(0);
        }
      });
    }).listen(path, () => process.stdout.write('ready\\n'));
  `;
  let old: ChildProcess;
  const startOld = async (...extra: string[]): Promise<void> => {
    const socket = join(folder.run, 'gateway.sock');
    old = spawn(process.execPath, ['-e', OLD, secret, '--state', state, '--socket', socket, ...extra], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await new Promise((done) => old.stdout?.once('data', done));
    writeFileSync(join(folder.run, 'gateway.json'), JSON.stringify(identify(old.pid ?? 0)));
  };
  const gone = (): Promise<NodeJS.Signals | null> =>
    new Promise((done) => old.once('exit', (_, signal) => done(signal)));

  it('is asked to end and replaced, while the servers go on', async () => {
    await startOld();
    const direct = await sleepingSession(server.port);
    const ended = gone();
    const gateway = await open();
    expect(await ended).toBe(null);
    expect(log.records.map(({ text }) => text)).toContain('gateway of another version is replaced');
    await gateway.setRoute(route());
    await (await openSession(port)).end();
    expect(gateways()).toHaveLength(1);
    expect(await Promise.race([direct.done, Promise.resolve('runs')])).toBe('runs');
    await direct.client.end();
  });

  it('is killed when it does not end', async () => {
    await startOld('--stubborn');
    const ended = gone();
    await open();
    expect(await ended).toBe('SIGKILL');
    expect(gateways()).toHaveLength(1);
  });
});
