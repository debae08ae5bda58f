import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openSession } from '../../electron/adapters/postgres/session';
import type { MigrationStep, TableState } from '../../shared/model/migration';
import { startControlPlane } from '../support/control-plane';
import { expectNothingLeft } from '../support/migration-mixed';
import { played, randomOf, ROUNDS, SEED } from './support/campaign';
import {
  begin,
  clear,
  closeMigrationScene,
  configure,
  detailOf,
  dts,
  endOf,
  expectMoved,
  openMigrationScene,
  reach,
  tablesOf,
  untilJob,
  workersOf,
  type MigrationScene,
} from './support/migration-stage';
import { pause, until } from './support/wait';

/** The rows go through in some seconds, so that accidents find them on their way. */
const RATE = 1_500_000;
const PHASES: readonly MigrationStep[] = ['structure', 'copy', 'indexes', 'constraints', 'finish'];

const FILES = "SELECT relname AS name, relfilenode AS file FROM pg_class WHERE relkind = 'r' AND oid > 16383";

let scene: MigrationScene;
beforeAll(async () => {
  scene = await openMigrationScene();
});
afterAll(() => closeMigrationScene(scene));
afterEach(async () => {
  scene.roads.source.mend();
  scene.roads.target.mend();
  await clear(scene);
});

/** What happens to a task. It must come to its end by itself. */
interface Accident {
  readonly happen: () => Promise<void>;
  readonly crashesTarget?: boolean;
}

const killWorker = async (): Promise<void> => {
  for (const pid of workersOf(scene)) process.kill(pid, 'SIGKILL');
};
const killDaemon = async (): Promise<void> => {
  const workers = workersOf(scene);
  await scene.plane.kill();
  await until('the workers have ended with their daemon', () => workers.every((pid) => !isAlive(pid)), 20_000);
  scene.plane = await startControlPlane(scene.state);
};
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
const cut = (side: 'source' | 'target') => async (): Promise<void> => {
  scene.roads[side].cut();
  await pause(500);
  scene.roads[side].mend();
};
const stall = (side: 'source' | 'target') => async (): Promise<void> => {
  const areOpen = scene.roads[side].silence();
  await until('the silent connections were given up', () => !areOpen(), 90_000);
  scene.roads[side].mend();
};

const ACCIDENTS: Readonly<Record<string, Accident>> = {
  'the worker is killed': { happen: killWorker },
  'the daemon is killed': { happen: killDaemon },
  'the source is killed and comes back': { happen: () => scene.source.restart() },
  'the target is killed and comes back': { happen: () => scene.target.restart(), crashesTarget: true },
  'the connections to the source are cut': { happen: cut('source') },
  'the connections to the target are cut': { happen: cut('target') },
  'the way to the source is silent': { happen: stall('source') },
  'the way to the target is silent': { happen: stall('target') },
};

const atRandom = (name: string, round: number): { step: MigrationStep; fraction: number } => {
  const random = randomOf(name, round);
  return { step: PHASES[Math.floor(random() * PHASES.length)] ?? 'copy', fraction: random() * 0.9 };
};

describe(`a task (seed ${SEED}, HOWDAH_SEED repeats it)`, () => {
  describe.each(
    played(ACCIDENTS, [
      'the worker is killed',
      'the daemon is killed',
      'the target is killed and comes back',
      'the connections to the source are cut',
    ]),
  )('when %s', (name, accident) => {
    it.each(Array.from({ length: ROUNDS }, (_none, round) => round + 1))('ends whole, round %i', async (round) => {
      const { step, fraction } = atRandom(name, round);
      process.stdout.write(`  ${name}: in ${step}, at ${Math.round(fraction * 100)} %\n`);
      await begin(scene, { rate: RATE });
      await reach(scene, step, fraction);
      const since = Date.now();
      await accident.happen();
      expect(await endOf(scene)).toEqual({ status: 'success', missing: [] });
      // A crash of the target empties unlogged tables: one that comes after the last look at them is not the task's to heal.
      const { endedAt } = await detailOf(scene);
      const late = accident.crashesTarget === true && endedAt !== null && endedAt < since + 2000;
      if (!late) await expectMoved(scene);
    });
  });

  it('in the copy goes on at the table that was not finished', async () => {
    await begin(scene, { rate: RATE });
    const tables = async (...states: readonly TableState[]) =>
      (await tablesOf(scene)).filter(({ state }) => states.includes(state)).map(({ name }) => name);
    await until('some tables are done and some are not', async () => (await tables('done')).length > 3);
    await dts(scene).answer('PauseMigrateJob', { JobId: scene.id });
    await untilJob(scene, ['manualPaused']);
    await expectNothingLeft(scene.source);
    // A table that is emptied gets another file; so does one that is rebuilt.
    const files = async (): Promise<string[]> =>
      (await scene.target.sql(FILES, 'shop')).map(({ name, file }) => `${String(name)} ${String(file)}`);
    const done = new Set(await tables('done'));
    expect(await tables('waiting', 'copying')).not.toEqual([]);
    const before = (await files()).filter((each) => done.has(each.split(' ')[0] ?? ''));
    expect(before.length).toBeGreaterThan(0);
    await dts(scene).answer('ContinueMigrateJob', { JobId: scene.id });
    await untilJob(scene, ['success']);
    expect(await files()).toEqual(expect.arrayContaining(before));
    await expectMoved(scene);
  });

  it('copies unlogged tables again that a crash of the target has emptied', async () => {
    await begin(scene, { rate: RATE });
    await reach(scene, 'copy', 0);
    // The copy does not end before the crash.
    const holder = await openSession(scene.target.profile('shop'));
    await holder.query('BEGIN');
    await holder.query('LOCK TABLE small.t1');
    await until('the unlogged table is done', async () =>
      (await tablesOf(scene)).some(({ name, state }) => name === 'scratch' && state === 'done'),
    );
    await scene.target.restart();
    expect(await endOf(scene)).toEqual({ status: 'success', missing: [] });
    await expectMoved(scene);
  });

  it('that may not retry fails when a password was changed, says so, and goes on with the new one', async () => {
    await begin(scene, { rate: RATE, retryMinutes: 0 });
    await reach(scene, 'copy', 0.2);
    scene.passwords.source = 'another one';
    await scene.source.sql("ALTER ROLE mover PASSWORD 'another one'");
    await killWorker();
    await untilJob(scene, ['failed']);
    expect((await detailOf(scene)).problem).toMatch(/password/);
    await expectNothingLeft(scene.source);
    await configure(scene, { rate: 0 });
    await dts(scene).answer('ResumeMigrateJob', { JobId: scene.id });
    await untilJob(scene, ['success']);
    await expectMoved(scene);
  });

  it('that is stopped and destroyed leaves nothing on the source', async () => {
    await begin(scene, { rate: RATE });
    await reach(scene, 'copy', 0.3);
    await dts(scene).answer('StopMigrateJob', { JobId: scene.id });
    await untilJob(scene, ['canceled']);
    await expectNothingLeft(scene.source);
    expect(workersOf(scene)).toEqual([]);
  });
});
