import { expect, it } from 'vitest';
import { openSession } from '../../electron/adapters/postgres/session';
import { prepareCatalogSession } from '../../electron/features/catalog/catalog-sessions';
import { databaseDdl } from '../../electron/features/catalog/ddl/database-ddl';
import { SNAPSHOT, zooSql } from '../support/catalog-zoo';
import { startServer, type TestServer } from '../support/postgres';

/** The script of a database and what its catalogs say. */
async function read(server: TestServer, database: string): Promise<{ sql: string; snapshot: string[] }> {
  const session = await openSession(server.profile(database));
  try {
    await prepareCatalogSession(session);
    const { sql } = await databaseDdl(session, new AbortController().signal);
    const rows = await session.query<{ line: string }>(SNAPSHOT);
    return { sql, snapshot: rows.map((row) => row.line) };
  } finally {
    await session.end();
  }
}

for (const major of [10, 13, 15, 17, 18]) {
  it(`the DDL of a zoo of nasty objects makes the same catalogs anew on ${major}`, async () => {
    const server = await startServer({ major });
    try {
      await server.createDatabase('zoo');
      await server.sql(zooSql(major), 'zoo');
      const original = await read(server, 'zoo');
      expect(original.snapshot.length).toBeGreaterThan(100);
      await server.createDatabase('copy');
      await server.sql(original.sql, 'copy');
      const copy = await read(server, 'copy');
      expect(copy.snapshot).toEqual(original.snapshot);
      expect(copy.sql).toEqual(original.sql);
    } finally {
      await server.stop();
    }
  });
}
