import { readdirSync, readFileSync } from 'node:fs';
import { expect } from 'vitest';
import type {
  Finding,
  JobStatus,
  MigrationProgress,
  MigrationStep,
  ObjectOutcome,
  TableProgress,
} from '../../../shared/model/migration';
import type { MigrationJobDetail } from '../../../shared/model/migration-api';
import { openStateFolder, startControlPlane, stopEverything, type TestControlPlane } from '../../support/control-plane';
import { dtsService } from '../../support/dts-client';
import { contentsOf, expectNothingLeft, mixedSql, type MixedSize } from '../../support/migration-mixed';
import { orderOf, sideOf } from '../../support/migration-worker';
import { startServer, type TestServer, type TestServerOptions } from '../../support/postgres';
import { Road } from '../../support/road';
import { ownService } from '../../support/sdk-call';
import { pause } from './wait';

export const DATABASE = 'shop';
/** So that changes can be followed; the sender soon notices who has gone. */
const LOGICAL = ['wal_level = logical', 'wal_sender_timeout = 5s'];

/** A task of a real control plane between two servers, each behind a road that can be cut. */
export interface MigrationScene {
  readonly state: string;
  readonly source: TestServer;
  readonly target: TestServer;
  readonly roads: { readonly source: Road; readonly target: Road };
  /** Of the account `mover`, as the task is told. */
  readonly passwords: { source: string; target: string };
  plane: TestControlPlane;
  /** What the source held at first; its own crash empties unlogged tables and moves sequences on. */
  readonly contents: Readonly<Record<string, string>>;
  /** The task under way. */
  id: string;
}

export interface SceneOptions {
  /** Bytes a second while the rows are copied, so that there is time for an accident. */
  readonly rate: number;
  /** As long as the task tries by itself. */
  readonly retryMinutes?: number;
  /** Of the task, beside those of a full copy. */
  readonly options?: object;
}

/** Starts what the scenarios play on: servers, roads, a daemon, and a source with everything in it. */
export async function openMigrationScene(
  target: Partial<TestServerOptions> = {},
  size: MixedSize = { rows: 30_000, smallTables: 40 },
): Promise<MigrationScene> {
  const state = await openStateFolder();
  const [from, to, plane] = await Promise.all([
    startServer({ major: 17, password: 'secret of the source', settings: LOGICAL }),
    startServer({ major: 17, password: 'secret of the target', ...target }),
    startControlPlane(state),
  ]);
  const roads = { source: new Road(), target: new Road() };
  roads.source.target = from.port;
  roads.target.target = to.port;
  await Promise.all([roads.source.open(), roads.target.open()]);
  const passwords = { source: 'first', target: 'second' };
  await from.sql(`CREATE ROLE mover SUPERUSER LOGIN PASSWORD '${passwords.source}'`);
  await to.sql(`CREATE ROLE mover SUPERUSER LOGIN PASSWORD '${passwords.target}'`);
  await from.createDatabase(DATABASE);
  await from.sql(mixedSql(from, size), DATABASE);
  return {
    state,
    source: from,
    target: to,
    roads,
    passwords,
    plane,
    contents: await contentsOf(from, DATABASE),
    id: '',
  };
}

export async function closeMigrationScene(scene: MigrationScene): Promise<void> {
  await Promise.all([scene.roads.source.close(), scene.roads.target.close()]);
  await stopEverything(scene.state);
  await Promise.all([scene.source.stop(), scene.target.stop()]);
}

export const own = (scene: MigrationScene) => ownService(scene.plane);
export const dts = (scene: MigrationScene) => dtsService(scene.plane);

export const detailOf = async (scene: MigrationScene): Promise<MigrationJobDetail> =>
  (await own(scene).answer<{ Job: MigrationJobDetail }>('DescribeMigrationJob', { JobId: scene.id })).Job;

export const progressOf = async (scene: MigrationScene): Promise<MigrationProgress | null> =>
  (await own(scene).answer<{ Progress: MigrationProgress | null }>('DescribeMigrationProgress', { JobId: scene.id }))
    .Progress;

export const tablesOf = async (scene: MigrationScene): Promise<readonly TableProgress[]> =>
  (await own(scene).answer<{ Tables: TableProgress[] }>('DescribeMigrationTables', { JobId: scene.id, Limit: 500 }))
    .Tables;

/** Waits for one of the statuses; the daemon may be away meanwhile. */
export async function untilJob(scene: MigrationScene, statuses: readonly JobStatus[], ms = 90_000): Promise<JobStatus> {
  let last = '';
  for (const deadline = Date.now() + ms; Date.now() < deadline; await pause(50)) {
    const job = await detailOf(scene).catch(() => null);
    if (!job) continue;
    last = `${job.status} ${job.problem}`;
    if (statuses.includes(job.status)) return job.status;
  }
  const follow = (await progressOf(scene).catch(() => null))?.follow;
  const failed = (await tablesOf(scene).catch(() => [])).filter(({ state }) => state === 'failed');
  throw new Error(
    `the task is ${last}, not ${statuses.join(' or ')}; it follows: ${JSON.stringify(follow)}; failed: ${JSON.stringify(failed)}; the daemon said: ${scene.plane.log().slice(-2000)}`,
  );
}

/** Tells the task where both servers are, and by which passwords. */
export async function configure(scene: MigrationScene, options: SceneOptions): Promise<void> {
  const side = (name: 'source' | 'target', port: number) => ({
    ...sideOf(scene[name], { port, user: 'mover' }),
    password: scene.passwords[name],
  });
  await own(scene).answer('ConfigureMigrationJob', {
    JobId: scene.id,
    Source: side('source', scene.roads.source.port),
    Target: side('target', scene.roads.target.port),
    Options: {
      ...orderOf(scene.source, scene.target, { database: DATABASE }).options,
      bytesPerSecond: options.rate,
      splitAbove: 1_000_000,
      copyJobs: 2,
      indexJobs: 2,
      ...options.options,
    },
    RetryMinutes: options.retryMinutes ?? 5,
  });
}

/** Makes a task, has it verified, and starts it. */
export async function begin(scene: MigrationScene, options: SceneOptions): Promise<void> {
  const { JobIds } = await dts(scene).answer<{ JobIds: string[] }>('CreateMigrationService', {
    SrcDatabaseType: 'postgresql',
    DstDatabaseType: 'postgresql',
    SrcRegion: 'ap-guangzhou',
    DstRegion: 'ap-guangzhou',
    InstanceClass: 'medium',
    JobName: 'faults',
  });
  scene.id = JobIds[0] ?? '';
  await configure(scene, options);
  await dts(scene).answer('CreateMigrateCheckJob', { JobId: scene.id });
  if ((await untilJob(scene, ['checkPass', 'checkNotPass'])) === 'checkNotPass') {
    const { Findings } = await own(scene).answer<{ Findings: Finding[] }>('DescribeMigrationFindings', {
      JobId: scene.id,
    });
    const failed = Findings.filter(({ level }) => level === 'failed');
    throw new Error(failed.map(({ check, found, items }) => `${check}: ${found} (${items.join(', ')})`).join('\n'));
  }
  await dts(scene).answer('StartMigrateJob', { JobId: scene.id });
}

/** Waits until a step is under way, and then for a part of what it has to do. A step that is over already counts as reached. */
export async function reach(scene: MigrationScene, step: MigrationStep, fraction: number): Promise<void> {
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; await pause(5)) {
    const found = (await progressOf(scene))?.steps.find((each) => each.step === step);
    if (!found || found.state === 'notStarted') continue;
    if (found.state !== 'running' || (found.fraction ?? 0) >= fraction) return;
  }
  throw new Error(`the step ${step} was not reached`);
}

/** Workers of the tasks of this state folder. */
export function workersOf(scene: MigrationScene): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return (
          readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('migration-worker.js') &&
          parentOf(Number(pid)) === scene.plane.pid
        );
      } catch {
        return false;
      }
    })
    .map(Number);
}

function parentOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
}

/** How a task has ended: its status, and what it could not move. */
export async function endOf(scene: MigrationScene): Promise<{ status: JobStatus; missing: string[] }> {
  const status = await untilJob(scene, ['success', 'failed']);
  const wanted = { JobId: scene.id, Outcome: 'failed', Limit: 20 };
  const { Objects } = await own(scene).answer<{ Objects: ObjectOutcome[] }>('DescribeMigrationObjects', wanted);
  const { problem } = await detailOf(scene);
  const missing = Objects.map(({ key, reason, statement }) => `${key}: ${reason}: ${statement.slice(0, 200)}`);
  return { status, missing: problem === '' ? missing : [problem, ...missing] };
}

/** What must be true at the end: both sides are equal, as the source was at first or is now, and the source is left as it was. */
export async function expectMoved(scene: MigrationScene): Promise<void> {
  const [now, to] = await Promise.all([contentsOf(scene.source, DATABASE), contentsOf(scene.target, DATABASE)]);
  const { contents: first } = scene;
  const asFirst = Object.entries(first).filter(([name, sum]) => to[name] === sum);
  expect(to).toEqual({ ...now, ...Object.fromEntries(asFirst) });
  await expectNothingLeft(scene.source);
}

/** Deletes the task, also one that a test has left under way, and what it made on the target. */
export async function clear(scene: MigrationScene): Promise<void> {
  if ((await detailOf(scene)).actions.includes('stop')) {
    await dts(scene).answer('StopMigrateJob', { JobId: scene.id });
    await untilJob(scene, ['canceled', 'created', 'checkNotPass']);
  }
  await dts(scene).answer('IsolateMigrateJob', { JobId: scene.id });
  await dts(scene).answer('DestroyMigrateJob', { JobId: scene.id });
  await scene.target.sql(`DROP DATABASE IF EXISTS ${DATABASE} WITH (FORCE)`);
}
