import { rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CheckContext } from '../../electron/control-plane/migration/checks/check';
import { clockFinding, CONNECT_CHECKS } from '../../electron/control-plane/migration/checks/connect-checks';
import { VERSION_CHECKS } from '../../electron/control-plane/migration/checks/version-checks';
import { createAuthority } from '../support/certificates';
import { applyFix, plannedDatabase, runCheck, type CheckContextOptions } from '../support/check-context';
import { freePort, startServer, type TestServer } from '../support/postgres';

let source: TestServer;
let target: TestServer;

beforeAll(async () => {
  [source, target] = await Promise.all([
    startServer({ major: 15 }),
    startServer({ major: 17, tls: createAuthority('Howdah tests').issue('db.test', ['127.0.0.1']) }),
  ]);
  await source.createDatabase('shop');
});
afterAll(async () => void (await Promise.all([source?.stop(), target?.stop()])));

const check = (id: string, o: Partial<CheckContextOptions> = {}) =>
  runCheck([...CONNECT_CHECKS, ...VERSION_CHECKS], id, { source, target, databases: ['shop'], ...o });
const levels = async (id: string, o: Partial<CheckContextOptions> = {}): Promise<string[]> =>
  (await check(id, o)).map(({ level }) => level);

/** The source as if it were reached over a network. */
const farAway = (context: CheckContext): CheckContext => ({
  ...context,
  source: { ...context.source, endpoint: { ...context.source.endpoint, host: 'db.example.net' } },
});

/** An address behind which connections reach the servers in turn. */
async function openBalancer(ports: readonly number[]): Promise<{ port: number; server: Server }> {
  let next = 0;
  const server = createServer((incoming) => {
    const outgoing = connect(ports[next++ % ports.length] ?? 0, '127.0.0.1');
    incoming.on('error', () => outgoing.destroy());
    outgoing.on('error', () => incoming.destroy());
    incoming.pipe(outgoing).pipe(incoming);
  });
  const port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return { port, server };
}

const READY = Buffer.from([0x5a, 0, 0, 0, 5, 0x49]);

/** An address behind which all connections, once they are logged in, use the backend of the first one. */
async function openPooler(port: number): Promise<{ port: number; server: Server }> {
  let shared: Socket | null = null;
  let asking: Socket | null = null;
  const server = createServer((incoming) => {
    const own = connect(port, '127.0.0.1');
    let pooled = false;
    for (const socket of [incoming, own]) socket.on('error', () => undefined);
    incoming.on('data', (bytes) => {
      asking = incoming;
      // Terminate is for the pooler: the backend stays.
      if (!pooled) own.write(bytes);
      else if (bytes[0] !== 0x58) shared?.write(bytes);
    });
    own.on('data', (bytes) => {
      (pooled ? asking : incoming)?.write(bytes);
      if (pooled || !bytes.subarray(-READY.length).equals(READY)) return;
      pooled = true;
      shared ??= own;
    });
  });
  const own = await freePort();
  await new Promise<void>((resolve) => server.listen(own, '127.0.0.1', resolve));
  return { port: own, server };
}

describe('connections', () => {
  test('that stay on this machine, or are encrypted, pass', async () => {
    expect(await levels('connection-encryption')).toEqual(['pass', 'pass']);
    const encrypted = await check('connection-encryption', {
      profile: (side, profile) =>
        side === 'target' ? { ...profile, ssl: { ...profile.ssl, mode: 'require' } } : profile,
    });
    expect(encrypted[1]?.found).toMatch(/encrypted: TLSv1/);
  });

  test('in plain text over a network are an alarm', async () => {
    const [found] = await check('connection-encryption', { change: farAway });
    expect(found).toMatchObject({ level: 'warning', side: 'source', found: expect.stringContaining('db.example.net') });
    expect(found?.remedy).toContain('ssl = on');
  });

  test('through a load balancer are refused', async () => {
    const { port, server } = await openBalancer([source.port, target.port]);
    const found = await check('direct-endpoint', {
      profile: (side, profile) => (side === 'source' ? { ...profile, port } : profile),
      databases: [],
    });
    server.close();
    expect(found.map(({ level }) => level)).toEqual(['failed', 'pass']);
    expect(found[0]?.items).toHaveLength(2);
    expect(found[0]?.remedy).toContain('pool_mode = session');
  });

  test('through a pooler in transaction mode are refused', async () => {
    const { port, server } = await openPooler(target.port);
    const found = await check('direct-endpoint', {
      profile: (side, profile) => (side === 'target' ? { ...profile, port } : profile),
      databases: [],
    });
    server.close();
    expect(found.map(({ level }) => level)).toEqual(['pass', 'failed']);
    expect(found[1]?.found).toContain('pooler in transaction mode');
  });

  test('to the servers themselves pass', async () => {
    expect(await levels('direct-endpoint')).toEqual(['pass', 'pass']);
  });
});

describe('one server twice', () => {
  test('is refused when a database would be copied onto itself', async () => {
    const [found] = await check('same-server', { target: source });
    expect(found).toMatchObject({ level: 'failed', items: ['shop'] });
    expect(found?.remedy).toContain('another server');
  });
  test('is seen by an account that may not read the identifier', async () => {
    const secret = 'FUNCTION pg_control_system()';
    await source.sql(`CREATE ROLE mover LOGIN; REVOKE EXECUTE ON ${secret} FROM PUBLIC`);
    const accounts = { sourceAccount: { user: 'mover' }, targetAccount: { user: 'mover' } };
    expect(await levels('same-server', { target: source, ...accounts })).toEqual(['failed']);
    expect(await levels('same-server', { sourceAccount: { user: 'mover' } })).toEqual(['pass']);
    await source.sql(`GRANT EXECUTE ON ${secret} TO PUBLIC; DROP ROLE mover`);
  });
  test('is said when the databases get other names', async () => {
    const plans = [plannedDatabase('shop', { target: 'shop2' })];
    expect(await levels('same-server', { target: source, databases: [], plans })).toEqual(['info']);
  });
  test('is not what two servers are', async () => {
    expect(await levels('same-server')).toEqual(['pass']);
  });
});

describe('clocks', () => {
  test('that agree pass', async () => expect(await levels('clock-skew')).toEqual(['pass']));
  test('that do not are told with their difference', () => {
    expect(clockFinding(-7300, '')).toMatchObject({ level: 'info', found: expect.stringContaining('7.3 s behind') });
    expect(clockFinding(4000, '').remedy).toContain('NTP');
  });
});

describe('versions', () => {
  const as = (major: number) => (context: CheckContext) => ({ ...context, source: { ...context.source, major } });

  test('of 10 to 18 pass, older ones are refused, newer ones are an alarm', async () => {
    expect(await levels('versions-supported')).toEqual(['pass', 'pass']);
    expect(await levels('versions-supported', { change: as(9) })).toEqual(['failed', 'pass']);
    expect(await levels('versions-supported', { change: as(19) })).toEqual(['warning', 'pass']);
  });
  test('going down is an alarm that names both', async () => {
    const [found] = await check('version-downgrade', { source: target, target: source, databases: [] });
    expect(found).toMatchObject({ level: 'warning', found: expect.stringMatching(/PostgreSQL 15.*PostgreSQL 17/) });
    expect(found?.remedy).toContain('version 17 or newer');
    expect(await levels('version-downgrade')).toEqual(['pass']);
  });
});

describe('a standby as the source', () => {
  const signalFile = (): string => join(source.dataFolder, 'standby.signal');
  beforeAll(async () => {
    await source.sql('CHECKPOINT');
    await writeFile(signalFile(), '');
    await source.restart();
  });
  afterAll(async () => {
    await rm(signalFile(), { force: true });
    await source.restart();
  });

  test('cannot be followed before 16', async () => {
    const [found] = await check('source-standby', { options: { type: 'fullAndIncrement' } });
    expect(found).toMatchObject({ level: 'failed', found: expect.stringContaining('PostgreSQL 15') });
    expect(found?.remedy).toContain('primary');
  });
  test('has to keep the rows of a long copy; the repair makes it', async () => {
    const [found] = await check('source-standby');
    expect(found).toMatchObject({ level: 'failed', found: expect.stringContaining('hot_standby_feedback = off') });
    await applyFix(found?.fix, { source, target });
    await expect.poll(() => levels('source-standby')).toEqual(['info']);
    await source.sql('ALTER SYSTEM RESET hot_standby_feedback');
  });
});

test('a primary as the source passes', async () => expect(await levels('source-standby')).toEqual(['pass']));
