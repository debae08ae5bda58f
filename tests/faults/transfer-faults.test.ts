import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startServer, type TestServer } from '../support/postgres';
import { runImport } from '../support/transfer';
import { mayMount, openSmallDisk } from './support/small-disk';

/** A script that keeps a server busy for some seconds: rows, then a statement that sleeps, then more. */
function longScript(folder: string): string {
  const path = join(folder, 'long.sql');
  const rows = Array.from({ length: 200_000 }, (_, n) => `${n}\t${'x'.repeat(100)}\n`).join('');
  const block = (name: string): string =>
    `CREATE TABLE ${name} (i int, t text);\nCOPY ${name} (i, t) FROM stdin;\n${rows}\\.\nSELECT pg_sleep(1);\n`;
  writeFileSync(path, ['a', 'b', 'c', 'd'].map(block).join(''));
  return path;
}

/** Processes whose parent is this one and that run this program. */
function children(program: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
        const [, name = '', parent = ''] = /^\d+ \((.*)\) \S (\d+)/.exec(stat) ?? [];
        return name === program && Number(parent) === process.pid;
      } catch {
        return false;
      }
    })
    .map(Number);
}

const seed = Number(process.env['HOWDAH_SEED'] ?? Math.floor(Math.random() * 1e6));

let folder: string;
let script: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'howdah-faults-'));
  script = longScript(folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('an import that is interrupted', () => {
  let server: TestServer;
  beforeEach(async () => {
    server = await startServer({ major: 15, password: 'secret' });
  });
  afterEach(() => server?.stop());
  const sessions = async (): Promise<unknown> =>
    (await server.sql("SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name LIKE 'howdah-%'"))[0]?.[
      'n'
    ];

  it.each([false, true])(
    `says what is in the target when it is cancelled at any point (without client programs: %s; HOWDAH_SEED=${seed})`,
    async (withoutTools) => {
      for (let round = 0; round < 3; round += 1) {
        const at = ((seed * (round + 7)) % 997) / 997;
        const stop = new AbortController();
        const database = `cancelled_${round}`;
        const { report, left } = await runImport({
          from: script,
          to: server,
          database,
          withoutTools,
          abort: stop.signal,
          onProgress: (fraction) => {
            if (fraction !== null && fraction >= at * 0.95) stop.abort();
          },
        });
        expect(report, `seed ${seed}, round ${round}`).toMatchObject({ outcome: 'cancelled', canUndo: true });
        expect(report.targetState).toMatch(/was created by this import and now holds \d tables?/);
        expect(left).toEqual([]);
        expect(children('psql')).toEqual([]);
        await expect.poll(sessions).toBe(0);
      }
    },
  );

  it('fails when psql is killed, and leaves nothing behind', async () => {
    let killed = false;
    const { report, left } = await runImport({
      from: script,
      to: server,
      database: 'killed',
      onProgress: (fraction) => {
        if (killed || fraction === null || fraction < 0.4) return;
        killed = true;
        for (const pid of children('psql')) process.kill(pid, 'SIGKILL');
      },
    });
    expect(killed).toBe(true);
    expect(report).toMatchObject({
      outcome: 'failed',
      error: { code: 'tool', message: expect.stringContaining('SIGKILL') },
    });
    expect(report.targetState).toContain('was created by this import and now holds');
    expect(left).toEqual([]);
    await expect.poll(sessions).toBe(0);
    const again = await runImport({ from: script, to: server, database: 'killed_again' });
    expect(again.report.outcome).toBe('succeeded');
  });

  it.each([false, true])(
    'fails when the server is killed halfway, and says that it can’t look (without client programs: %s)',
    async (withoutTools) => {
      let killed = false;
      const { report, left } = await runImport({
        from: script,
        to: server,
        database: 'gone',
        withoutTools,
        onProgress: (fraction) => {
          if (killed || fraction === null || fraction < 0.4) return;
          killed = true;
          server.kill('SIGQUIT');
        },
      });
      expect(killed).toBe(true);
      expect(report).toMatchObject({ outcome: 'failed', error: { code: 'lost-connection' } });
      expect(report.error?.hint).toContain('Start it');
      expect(report.targetState).toContain('could not be asked what it holds');
      expect(left).toEqual([]);
    },
  );
});

describe('a full disk', () => {
  it.skipIf(!mayMount())('is one clear error', async () => {
    const server = await startServer({ major: 15, password: 'secret' });
    const disk = openSmallDisk(24, server.dataFolder);
    try {
      await server.sql(`CREATE TABLESPACE small LOCATION '${disk.path}'`);
      await server.createDatabase('full', 'TABLESPACE small');
      const { report, left } = await runImport({ from: script, to: server, database: 'full', create: false });
      expect(report).toMatchObject({ outcome: 'failed', error: { sqlstate: '53100' } });
      expect(report.error?.hint).toContain('disk of the target server is full');
      expect(report.counts.errors).toBe(1);
      expect(report.targetState).toMatch(/^Database full on to now holds/);
      expect(left).toEqual([]);
    } finally {
      await server.stop();
      disk.close();
    }
  });
});
