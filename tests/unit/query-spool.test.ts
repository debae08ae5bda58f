import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RowSpool } from '../../electron/adapters/postgres/row-spool';
import { SpoolBudget } from '../../electron/adapters/postgres/spool-bytes';
import { sweepSpoolFiles } from '../../electron/adapters/postgres/spool-file';
import { CsvWriter } from '../../electron/adapters/postgres/wire-csv';
import { rowSize, decodeRow } from '../../electron/adapters/postgres/wire-rows';
import { csvLine } from '../../shared/model/csv-format';
import type { Row } from '../../shared/model/query';
import { dataRow } from '../support/wire';

const MIB = 1024 * 1024;
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'howdah-spool-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Rows by number, of very different sizes: some lie over block boundaries, some are larger than a block. */
function rowNumber(index: number): Row {
  const size = index % 997 === 0 ? 1_500_000 : index % 53 === 0 ? 20_000 : index % 40;
  return [String(index), index % 7 === 0 ? null : 'é'.repeat(size >> 1), ''];
}

/** Appends rows as a socket would bring them: many in one chunk. */
async function fill(spool: RowSpool, count: number): Promise<void> {
  let batch: Buffer[] = [];
  let bytes = 0;
  for (let index = 0; index < count; index += 1) {
    const row = dataRow(rowNumber(index));
    batch.push(row);
    bytes += row.length;
    if (bytes >= 60_000 || index === count - 1) {
      const chunk = Buffer.concat([Buffer.from('junk'), ...batch, Buffer.from('junk')]);
      spool.append(chunk, 4, chunk.length - 4, batch.length);
      chunk.fill(0xff);
      batch = [];
      bytes = 0;
      if (spool.saturated) await spool.drained();
    }
  }
}

const COUNT = 6000;

describe.each([
  ['in memory', 1024 * MIB],
  ['partly on disk', 3 * MIB],
  ['all on disk', 0],
])('rows %s', (_where, limit) => {
  it('come back as they were, from anywhere', async () => {
    const spool = new RowSpool(new SpoolBudget(limit), folder);
    await fill(spool, COUNT);
    spool.finish();
    expect(spool.rowCount).toBe(COUNT);
    expect(spool.failure).toBeNull();
    for (const from of [0, 1, 511, 512, 513, 996, 997, 998, 2500, 4984, COUNT - 1]) {
      const rows = await spool.rows(from, 5);
      expect(rows, `rows from ${from}`).toEqual(
        Array.from({ length: Math.min(5, COUNT - from) }, (_none, at) => rowNumber(from + at)),
      );
    }
    expect(await spool.rows(COUNT, 10)).toEqual([]);
    expect((await spool.rows(996, 3, 10)).map((row) => row[1]?.length ?? null)).toEqual(
      [996, 997, 998].map((index) => {
        const value = rowNumber(index)[1];
        return value == null ? null : Math.min(11, value.length);
      }),
    );
    let index = 0;
    const sample: Row[] = [];
    for await (const { buffer, start, end } of spool.ranges()) {
      for (let at = start; at < end; at += rowSize(buffer, at)) {
        if (index % 50 === 0) sample.push(decodeRow(buffer, at, Number.MAX_SAFE_INTEGER));
        index += 1;
      }
    }
    expect(index).toBe(COUNT);
    expect(sample).toEqual(sample.map((_row, at) => rowNumber(at * 50)));
    await spool.release();
    await expect(spool.rows(0, 1)).rejects.toMatchObject({ code: 'not-found' });
  });
});

it.skipIf(process.platform === 'win32')('leaves no file behind and shows none while it holds rows', async () => {
  const spool = new RowSpool(new SpoolBudget(0), folder);
  await fill(spool, COUNT);
  await expect.poll(() => readdir(folder)).toEqual([]);
  await spool.release();
  expect(await readdir(folder)).toEqual([]);
});

it('gives its memory back to the session', async () => {
  const budget = new SpoolBudget(4 * MIB);
  const first = new RowSpool(budget, folder);
  await fill(first, 2000);
  first.finish();
  await first.release();
  expect(budget.take(4 * MIB)).toBe(true);
});

it('keeps rows for the last owner', async () => {
  const spool = new RowSpool(new SpoolBudget(MIB), folder);
  await fill(spool, 10);
  spool.retain();
  await spool.release();
  expect(await spool.rows(3, 1)).toEqual([rowNumber(3)]);
  await spool.release();
  await expect(spool.rows(3, 1)).rejects.toMatchObject({ code: 'not-found' });
});

it('refuses more when the folder is gone, and keeps what it has', async () => {
  const spool = new RowSpool(new SpoolBudget(0), join(folder, 'gone'));
  await fill(spool, 1500);
  await expect.poll(() => spool.failure?.code).toBe('storage');
  const kept = spool.rowCount;
  await fill(spool, 10);
  expect(spool.rowCount).toBe(kept);
  expect(await spool.rows(kept - 1, 1)).toHaveLength(1);
  await spool.release();
});

it('stops a page that would fill the memory, but always gives one row', async () => {
  const spool = new RowSpool(new SpoolBudget(1024 * MIB), folder);
  const row = dataRow(['x'.repeat(10 * MIB)]);
  for (let index = 0; index < 6; index += 1) spool.append(row, 0, row.length, 1);
  const page = await spool.rows(1, 5);
  expect(page.length).toBeGreaterThanOrEqual(1);
  expect(page.length).toBeLessThan(5);
  expect((await spool.rows(1, 5, 100)).map((values) => values[0]?.length)).toEqual([101, 101, 101, 101, 101]);
  await spool.release();
});

it('removes what a dead program left, and nothing else', async () => {
  await writeFile(join(folder, 'rows-999999999-ab'), '');
  await writeFile(join(folder, `rows-${process.pid}-ab`), '');
  await writeFile(join(folder, 'other'), '');
  await sweepSpoolFiles(folder);
  expect((await readdir(folder)).toSorted()).toEqual(['other', `rows-${process.pid}-ab`]);
});

it('writes CSV from bytes exactly as the rules for text say', () => {
  const rows: Row[] = [
    ['plain', 'with, comma', 'with "quote"', 'line\nbreak', 'line\rbreak'],
    [null, '', ' space ', '\\.', 'é🐘'],
    ['x'.repeat(100), '"', ',', '\t', 'a;b'],
    [],
  ];
  const buffer = Buffer.concat(rows.map((row) => dataRow(row)));
  for (const delimiter of [',', ';', '\t']) {
    const lines = new CsvWriter(delimiter).lines({ buffer, start: 0, end: buffer.length }).toString();
    expect(lines).toBe(rows.map((row) => `${csvLine(row, delimiter)}\r\n`).join(''));
  }
});
