import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { startServer } from '../support/postgres';
import { errorsOf, queryBench } from '../support/query';

const run = promisify(execFile);
const ENDLESS = "SELECT i, repeat('x', 100) FROM generate_series(1, 100000) i, generate_series(1, 10000)";

describe('a large result', () => {
  it('survives the server’s sudden end: what came stays, and no file is left', async () => {
    const server = await startServer({ major: 17 });
    const bench = await queryBench(server);
    try {
      const session = await bench.open();
      await bench.start(session, ENDLESS);
      await bench.until(session, ({ results }) => (results[0]?.bytes ?? 0) > 100 * 1024 * 1024);
      server.kill();
      const state = await bench.until(session, ({ running }) => !running);
      expect(state.transaction).toBe('lost');
      expect(errorsOf(state).length).toBeGreaterThan(0);
      const [result] = state.results;
      const count = result?.rowCount ?? 0;
      expect(result?.complete).toBe(true);
      for (const at of [0, count >> 1, count - 1]) {
        expect((await bench.rows(result?.resultId ?? '', at, 1))[0]?.[1]).toBe('x'.repeat(100));
      }
      await bench.feature.handlers.close({ sessionId: session }, { signal: new AbortController().signal });
      expect(await readdir(bench.tempFolder)).toEqual([]);
    } finally {
      await bench.close();
      await server.stop();
    }
  });

  it.skipIf(process.platform !== 'linux' || process.getuid?.() !== 0)(
    'tells that the disk is full (a file system of 8 MiB), stops the statement, and keeps what came',
    async () => {
      const mount = await mkdtemp(join(tmpdir(), 'howdah-small-'));
      await run('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', mount]);
      const server = await startServer({ major: 17 });
      const bench = await queryBench(server, mount);
      try {
        const session = await bench.open();
        await bench.start(session, `${ENDLESS}; SELECT 1`);
        const state = await bench.until(session, ({ running }) => !running);
        expect(errorsOf(state)).toMatchObject([{ text: expect.stringContaining('The disk is full') as string }]);
        expect(state.results).toHaveLength(1);
        expect(state.transaction).toBe('idle');
        const count = state.results[0]?.rowCount ?? 0;
        expect((await bench.rows(state.results[0]?.resultId ?? '', count - 1, 1))[0]?.[1]).toBe('x'.repeat(100));
        const next = await bench.run(session, 'SELECT 1');
        expect(errorsOf(next)).toEqual([]);
        expect(await readdir(mount)).toEqual([]);
      } finally {
        await bench.close();
        await server.stop();
        await run('umount', ['-l', mount]);
        await rm(mount, { recursive: true, force: true });
      }
    },
  );
});
