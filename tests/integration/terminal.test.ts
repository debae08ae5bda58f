import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createTerminalFeature, type TerminalFeature } from '../../electron/features/terminal/terminal-feature';
import { createLogger } from '../../electron/log';
import type { ConnectionProfile } from '../../electron/ports';
import { startServer, type TestServer } from '../support/postgres';
import { eventually } from '../support/query';

const SECRET = 'pass:word\\ é"';
const context = { signal: new AbortController().signal };

describe('psql in a terminal', () => {
  let server: TestServer;
  let folder: string;
  let feature: TerminalFeature;
  let shown: Record<string, string>;
  let ends: Record<string, { exitCode: number | null; signal: string }>;
  let change: Partial<ConnectionProfile>;
  let disconnect: (serverId: string) => void;
  beforeAll(async () => {
    server = await startServer({ major: 18 });
    await server.sql(`CREATE ROLE typist LOGIN PASSWORD '${SECRET.replaceAll("'", "''")}'`);
  });
  afterAll(() => server?.stop());
  const open = async (more: Partial<ConnectionProfile> = {}): Promise<string> => {
    folder = await mkdtemp(join(tmpdir(), 'howdah-terminal-'));
    shown = {};
    ends = {};
    change = more;
    feature = createTerminalFeature({
      connections: {
        profile: async (_serverId, database) => ({ ...server.profile(database ?? 'postgres'), ...change }),
        name: () => 'test',
        onDisconnect(listener) {
          disconnect = listener;
          return () => undefined;
        },
        reportLost: () => undefined,
      },
      toolFolders: () => [],
      emit: (name, payload) => {
        if (name === 'output' && 'data' in payload) {
          shown[payload.terminalId] = (shown[payload.terminalId] ?? '') + payload.data;
        } else if ('exitCode' in payload) ends[payload.terminalId] = payload;
      },
      log: createLogger(null),
      tempFolder: join(folder, 'terminal'),
    });
    const { terminalId } = await feature.handlers.start(
      { serverId: 's', database: 'postgres', columns: 100, rows: 30 },
      context,
    );
    return terminalId;
  };
  afterEach(async () => {
    await feature?.close();
    await rm(folder, { recursive: true, force: true });
  });
  const type = (terminalId: string, data: string): Promise<void> =>
    feature.handlers.write({ terminalId, data }, context);
  const sees = (terminalId: string, text: string | RegExp): Promise<void> =>
    eventually(
      () => {
        const seen = shown[terminalId] ?? '';
        return typeof text === 'string' ? seen.includes(text) : text.test(seen);
      },
      `${String(text)} in: ${shown[terminalId] ?? ''}`,
    );

  test('answers, follows the size, and leaves nothing behind', async () => {
    const terminalId = await open();
    await sees(terminalId, 'postgres=#');
    await type(terminalId, "SELECT 'a' || 'nswer', current_setting('application_name');\r");
    await sees(terminalId, 'answer');
    await feature.handlers.resize({ terminalId, columns: 77, rows: 21 }, context);
    await type(terminalId, '\\! stty size\r');
    await sees(terminalId, '21 77');
    await type(terminalId, '\\q\r');
    await eventually(() => ends[terminalId]?.exitCode === 0, 'the end is told');
    await eventually(async () => (await readdir(join(folder, 'terminal'))).length === 0, 'its files are gone');
    await expect(type(terminalId, 'x')).rejects.toMatchObject({ info: { code: 'not-found' } });
  });

  test('has the password in a file of its own only: neither in arguments nor in an environment', async () => {
    const terminalId = await open({ user: 'typist', password: SECRET });
    await sees(terminalId, 'postgres=>');
    const [session] = await server.sql("SELECT pid FROM pg_stat_activity WHERE usename = 'typist'");
    expect(session).toBeDefined();
    await type(terminalId, '\\! echo pid=$PPID; env | grep -c word; true\r');
    await sees(terminalId, /pid=\d+\s+0\s/);
    const pid = /pid=(\d+)/.exec(shown[terminalId] ?? '')?.[1] ?? '';
    const about = await Promise.all(['cmdline', 'environ'].map((file) => readFile(`/proc/${pid}/${file}`, 'utf8')));
    expect(about.join()).toContain('PGPASSFILE');
    expect(about.join()).not.toContain('word');
    expect(shown[terminalId]).not.toContain('word\\');
  });

  test('a million rows neither fill the memory nor hold Ctrl+C up', async () => {
    const terminalId = await open();
    await sees(terminalId, 'postgres=#');
    await type(terminalId, '\\! echo pid=$PPID\r');
    await sees(terminalId, /pid=\d+/);
    const pid = /pid=(\d+)/.exec(shown[terminalId] ?? '')?.[1] ?? '';
    await type(terminalId, "\\pset pager off\rSELECT repeat('x', 90) FROM generate_series(1, 1000000);\r");
    /** More than the window may be behind has come since, and psql sleeps although the server has answered: it can't write. */
    const waits = (since: number): Promise<void> =>
      eventually(async () => {
        if ((shown[terminalId] ?? '').length - since < 1024 * 1024) return false;
        const [session] = await server.sql("SELECT state FROM pg_stat_activity WHERE query LIKE 'SELECT repeat%'");
        return session?.['state'] === 'idle' && / S /.test(await readFile(`/proc/${pid}/stat`, 'utf8'));
      }, 'psql waits');
    // Nobody draws: psql must be held back within a few MiB.
    await waits(0);
    const first = (shown[terminalId] ?? '').length;
    expect(first).toBeLessThan(4 * 1024 * 1024);
    // Another window takes the tab over: nobody ever tells what became of what the first one got.
    await feature.handlers.attach({ terminalId, columns: 100, rows: 30 }, context);
    await waits(first);
    expect((shown[terminalId] ?? '').length - first).toBeLessThan(4 * 1024 * 1024);
    await type(terminalId, '\u0003');
    const drawing = setInterval(() => void feature.handlers.drawn({ terminalId, bytes: 1_000_000 }, context), 5);
    await eventually(() => (shown[terminalId] ?? '').endsWith('postgres=# '), 'the prompt is back');
    clearInterval(drawing);
    expect((shown[terminalId] ?? '').length).toBeLessThan(60_000_000);
  });

  test('keeps a read-only registration read-only, and ends when the server is disconnected', async () => {
    const terminalId = await open({ readOnly: true });
    await sees(terminalId, 'postgres=#');
    await type(terminalId, 'CREATE TABLE no ();\r');
    await sees(terminalId, 'read-only transaction');
    disconnect('s');
    await eventually(() => ends[terminalId] !== undefined, 'psql is gone');
    expect(await server.sql("SELECT 1 FROM pg_class WHERE relname = 'no'")).toEqual([]);
  });

  test('a program in it that ignores the hang-up is killed with it', async () => {
    const terminalId = await open();
    await sees(terminalId, 'postgres=#');
    await type(terminalId, "\\! trap '' HUP; echo deaf=$$; while :; do sleep 1; done\r");
    await sees(terminalId, /deaf=\d+/);
    const pid = Number(/deaf=(\d+)/.exec(shown[terminalId] ?? '')?.[1]);
    await feature.handlers.end({ terminalId }, context);
    await expect.poll(() => isThere(pid)).toBe(false);
  });
});

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
