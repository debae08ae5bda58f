import { expect } from 'vitest';
import type { TestServer } from '../../support/postgres';

/** A table of many rows, and transactions that change it while nobody follows. */

export const FOLLOWED = 'CREATE TABLE item (id int PRIMARY KEY, n int, name text, at timestamptz)';

/** Fills the table on both sides alike: even keys. */
export async function fillBoth(
  source: TestServer,
  target: TestServer,
  { database, seed, rows }: { readonly database: string; readonly seed: string; readonly rows: number },
): Promise<void> {
  for (const [server, name] of [
    [source, database],
    [target, seed],
  ] as const) {
    await server.createDatabase(name);
    await server.sql(FOLLOWED, name);
    await server.sql(
      `INSERT INTO item SELECT i * 2, i, 'first text of ' || i, '2024-01-01'::timestamptz + i * interval '1 s' FROM generate_series(1, ${rows}) i`,
      name,
    );
    await server.sql('VACUUM ANALYZE item', name);
  }
}

/** Transactions of 40 insertions, 40 updates and 20 deletions of keys that lie anywhere. Answers where the WAL ends. */
export async function writeBacklog(
  source: TestServer,
  database: string,
  rows: number,
  changes: number,
): Promise<string> {
  await source.sql(
    `CREATE PROCEDURE backlog() LANGUAGE plpgsql AS $$
     DECLARE keys int[];
     BEGIN
       PERFORM set_config('synchronous_commit', 'off', false);
       FOR i IN 1 .. ${Math.ceil(changes / 100)} LOOP
         INSERT INTO item SELECT (random() * 1e9)::int * 2 + 1, i, 'inserted text ' || i || ' ' || g, now() FROM generate_series(1, 40) g
           ON CONFLICT DO NOTHING;
         keys := ARRAY(SELECT DISTINCT (1 + (random() * ${rows - 1})::int) * 2 FROM generate_series(1, 62));
         UPDATE item SET n = i, name = 'updated text ' || i || ' ' || n WHERE id = ANY (keys[1:40]);
         DELETE FROM item WHERE id = ANY (keys[41:60]);
         COMMIT;
       END LOOP;
     END $$`,
    database,
  );
  await source.sql('CALL backlog()', database);
  const [end] = await source.sql('CHECKPOINT; SELECT pg_current_wal_lsn()::text AS lsn', database);
  return String(end?.['lsn']);
}

export async function contentsOf(server: TestServer, database: string, table: string): Promise<unknown> {
  return (
    await server.sql(
      `SELECT count(*)::text AS rows, sum(hashtext(t::text)::bigint)::text AS sum FROM ${table} t`,
      database,
    )
  )[0];
}

/** A subscription of the server's own that begins at the slot; resolves when it has confirmed the position. */
export async function subscribe(
  source: TestServer,
  target: TestServer,
  given: { readonly database: string; readonly to: string; readonly slot: string; readonly publication: string },
): Promise<void> {
  await target.sql(
    `CREATE SUBSCRIPTION ${given.slot} CONNECTION 'host=127.0.0.1 port=${source.port} user=postgres dbname=${given.database}'
     PUBLICATION ${given.publication} WITH (create_slot = false, slot_name = '${given.slot}', copy_data = false)`,
    given.to,
  );
}

export async function confirmed(source: TestServer, slot: string, end: string): Promise<void> {
  const sql = `SELECT confirmed_flush_lsn >= '${end}' AS done FROM pg_replication_slots WHERE slot_name = '${slot}'`;
  await expect.poll(() => source.sql(sql), { timeout: 900_000, interval: 20 }).toEqual([{ done: true }]);
}

export async function unsubscribe(target: TestServer, to: string, slot: string): Promise<void> {
  await target.sql(`ALTER SUBSCRIPTION ${slot} DISABLE; ALTER SUBSCRIPTION ${slot} SET (slot_name = NONE)`, to);
  await target.sql(`DROP SUBSCRIPTION ${slot}`, to);
}
