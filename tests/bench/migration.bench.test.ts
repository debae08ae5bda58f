import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openJobFolder, orderOf, removeJobFolder, startWorker } from '../support/migration-worker';
import { startServer, type TestServer } from '../support/postgres';
import { median, missed, record, ROUNDS, wanted, type Goal } from './figure';
import { migrateByHand, shell } from './support/by-hand';
import { checksum, fillMixed } from './support/mixed-database';

/** About 2.1 KiB on disk for each, indexes included. */
const CUSTOMERS = Number(process.env['HOWDAH_BENCH_CUSTOMERS'] ?? 150_000);
const JOBS = 4;
const SPLIT_ABOVE = 64 * 1024 * 1024;
const MIB = 1024 * 1024;
/** Servers as they are on a disk: what a real target waits for counts. */
const SETTINGS = ['max_wal_size = 4GB', 'shared_buffers = 512MB', 'fsync = on', 'maintenance_work_mem = 256MB'];
let source: TestServer;
let target: TestServer;
let folder: string;

/** The most memory that a process ever held, in bytes; 0 once it is gone. */
function peakOf(pid: number): number {
  try {
    return Number(/^VmHWM:\s*(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}

/** Runs a task in its worker as the daemon does. Answers the worker's peak of memory in bytes. */
async function migrate(): Promise<number> {
  const job = await openJobFolder();
  try {
    const order = orderOf(source, target, {
      folder: job,
      database: 'shop',
      options: { splitAbove: SPLIT_ABOVE },
      copyJobs: JOBS,
      indexJobs: JOBS,
    });
    const worker = await startWorker(order);
    let peak = 0;
    const look = setInterval(() => (peak = Math.max(peak, peakOf(worker.pid))), 50);
    const end = await worker.ended;
    clearInterval(look);
    expect(end).toMatchObject({ outcome: 'done', problem: '' });
    return peak;
  } finally {
    await removeJobFolder(job);
  }
}

/** A way to move the database; it leaves `shop` on the target. */
interface Way {
  readonly figure: string;
  readonly name: string;
  readonly goal: Goal;
  /** Why it cannot be measured here. */
  readonly missing?: string;
  readonly move: () => Promise<void>;
}

const WAYS: readonly Way[] = [
  {
    figure: 'migration/full-pg-dump-psql',
    name: 'pg_dump | psql',
    goal: 'ratio < 1',
    async move() {
      await target.createDatabase('shop');
      await shell(`pg_dump ${source.uri('shop')} | psql -X -q ${target.uri('shop')}`);
      await shell(`psql -X -q -c ANALYZE ${target.uri('shop')}`);
    },
  },
  {
    figure: 'migration/full-pg-dump-fd-j-pg-restore-j',
    name: 'pg_dump -Fd -j | pg_restore -j',
    goal: 'ratio < 1',
    async move() {
      const dump = join(folder, 'dump');
      await target.createDatabase('shop');
      await shell(`pg_dump -Fd -j ${JOBS} -f ${dump} ${source.uri('shop')}`);
      await shell(`pg_restore -j ${JOBS} -d ${target.uri('shop')} ${dump}`);
      await shell(`psql -X -q -c ANALYZE ${target.uri('shop')}`);
      await rm(dump, { recursive: true });
    },
  },
  {
    figure: 'migration/full-pgcopydb-clone',
    name: 'pgcopydb clone',
    goal: 'ratio < 1',
    ...(existsSync('/usr/bin/pgcopydb') ? {} : { missing: 'pgcopydb is not installed (Debian package pgcopydb)' }),
    async move() {
      await target.createDatabase('shop');
      await shell(
        `pgcopydb clone --dir ${join(folder, 'pgcopydb')} --restart --source ${source.uri('shop')} --target ${target.uri('shop')} ` +
          `--table-jobs ${JOBS} --index-jobs ${JOBS} --split-tables-larger-than ${SPLIT_ABOVE}`,
      );
    },
  },
  {
    figure: 'migration/full-hand',
    name: 'the same statements by hand',
    goal: 'ratio <= 1.15',
    move: () => migrateByHand(source, target, 'shop', { jobs: JOBS, splitAbove: SPLIT_ABOVE }),
  },
];
const MEMORY = 'migration/memory';
const NAMES = [MEMORY, ...WAYS.map(({ figure }) => figure)];

beforeAll(async () => {
  if (!wanted(...NAMES)) return;
  // Debian's client programs and pgcopydb know servers up to this one.
  [source, target] = await Promise.all([
    startServer({ major: 15, settings: SETTINGS }),
    startServer({ major: 15, settings: SETTINGS }),
  ]);
  folder = await mkdtemp(join(tmpdir(), 'howdah-bench-'));
  await fillMixed(source, 'shop', CUSTOMERS);
});
afterAll(async () => {
  await Promise.all([source?.stop(), target?.stop()]);
  if (folder) await rm(folder, { recursive: true, force: true });
});

it.skipIf(!wanted(...NAMES))(
  'moves a mixed database faster than others, and nearly as fast as the same statements by hand',
  async () => {
    const times = new Map<string, number[]>();
    let memory = 0;
    const measure = async (name: string, work: () => Promise<void>): Promise<void> => {
      await target.sql('CHECKPOINT');
      const from = performance.now();
      await work();
      times.set(name, [...(times.get(name) ?? []), (performance.now() - from) / 1000]);
      expect(await checksum(target, 'shop')).toBe(whole);
      await target.sql('DROP DATABASE shop');
    };
    const whole = await checksum(source, 'shop');
    const asked = WAYS.filter(({ figure }) => wanted(figure));
    for (const { figure, missing } of asked)
      if (missing !== undefined) process.stdout.write(`- ${figure}: not measured: ${missing}\n`);
    const measured = asked.filter(({ missing }) => missing === undefined);
    for (let round = 0; round < Math.min(ROUNDS, 3); round += 1) {
      await measure('howdah', async () => {
        memory = Math.max(memory, await migrate());
      });
      for (const { name, move } of measured) await measure(name, move);
    }
    const ours = times.get('howdah') ?? [];
    const figures = [
      ...measured.map(({ figure, name, goal }) =>
        record({ name: figure, ours, peer: times.get(name) ?? [], peerName: name, unit: 's', goal }),
      ),
      record({
        name: MEMORY,
        ours: memory / MIB,
        peer: median(ours),
        peerName: 'the seconds it took',
        unit: 'MiB',
        goal: 'ours < 300',
      }),
    ];
    expect(missed(figures)).toEqual([]);
  },
);
