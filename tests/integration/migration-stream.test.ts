import { readdir } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { openSession } from '../../electron/adapters/postgres/session';
import { settingsOf, settingsStatement } from '../../electron/control-plane/migration/worker/session-settings';
import {
  commits,
  confirm,
  firstValues,
  startStreamed,
  STREAMING,
  type StreamedServer,
} from '../support/streamed-server';

/** What makes the text of values depend on the session. */
const HOSTILE = [
  "datestyle = 'German, DMY'",
  "intervalstyle = 'iso_8601'",
  "timezone = 'Asia/Tokyo'",
  'extra_float_digits = -10',
  "bytea_output = 'escape'",
  "xmlbinary = 'hex'",
  "search_path = 'public'",
];
const VALUES: readonly (readonly [string, readonly string[]])[] = [
  ['float4', ['0.1', '1e38', 'NaN', '-Infinity', '3.4028235e38', '1.17549435e-38']],
  ['float8', ['0.1', '1e-300', 'NaN', 'Infinity', '-0', '1.7976931348623157e308', '0.30000000000000004']],
  ['numeric', ['123456789012345678901234567890.123456789012345678900', 'NaN', '0.00', '-1e-20']],
  ['int8', ['-9223372036854775808', '9223372036854775807']],
  ['timestamp', ['2026-02-03 04:05:06.123456', '0044-03-15 00:00:00 BC', 'infinity', '294276-12-31 23:59:59.999999']],
  ['timestamptz', ['2026-02-03 04:05:06.000001+09', '1883-11-18 12:03:57-04:56:02', '-infinity']],
  ['date', ['2026-02-03', '4713-01-01 BC', 'infinity']],
  ['timetz', ['04:05:06.789+14:30']],
  ['interval', ['1 year 2 mons -3 days 04:05:06.000007', '-1 mons', '00:00:00']],
  ['bytea', [String.raw`\x00ff5c27`, String.raw`\x`]],
  ['text', ['', "it's\t\\N\r\n好🐘", 'null', 'x'.repeat(10_000)]],
  ['jsonb', ['{"a": [1, null, "é\\u0001"], "b": 1e1000}']],
  ['json', ['{ "b" : 1, "a":  [ ] , "b": 2}']],
  ['bool', ['t', 'f']],
  ['varbit', ['', '10101']],
  ['text[]', ['{}', '{NULL,"null","a,b","\\\\",""}', '[2:3]={a,b}']],
  ['float8[]', ['{0.1,NaN,NULL}']],
  ['money', ['$12,345.67']],
  ['uuid', ['a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11']],
  ['inet', ['10.0.0.1/8', '::1']],
  ['point', ['(0.1,-0.2)']],
  ['tsrange', ['["2026-01-01 00:00:00.000001","infinity")']],
  ['regclass', ['public.named', 'pg_catalog.pg_class']],
  ['xml', ['<a b="1"> x </a>']],
  ['tsvector', ["'a':1A 'it''s':2"]],
];
const NAMES = VALUES.map((_, index) => `c${index}`);
const ROWS = Math.max(...VALUES.map(([, values]) => values.length));
const literal = (text: string | undefined): string => (text === undefined ? 'NULL' : `'${text.replaceAll("'", "''")}'`);

describe.each([10, 13, 14, 16, 18])('a server of version %i', (major) => {
  let on: StreamedServer;
  beforeAll(async () => {
    on = await startStreamed(major, major >= 13 ? [STREAMING] : []);
  });
  afterEach(() => on.endTest());
  afterAll(() => on?.stop());

  test('sends values as the text that the copy reads, whatever the database has set', async () => {
    await on.server.createDatabase('hostile');
    for (const setting of HOSTILE) await on.server.sql(`ALTER DATABASE hostile SET ${setting}`);
    const profile = on.server.profile('hostile');
    await on.server.sql('CREATE TABLE named ()', 'hostile');
    const columns = VALUES.map(([type], index) => `c${index} ${type}`).join(', ');
    const slot = await on.prepare((name) => `CREATE TABLE ${name} (id int PRIMARY KEY, ${columns})`, profile);
    const rows = Array.from({ length: ROWS }, (_, row) => [
      String(row),
      ...VALUES.map(([type, values]) => `${literal(values[row])}::${type}`),
    ]);
    await on.server.sql(
      `SET datestyle = 'ISO, YMD'; SET lc_monetary = 'C'; INSERT INTO ${slot} VALUES ${rows.map((row) => `(${row.join(', ')})`).join(', ')}`,
      'hostile',
    );
    const followed = await on.follow(slot, { profile });
    await expect.poll(() => commits(followed)).toBe(1);
    const asked = on.track(await openSession(profile));
    await asked.query(
      settingsStatement(
        settingsOf({
          role: 'source',
          versionNum: on.versionNum,
          purpose: 'plain',
          indexJobs: 1,
          encoding: 'UTF8',
        }).filter(({ optional }) => !optional),
      ),
    );
    // A cast to text is another thing than the output of a type for bool and inet.
    const texts = NAMES.map((name) => `CASE WHEN ${name} IS NOT NULL THEN format('%s', ${name}) END AS ${name}`);
    const expected = await asked.query<Record<string, string | null>>(
      `SELECT id::text, ${texts.join(', ')} FROM public.${slot} ORDER BY ${slot}.id`,
    );
    expect(followed.recorder.rows(`public.${slot}`)).toEqual(
      expected.map((row) => ({ kind: 'insert', table: `public.${slot}`, values: Object.values(row) })),
    );
    expect(expected[0]?.['c4']).toBe('2026-02-03 04:05:06.123456');
    expect(expected[0]?.['c22']).toBe('public.named');
  });

  test('sends transactions in the order of their commits, and positions of the end grow', async () => {
    const slot = await on.prepare((name) => `CREATE TABLE ${name} (id int PRIMARY KEY)`);
    const [first, second] = await Promise.all([on.connect(), on.connect()]);
    await first.query(`BEGIN; INSERT INTO ${slot} VALUES (1)`);
    await second.query(`BEGIN; INSERT INTO ${slot} VALUES (2); COMMIT`);
    await first.query(`INSERT INTO ${slot} VALUES (3); COMMIT`);
    await second.query(`INSERT INTO ${slot} VALUES (4)`);
    const followed = await on.follow(slot);
    await expect.poll(() => commits(followed)).toBe(3);
    const { changes } = followed.recorder;
    expect(firstValues(followed.recorder.rows(`public.${slot}`))).toEqual(['2', '1', '3', '4']);
    const begun = changes.flatMap((change) => (change.kind === 'begin' ? [change.xid] : []));
    expect(begun[0]).toBeGreaterThan(begun[1] ?? 0);
    const ends = changes.flatMap((change) => (change.kind === 'commit' ? [change.endLsn] : []));
    expect(ends).toEqual(ends.toSorted((a, b) => (a < b ? -1 : 1)));
    expect(new Set(ends).size).toBe(3);
  });

  test('begins again after what was told as flushed, and not before', async () => {
    const slot = await on.prepare((name) => `CREATE TABLE ${name} (id int PRIMARY KEY)`);
    const before = await on.follow(slot);
    await on.server.sql(`INSERT INTO ${slot} VALUES (1)`);
    await expect.poll(() => commits(before)).toBe(1);
    confirm(before, before.endLsn());
    // Too early: it does not go backwards.
    confirm(before, 1n);
    await on.server.sql(`INSERT INTO ${slot} VALUES (2)`);
    await expect.poll(() => commits(before)).toBe(2);
    await before.session.end();
    await before.ended;
    await expect.poll(() => on.isActive(slot)).toBe(false);
    const after = await on.follow(slot);
    await expect.poll(() => commits(after)).toBe(1);
    expect(firstValues(after.recorder.rows(`public.${slot}`))).toEqual(['2']);
  });

  test('tells keys, old rows, values that did not change and emptied tables', async () => {
    const slot = await on.prepare(
      (name) =>
        `CREATE TABLE ${name} (id int PRIMARY KEY, big text, n int); ALTER TABLE ${name} ALTER big SET STORAGE EXTERNAL`,
    );
    const big = 'y'.repeat(9000);
    await on.server.sql(`INSERT INTO ${slot} VALUES (1, '${big}', 1)`);
    await on.server.sql(`UPDATE ${slot} SET n = 2`);
    await on.server.sql(`UPDATE ${slot} SET id = 2`);
    await on.server.sql(`DELETE FROM ${slot}`);
    await on.server.sql(`ALTER TABLE ${slot} REPLICA IDENTITY FULL; INSERT INTO ${slot} VALUES (1, '${big}', NULL)`);
    await on.server.sql(`UPDATE ${slot} SET n = 3; DELETE FROM ${slot}`);
    if (major > 10) await on.server.sql(`TRUNCATE ${slot} RESTART IDENTITY CASCADE`);
    const followed = await on.follow(slot);
    await expect.poll(() => commits(followed)).toBe(major > 10 ? 7 : 6);
    const name = `public.${slot}`;
    expect(followed.recorder.rows(name)).toEqual([
      { kind: 'insert', table: name, values: ['1', big, '1'] },
      { kind: 'update', table: name, old: 'none', oldValues: null, values: ['1', undefined, '2'] },
      { kind: 'update', table: name, old: 'key', oldValues: ['1', null, null], values: ['2', undefined, '2'] },
      { kind: 'delete', table: name, old: 'key', oldValues: ['2', null, null] },
      { kind: 'insert', table: name, values: ['1', big, null] },
      { kind: 'update', table: name, old: 'full', oldValues: ['1', big, null], values: ['1', undefined, '3'] },
      { kind: 'delete', table: name, old: 'full', oldValues: ['1', big, '3'] },
    ]);
    if (major > 10) {
      expect(followed.recorder.changes).toContainEqual({
        kind: 'truncate',
        tables: [name],
        cascade: true,
        restartIdentity: true,
      });
    }
  });

  test('a publication that is missing is told as the server’s error, and the session goes on', async () => {
    const slot = await on.prepare((name) => `CREATE TABLE ${name} (id int PRIMARY KEY)`);
    await on.server.sql(`INSERT INTO ${slot} VALUES (1)`);
    const session = await on.open();
    const failure: unknown = await session
      .start(`START_REPLICATION SLOT ${slot} LOGICAL 0/0 (proto_version '1', publication_names 'missing')`, {
        data: () => undefined,
        keepalive: () => undefined,
      })
      .then(({ ended }) => ended)
      .then(
        () => null,
        (error: unknown) => error,
      );
    // From 18 on the server only warns, and leaves the changes out.
    expect(failure).toMatchObject({
      info: { sqlstate: major < 18 ? '42704' : '55000' },
      message: expect.stringContaining('publication "missing"'),
    });
    if (major < 18) expect(await session.query('SELECT 1 AS one')).toEqual([{ one: '1' }]);
    else expect(session.closed).toBe(true);
  });

  test.skipIf(major < 14)(
    'sends a large transaction while it runs; what was rolled back within is left out',
    async () => {
      const slot = await on.prepare((name) => `CREATE TABLE ${name} (id int PRIMARY KEY, pad text)`);
      const followed = await on.follow(slot, { protocol: 2 });
      const [large, small] = await Promise.all([on.connect(), on.connect()]);
      const rows = (from: number, to: number): string =>
        `INSERT INTO ${slot} SELECT i, repeat('z', 100) FROM generate_series(${from}, ${to}) i`;
      await large.query(`BEGIN; SAVEPOINT a; ${rows(1, 3000)}; ROLLBACK TO a; ${rows(3001, 6000)}`);
      await large.query(`SAVEPOINT b; ${rows(6001, 9000)}; SAVEPOINT c; ${rows(9001, 12_000)}; ROLLBACK TO b`);
      await expect.poll(() => readdir(on.spoolOf(slot))).not.toEqual([]);
      await small.query(`INSERT INTO ${slot} VALUES (-1)`);
      await expect.poll(() => commits(followed)).toBe(1);
      await large.query(`${rows(12_001, 15_000)}; UPDATE ${slot} SET pad = 'n' WHERE id = 12001; COMMIT`);
      await expect.poll(() => commits(followed)).toBe(2);
      await small.query(`BEGIN; ${rows(20_001, 26_000)}; ROLLBACK`);
      await small.query(`INSERT INTO ${slot} VALUES (-2)`);
      await expect.poll(() => commits(followed)).toBe(3);
      const ids = (from: number, to: number): string[] =>
        Array.from({ length: to - from + 1 }, (_, index) => String(from + index));
      expect(firstValues(followed.recorder.rows(`public.${slot}`))).toEqual([
        '-1',
        ...ids(3001, 6000),
        ...ids(12_001, 15_000),
        '12001',
        '-2',
      ]);
      expect(await readdir(on.spoolOf(slot))).toEqual([]);
      const ends = followed.recorder.changes.flatMap((change) => (change.kind === 'commit' ? [change.endLsn] : []));
      expect(ends).toEqual(ends.toSorted((a, b) => (a < b ? -1 : 1)));
    },
  );
});
