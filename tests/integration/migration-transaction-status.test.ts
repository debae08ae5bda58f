import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openSession, type PgSession } from '../../electron/adapters/postgres/session';
import { transactionStatus } from '../../electron/control-plane/migration/worker/transaction-status';
import { startServer, type TestServer } from '../support/postgres';

/** What became of a transaction whose end was not seen. */
describe.each([10, 18])('a target of version %i tells that a transaction', (major) => {
  let server: TestServer;
  let session: PgSession;
  beforeAll(async () => {
    server = await startServer({ major });
    session = await openSession(server.profile('postgres'));
  });
  afterAll(async () => {
    await session?.end();
    await server?.stop();
  });

  const { signal } = new AbortController();
  const ended = async (how: string): Promise<string> => {
    await session.query('BEGIN', [], signal);
    const [row] = await session.query<{ txid: string }>('SELECT txid_current()::text AS txid', [], signal);
    await session.query(how, [], signal);
    return row?.txid ?? '';
  };

  test('was committed or taken back', async () => {
    expect(await transactionStatus(session, await ended('COMMIT'), signal)).toBe('committed');
    expect(await transactionStatus(session, await ended('ROLLBACK'), signal)).toBe('aborted');
  });

  test('was forgotten in a crash, with its number', async () => {
    const next = BigInt(await ended('COMMIT')) + 1n;
    expect(await transactionStatus(session, String(next), signal)).toBe('aborted');
    expect(await transactionStatus(session, String(next + 100_000n), signal)).toBe('aborted');
  });
});
