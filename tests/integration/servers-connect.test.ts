import { createServer, type AddressInfo, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openClient } from '../../electron/adapters/postgres/connect';
import { openSession } from '../../electron/adapters/postgres/session';
import type { ConnectionProfile } from '../../electron/ports';
import type { TestStep } from '../../shared/model/server';
import { freePort, startServer, type TestServer } from '../support/postgres';
import { failureOf, outcome } from '../support/connecting';

const HBA = [
  'host all scram_user 127.0.0.1/32 scram-sha-256',
  'host all md5_user 127.0.0.1/32 md5',
  'host all clear_user 127.0.0.1/32 password',
  'host all nobody 127.0.0.1/32 reject',
  'host all all 127.0.0.1/32 trust',
];

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ major: 17, hba: HBA, settings: ['max_connections = 8'] });
  await server.sql(`
    CREATE ROLE scram_user LOGIN PASSWORD 'päss wörd';
    SET password_encryption = md5;
    CREATE ROLE md5_user LOGIN PASSWORD 'md5 secret';
    CREATE ROLE clear_user LOGIN PASSWORD 'clear secret';
    CREATE ROLE "Weird ""Role";
    GRANT "Weird ""Role" TO scram_user;
    CREATE ROLE limited LOGIN CONNECTION LIMIT 0`);
  await server.createDatabase('closed', 'ALLOW_CONNECTIONS false');
  await server.createDatabase('private');
  await server.sql('REVOKE CONNECT ON DATABASE private FROM PUBLIC');
});
afterAll(() => server.stop());

const profile = (change: Partial<ConnectionProfile> = {}): ConnectionProfile => ({ ...server.profile(), ...change });

describe('authentication', () => {
  it.each([
    ['scram_user', 'päss wörd', 'SCRAM-SHA-256'],
    ['md5_user', 'md5 secret', 'md5'],
    ['clear_user', 'clear secret', 'password'],
  ])('%s logs in', async (user, password, method) => {
    const steps = await outcome(profile({ user, password }));
    expect(steps).toContain(`authentication ok: ${user}, ${method}`);
    expect(steps.at(-2)).toBe('database ok: postgres');
  });
  it('trust asks for nothing', async () => {
    expect(await outcome(profile())).toEqual([
      'name ok: 127.0.0.1',
      'tunnel skipped',
      `tcp ok: 127.0.0.1:${server.port}`,
      'tls skipped',
      'authentication ok: postgres',
      'database ok: postgres',
      'role skipped',
    ]);
  });
  it.each(['scram_user', 'md5_user', 'clear_user'])('a wrong password of %s is said as such', async (user) => {
    const { error, steps } = await failureOf(profile({ user, password: 'wrong' }));
    expect(error).toMatchObject({ code: 'authentication', sqlstate: '28P01', field: 'password' });
    expect(error.message).toBe(`password authentication failed for user "${user}"`);
    expect(error.hint).not.toBe('');
    expect(steps.at(-1)).toMatchObject({ step: 'authentication', state: 'failed' });
  });
  it.each([null, ''])('a password that is needed and not known (%j) is said as such', async (password) => {
    const { error } = await failureOf(profile({ user: 'scram_user', password }));
    expect(error).toMatchObject({ code: 'authentication', field: 'password' });
    expect(error.sqlstate).toBeUndefined();
  });
  it('a user that pg_hba.conf rejects', async () => {
    const { error } = await failureOf(profile({ user: 'nobody' }));
    expect(error).toMatchObject({ code: 'authentication', sqlstate: '28000', field: 'server.user' });
  });
  it('a role that does not exist', async () => {
    const { error } = await failureOf(profile({ user: 'ghost' }));
    expect(error).toMatchObject({ code: 'authentication', sqlstate: '28000' });
    expect(error.message).toContain('role "ghost" does not exist');
  });
});

describe('database and role', () => {
  it.each([
    ['nowhere', '3D000', 'database "nowhere" does not exist'],
    ['closed', '55000', 'database "closed" is not currently accepting connections'],
  ])('database %s', async (database, sqlstate, message) => {
    const { error, steps } = await failureOf(profile({ database }));
    expect(error).toMatchObject({ sqlstate, message });
    expect(error.hint).toBeTruthy();
    expect(steps.at(-2)).toMatchObject({ step: 'authentication', state: 'ok' });
    expect(steps.at(-1)).toMatchObject({ step: 'database', state: 'failed' });
  });
  it('a database without the privilege to connect', async () => {
    const { error, steps } = await failureOf(
      profile({ user: 'scram_user', password: 'päss wörd', database: 'private' }),
    );
    expect(error).toMatchObject({ sqlstate: '42501' });
    expect(steps.at(-1)).toMatchObject({ step: 'database', state: 'failed' });
  });
  it('SET ROLE quotes the name', async () => {
    const session = await openSession(profile({ user: 'scram_user', password: 'päss wörd', role: 'Weird "Role' }));
    expect(await session.query('SELECT current_user AS role, session_user AS login')).toEqual([
      { role: 'Weird "Role', login: 'scram_user' },
    ]);
    await session.end();
  });
  it.each([
    ['ghost', '22023'],
    ['postgres', '42501'],
  ])('role %s is refused', async (role, sqlstate) => {
    const { error, steps } = await failureOf(profile({ user: 'scram_user', password: 'päss wörd', role }));
    expect(error).toMatchObject({ code: 'sql', sqlstate, field: 'server.role' });
    expect(steps.at(-1)).toMatchObject({ step: 'role', state: 'failed' });
  });
  it('too many connections', async () => {
    const { error } = await failureOf(profile({ user: 'limited' }));
    expect(error).toMatchObject({ sqlstate: '53300', retry: true });
  });
});

describe('session settings', () => {
  it('read-only, time limit, options and application name hold, also after DISCARD ALL', async () => {
    const session = await openSession(
      profile({
        readOnly: true,
        statementTimeout: 7,
        options: String.raw`-c search_path=\"shop\ floor\",public -c default_transaction_read_only=off`,
        applicationName: 'a name',
      }),
    );
    const ask = () =>
      session.query(`SELECT current_setting('default_transaction_read_only') AS "readOnly", current_setting('statement_timeout') AS timeout,
                            current_setting('search_path') AS path, current_setting('application_name') AS name`);
    const expected = [{ readOnly: 'on', timeout: '7s', path: '"shop floor",public', name: 'a name' }];
    expect(await ask()).toEqual(expected);
    await session.query('DISCARD ALL');
    expect(await ask()).toEqual(expected);
    await expect(session.query('CREATE TABLE t (i int)')).rejects.toMatchObject({ info: { sqlstate: '25006' } });
    await session.end();
  });
  it('an abort cancels on the server by CancelRequest and leaves the session usable', async () => {
    const session = await openSession(profile());
    const abort = new AbortController();
    const query = session.query("SELECT pg_sleep(60), 'slow one'", [], abort.signal);
    await expect.poll(() => running("%slow one%'")).toBe(1);
    abort.abort();
    await expect(query).rejects.toMatchObject({ code: 'cancelled' });
    expect(await session.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await session.end();
  });
  it('a server that ends the session under a query has cut the connection', async () => {
    const session = await openSession(profile());
    const query = session.query("SELECT pg_sleep(60), 'doomed one'");
    await expect.poll(() => running("%doomed one%'")).toBe(1);
    await Promise.all([
      expect(query).rejects.toMatchObject({ code: 'lost-connection', info: { sqlstate: '57P01', retry: true } }),
      server.sql(`SELECT pg_terminate_backend(${session.backendPid})`),
    ]);
    await expect.poll(() => session.closed).toBe(true);
    await session.end();
  });
  it('a cancel logs nobody in', async () => {
    const opened = await openClient(profile());
    const logins = async () =>
      Number((await server.sql("SELECT sessions FROM pg_stat_database WHERE datname = 'postgres'"))[0]?.['sessions']);
    await opened.client.query('SELECT pg_stat_force_next_flush()');
    const before = await logins();
    const query = opened.client.query('SELECT pg_sleep(60)').catch((error: unknown) => error);
    await opened.cancel();
    expect(await query).toMatchObject({ code: '57014' });
    // The two logins are those of logins() itself.
    expect((await logins()) - before).toBeLessThanOrEqual(2);
    await opened.client.end();
    opened.release();
  });
});

const running = async (pattern: string): Promise<number> =>
  (
    await server.sql(
      `SELECT 1 FROM pg_stat_activity WHERE state = 'active' AND pid <> pg_backend_pid() AND query LIKE '${pattern.replaceAll("'", '')}'`,
    )
  ).length;

describe('places that do not answer', () => {
  let silent: Server;
  let silentPort: number;
  beforeAll(async () => {
    // Takes connections and says nothing: what a firewall that swallows packets looks like after the handshake.
    silent = createServer((socket) => socket.on('error', () => undefined));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    silentPort = (silent.address() as AddressInfo).port;
  });
  afterAll(() => silent.close());

  it('a port where nothing listens', async () => {
    const port = await freePort();
    const { error, steps } = await failureOf(profile({ port }));
    expect(error).toMatchObject({ code: 'unreachable', field: 'server.port', retry: true });
    expect(steps.at(-1)).toMatchObject({ step: 'tcp', state: 'failed' });
  });
  it('a host that is not known', async () => {
    const { error, steps } = await failureOf(profile({ host: 'no-such-host.invalid' }));
    expect(error).toMatchObject({ code: 'unreachable', field: 'server.host' });
    expect(steps).toHaveLength(1);
    expect(steps[0]).toMatchObject({ step: 'name', state: 'failed' });
  });
  it('a Unix socket that is not there', async () => {
    const { error } = await failureOf(profile({ host: '/nonexistent', port: 5432 }));
    expect(error).toMatchObject({ code: 'unreachable', field: 'server.host' });
    expect(error.message).toContain('/nonexistent/.s.PGSQL.5432');
  });
  it.each(['disable', 'require'] as const)('silence ends at the time limit (sslmode %s)', async (mode) => {
    const begun = performance.now();
    const { error } = await failureOf(
      profile({ port: silentPort, connectTimeout: 1, ssl: { ...server.profile().ssl, mode } }),
    );
    expect(error).toMatchObject({ code: 'unreachable', retry: true });
    expect(error.message).toContain('within 1 s');
    expect(performance.now() - begun).toBeLessThan(3000);
  });
  it('silence ends at once when the person gives up', async () => {
    const abort = new AbortController();
    const steps: TestStep[] = [];
    const opening = openClient(profile({ port: silentPort, connectTimeout: 0 }), abort.signal, (step) =>
      steps.push(step),
    );
    await expect.poll(() => steps.some((step) => step.step === 'tcp')).toBe(true);
    abort.abort();
    await expect(opening).rejects.toMatchObject({ code: 'cancelled' });
  });
  it.each([
    ['at once', 0, 'unreachable'],
    ['at the request for TLS', 1, 'unreachable'],
    ['in the TLS handshake', 2, 'tls'],
  ])('a connection that is reset %s', async (_when, answers, code) => {
    const rude = createServer((socket) => {
      socket.on('error', () => undefined);
      if (answers === 0) socket.resetAndDestroy();
      let heard = 0;
      socket.on('data', () => {
        heard++;
        if (heard >= answers) socket.resetAndDestroy();
        else socket.write('S');
      });
    });
    await new Promise<void>((resolve) => rude.listen(0, '127.0.0.1', resolve));
    const { port } = rude.address() as AddressInfo;
    const { error } = await failureOf(profile({ port, ssl: { ...server.profile().ssl, mode: 'require' } }));
    expect(error.code).toBe(code);
    expect(error.hint).toBeTruthy();
    rude.close();
  });
  it('a server that hangs up during the login, and one that asks for GSSAPI', async () => {
    const GSS = Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 7]);
    for (const [answer, code] of [
      [null, 'unreachable'],
      [GSS, 'authentication'],
    ] as const) {
      const rude = createServer((socket) => {
        socket.on('error', () => undefined);
        socket.once('data', () => (answer ? socket.write(answer) : socket.end()));
      });
      await new Promise<void>((resolve) => rude.listen(0, '127.0.0.1', resolve));
      const { port } = rude.address() as AddressInfo;
      const { error, steps } = await failureOf(profile({ port, connectTimeout: 5 }));
      expect(error.code).toBe(code);
      expect(steps.at(-1)).toMatchObject({ step: 'authentication', state: 'failed' });
      rude.close();
    }
  });
  it('something that is no PostgreSQL server', async () => {
    const web = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    });
    await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
    const { port } = web.address() as AddressInfo;
    const { error } = await failureOf(profile({ port, ssl: { ...server.profile().ssl, mode: 'prefer' } }));
    expect(error).toMatchObject({ code: 'unreachable', field: 'server.port' });
    web.close();
  });
});
