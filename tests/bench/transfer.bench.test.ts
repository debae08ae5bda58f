import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startServer, type TestServer } from '../support/postgres';
import { client, runImport } from '../support/transfer';
import { missed, record, wanted } from './figure';

const MIB = 1024 * 1024;
const SIZE = Number(process.env['HOWDAH_BENCH_MIB'] ?? 300) * MIB;
const ROUNDS = 3;

let server: TestServer;
let folder: string;
let script: string;
beforeAll(async () => {
  server = await startServer({ major: 17, password: 'secret', settings: ['max_wal_size = 4GB'] });
  folder = mkdtempSync(join(tmpdir(), 'howdah-bench-'));
  script = join(folder, 'big.sql');
  const out = createWriteStream(script);
  out.write('CREATE TABLE big (id int, word text, at timestamptz, amount numeric);\nCOPY big FROM stdin;\n');
  for (let written = 0, id = 0; written < SIZE;) {
    const rows = Array.from({ length: 2000 }, () => {
      id += 1;
      return `${id}\tword ${id % 977} ${'abcdefghij'.repeat(5)}\t2026-01-01 00:00:${id % 60}+00\t${id}.25\n`;
    }).join('');
    written += rows.length;
    if (!out.write(rows)) await once(out, 'drain');
  }
  out.end('\\.\nALTER TABLE big ADD PRIMARY KEY (id);\n');
  await once(out, 'finish');
});
afterAll(async () => {
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const seconds = async (work: () => Promise<unknown>): Promise<number> => {
  const from = performance.now();
  await work();
  return (performance.now() - from) / 1000;
};

it.skipIf(!wanted('transfer/import', 'transfer/memory'))(
  'restores a plain dump as fast as psql, in bounded memory',
  async () => {
    const ours: number[] = [];
    const theirs: number[] = [];
    const idle = process.memoryUsage().rss;
    let peak = idle;
    const watch = setInterval(() => {
      peak = Math.max(peak, process.memoryUsage().rss);
    }, 20);
    for (let round = 0; round < ROUNDS; round += 1) {
      await server.createDatabase(`psql_${round}`);
      theirs.push(await seconds(() => client(server, `psql_${round}`, 'psql', ['-X', '-q', '-f', script])));
      await server.sql(`DROP DATABASE psql_${round}`);
      await server.createDatabase(`ours_${round}`);
      const imported = runImport({ from: script, to: server, database: `ours_${round}`, create: false });
      ours.push((await imported).loadSeconds);
      await server.sql(`DROP DATABASE ours_${round}`);
    }
    clearInterval(watch);
    const figures = [
      record({
        name: 'transfer/import',
        ours,
        peer: theirs,
        peerName: `psql, ${Math.round(SIZE / MIB)} MiB`,
        unit: 's',
        goal: 'ratio < 1.05',
      }),
      record({
        name: 'transfer/memory',
        ours: (peak - idle) / MIB,
        peer: SIZE / MIB,
        peerName: 'the dump',
        unit: 'MiB',
        goal: 'ours < 300',
      }),
    ];
    expect(missed(figures)).toEqual([]);
  },
);
