import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openCopySession } from '../../electron/adapters/postgres/copy-session';
import { openSession } from '../../electron/adapters/postgres/session';
import { createCopySessions } from '../../electron/control-plane/migration/copy/copy-sessions';
import { copyTable } from '../../electron/control-plane/migration/copy/copy-table';
import { createDurability } from '../../electron/control-plane/migration/copy/durability';
import { createRateLimit } from '../../electron/control-plane/migration/copy/rate-limit';
import { openSnapshot } from '../../electron/control-plane/migration/copy/snapshot';
import { partsOf } from '../../electron/control-plane/migration/copy/split';
import { createWorkPool } from '../../electron/control-plane/migration/copy/work-pool';
import { openJournal, type Journal } from '../../electron/control-plane/migration/journal';
import type { PlannedTable } from '../../electron/control-plane/migration/plan-model';
import { startServer, type TestServer } from '../support/postgres';

const ROWS = 60_000;
let source: TestServer;
let target: TestServer;
let folder: string;
let journal: Journal;
let files = 0;

beforeAll(async () => {
  [source, target] = await Promise.all([startServer({ major: 15 }), startServer({ major: 17 })]);
  await source.sql(
    `CREATE TABLE big (id int PRIMARY KEY, t text, twice int GENERATED ALWAYS AS (id * 2) STORED);
     INSERT INTO big SELECT i, repeat(md5(i::text), 4) FROM generate_series(1, ${ROWS}) i`,
  );
  await target.sql('CREATE TABLE big (id int, t text, twice int GENERATED ALWAYS AS (id * 2) STORED)');
  folder = await mkdtemp(join(tmpdir(), 'howdah-copy-'));
});
afterAll(async () => {
  await Promise.all([source?.stop(), target?.stop()]);
  await rm(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  await target.sql('TRUNCATE big');
  files += 1;
  journal = await openJournal(join(folder, `journal-${files}`));
});

const plan = async (): Promise<PlannedTable> => {
  const [size] = await source.sql("SELECT pg_relation_size('big')::int AS bytes");
  return {
    oid: 0,
    schema: 'public',
    name: 'big',
    targetSchema: 'public',
    targetName: 'big',
    kind: 'table',
    persistence: 'permanent',
    columns: [
      { name: 'id', type: 'integer', generated: false, identity: '' },
      { name: 't', type: 'text', generated: false, identity: '' },
      { name: 'twice', type: 'integer', generated: true, identity: '' },
    ],
    bytes: Number(size?.['bytes']),
    rows: ROWS,
    integerKey: 'id',
    rowFilter: '',
  };
};

/** Copies the table under one snapshot, as a task would. */
async function copy(change: { append?: boolean; empty?: boolean; signal?: AbortSignal; onBytes?: () => void } = {}) {
  const table = await plan();
  const snapshot = await openSnapshot(() => openSession(source.profile()));
  const sessions = createCopySessions({
    openSource: () => openCopySession(source.profile()),
    openTarget: () => openCopySession(target.profile()),
  });
  const splitAbove = change.append === true ? 0 : table.bytes / 4;
  const durability = createDurability(() => openSession(target.profile()));
  try {
    return await copyTable(
      {
        database: 'postgres',
        table,
        parts: partsOf(table, { splitAbove, serverVersionNum: 150_000, keyRange: null }),
        empty: change.empty ?? false,
        append: change.append ?? false,
        run: 1,
      },
      {
        sessions,
        snapshot,
        pool: createWorkPool(2),
        limit: createRateLimit(0),
        journal,
        signal: change.signal ?? new AbortController().signal,
        durability,
        onBytes: change.onBytes ?? (() => undefined),
      },
    );
  } finally {
    await sessions.close();
    await durability.close();
    await snapshot.release();
    await journal.close();
  }
}

const CHECKSUM = "SELECT count(*)::int AS count, md5(string_agg(big::text, '|' ORDER BY id)) AS sum FROM big";
const OURS =
  "SELECT count(*)::int AS count FROM pg_stat_activity WHERE query LIKE '%COPY (SELECT%' AND pid <> pg_backend_pid()";

describe('a table', () => {
  test('is copied in parts side by side: every row once, generated columns computed there', async () => {
    const { rows } = await copy();
    expect(rows).toBe(ROWS);
    expect(await target.sql(CHECKSUM)).toEqual(await source.sql(CHECKSUM));
    expect(journal.entries.map(({ did }) => did)).toEqual(['table-begun', 'table-done']);
  });

  test('is read as it was when the snapshot was taken, whatever is written meanwhile', async () => {
    const before = await source.sql(CHECKSUM);
    let written: Promise<unknown> | null = null;
    await copy({
      onBytes: () =>
        void (written ??= source.sql("INSERT INTO big VALUES (0, 'late'); UPDATE big SET t = 'late' WHERE id < 100")),
    });
    await (written as Promise<unknown> | null);
    expect(await target.sql(CHECKSUM)).toEqual(before);
    await source.sql('DELETE FROM big WHERE id = 0; UPDATE big SET t = repeat(md5(id::text), 4) WHERE id < 100');
  });

  test('that was cut off is whole after it was emptied and copied again', async () => {
    const ending = new AbortController();
    let seen = 0;
    const cut = copy({ signal: ending.signal, onBytes: () => void ((seen += 1) > 20 && ending.abort()) });
    await expect(cut).rejects.toMatchObject({ info: { code: 'cancelled' } });
    expect(journal.entries.map(({ did }) => did)).toEqual(['table-begun']);
    journal = await openJournal(join(folder, `journal-${files}`));
    await copy({ empty: true });
    expect(await target.sql(CHECKSUM)).toEqual(await source.sql(CHECKSUM));
    expect(await source.sql(OURS)).toEqual([{ count: 0 }]);
  });

  test('whose rows are appended tells the transaction that brings them before it is committed', async () => {
    await target.sql("INSERT INTO big VALUES (-1, 'was there')");
    await copy({ append: true });
    const told = journal.entries.find((entry) => entry.did === 'table-commits');
    expect(told).toMatchObject({ rows: ROWS });
    const txid = told?.did === 'table-commits' ? told.txid : '';
    expect(await target.sql(`SELECT txid_status(${txid}) AS status`)).toEqual([{ status: 'committed' }]);
    expect(await target.sql('SELECT count(*)::int AS count FROM big')).toEqual([{ count: ROWS + 1 }]);
  });
});

describe('what was committed without waiting for the disk', () => {
  test('does not count as durable when the target crashes before it is flushed, though it is back by then', async () => {
    const durability = createDurability(() => openSession(target.profile()));
    const makeDurable = await durability.watch();
    await target.sql('SET synchronous_commit = off; INSERT INTO big (id) VALUES (1)');
    await target.restart();
    await expect(makeDurable()).rejects.toMatchObject({ info: { code: 'lost-connection' } });
    // Who begins now is told by a session of now.
    await (
      await durability.watch()
    )();
    await durability.close();
  });

  test('is durable once it is flushed: no crash takes it away', async () => {
    const durability = createDurability(() => openSession(target.profile()));
    const makeDurable = await durability.watch();
    await target.sql('SET synchronous_commit = off; INSERT INTO big (id) VALUES (2)');
    await makeDurable();
    await target.restart();
    expect(await target.sql('SELECT id FROM big WHERE id = 2')).toEqual([{ id: 2 }]);
    await durability.close();
  });
});
