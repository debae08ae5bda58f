import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSession, type PgSession } from '../../electron/adapters/postgres/session';
import {
  findRelationBy,
  pluginOf,
  startOptions,
} from '../../electron/control-plane/migration/follow/decode/old-plugins';
import { createTestDecodingDecoder } from '../../electron/control-plane/migration/follow/decode/test-decoding';
import { openTransactionSpool } from '../../electron/control-plane/migration/follow/decode/transaction-spool';
import { createRecorder, type ChangeRecorder, type RecordedChange } from '../support/change-recorder';
import { startStreamed, type StreamedServer } from '../support/streamed-server';

const signal = new AbortController().signal;
const WORDS = `it's "quoted", \\ back, null, new-tuple: a[b]:'c'\nsecond line\ttab ü€😀`;

describe.each([10, 12, 16])('test_decoding of %i', (major) => {
  let streamed: StreamedServer;
  let session: PgSession;
  let slots = 0;

  beforeAll(async () => {
    streamed = await startStreamed(major);
    session = await openSession(streamed.server.profile(), signal);
  }, 120_000);
  afterAll(async () => {
    await session?.end();
    await streamed?.endTest();
    await streamed?.stop();
  });

  interface Reading {
    readonly recorder: ChangeRecorder;
    stop(): Promise<void>;
  }
  const slotFor = async (): Promise<string> => {
    slots += 1;
    const slot = `text_${slots}`;
    await streamed.server.sql(`SELECT pg_create_logical_replication_slot('${slot}', 'test_decoding')`);
    return slot;
  };
  const read = async (slot: string, from = '0/0'): Promise<Reading> => {
    const recorder = createRecorder();
    const spool = await openTransactionSpool({ folder: streamed.spoolOf(slot), maxBytes: 1e8 });
    const decoder = createTestDecodingDecoder(recorder, {
      spool,
      relations: findRelationBy((work) => work(session), signal),
    });
    const walsender = await streamed.open();
    const { ended } = await walsender.start(
      `START_REPLICATION SLOT ${slot} LOGICAL ${from} ${startOptions('test_decoding', streamed.versionNum)}`,
      { data: (payload, start, end) => decoder.push(payload, start, end), keepalive: () => undefined },
    );
    ended.catch(() => undefined);
    return {
      recorder,
      async stop() {
        await walsender.end();
        await decoder.close();
      },
    };
  };
  const commits = ({ recorder }: Reading): number => recorder.changes.filter(({ kind }) => kind === 'commit').length;

  it('is what the server has where wal2json is not', async () => {
    const walsender = await streamed.open();
    expect(await pluginOf(walsender, 'looking')).toBe('test_decoding');
    expect(await streamed.server.sql(`SELECT slot_name FROM pg_replication_slots WHERE slot_name = 'looking'`)).toEqual(
      [],
    );
  });

  it('brings every kind of row as the types write it', async () => {
    await streamed.server.sql(`CREATE TYPE "My ""Type" AS ENUM ('a b', 'c');
      CREATE TABLE "Odd Name" ("the id" int PRIMARY KEY, "select" text, b bit(3), vb varbit, ok bool, n numeric, f float8, by bytea, ar text[],
        e "My ""Type", es "My ""Type"[], j json, t timestamptz, missing text);
      CREATE TABLE whole (id int, note text); ALTER TABLE whole REPLICA IDENTITY FULL;
      CREATE TABLE by_index (a int NOT NULL, z text, b int NOT NULL); CREATE UNIQUE INDEX by_two ON by_index (a, b);
      ALTER TABLE by_index REPLICA IDENTITY USING INDEX by_two;
      CREATE TABLE big (id int PRIMARY KEY, body text, n int); ALTER TABLE big ALTER body SET STORAGE EXTERNAL`);
    const slot = await slotFor();
    await session.query(
      `INSERT INTO "Odd Name" VALUES (1, $1, B'101', B'11', true, 1.10, 'NaN', '\\x00ff27', ARRAY['a,b', NULL, 'null', 'q"']::text[], 'a b',
        ARRAY['c', 'a b']::"My ""Type"[], '{"a": "it''s"}', '2024-02-29 12:00:00.5+00', NULL)`,
      [WORDS],
    );
    await session.query(`UPDATE "Odd Name" SET "select" = 'null', f = '-Infinity', ok = false`);
    await session.query(`UPDATE "Odd Name" SET "the id" = 2`);
    await session.query(`DELETE FROM "Odd Name"`);
    await session.query(`INSERT INTO whole VALUES (1, NULL), (NULL, 'x')`);
    await session.query(`UPDATE whole SET note = 'y' WHERE id = 1`);
    await session.query(`DELETE FROM whole WHERE note = 'x'`);
    await session.query(`INSERT INTO by_index VALUES (1, 'z', 2)`);
    await session.query('UPDATE by_index SET z = NULL');
    await session.query('UPDATE by_index SET b = 3');
    await session.query('DELETE FROM by_index');
    await session.query(`INSERT INTO big SELECT 1, string_agg(md5(i::text), ''), 1 FROM generate_series(1, 400) i`);
    await session.query('UPDATE big SET n = 2');
    if (major >= 11) await session.query('TRUNCATE whole, by_index RESTART IDENTITY CASCADE');
    const reading = await read(slot);
    await expect.poll(() => commits(reading), { timeout: 20_000 }).toBe(major >= 11 ? 14 : 13);
    const { recorder } = reading;
    const first = [
      '1',
      WORDS,
      '101',
      '11',
      't',
      '1.10',
      'NaN',
      String.raw`\x00ff27`,
      `{"a,b",NULL,"null","q\\""}`,
      'a b',
      '{c,"a b"}',
      `{"a": "it's"}`,
      '2024-02-29 12:00:00.5+00',
      null,
    ];
    const second = first.with(1, 'null').with(6, '-Infinity').with(4, 'f');
    const key = (id: string) => [id, ...Array<null>(13).fill(null)];
    expect(recorder.rows('public.Odd Name')).toEqual<RecordedChange[]>([
      { kind: 'insert', table: 'public.Odd Name', values: first },
      { kind: 'update', table: 'public.Odd Name', old: 'none', oldValues: null, values: second },
      { kind: 'update', table: 'public.Odd Name', old: 'key', oldValues: key('1'), values: second.with(0, '2') },
      { kind: 'delete', table: 'public.Odd Name', old: 'key', oldValues: key('2') },
    ]);
    expect(recorder.rows('public.whole').slice(2)).toMatchObject([
      { kind: 'update', old: 'full', oldValues: ['1', null], values: ['1', 'y'] },
      { kind: 'delete', old: 'full', oldValues: [null, 'x'] },
    ]);
    expect(recorder.rows('public.by_index').slice(1)).toMatchObject([
      { old: 'none', values: ['1', null, '2'] },
      { old: 'key', oldValues: ['1', null, '2'], values: ['1', null, '3'] },
      { old: 'key', oldValues: ['1', null, '3'] },
    ]);
    expect(recorder.rows('public.big').slice(1)).toMatchObject([{ old: 'none', values: ['1', undefined, '2'] }]);
    if (major >= 11)
      expect(recorder.changes.at(-2)).toEqual({
        kind: 'truncate',
        tables: ['public.whole', 'public.by_index'],
        cascade: true,
        restartIdentity: true,
      });
    await reading.stop();
  });

  it('brings transactions in the order of their commits, each with the place of its end, and goes on after one of them', async () => {
    await streamed.server.sql('CREATE TABLE turns (id int PRIMARY KEY)');
    const slot = await slotFor();
    const other = await streamed.connect();
    await session.query('BEGIN');
    await session.query('INSERT INTO turns VALUES (1)');
    await other.query('INSERT INTO turns VALUES (2)');
    await session.query('COMMIT');
    const [end] = await streamed.server.sql('SELECT pg_current_wal_lsn()::text AS lsn');
    await other.query('INSERT INTO turns VALUES (3)');
    const reading = await read(slot);
    await expect.poll(() => commits(reading), { timeout: 20_000 }).toBe(3);
    const { recorder } = reading;
    expect(recorder.rows('public.turns')).toMatchObject([{ values: ['2'] }, { values: ['1'] }, { values: ['3'] }]);
    const ends = recorder.changes.flatMap((change) => (change.kind === 'commit' ? [change.endLsn] : []));
    expect(ends.toSorted((a, b) => (a < b ? -1 : 1))).toEqual(ends);
    const place =
      BigInt(`0x${String(end?.['lsn']).split('/')[0]}`) * 2n ** 32n + BigInt(`0x${String(end?.['lsn']).split('/')[1]}`);
    expect(ends[1]).toBeLessThanOrEqual(place);
    expect(ends[2]).toBeGreaterThan(place);
    expect(
      recorder.changes.every(
        (change) => change.kind !== 'commit' || Math.abs(change.committedAt - Date.now()) < 60_000,
      ),
    ).toBe(true);
    await reading.stop();
    const again = await read(slot, String(end?.['lsn']));
    await expect.poll(() => commits(again), { timeout: 20_000 }).toBe(1);
    expect(again.recorder.rows('public.turns')).toMatchObject([{ values: ['3'] }]);
    await again.stop();
  });

  it('keeps messages, rolled back parts and large transactions apart', async () => {
    await streamed.server.sql('CREATE TABLE parts (id int PRIMARY KEY, body text)');
    const slot = await slotFor();
    await session.query('BEGIN');
    await session.query(`INSERT INTO parts SELECT i, repeat('x', 500) FROM generate_series(1, 2000) i`);
    await session.query('SAVEPOINT s');
    await session.query(`INSERT INTO parts VALUES (9999, 'gone')`);
    await session.query('ROLLBACK TO s');
    await session.query(`SELECT pg_logical_emit_message(true, 'a, sz: 3 content:', E'two\\nlines')`);
    await session.query('COMMIT');
    await session.query(`SELECT pg_logical_emit_message(false, 'howdah', 'marker')`);
    const reading = await read(slot);
    await expect
      .poll(() => reading.recorder.changes.at(-1), { timeout: 20_000 })
      .toMatchObject({ kind: 'message', content: 'marker' });
    expect(reading.recorder.rows('public.parts')).toHaveLength(2000);
    expect(reading.recorder.changes.filter(({ kind }) => kind === 'message')).toEqual([
      { kind: 'message', prefix: 'a, sz: 3 content:', content: 'two\nlines', transactional: true },
      { kind: 'message', prefix: 'howdah', content: 'marker', transactional: false },
    ]);
    await reading.stop();
  });
});
