import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openSession } from '../../electron/adapters/postgres/session';
import { readDatabases } from '../../electron/control-plane/migration/plan/read-databases';
import { objectSelection } from '../../shared/model/migration';
import { startServer, type TestServer } from '../support/postgres';

describe.each([10, 18])('Databases of a source of PostgreSQL %i', (major) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer({ major });
  });
  afterAll(() => server?.stop());

  test('Databases of the server; postgres only when it holds something', async () => {
    await server.createDatabase('shop');
    await server.createDatabase('Weird ""db');
    await server.createDatabase('mould', 'IS_TEMPLATE true');
    await server.createDatabase('shut', 'ALLOW_CONNECTIONS false');
    const postgres = await openSession(server.profile('postgres'));
    const databases = async (selection: object) =>
      (await readDatabases(postgres, objectSelection.parse({ mode: 'all', roleMode: 'none', ...selection }))).map(
        ({ name, newName, mode }) => [name, newName, mode],
      );
    try {
      const all = [
        ['Weird "db', '', 'all'],
        ['shop', '', 'all'],
      ];
      expect(await databases({})).toEqual(all);
      await postgres.query('CREATE TEMP TABLE passing (id serial)');
      expect(await databases({})).toEqual(all);
      expect(await databases({ databases: [{ name: 'shop', newName: 'store', mode: 'partial' }] })).toEqual([
        ['Weird "db', '', 'all'],
        ['shop', 'store', 'all'],
      ]);
      await postgres.query('CREATE TABLE mine ()');
      expect(await databases({})).toEqual([all[0], ['postgres', '', 'all'], all[1]]);
      await postgres.query('DROP TABLE mine');
      await postgres.query('SELECT lo_create(99)');
      expect(await databases({})).toHaveLength(3);
      await postgres.query('SELECT lo_unlink(99)');
      expect(await databases({ mode: 'partial', databases: [{ name: 'shop', mode: 'partial' }] })).toEqual([
        ['shop', '', 'partial'],
      ]);
      for (const name of ['gone', 'shut'])
        await expect(databases({ databases: [{ name, mode: 'all' }] })).rejects.toMatchObject({
          info: { code: 'not-found', message: expect.stringContaining(name) as string },
        });
    } finally {
      await postgres.end();
    }
  });
});
