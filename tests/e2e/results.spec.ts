import { existsSync, readFileSync } from 'node:fs';
import { copyFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { startServer, type TestServer } from '../support/postgres';
import { answerSaveDialog, callMain, expect, test } from './fixtures';
import { QueryPage, registerServer } from './pages/query';
import { ResultsPage } from './pages/results';
import { barriers } from './pages/shell';

let server: TestServer;
test.beforeAll(async () => {
  server = await startServer({ major: 17 });
});
test.afterAll(async () => {
  await server?.stop();
});

/** A small picture, as hex. */
function pngHex(): string {
  const chunk = (name: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(name, 'latin1'), data]);
    const head = Buffer.alloc(4);
    head.writeUInt32BE(data.length);
    const check = Buffer.alloc(4);
    check.writeUInt32BE(crc(body));
    return Buffer.concat([head, body, check]);
  };
  const size = Buffer.alloc(13);
  size.writeUInt32BE(64, 0);
  size.writeUInt32BE(48, 4);
  size.set([8, 2], 8);
  const rows = Buffer.concat(
    Array.from({ length: 48 }, (_none, y) =>
      Buffer.from([0, ...Array.from({ length: 64 }, (_pixel, x) => [x * 4, y * 5, 160]).flat()]),
    ),
  );
  const signature = Buffer.from('89504e470d0a1a0a', 'hex');
  return Buffer.concat([
    signature,
    chunk('IHDR', size),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]).toString('hex');
}

function crc(bytes: Buffer): number {
  let value = 0xffffffff;
  for (const byte of bytes) {
    value ^= byte;
    for (let bit = 0; bit < 8; bit += 1) value = (value >>> 1) ^ (value & 1 ? 0xedb88320 : 0);
  }
  return (value ^ 0xffffffff) >>> 0;
}

test('the server sorts and filters by the heads, and what fails leaves the rows', async ({ app, page, shot }) => {
  await registerServer(page, server, 'Shop');
  const query = new QueryPage(page);
  const results = new ResultsPage(page, query);
  await query.openByMenu(app);
  await query.write(
    "SELECT i AS id, 'name ' || i AS name, i * 1.5 AS price, i AS id FROM generate_series(1, 1000) i; -- the shop",
  );
  await query.run();
  await expect(query.tab(/^Result 1/)).toContainText('1,000 rows');
  await results.header(0);
  await page.getByRole('menuitem', { name: 'Sort descending' }).click();
  await expect(query.cell(0, 0)).toHaveText('1000');
  await expect(results.bar).toBeVisible();
  await results.bar.getByRole('button', { name: 'Filter by a column…' }).click();
  await results.choose('Column', 'name');
  await results.choose('Test', 'contains');
  await results.bar.getByRole('textbox', { name: 'Value' }).fill('E 99');
  await results.bar.getByRole('button', { name: 'Filter', exact: true }).click();
  await expect(query.tab(/^Result 1/)).toContainText('11 rows');
  await results.where.fill('id_2 < 999) OR (true');
  await expect(results.bar).toContainText('The parentheses do not match');
  await results.where.fill('id_2 < wrong');
  await results.where.press('Enter');
  await expect(results.bar.getByRole('alert')).toContainText('column "wrong" does not exist');
  await expect(query.tab(/^Result 1/)).toContainText('11 rows');
  await shot('results-arrange');
  expect(await barriers(page)).toEqual([]);
  await results.where.fill('id_2 < 999');
  await results.where.press('Enter');
  await expect(query.tab(/^Result 1/)).toContainText('10 rows');
  await expect(query.cell(0, 0)).toHaveText('998');
  await query.enterGrid();
  await page.keyboard.press('Shift+ArrowDown');
  await page.keyboard.press('Shift+ArrowDown');
  await expect(results.sums).toContainText('Sum 2991');
  await expect(results.sums).toContainText('Average 997');
  await results.bar.getByRole('button', { name: 'Clear all' }).click();
  await expect(query.tab(/^Result 1/)).toContainText('1,000 rows');
  await results.goToRow.fill('900');
  await results.goToRow.press('Enter');
  await expect(query.cell(0, 899)).toHaveText('900');

  const sorted = results.bar.getByRole('button', { name: /^Do not sort by/ });
  await query.enterGrid();
  await results.clickHead(0);
  await expect(sorted).toHaveCount(1);
  await query.enterGrid();
  await results.clickHead(0);
  await expect(query.cell(0, 0)).toHaveText('1000');
  await shot('results-sorted-hover');
  // The sign of its menu, at the head's right edge.
  await results.clickHead(71);
  await expect(page.getByRole('menuitem', { name: 'Sort ascending' })).toBeVisible();
  await page.keyboard.press('Escape');
  await query.enterGrid();
  await results.clickHead(100, 'Shift');
  await expect(sorted).toHaveCount(2);
  await query.enterGrid();
  await results.clickHead(100, 'Shift');
  await query.enterGrid();
  await results.clickHead(100, 'Shift');
  await expect(sorted).toHaveCount(1);
  await query.enterGrid();
  await results.clickHead(0);
  await expect(sorted).toHaveCount(0);
  await expect(query.cell(0, 0)).toHaveText('1');
  await query.write('EXPLAIN SELECT 1');
  await query.run();
  await expect(query.cell(0, 0)).toContainText('Result');
  await query.enterGrid();
  await results.clickHead(0);
  await expect(page.getByRole('menu')).toContainText('Only a single SELECT');
  await page.keyboard.press('Escape');
});

test('values are seen as what they are', async ({ app, page, shot, profile }) => {
  await registerServer(page, server, 'Shop');
  const query = new QueryPage(page);
  const results = new ResultsPage(page, query);
  await query.openByMenu(app);
  await query.write(
    `SELECT '{"orders": [{"id": 12345678901234567890, "lines": []}], "a": null}'::json, '<a x="1"><b>text</b><c/></a>'::text,
       '\\x${pngHex()}'::bytea, '{1,NULL,"a b"}'::text[], '(1,2)'::point, '<img src=x onerror=alert(1)>'::text, repeat('ab ', 1000)`,
  );
  await query.run();
  await expect(query.tab(/^Result 1/)).toContainText('1 row');
  await query.enterGrid();
  await page.keyboard.press('Enter');
  await results.viewAs('Tree');
  await expect(results.viewer.getByRole('group', { name: 'JSON as a tree' })).toContainText('12345678901234567890');
  await results.viewer.getByText('12345678901234567890').click();
  await expect(results.viewer).toContainText('$.orders[0].id');
  await shot('results-json');
  await results.next();
  await expect(results.viewer.getByRole('group', { name: 'XML' })).toContainText('<b>text</b>');
  await results.next();
  const picture = results.viewer.getByRole('img', { name: 'bytea' });
  await expect
    .poll(() => picture.evaluate((image) => image instanceof HTMLImageElement && image.naturalWidth))
    .toBe(64);
  await shot('results-picture');
  const path = join(profile, 'value.png');
  await answerSaveDialog(app, path);
  await results.viewer.getByRole('button', { name: 'Save the bytes to a file…' }).click();
  await expect
    .poll(() =>
      readFile(path)
        .then((bytes) => bytes.toString('hex'))
        .catch(() => ''),
    )
    .toBe(pngHex());
  await results.viewAs('Bytes');
  await expect(results.viewer.getByRole('group', { name: 'Bytes' })).toContainText('89 50 4e 47');
  await results.next();
  await expect(results.viewer.getByRole('group', { name: 'Parts of the value' })).toContainText('[3]a b');
  await results.next();
  await expect(results.viewer.getByRole('img', { name: 'Map with 1 geometry' })).toBeVisible();
  await results.next();
  await expect(results.viewer.getByRole('group', { name: 'XML' })).toContainText('<img src=x onerror=alert(1)>');
  expect(await barriers(page)).toEqual([]);
  await results.next();
  await results.viewer.getByRole('textbox', { name: 'Find in the value' }).fill('b a');
  await expect(results.viewer).toContainText('0 of 999');
});

test('a result as a record, a chart and a map', async ({ app, page, shot, profile }) => {
  await registerServer(page, server, 'Shop');
  const query = new QueryPage(page);
  const results = new ResultsPage(page, query);
  await query.openByMenu(app);
  const columns = Array.from({ length: 300 }, (_none, at) => `${at} AS "column ${at}"`).join(', ');
  await query.write(
    `SELECT date '2024-01-01' + i AS day, round((100 + 40 * sin(i / 9.0))::numeric, 2) AS orders, round((60 + 30 * cos(i / 5.0))::numeric, 2) AS returns,
       'shop ' || i % 5 AS shop FROM generate_series(1, 120) i;
     SELECT ${columns} FROM generate_series(1, 3);
     CREATE TYPE public.geometry;
     CREATE FUNCTION public.geometry_in(cstring) RETURNS public.geometry AS 'textin' LANGUAGE internal IMMUTABLE STRICT;
     CREATE FUNCTION public.geometry_out(public.geometry) RETURNS cstring AS 'textout' LANGUAGE internal IMMUTABLE STRICT;
     CREATE TYPE public.geometry (INPUT = public.geometry_in, OUTPUT = public.geometry_out, LIKE = text);
     SELECT n AS city, v.place::public.geometry AS place
       FROM (VALUES ('Berlin', 'SRID=4326;POINT(13.4 52.5)'), ('Lima', 'SRID=4326;POINT(-77 -12)'),
         ('Route', 'SRID=4326;LINESTRING(13.4 52.5, 36.8 -1.3, 139.7 35.7)'),
         ('Area', 'SRID=4326;POLYGON((-110 30, -80 30, -80 45, -110 45, -110 30))')) v (n, place);`,
  );
  await query.run();
  await expect(query.tab(/^Result 3/)).toContainText('4 rows');
  await query.tab(/^Result 1/).click();
  await results.mode('Chart');
  await expect(page.getByRole('img', { name: 'Chart of orders, returns by day' }).locator('canvas')).toBeVisible();
  await shot('results-chart-line');
  const path = join(profile, 'chart.png');
  await answerSaveDialog(app, path);
  await query.button('Save as PNG…').click();
  await expect
    .poll(() =>
      readFile(path).then(
        (bytes) => bytes.subarray(1, 4).toString(),
        () => '',
      ),
    )
    .toBe('PNG');
  for (const kind of ['Stacked area', 'Stacked bars', 'Scatter']) {
    await results.choose('Kind of chart', kind);
    await shot(`results-chart-${kind.toLowerCase().replace(' ', '-')}`);
  }
  await results.choose('Column of the x axis', 'shop');
  await results.choose('Kind of chart', 'Pie');
  await expect(query.root.getByRole('listitem').filter({ hasText: 'shop 3' })).toContainText('%');
  await shot('results-chart-pie');
  const pie = join(profile, 'pie.png');
  await answerSaveDialog(app, pie);
  await query.button('Save as PNG…').click();
  await expect.poll(() => existsSync(pie) && readFileSync(pie).subarray(1, 4).toString()).toBe('PNG');
  await copyFile(pie, join('artifacts', 'results-pie-saved.png'));

  await query.tab(/^Result 2/).click();
  await results.mode('One row as a list');
  await results.find.fill('column 299');
  await expect(results.record).toContainText('column 299');
  await results.find.fill('');
  await query.button('Next row').click();
  await shot('results-record');
  expect(await barriers(page)).toEqual([]);

  await query.tab(/^Result 3/).click();
  await results.mode('Map');
  await expect(page.getByRole('img', { name: 'Map with 4 geometries' })).toBeVisible();
  await shot('results-map');
  await callMain(page, 'settings.update', { theme: 'dark', language: 'zh-CN' });
  await expect(page.locator('html[data-mantine-color-scheme="dark"]')).toHaveCount(1);
  await shot('results-map-dark');
  await query.tab(/^结果 1/).click();
  await results.mode('图表');
  await shot('results-chart-dark');
  expect(await barriers(page)).toEqual([]);
});

test('two million rows are scrolled in bounded memory', async ({ app, page }) => {
  await registerServer(page, server, 'Shop');
  const query = new QueryPage(page);
  const results = new ResultsPage(page, query);
  await query.openByMenu(app);
  const tools = await page.context().newCDPSession(page);
  const mebibytes = async (): Promise<{ main: number; heap: number }> => {
    await tools.send('HeapProfiler.collectGarbage');
    const { usedSize } = await tools.send('Runtime.getHeapUsage');
    const main = await app.evaluate(() => process.memoryUsage().rss);
    return { main: main / 2 ** 20, heap: usedSize / 2 ** 20 };
  };
  const before = await mebibytes();
  await query.write('SELECT i AS id, i * 7 AS seven FROM generate_series(1, 2000000) i');
  await query.run();
  await expect(query.tab(/^Result 1/)).toContainText('2,000,000 rows', { timeout: 60_000 });
  await query.enterGrid(100);
  for (let row = 50_000; row <= 2_000_000; row += 150_000) {
    await results.goToRow.fill(String(row));
    await results.goToRow.press('Enter');
    await expect(query.cell(0, row - 1)).toHaveText(String(row));
  }
  await page.keyboard.press('ControlOrMeta+End');
  await expect(query.cell(0, 1_999_999)).toHaveText('2000000');
  await page.keyboard.press('ControlOrMeta+Home');
  await expect(query.cell(0, 0)).toHaveText('1');
  const after = await mebibytes();
  // 28 MiB of values: as JavaScript objects they would take some 300.
  expect(after.heap - before.heap).toBeLessThan(40);
  expect(after.main - before.main).toBeLessThan(250);
});
