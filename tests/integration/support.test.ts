import { afterAll, beforeAll, expect, it } from 'vitest';
import { openSession, type PgSession } from '../../electron/adapters/postgres/session';
import { startServer, type TestServer } from '../support/postgres';

let server: TestServer;
let session: PgSession;
beforeAll(async () => {
  server = await startServer({ major: 17 });
  session = await openSession(server.profile());
});
afterAll(async () => {
  await session?.end();
  await server?.stop();
});

it('opens a session on a real server and tells its version', async () => {
  expect(session.serverVersionNum).toBeGreaterThanOrEqual(170_000);
  expect(await session.query('SELECT $1::int + 1 AS n', [41])).toEqual([{ n: 42 }]);
});
