import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Row } from '../../shared/model/query';
import { editBench, insert, remove, update, type EditBench } from '../support/edits';
import { startServer, type TestServer } from '../support/postgres';
import { eventually, queryBench, type QueryBench, valuesOf } from '../support/query';

/** A type, a value of it, another one as a person would type it, and that as the server writes it when that differs. */
const VALUES: readonly (readonly [type: string, old: string, typed: string, shown?: string])[] = [
  ['boolean', 'true', 'f'],
  ['smallint', '1', '-5'],
  ['bigint', '1', '9223372036854775807'],
  ['numeric', '1.10', '12345678901234567890.123456789012345678900'],
  ['numeric', '1.5', 'NaN'],
  ['real', '0.1', '1e-20', '1e-20'],
  ['double precision', '0.3333333333333333', '0.1'],
  ['money', '1.50', '$2.25'],
  ['text', "a'b\\c\n\t\u{1F418}", "'; DROP TABLE typed; --\\'"],
  ['varchar(5)', 'abc', 'ab   '],
  ['char(5)', 'ab', 'x', 'x    '],
  ['"char"', 'a', 'b'],
  ['name', 'n', 'm "q"'],
  ['bytea', '\\x0001ff', '\\xdeadbeef'],
  ['date', '2024-02-01', '2024-02-29'],
  ['time', '10:00', '23:59:59.999999'],
  ['timestamp', '2024-01-02 03:04:05.123456', 'infinity'],
  ['timestamptz', '2024-01-02 03:04:05+00', '2024-06-01 12:00:00+00'],
  ['interval', '1 day 02:03:04', '1 mon -1 days'],
  ['uuid', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', 'b0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'],
  ['json', '{"a": 1, "a":  2}', '[1,  2.50]'],
  ['jsonb', '{"a": 1.0}', '{"b": [1.00, null]}'],
  ['xml', '<a b="1"/>', '<x>é</x>'],
  ['int[]', '{1,NULL,3}', '{{1,2},{3,4}}'],
  ['text[]', '{a,"b,c"}', '{"",NULL,"NULL","\\\\"}'],
  ['int4range', '[1,5)', 'empty'],
  ['tstzrange', '["2024-01-01 00:00:00+00",)', '(,)'],
  ['bit(4)', '1010', '0001'],
  ['bit varying(8)', '101', '1'],
  ['inet', '10.0.0.1', '::1/64'],
  ['cidr', '10.0.0.0/8', '192.168.0.0/16'],
  ['macaddr', '08:00:2b:01:02:03', '08:00:2b:01:02:04'],
  ['point', '(1,2)', '(0.1,-2)'],
  ['box', '(2,2),(0,0)', '(4,1),(0,0)'],
  ['polygon', '((0,0),(1,1),(1,0))', '((0,0),(2,2),(2,0))'],
  ['path', '((0,0),(1,1))', '[(0,0),(2,2)]'],
  ['tsvector', "'a':1 'b':2", "'it''s':3"],
  ['regclass', 'pg_class', 'pg_type'],
  ['mood', 'sad', 'it\'s "ok"'],
  ['positive', '1', '2'],
  ['pair', '(1,a)', '(,"x, y")'],
];

describe.each([10, 18])('PostgreSQL %i', (major) => {
  let server: TestServer;
  let bench: QueryBench;
  let session: string;
  const edit = (sql: string): Promise<EditBench> => editBench(bench, session, sql);
  const sqlIn = (sql: string): ReturnType<TestServer['sql']> => server.sql(sql);
  beforeAll(async () => {
    server = await startServer({ major });
    bench = await queryBench(server);
    session = await bench.open();
    await server.sql(`CREATE TYPE mood AS ENUM ('sad', 'it''s "ok"'); CREATE DOMAIN positive AS int CHECK (VALUE > 0);
    CREATE TYPE pair AS (n int, t text);
    CREATE TABLE items (id int PRIMARY KEY, name varchar(10) NOT NULL, note text, qty int CHECK (qty >= 0));
    CREATE TABLE lines (id int PRIMARY KEY, item int REFERENCES items ON UPDATE CASCADE ON DELETE CASCADE)`);
  });
  afterAll(async () => {
    await bench?.close();
    await server?.stop();
  });

  const fresh = async (): Promise<EditBench> => {
    await sqlIn(`TRUNCATE items, lines;
    INSERT INTO items VALUES (1, 'one', NULL, 1), (2, 'two', '', 2), (3, 'three', 'x', 3); INSERT INTO lines VALUES (1, 1), (2, 2)`);
    return edit('SELECT * FROM items ORDER BY id');
  };
  const items = () => sqlIn('SELECT id, name, note, qty FROM items ORDER BY id');

  describe.each(['ISO, MDY', 'German, DMY', 'SQL, DMY'])('DateStyle %s', (style) => {
    it('changes values of every type from and to what they are, NULL included', async () => {
      const columns = VALUES.map(([type], index) => `c${index} ${type}`);
      await server.sql(`DROP TABLE IF EXISTS typed; CREATE TABLE typed (id int PRIMARY KEY, ${columns.join(', ')})`);
      const literal = (text: string) => `E'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
      await server.sql(
        `SET datestyle TO ISO; INSERT INTO typed VALUES (1, ${VALUES.map(([, old]) => literal(old)).join(', ')})`,
      );
      await bench.run(
        session,
        `SET datestyle TO '${style}'; SET timezone TO 'Asia/Shanghai'; SET extra_float_digits TO 0`,
      );
      try {
        const rows = await edit('SELECT * FROM typed');
        const typed = Object.fromEntries(VALUES.map(([, , text], index) => [index + 1, text]));
        const nulls = Object.fromEntries(VALUES.map((_value, index) => [index + 1, null]));
        const changed = await rows.save(update(0, typed));
        expect(changed).toMatchObject({ saved: true });
        const read = async (): Promise<Row | undefined> =>
          (await valuesOf(bench, await bench.run(session, 'SELECT * FROM typed')))[0];
        if (!style.startsWith('ISO')) return;
        const expected = VALUES.map(([type, , text, shown]) =>
          type.startsWith('timestamptz') ? '2024-06-01 20:00:00+08' : (shown ?? text),
        );
        expect(changed.saved ? changed.rows[0] : null).toEqual(['1', ...expected]);
        // What was saved is what the next change is compared with.
        const again = await edit('SELECT * FROM typed');
        expect(await again.save(update(0, nulls))).toMatchObject({ saved: true });
        expect(await again.save(update(0, typed))).toMatchObject({ saved: true });
        expect(await read()).toEqual(['1', ...expected]);
        const last = await edit('SELECT * FROM typed');
        expect(await last.save(remove(0))).toMatchObject({ saved: true, rows: [null] });
      } finally {
        await bench.run(session, 'RESET datestyle; RESET timezone; RESET extra_float_digits');
      }
    });
  });

  it('finds rows by keys of odd types under any style', async () => {
    const keys: readonly (readonly [string, string])[] = [
      ['timestamptz', '2024-06-01 12:00:00.5+00'],
      ['double precision', '0.1'],
      ['char(5)', 'a'],
      ['bytea', '\\x00'],
      ['uuid', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'],
      ['mood', 'sad'],
      ['int[]', '{1,2}'],
      ['numeric(5,2)', '1.50'],
    ];
    for (const style of ['ISO', 'SQL']) {
      await bench.run(
        session,
        `SET datestyle TO '${style}'; SET timezone TO 'Asia/Shanghai'; SET extra_float_digits TO -2`,
      );
      for (const [type, value] of keys) {
        await server.sql(
          `DROP TABLE IF EXISTS keyed; CREATE TABLE keyed (k ${type} PRIMARY KEY, v int); INSERT INTO keyed VALUES (E'${value.replaceAll('\\', '\\\\')}', 1)`,
        );
        const rows = await edit('SELECT * FROM keyed');
        expect(await rows.save(update(0, { 1: '2' })), `${type} ${style}`).toMatchObject({ saved: true });
      }
    }
    await bench.run(session, 'RESET datestyle; RESET timezone; RESET extra_float_digits');
  });

  it('tells exactly what it runs', async () => {
    const rows = await fresh();
    expect(
      await rows.sql(
        update(0, { 1: "o'ne", 2: '', 3: null }),
        remove(1),
        insert({ 0: '9', 1: 'n', 3: { default: true } }),
        insert({}),
      ),
    ).toEqual([
      "UPDATE public.items\nSET name = 'o''ne', note = '', qty = NULL\nWHERE id = 1\n  AND name = 'one'::character varying\n" +
        '  AND note IS NOT DISTINCT FROM NULL\n  AND qty = 1\nRETURNING id, name, note, qty',
      "DELETE FROM public.items\nWHERE id = 2\n  AND name = 'two'::character varying\n  AND note = ''::text\n  AND qty = 2",
      "INSERT INTO public.items (id, name, qty)\nVALUES (9, 'n', DEFAULT)\nRETURNING id, name, note, qty",
      'INSERT INTO public.items DEFAULT VALUES\nRETURNING id, name, note, qty',
    ]);
  });

  it('keeps NULL and the empty string apart, and never saves a cut value', async () => {
    const rows = await fresh();
    expect(await rows.save(update(0, { 2: '' }), update(1, { 2: null }))).toMatchObject({ saved: true });
    expect((await items()).map(({ note }) => note)).toEqual(['', null, 'x']);
    await sqlIn("UPDATE items SET note = repeat('long ', 100000) WHERE id = 3");
    const long = await edit('SELECT * FROM items ORDER BY id');
    expect((await bench.rows(long.resultId, 2, 1, 10))[0]?.[2]).toHaveLength(11);
    expect(await long.save(update(2, { 1: 'renamed' }), remove(0))).toMatchObject({ saved: true });
    expect(await sqlIn('SELECT length(note)::int AS n, name FROM items WHERE id = 3')).toEqual([
      { n: 500_000, name: 'renamed' },
    ]);
  });

  it('changes keys, and what refers to them follows', async () => {
    const rows = await fresh();
    expect(await rows.save(update(0, { 0: '10', 1: 'ten' }), remove(1))).toMatchObject({ saved: true });
    expect(await sqlIn('SELECT id, item FROM lines')).toEqual([{ id: 1, item: 10 }]);
    expect(await rows.save(update(0, { 1: 'again' }))).toMatchObject({
      saved: true,
      rows: [['10', 'again', null, '1']],
    });
    const added = await rows.save(insert({ 0: '20', 1: 'new' }));
    expect(added).toMatchObject({ saved: true });
    expect(await rows.save(update(3, { 1: 'newer' }))).toMatchObject({
      saved: true,
      rows: [['20', 'newer', null, null]],
    });
  });

  it('tells all conflicts and saves nothing; what was told is what is overwritten next', async () => {
    const rows = await fresh();
    await sqlIn(
      "UPDATE items SET name = 'theirs' WHERE id = 1; DELETE FROM items WHERE id = 2; UPDATE items SET qty = 33 WHERE id = 3",
    );
    const changes = [update(0, { 1: 'mine' }), update(1, { 1: 'gone' }), update(2, { 1: 'unharmed' })];
    expect(await rows.save(...changes)).toEqual({
      saved: false,
      conflicts: [
        { edit: 0, now: ['1', 'theirs', null, '1'] },
        { edit: 1, now: null },
      ],
    });
    expect((await items()).map(({ name }) => name)).toEqual(['theirs', 'three']);
    await sqlIn("UPDATE items SET name = 'theirs 2' WHERE id = 1");
    expect(await rows.save(update(0, { 1: 'mine' }))).toMatchObject({ saved: false });
    expect(await rows.save(update(0, { 1: 'mine' }), update(2, { 1: 'other' }))).toMatchObject({ saved: true });
    await sqlIn("UPDATE items SET name = 'once' WHERE id = 1");
    expect(await rows.overwrite(update(0, { 1: 'by force' }), remove(2))).toMatchObject({ saved: true });
    expect((await items()).map(({ name }) => name)).toEqual(['by force']);
  });

  it('names the edit and the value that the server refuses, and saves nothing', async () => {
    const rows = await fresh();
    await expect(rows.save(update(0, { 1: 'fine' }), update(1, { 1: '🐘', 3: 'abc' }))).rejects.toMatchObject({
      info: { code: 'sql', sqlstate: '22P02', field: 'edits.1.values.3' },
    });
    await expect(rows.save(update(0, { 1: 'fine' }), update(1, { 3: '-1' }))).rejects.toMatchObject({
      info: { code: 'sql', sqlstate: '23514', field: 'edits.1' },
    });
    await expect(rows.save(update(0, { 1: 'longer than ten' }))).rejects.toMatchObject({ info: { sqlstate: '22001' } });
    await expect(rows.save(insert({ 0: '1', 1: 'twice' }))).rejects.toMatchObject({ info: { sqlstate: '23505' } });
    await expect(rows.save(update(0, { 1: 'a\0b' }))).rejects.toMatchObject({ info: { code: 'invalid-input' } });
    expect((await items()).map(({ name }) => name)).toEqual(['one', 'two', 'three']);
    expect((await bench.state(session)).transaction).toBe('idle');
  });

  it('fails as a whole when only COMMIT finds out', async () => {
    await sqlIn(
      'DROP TABLE IF EXISTS late; CREATE TABLE late (id int PRIMARY KEY, item int REFERENCES items DEFERRABLE INITIALLY DEFERRED); INSERT INTO late VALUES (1, NULL)',
    );
    const rows = await edit('SELECT * FROM late');
    await expect(rows.save(update(0, { 1: '999' }))).rejects.toMatchObject({ info: { sqlstate: '23503' } });
    expect(await sqlIn('SELECT item FROM late')).toEqual([{ item: null }]);
    expect((await bench.state(session)).transaction).toBe('idle');
    await sqlIn('DROP TABLE late');
  });

  it('works inside of an open transaction, and goes back only to where it began', async () => {
    await fresh();
    const rows = await edit(
      "BEGIN; UPDATE items SET note = 'in transaction' WHERE id = 1; SELECT * FROM items ORDER BY id",
    );
    await expect(rows.save(update(0, { 1: 'a' }), update(1, { 3: '-1' }))).rejects.toMatchObject({
      info: { sqlstate: '23514' },
    });
    expect((await bench.state(session)).transaction).toBe('transaction');
    expect(await rows.save(update(0, { 1: 'kept' }))).toMatchObject({ saved: true, open: true });
    await bench.run(session, 'COMMIT');
    expect((await items())[0]).toEqual({ id: 1, name: 'kept', note: 'in transaction', qty: 1 });
    const failed = await edit('BEGIN; SELECT * FROM items ORDER BY id; SELECT 1/0');
    await expect(failed.save(update(0, { 1: 'x' }))).rejects.toMatchObject({ info: { code: 'conflict' } });
    await bench.run(session, 'ROLLBACK');
  });

  it('leaves the transaction open that it began when the session does not commit by itself', async () => {
    await fresh();
    const none = { signal: new AbortController().signal };
    const own = await bench.open();
    await bench.feature.handlers.setMode({ sessionId: own, mode: { autocommit: false, onError: 'stop' } }, none);
    const rows = await editBench(bench, own, 'SELECT * FROM items ORDER BY id');
    await bench.feature.handlers.transact({ sessionId: own, deed: 'commit' }, none);
    const before = bench.history.length;
    expect(await rows.save(update(0, { 1: 'pending' }))).toMatchObject({ saved: true, open: true });
    expect(bench.history.slice(before)).toMatchObject([{ rows: 1, outcome: 'done', user: 'postgres' }]);
    expect(bench.history.at(-1)?.sql).toContain("SET name = 'pending'");
    expect((await bench.state(own)).transaction).toBe('transaction');
    await bench.feature.handlers.transact({ sessionId: own, deed: 'rollback' }, none);
    expect((await items())[0]).toMatchObject({ name: 'one' });
  });

  it('tells when a trigger or a policy keeps the row', async () => {
    await sqlIn(`DROP TABLE IF EXISTS kept; CREATE TABLE kept (id int PRIMARY KEY, t text); INSERT INTO kept VALUES (1, 'a');
    CREATE OR REPLACE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
    CREATE TRIGGER keep BEFORE UPDATE OR INSERT ON kept FOR EACH ROW EXECUTE PROCEDURE keep()`);
    const rows = await edit('SELECT * FROM kept');
    await expect(rows.save(update(0, { 1: 'b' }))).rejects.toMatchObject({
      info: { code: 'conflict', field: 'edits.0' },
    });
    await expect(rows.save(insert({ 0: '2' }))).rejects.toMatchObject({ info: { code: 'conflict' } });
    expect(await rows.save(remove(0))).toMatchObject({ saved: true });
  });

  it('stops waiting for a locked row when it is cancelled, and leaves nothing open', async () => {
    const rows = await fresh();
    const other = await bench.open();
    await bench.run(other, 'BEGIN; SELECT * FROM items WHERE id = 1 FOR UPDATE');
    const stopping = new AbortController();
    const saving = bench.feature.handlers.saveEdits(
      { resultId: rows.resultId, edits: [update(0, { 1: 'late' })], overwrite: false },
      { signal: stopping.signal },
    );
    saving.catch(() => undefined);
    await eventually(
      async () => (await sqlIn("SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'")).length > 0,
      'the update waits',
    );
    stopping.abort();
    await expect(saving).rejects.toMatchObject({ info: { code: 'cancelled' } });
    expect((await bench.state(session)).transaction).toBe('idle');
    await bench.run(other, 'ROLLBACK');
    expect(await rows.save(update(0, { 1: 'now' }))).toMatchObject({ saved: true });
  });

  it('says that the outcome is not known when the connection ends in COMMIT', async () => {
    await sqlIn(`DROP TABLE IF EXISTS cut; CREATE TABLE cut (id int PRIMARY KEY, t text); INSERT INTO cut VALUES (1, 'a');
    CREATE OR REPLACE FUNCTION cut_off() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END';
    CREATE CONSTRAINT TRIGGER cut_off AFTER UPDATE ON cut DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE PROCEDURE cut_off()`);
    const own = await bench.open();
    const rows = await editBench(bench, own, 'SELECT * FROM cut');
    await expect(rows.save(update(0, { 1: 'b' }))).rejects.toMatchObject({
      info: { code: 'lost-connection', message: 'The connection was lost while the changes were committed' },
    });
    expect((await bench.state(own)).transaction).toBe('lost');
    await expect(rows.save(update(0, { 1: 'b' }))).rejects.toMatchObject({ info: { code: 'lost-connection' } });
  });

  it('looks up what a foreign key can point at, and reads tables in the order of their key', async () => {
    await fresh();
    const { handlers } = bench.feature;
    const none = { signal: new AbortController().signal };
    const lines = await edit('SELECT * FROM lines');
    const look = (text: string) => handlers.lookup({ resultId: lines.resultId, column: 1, text, limit: 10 }, none);
    expect(await look('')).toEqual([
      { value: '1', label: 'one' },
      { value: '2', label: 'two · ' },
      { value: '3', label: 'three · x' },
    ]);
    expect((await look('THR')).map(({ value }) => value)).toEqual(['3']);
    expect(await look("%' OR 1=1 --")).toEqual([]);
    const [{ oid } = { oid: 0 }] = await sqlIn("SELECT 'items'::regclass::oid::int AS oid");
    expect(await handlers.tableQuery({ sessionId: session, oid: Number(oid), limit: 5 }, none)).toEqual({
      schema: 'public',
      name: 'items',
      sql: 'SELECT * FROM public.items ORDER BY id LIMIT 5',
    });
  });
});
