import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parquetReadObjects } from 'hyparquet';
import { strFromU8, unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SaveFormat } from '../../shared/model/query';
import { startServer, type TestServer } from '../support/postgres';
import { queryBench, type QueryBench } from '../support/query';

const run = promisify(execFile);

/** One row of every kind of nasty value, one of NULLs, one of empty strings where they can be, and two of which the files' own types can't hold all. */
const NASTY = `
CREATE TABLE nasty (id int, word text, small smallint, large bigint, amount numeric(12, 3), any_numeric numeric, part real, ratio double precision,
  yes boolean, day date, at timestamp, at_zone timestamptz, doc jsonb, old_doc json, bits bytea, list text[], who uuid, "a ""b"" & <c>" text);
INSERT INTO nasty VALUES
 (1, E'line\\nbreak\\r\\n"quoted" ''single'' \\\\back \\t tab , ; | <b>&amp;</b> é 漢 😀 ' || chr(1) || chr(31), -32768, 9223372036854775807, -123456789.120,
  1234567890123456789012345678901234567890.12345678901234567890, 1.5e-30, 0.1, true, '2024-02-29', '1999-12-31 23:59:59.123456',
  '2024-01-01 00:00:00+05:30', '{"k": [1.0, "\\u20ac\\n"], "n": 12345678901234567890}', E'{\\n "a" : 1.50 }', '\\x00ff10', ARRAY['a,b', NULL, '"', '{}'], 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '=1+1'),
 (2, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
 (3, '', 0, 0, 0, 0, 0, 0, false, '0001-01-01', '0001-01-01 00:00:00', '9999-12-31 23:59:59.999999+00', '""', '[]', '', '{}', '00000000-0000-0000-0000-000000000000', '\\N'),
 (4, '\\.', 1, -1, 0.001, 'NaN', 'NaN', 'Infinity', true, '2024-01-01', '2024-01-01', '2024-01-01', '1', 'null', '\\xde', ARRAY[''], NULL, 'NULL'),
 (5, '_x0041_', 1, 1, 1, 0.10, '-Infinity', 1e300, true, 'infinity', '2024-01-01 00:00:00 BC', '-infinity', 'true', '"x"', NULL, NULL, NULL, '-5');`;

describe('a result that is saved', () => {
  let server: TestServer;
  let bench: QueryBench;
  let folder: string;
  let sessionId: string;
  beforeAll(async () => {
    server = await startServer({ major: 18 });
    bench = await queryBench(server);
    folder = await mkdtemp(join(tmpdir(), 'howdah-export-'));
    await server.createDatabase('out');
    await server.sql(NASTY, 'out');
    sessionId = await bench.open('out');
    await bench.run(sessionId, "SET TimeZone = 'UTC'");
  });
  afterAll(async () => {
    await bench?.close();
    await server?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** Runs a query, saves its result, and returns the path. */
  async function saved(sql: string, format: SaveFormat, more: Parameters<QueryBench['save']>[2] = {}): Promise<string> {
    const state = await bench.run(sessionId, sql);
    const path = join(folder, `${format}-${Math.random()}.${format}`);
    const { error } = await bench.save(state.results[0]?.resultId ?? '', path, { format, ...more });
    expect(error).toBeNull();
    return path;
  }
  /** Rows that are in one of two tables only. */
  const difference = (copy: string): Promise<unknown[]> => {
    const asText = (table: string): string => `SELECT t::text FROM ${table} t`;
    return server.sql(
      `(${asText('nasty')} EXCEPT ALL ${asText(copy)}) UNION ALL (${asText(copy)} EXCEPT ALL ${asText('nasty')})`,
      'out',
    );
  };
  const psql = (script: string): Promise<unknown> =>
    run('psql', ['-X', '-v', 'ON_ERROR_STOP=1', '-d', server.uri('out'), '-c', script]);

  test.each([
    ['csv', {}, 'HEADER'],
    ['csv', { delimiter: ';', nullText: '\\N', header: false }, "DELIMITER ';', NULL '\\N'"],
    ['csv', { nullText: 'NULL' }, "HEADER, NULL 'NULL'"],
    ['tsv', {}, "HEADER, DELIMITER E'\\t'"],
  ] as const)('as %s with %o comes back whole by COPY', async (format, more, options) => {
    const path = await saved('SELECT * FROM nasty ORDER BY id', format, more);
    await server.sql('DROP TABLE IF EXISTS back; CREATE TABLE back (LIKE nasty)', 'out');
    await psql(`\\copy back FROM '${path}' WITH (FORMAT csv, ${options})`);
    expect(await difference('back')).toEqual([]);
  });

  test('as INSERT comes back whole by psql', async () => {
    const path = await saved('SELECT * FROM nasty ORDER BY id', 'insert', { table: 'back' });
    await server.sql('DROP TABLE IF EXISTS back; CREATE TABLE back (LIKE nasty)', 'out');
    await run('psql', ['-X', '-q', '-v', 'ON_ERROR_STOP=1', '-d', server.uri('out'), '-f', path]);
    expect(await difference('back')).toEqual([]);
  });

  test('as JSON and JSON Lines holds the same documents, every digit kept', async () => {
    const json = await readFile(await saved('SELECT * FROM nasty ORDER BY id', 'json'), 'utf8');
    const lines = (await readFile(await saved('SELECT * FROM nasty ORDER BY id', 'jsonl'), 'utf8'))
      .trimEnd()
      .split('\n');
    expect(lines).toHaveLength(5);
    const rows = JSON.parse(json) as Record<string, unknown>[];
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(rows);
    expect(json).toContain('1234567890123456789012345678901234567890.12345678901234567890');
    expect(rows[0]).toMatchObject({ id: 1, yes: true, old_doc: { a: 1.5 }, list: '{"a,b",NULL,"\\"","{}"}' });
    expect(rows[1]?.['word']).toBeNull();
    expect(rows[2]?.['word']).toBe('');
    expect(JSON.parse(await readFile(await saved('SELECT 1 AS one WHERE false', 'json'), 'utf8'))).toEqual([]);
    expect(await readFile(await saved('SELECT 1 AS one WHERE false', 'jsonl'), 'utf8')).toBe('');
  });

  test('as Parquet has the server’s types; a column whose values do not fit is text, and that is told', async () => {
    const path = await saved('SELECT * FROM nasty WHERE id <= 3 ORDER BY id', 'parquet');
    const buffer = await readFile(path);
    const rows = await parquetReadObjects({
      file: buffer.buffer.slice(buffer.byteOffset, buffer.byteOffset + buffer.length),
    });
    expect(rows).toHaveLength(3);
    const [first, nulls, zero] = rows;
    expect(first).toMatchObject({
      id: 1,
      small: -32768,
      large: 9223372036854775807n,
      any_numeric: '1234567890123456789012345678901234567890.12345678901234567890',
      ratio: 0.1,
      yes: true,
      day: new Date('2024-02-29'),
      at: new Date('1999-12-31T23:59:59.123Z'),
      at_zone: new Date('2023-12-31T18:30:00Z'),
      who: 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11',
      'a "b" & <c>': '=1+1',
    });
    expect(first?.['amount']).toBeCloseTo(-123456789.12, 6);
    expect(first?.['word']).toContain('é 漢 😀');
    expect(Object.values(nulls ?? {}).slice(1)).toEqual(
      Object.values(nulls ?? {})
        .slice(1)
        .map(() => null),
    );
    expect(zero).toMatchObject({ word: '', yes: false, doc: '""' });

    const odd = await readFile(await saved('SELECT id, day, at, ratio FROM nasty ORDER BY id', 'parquet'));
    const oddRows = await parquetReadObjects({ file: odd.buffer.slice(odd.byteOffset, odd.byteOffset + odd.length) });
    expect(oddRows.map((row) => row['day'])).toEqual(['2024-02-29', null, '0001-01-01', '2024-01-01', 'infinity']);
    expect(oddRows[4]?.['at']).toBe('2024-01-01 00:00:00 BC');
    expect(oddRows[3]?.['ratio']).toBe(Number.POSITIVE_INFINITY);
    expect(bench.logged.filter(({ level }) => level === 'warning').map(({ text }) => text.split(' ')[0])).toEqual([
      'day',
      'at',
    ]);
  });

  test('as a workbook has numbers where they are exact, texts elsewhere, and no formula', async () => {
    const sheet = await sheetOf(await saved('SELECT * FROM nasty ORDER BY id', 'xlsx'));
    expect(sheet).toContain('<c r="A1" t="inlineStr"><is><t xml:space="preserve">id</t></is></c>');
    expect(sheet).toContain('<c r="A2"><v>1</v></c>');
    expect(sheet).toContain('<t xml:space="preserve">9223372036854775807</t>');
    expect(sheet).toContain('<v>-123456789.120</v>');
    expect(sheet).toContain('_x000D_');
    expect(sheet).toContain('_x0001_');
    expect(sheet).toContain('_x005F_x0041_');
    expect(sheet).toContain('&lt;b&gt;&amp;amp;&lt;/b&gt; é 漢 😀');
    expect(sheet).toContain('<c r="I2" t="b"><v>1</v></c>');
    expect(sheet).toContain('>=1+1</t>');
    expect(sheet).not.toContain('<f>');
    expect(sheet.match(/<row /g)).toHaveLength(6);
  });

  test('of 100,000 rows is written in every format, row by row, and the numbers add up', async () => {
    const sql = 'SELECT n AS id, md5(n::text) AS word, n / 7.0::float8 AS ratio FROM generate_series(1, 100000) n';
    const csv = (await readFile(await saved(sql, 'csv', { header: false }), 'utf8')).split('\r\n');
    expect(csv).toHaveLength(100_001);
    const sheet = await sheetOf(await saved(sql, 'xlsx', { header: false }));
    expect(sheet.match(/<row /g)).toHaveLength(100_000);
    const parquet = await readFile(await saved(sql, 'parquet'));
    const rows = await parquetReadObjects({
      file: parquet.buffer.slice(parquet.byteOffset, parquet.byteOffset + parquet.length),
      columns: ['id'],
    });
    expect(rows.reduce((sum, row) => sum + Number(row['id']), 0)).toBe((100_000 * 100_001) / 2);
  });

  test('refuses what could not be read back', async () => {
    const state = await bench.run(sessionId, 'SELECT 1');
    const resultId = state.results[0]?.resultId ?? '';
    const path = join(folder, 'refused.csv');
    await expect(bench.save(resultId, path, { format: 'csv', nullText: 'a,b' })).rejects.toMatchObject({
      info: { code: 'invalid-input', field: 'nullText' },
    });
    await expect(bench.save(resultId, path, { format: 'csv', delimiter: '"' })).rejects.toMatchObject({
      info: { code: 'invalid-input', field: 'delimiter' },
    });
  });
});

/** The first sheet of a workbook, as XML. */
async function sheetOf(path: string): Promise<string> {
  const files = unzipSync(new Uint8Array(await readFile(path)));
  expect(Object.keys(files)).toEqual(expect.arrayContaining(['[Content_Types].xml', 'xl/workbook.xml', '_rels/.rels']));
  const sheet = files['xl/worksheets/sheet1.xml'];
  if (!sheet) throw new Error('there is no sheet');
  return strFromU8(sheet);
}
