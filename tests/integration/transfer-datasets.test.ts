import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, type TestServer } from '../support/postgres';
import { checksums, client, dataset, previewOf, runImport, SHOP, structureOf } from '../support/transfer';

const PAGILA = dataset('1-pagila/pagila.sql');
const ADVENTUREWORKS = dataset('2-adventureworks/adventureworks.sql.gz');
const DHIS2 = dataset('3-dhis2/dhis2_nopostgis.sql');
const DHIS2_POSTGIS = dataset('3-dhis2/dhis2_base_schema.sql');

let server: TestServer;
let folder: string;
beforeAll(async () => {
  server = await startServer({ major: 15, password: 'it’s : a\\secret' });
  folder = mkdtempSync(join(tmpdir(), 'howdah-transfer-'));
});
afterAll(async () => {
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** The same file by psql alone, as the truth to compare with. */
async function reference(name: string, file: string): Promise<void> {
  await server.createDatabase(name);
  let script = file;
  if (file.endsWith('.gz')) {
    script = join(folder, `${name}.sql`);
    writeFileSync(script, gunzipSync(readFileSync(file)));
  }
  await client(server, name, 'psql', ['-X', '-q', '-v', 'ON_ERROR_STOP=1', '-f', script]);
}

async function expectEqual(name: string, truth: string): Promise<void> {
  expect(await structureOf(server, name)).toBe(await structureOf(server, truth));
  expect(await checksums(server, name)).toEqual(await checksums(server, truth));
}

describe('files arrive complete', () => {
  it('the sample shop', async () => {
    await reference('shop_truth', SHOP);
    const { report, left } = await runImport({ from: SHOP, to: server, database: 'shop' });
    expect(report).toMatchObject({ outcome: 'succeeded', counts: { errors: 0 }, canUndo: true });
    expect(report.tables.filter((table) => table.sourceRows !== table.targetRows)).toEqual([]);
    expect(report.tables).toContainEqual({ schema: 'shop', name: '商品评价', sourceRows: 500, targetRows: 500 });
    expect(report.objects).toContainEqual({ kind: 'materialized-views', source: null, target: 1 });
    expect(left).toEqual([]);
    await expectEqual('shop', 'shop_truth');
  });

  it.skipIf(!PAGILA)('pagila: objects by pg_dump -s, rows by checksum', async () => {
    const file = PAGILA ?? '';
    await reference('pagila_truth', file);
    const preview = await previewOf(file);
    expect(preview).toMatchObject({
      kind: 'plain',
      encoding: 'UTF8',
      encodingStated: true,
      serverVersion: '15.2',
      problem: '',
    });
    const { report } = await runImport({ from: file, to: server, database: 'pagila' });
    expect(report).toMatchObject({ outcome: 'succeeded', counts: { errors: 0, harmless: 0 } });
    expect(report.tables.reduce((sum, table) => sum + (table.targetRows ?? 0), 0)).toBe(46_273);
    expect(report.tables.every((table) => table.sourceRows === table.targetRows)).toBe(true);
    await expectEqual('pagila', 'pagila_truth');
  });

  it.skipIf(!ADVENTUREWORKS)('adventureworks out of gzip, with \\restrict and quoted names', async () => {
    const file = ADVENTUREWORKS ?? '';
    await reference('aw_truth', file);
    const { report } = await runImport({ from: file, to: server, database: 'aw' });
    expect(report).toMatchObject({ outcome: 'succeeded', counts: { errors: 0 } });
    expect(report.adapted).toContainEqual({ reason: 'owner', count: 209 });
    expect(report.tables.reduce((sum, table) => sum + (table.targetRows ?? 0), 0)).toBe(244_068);
    await expectEqual('aw', 'aw_truth');
  });

  it.skipIf(!DHIS2)('dhis2: 473 tables without data', async () => {
    const file = DHIS2 ?? '';
    await reference('dhis2_truth', file);
    const { report } = await runImport({
      from: file,
      to: server,
      database: 'dhis2',
      options: { singleTransaction: true },
    });
    expect(report).toMatchObject({ outcome: 'succeeded', counts: { errors: 0 } });
    expect(report.objects).toContainEqual({ kind: 'foreign-keys', source: null, target: 989 });
    await expectEqual('dhis2', 'dhis2_truth');
  });

  it.skipIf(!DHIS2_POSTGIS)(
    'dhis2 that needs PostGIS: the missing extension is told before and at each statement',
    async () => {
      const { findings, report } = await runImport({ from: DHIS2_POSTGIS ?? '', to: server, database: 'dhis2_base' });
      expect(findings.find(({ key }) => key === 'extensions')).toMatchObject({
        level: 'warning',
        found: expect.stringContaining('postgis'),
      });
      expect(report).toMatchObject({ outcome: 'succeeded-with-errors', counts: { errors: 18 } });
      expect(report.skipped[0]).toMatchObject({
        sqlstate: '42704',
        message: expect.stringContaining('CREATE EXTENSION postgis'),
      });
      expect(report.skipped.every(({ line, statement }) => line > 0 && statement !== '')).toBe(true);
    },
  );
});

describe('archives and databases', () => {
  it('custom, tar and gzipped custom archives give the same as the plain file', async () => {
    const dumps = {
      custom: join(folder, 'shop.custom'),
      tar: join(folder, 'shop.tar'),
    };
    await client(server, 'shop', 'pg_dump', ['-Fc', '-f', dumps.custom]);
    await client(server, 'shop', 'pg_dump', ['-Ft', '-f', dumps.tar]);
    execFileSync('gzip', ['-k', dumps.custom]);
    expect(await previewOf(dumps.custom)).toMatchObject({
      kind: 'custom',
      encoding: 'UTF8',
      schemas: ['shop', 'warehouse'],
    });
    for (const [name, from, options] of [
      ['from_custom', dumps.custom, {}],
      ['from_jobs', dumps.custom, { jobs: 2 }],
      ['from_tar', dumps.tar, {}],
      ['from_packed', `${dumps.custom}.gz`, {}],
    ] as const) {
      const { report, left } = await runImport({ from, to: server, database: name, options });
      expect({ name, ...report }).toMatchObject({
        name,
        outcome: 'succeeded',
        counts: { errors: 0 },
      });
      expect(left).toEqual([]);
      await expectEqual(name, 'shop');
    }
  });

  it('one schema of an archive', async () => {
    const from = join(folder, 'shop.custom');
    const { report } = await runImport({
      from,
      to: server,
      database: 'one_schema',
      options: { schemas: ['warehouse'], content: 'data' },
    });
    expect(report.outcome).toBe('succeeded-with-errors');
    const whole = await runImport({
      from,
      to: server,
      database: 'one_schema2',
      options: { schemas: ['warehouse'], content: 'structure' },
    });
    expect(whole.report.objects.find(({ kind }) => kind === 'schemas')?.target).toBe(2);
  });

  it('a database of the same server, whole', async () => {
    const { report, left, log } = await runImport({
      from: { server, database: 'shop' },
      to: server,
      database: 'copied',
    });
    expect(report).toMatchObject({ outcome: 'succeeded', counts: { errors: 0 } });
    expect(report.objects.every(({ source, target }) => source === target)).toBe(true);
    expect(report.tables.every((table) => table.sourceRows === table.targetRows)).toBe(true);
    expect(left).toEqual([]);
    expect([...report.commands, ...log].join('\n')).not.toContain('secret');
    await expectEqual('copied', 'shop');
  });

  it('structure only, data only, and chosen tables', async () => {
    const structure = await runImport({
      from: SHOP,
      to: server,
      database: 'two_steps',
      options: { content: 'structure' },
    });
    expect(structure.report.tables.every(({ targetRows }) => targetRows === 0)).toBe(true);
    const { report } = await runImport({
      from: { server, database: 'shop' },
      to: server,
      database: 'chosen',
      options: { tables: ['shop.categories', 'shop.商品评价'] },
    });
    expect(report.tables.map(({ name, targetRows }) => [name, targetRows])).toEqual([
      ['categories', 24],
      ['商品评价', 500],
    ]);
  });
});
