import { expect, it } from 'vitest';
import { openSession } from '../../electron/adapters/postgres/session';
import { prepareCatalogSession } from '../../electron/adapters/postgres/catalog-sessions';
import { databaseDdl, databasePieces } from '../../electron/features/catalog/ddl/database-ddl';
import { SNAPSHOT, zooSql } from '../support/catalog-zoo';
import { rareZooSql } from '../support/catalog-zoo-rare';
import { walkObjects } from '../support/ddl-walk';
import { dumpedStructure } from '../support/dumped-structure';
import { startServer, type TestServer } from '../support/postgres';

/** The script of a database, what its catalogs say, and what pg_dump makes of it. */
async function read(
  server: TestServer,
  database: string,
): Promise<{ sql: string; snapshot: string[]; dump: string[] }> {
  const session = await openSession(server.profile(database));
  try {
    await prepareCatalogSession(session);
    const { sql } = await databaseDdl(session, new AbortController().signal);
    const rows = await session.query<{ line: string }>(SNAPSHOT);
    return { sql, snapshot: rows.map((row) => row.line), dump: await dumpedStructure(server, database) };
  } finally {
    await session.end();
  }
}

/** What somebody gets who owns nothing here. */
async function readAsVisitor(server: TestServer): Promise<string> {
  const session = await openSession(server.profile('zoo_original'));
  try {
    await prepareCatalogSession(session);
    await session.query('SET SESSION AUTHORIZATION "visitor ""x"""');
    return (await databaseDdl(session, new AbortController().signal)).sql;
  } finally {
    await session.end();
  }
}

/** Every object's own DDL says what the script says. */
async function walkZoo(server: TestServer): Promise<string[]> {
  const session = await openSession(server.profile('zoo_original'));
  try {
    await prepareCatalogSession(session);
    return await walkObjects(session, await databasePieces(session, new AbortController().signal), 1000);
  } finally {
    await session.end();
  }
}

for (const major of [10, 13, 15, 17, 18]) {
  it(`the DDL of a zoo of nasty and rare objects, some named to inject SQL, makes the same catalogs anew on ${major}, as pg_dump sees it too`, async () => {
    const server = await startServer({ major });
    try {
      await server.createDatabase('zoo_original');
      await server.sql(zooSql(major) + rareZooSql(major), 'zoo_original');
      const original = await read(server, 'zoo_original');
      expect(original.snapshot.length).toBeGreaterThan(100);
      expect(original.dump.length).toBeGreaterThan(500);
      expect(original.sql).not.toContain('Needs something that comes after it');
      await server.createDatabase('zoo_copy');
      await server.sql(original.sql, 'zoo_copy');
      const copy = await read(server, 'zoo_copy');
      expect(copy.snapshot).toEqual(original.snapshot);
      expect(copy.dump).toEqual(original.dump);
      expect(copy.sql).toEqual(original.sql);
      const seen = await readAsVisitor(server);
      expect(seen.length).toBeGreaterThan(original.sql.length * 0.9);
      expect(seen).not.toMatch(/x y''|p''w/);
      if (major === 10 || major === 15) expect(await walkZoo(server)).toEqual([]);
    } finally {
      await server.stop();
    }
  });
}
