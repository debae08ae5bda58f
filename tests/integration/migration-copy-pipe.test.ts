import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { copyRows, CopyFailure } from '../../electron/adapters/postgres/copy-pipe';
import { openCopySession, type CopySession } from '../../electron/adapters/postgres/copy-session';
import { AppError } from '../../shared/errors';
import { startServer, type TestServer } from '../support/postgres';

let source: TestServer;
let target: TestServer;
let reader: CopySession;
let writer: CopySession;

beforeAll(async () => {
  [source, target] = await Promise.all([startServer({ major: 13 }), startServer({ major: 17 })]);
  await source.sql(
    `CREATE TABLE odd (id int PRIMARY KEY, t text, b bytea, n numeric, j jsonb, a text[], f float8);
     INSERT INTO odd SELECT i, CASE i % 5 WHEN 0 THEN NULL WHEN 1 THEN '' WHEN 2 THEN E'tab\\there\\\\ \\r\\n line' ELSE repeat('好', i % 50) END,
       decode(md5(i::text), 'hex'), i * 1.000000000000000000001, jsonb_build_object('i', i), ARRAY['a,b', NULL, '"'], i / 3.0 FROM generate_series(1, 20000) i;`,
  );
  await target.sql(
    'CREATE TABLE odd (id int PRIMARY KEY, t text, b bytea, n numeric, j jsonb, a text[], f float8); CREATE TABLE heap (LIKE odd)',
  );
});
afterAll(async () => {
  await Promise.all([reader?.end(), writer?.end()]);
  await Promise.all([source?.stop(), target?.stop()]);
});

async function sessions(): Promise<void> {
  if (!reader || reader.closed) reader = await openCopySession(source.profile());
  if (!writer || writer.closed) writer = await openCopySession(target.profile());
}

const pipe = (change: Partial<Parameters<typeof copyRows>[0]> = {}) => ({
  source: reader,
  read: 'COPY (SELECT * FROM ONLY odd) TO STDOUT',
  target: writer,
  write: 'COPY odd FROM STDIN',
  ...change,
});

const CHECKSUM = "SELECT count(*)::int AS count, md5(string_agg(odd::text, '|' ORDER BY id)) AS sum FROM odd";

async function failureOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => new Error('it succeeded'),
    (error: unknown) => error,
  );
}

describe('rows from server to server', () => {
  test('arrive as they are, and both sides tell the same number', async () => {
    await sessions();
    const { rows, bytes } = await copyRows(pipe());
    expect(rows).toBe(20_000);
    expect(bytes).toBeGreaterThan(1_000_000);
    expect(await target.sql(CHECKSUM)).toEqual(await source.sql(CHECKSUM));
  });

  test('an empty table is no failure', async () => {
    await sessions();
    expect(await copyRows(pipe({ read: 'COPY (SELECT * FROM odd WHERE false) TO STDOUT' }))).toEqual({
      rows: 0,
      bytes: 0,
    });
  });

  test('a row that the target refuses ends the copy on its side, with the server’s words, and both sessions go on', async () => {
    await sessions();
    const failure = await failureOf(copyRows(pipe()));
    expect(failure).toBeInstanceOf(CopyFailure);
    expect(failure).toMatchObject({ side: 'target', reason: { info: { code: 'sql', sqlstate: '23505' } } });
    expect(await reader.run('SELECT 1')).toBe('SELECT 1');
    expect(await writer.run('SELECT 1')).toBe('SELECT 1');
  });

  test('a target without the table is told before the source sends anything', async () => {
    await sessions();
    const failure = await failureOf(copyRows(pipe({ write: 'COPY missing FROM STDIN' })));
    expect(failure).toMatchObject({ side: 'target', reason: { info: { sqlstate: '42P01' } } });
    expect(await reader.run('SELECT 1')).toBe('SELECT 1');
  });

  test('a query that fails half-way is the source’s failure and leaves no row', async () => {
    await sessions();
    await target.sql('TRUNCATE odd');
    const read = 'COPY (SELECT id, t, b, n, j, a, 1 / (19000 - id)::float8 FROM odd ORDER BY id) TO STDOUT';
    const failure = await failureOf(copyRows(pipe({ read })));
    expect(failure).toMatchObject({ side: 'source', reason: { info: { sqlstate: '22012' } } });
    expect(await target.sql('SELECT count(*)::int AS count FROM odd')).toEqual([{ count: 0 }]);
    expect(await writer.run('SELECT 1')).toBe('SELECT 1');
  });

  test('cancelling ends both statements, and no cancel reaches the next one', async () => {
    await sessions();
    const ending = new AbortController();
    const read = 'COPY (SELECT o.* FROM odd o, pg_sleep(0.001)) TO STDOUT';
    const copying = copyRows(
      pipe({
        read,
        signal: ending.signal,
        onBytes: () => {
          ending.abort();
          return undefined;
        },
      }),
    );
    const failure = await failureOf(copying);
    expect(failure instanceof AppError && failure.code).toBe('cancelled');
    for (let time = 0; time < 20; time += 1) {
      expect(await reader.run('SELECT 1')).toBe('SELECT 1');
      expect(await writer.run('SELECT 1')).toBe('SELECT 1');
    }
    expect(await target.sql('SELECT count(*)::int AS count FROM odd')).toEqual([{ count: 0 }]);
  });

  test('a limit holds the source back', async () => {
    await sessions();
    let waiting = 0;
    let most = 0;
    const { rows } = await copyRows(
      pipe({
        onBytes: () => {
          waiting += 1;
          most = Math.max(most, waiting);
          return new Promise((resolve) =>
            setImmediate(() => {
              waiting -= 1;
              resolve();
            }),
          );
        },
      }),
    );
    expect(rows).toBe(20_000);
    // Nothing is read while the source is held: the chunk that was on its way at the most.
    expect(most).toBeLessThanOrEqual(2);
  });

  test.each(['source', 'target'] as const)('a %s that is killed is told as lost', async (side) => {
    await sessions();
    const victim =
      side === 'source' ? { server: source, pid: reader.backendPid } : { server: target, pid: writer.backendPid };
    const struck: Promise<unknown>[] = [];
    const failure = await failureOf(
      copyRows(
        pipe({
          read: 'COPY (SELECT a.* FROM odd a, generate_series(1, 50)) TO STDOUT',
          write: 'COPY heap FROM STDIN',
          onBytes: () => {
            if (struck.length === 0) struck.push(victim.server.sql(`SELECT pg_terminate_backend(${victim.pid})`));
            return undefined;
          },
        }),
      ),
    );
    await Promise.all(struck);
    expect(failure).toBeInstanceOf(CopyFailure);
    expect(failure).toMatchObject({ side, reason: { info: { code: 'lost-connection' } } });
    await sessions();
    expect(await target.sql('SELECT count(*)::int AS count FROM heap')).toEqual([{ count: 0 }]);
  });
});
