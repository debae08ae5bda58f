import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSession } from '../../electron/adapters/postgres/session';
import { passwordVerifier } from '../../electron/features/catalog/password-verifier';
import { runStatements } from '../../electron/features/catalog/run-statements';
import { AppError, type ErrorInfo } from '../../shared/errors';
import type { Statement } from '../../shared/model/catalog';
import { quoteLiteral } from '../../shared/model/quote';
import { startServer, type TestServer } from '../support/postgres';
import { until } from '../support/gateway';

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ major: 18, password: 'known' });
  await server.createDatabase('runs');
});
afterAll(() => server.stop());

const run = (statements: readonly Statement[], signal = new AbortController().signal) =>
  runStatements(server.profile('runs'), statements, signal);

async function failureOf(running: Promise<unknown>): Promise<ErrorInfo> {
  try {
    await running;
  } catch (error) {
    if (error instanceof AppError) return error.info;
    throw error;
  }
  throw new Error('nothing failed');
}

const count = async (name: string): Promise<unknown> =>
  (await server.sql(`SELECT count(*)::int AS n FROM pg_class WHERE relname = '${name}'`, 'runs'))[0]?.['n'];

describe('Statements of a dialog', () => {
  it('run in one transaction, and nothing stays when one fails; the failure says which', async () => {
    const info = await failureOf(
      run([{ sql: 'CREATE TABLE kept_1 (a int)' }, { sql: 'CREATE TABLE kept_2 (a nothing)' }, { sql: 'SELECT 1' }]),
    );
    expect(info).toMatchObject({ code: 'sql', sqlstate: '42704', field: 'statements.1', position: 24 });
    expect(info.detail).toContain('Statement 2 of 3');
    expect(info.detail).not.toContain('kept_2');
    expect(info.detail).toContain('Nothing was changed');
    expect(await count('kept_1')).toBe(0);
  });

  it('that run outside stand alone, and what they did stays', async () => {
    const info = await failureOf(
      run([
        { sql: 'CREATE TABLE outside_1 (a int)' },
        { sql: 'VACUUM outside_1', outside: true },
        { sql: 'CREATE TABLE outside_2 (a int)' },
        { sql: 'SELECT 1/0' },
      ]),
    );
    expect(info).toMatchObject({ sqlstate: '22012', field: 'statements.3' });
    expect(info.detail).toContain('What the first 2 of the statements did stays');
    expect([await count('outside_1'), await count('outside_2')]).toEqual([1, 0]);
  });

  it('that fail only at the end are told as such', async () => {
    const info = await failureOf(
      run([
        { sql: 'CREATE TABLE late (a int UNIQUE DEFERRABLE INITIALLY DEFERRED)' },
        { sql: 'INSERT INTO late VALUES (1), (1)' },
      ]),
    );
    expect(info).toMatchObject({ sqlstate: '23505' });
    expect(info.field).toBeUndefined();
    expect(info.detail).toContain('could not be committed');
    expect(await count('late')).toBe(0);
  });

  it('are one command each: what ends the transaction in between is refused, and nothing stays', async () => {
    for (const sql of [
      'CREATE VIEW tricks AS SELECT 1; COMMIT; CREATE TABLE oops (a int)',
      'SELECT 1; SELECT 2',
      'COMMIT; BEGIN',
    ]) {
      const info = await failureOf(run([{ sql: 'CREATE TABLE tricked (a int)' }, { sql }]));
      expect(info).toMatchObject({ code: 'sql', sqlstate: '42601', field: 'statements.1' });
    }
    expect([await count('oops'), await count('tricks'), await count('tricked')]).toEqual([0, 0, 0]);
  });

  it('of every sort run so, those that want to be alone too', async () => {
    await run([
      { sql: 'DO $$ BEGIN CREATE TABLE single (a int PRIMARY KEY); INSERT INTO single VALUES (1); END $$' },
      { sql: 'COMMENT ON TABLE single IS $c$a; b$c$;' },
      { sql: 'VACUUM (ANALYZE, VERBOSE) single', outside: true },
      { sql: 'CREATE INDEX CONCURRENTLY single_a ON single (a)', outside: true },
      { sql: 'REINDEX TABLE CONCURRENTLY single', outside: true },
      { sql: 'CREATE DATABASE single_db', outside: true },
      { sql: 'ALTER SYSTEM RESET work_mem', outside: true },
      { sql: 'DROP DATABASE single_db WITH (FORCE)', outside: true },
    ]);
    expect(await count('single_a')).toBe(1);
  });

  it('tell no secret that stands in them', async () => {
    for (const sql of [
      "ALTER ROLE nobody_there PASSWORD 'hidden-1'",
      "CREATE USER MAPPING FOR PUBLIC SERVER nowhere OPTIONS (password 'hidden-1')",
      "ALTER SUBSCRIPTION nothing CONNECTION 'password=hidden-1'",
    ]) {
      expect(JSON.stringify(await failureOf(run([{ sql }])))).not.toContain('hidden-1');
    }
  });

  const WAITS = `CREATE TABLE waits (a int);
    CREATE FUNCTION waiting() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_advisory_xact_lock(77); RETURN NULL; END';
    CREATE CONSTRAINT TRIGGER w AFTER INSERT ON waits DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION waiting()`;
  it.each([false, true])('whose connection is lost at COMMIT have no known outcome, cancelled: %s', async (stops) => {
    await server.sql(`DROP TABLE IF EXISTS waits; DROP FUNCTION IF EXISTS waiting; ${WAITS}`, 'runs');
    const blocker = await openSession(server.profile('runs'));
    await blocker.query('SELECT pg_advisory_lock(77)');
    const controller = new AbortController();
    const running = failureOf(run([{ sql: 'INSERT INTO waits VALUES (1)' }], controller.signal));
    const pid = "SELECT pid FROM pg_stat_activity WHERE query = 'COMMIT' AND wait_event = 'advisory'";
    await until(async () => (await server.sql(pid)).length > 0);
    const [at] = await server.sql(pid);
    // A server that is stopped answers neither a cancellation nor anything else; the end comes with the connection.
    process.kill(Number(at?.['pid']), 'SIGSTOP');
    if (stops) controller.abort();
    process.kill(Number(at?.['pid']), 'SIGKILL');
    const info = await running;
    await blocker.end();
    expect(info.code).toBe(stops ? 'sql' : 'lost-connection');
    expect(info.detail).toContain('Whether it took effect is not known');
    expect(info.detail).not.toContain('Nothing was changed');
    expect(info.retry).toBeUndefined();
    await until(async () =>
      server.sql('SELECT 1').then(
        () => true,
        () => false,
      ),
    );
  });

  it('hand over what the server says', async () => {
    expect(await run([{ sql: 'DROP TABLE IF EXISTS nowhere' }])).toEqual([
      'NOTICE: table "nowhere" does not exist, skipping',
    ]);
  });

  it('are refused for a read-only registration before anything is sent', async () => {
    const profile = { ...server.profile('runs'), readOnly: true, port: 1 };
    const info = await failureOf(runStatements(profile, [{ sql: 'SELECT 1' }], new AbortController().signal));
    expect(info).toMatchObject({ code: 'denied' });
  });

  const busy = (text: string) =>
    until(
      async () =>
        (
          await server.sql(
            `SELECT FROM pg_stat_activity WHERE query LIKE '${text}%' AND state = 'active' AND wait_event IS NOT NULL`,
          )
        ).length > 0,
    );

  it('end when they are cancelled, and take back what they did', async () => {
    const controller = new AbortController();
    const running = failureOf(
      run([{ sql: 'CREATE TABLE stopped (a int)' }, { sql: 'SELECT pg_sleep(600)' }], controller.signal),
    );
    await busy('SELECT pg_sleep');
    controller.abort();
    expect(await running).toMatchObject({ code: 'cancelled' });
    expect(await count('stopped')).toBe(0);
  });

  it('that build an index and are cancelled tell of the invalid one', async () => {
    await run([{ sql: 'CREATE TABLE big (a int)' }]);
    const blocker = await openSession(server.profile('runs'));
    await blocker.query('BEGIN');
    await blocker.query('INSERT INTO big VALUES (1)');
    const controller = new AbortController();
    const running = failureOf(
      run([{ sql: 'CREATE INDEX CONCURRENTLY big_a ON big (a)', outside: true }], controller.signal),
    );
    await busy('CREATE INDEX CONCURRENTLY');
    controller.abort();
    const info = await running;
    await blocker.end();
    expect(info).toMatchObject({ code: 'sql', sqlstate: '57014' });
    expect(info.detail).toContain('invalid');
  });

  it('that take a partition out and are cancelled tell how to finish', async () => {
    await run([
      { sql: 'CREATE TABLE whole (a int) PARTITION BY LIST (a)' },
      { sql: 'CREATE TABLE one PARTITION OF whole FOR VALUES IN (1)' },
    ]);
    const blocker = await openSession(server.profile('runs'));
    await blocker.query('BEGIN');
    await blocker.query('SELECT FROM whole');
    const controller = new AbortController();
    const running = failureOf(
      run([{ sql: 'ALTER TABLE whole DETACH PARTITION one CONCURRENTLY', outside: true }], controller.signal),
    );
    await busy('ALTER TABLE whole DETACH');
    controller.abort();
    const info = await running;
    await blocker.end();
    expect(info).toMatchObject({ code: 'sql', sqlstate: '57014' });
    expect(info.detail).toContain('FINALIZE');
  });
});

it.each(['plain', "it's \\ ü", 'ａｂｃ ﬁ', '秘密🔑'])('A verifier lets its password in: %s', async (password) => {
  await run([
    { sql: 'DROP ROLE IF EXISTS knows' },
    { sql: `CREATE ROLE knows LOGIN PASSWORD ${quoteLiteral(await passwordVerifier(password))}` },
  ]);
  const session = await openSession({ ...server.profile('runs'), user: 'knows', password });
  expect(await session.query('SELECT current_user::text AS me')).toEqual([{ me: 'knows' }]);
  await session.end();
});
