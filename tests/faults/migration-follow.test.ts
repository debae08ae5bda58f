import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { MigrationStep } from '../../shared/model/migration';
import { startControlPlane } from '../support/control-plane';
import { contentsOf } from '../support/migration-mixed';
import { flowSql, startMixedWriter, type MixedWriter } from '../support/mixed-writer';
import { addRound, played, randomOf, roundsOf, SEED } from './support/campaign';
import {
  begin,
  clear,
  closeMigrationScene,
  DATABASE,
  detailOf,
  dts,
  endOf,
  expectMoved,
  openMigrationScene,
  own,
  progressOf,
  reach,
  untilJob,
  workersOf,
  type MigrationScene,
} from './support/migration-stage';
import { pause, until } from './support/wait';

/** The rows of the copy take a second or two, so that accidents find them on their way. */
const RATE = 2_000_000;
const INCREMENTAL = { rate: RATE, options: { type: 'fullAndIncrement' } } as const;
/** With twelve accidents more than a hundred rounds in all. */
const ROUNDS = roundsOf(9);
/** When the accident comes: in a step of the copy, while changes are followed, or while the task is cut over. */
const PHASES: readonly MigrationStep[] = ['prepare', 'structure', 'copy', 'indexes', 'follow', 'follow', 'complete'];

/** What the checks ask for: every table says which row was changed, and writes to the log. */
const FOLLOWABLE = `
  ALTER TABLE shop.scratch SET LOGGED;
  ALTER TABLE shop.scratch REPLICA IDENTITY FULL;
  ALTER TABLE shop.nothing REPLICA IDENTITY FULL;
  ALTER TABLE shop.parent REPLICA IDENTITY FULL;
  ALTER TABLE shop.child REPLICA IDENTITY FULL;
  ALTER TABLE shop.item REPLICA IDENTITY FULL;`;

let scene: MigrationScene;
let writer: MixedWriter | null = null;
beforeAll(async () => {
  scene = await openMigrationScene({}, { rows: 5000, smallTables: 10 });
  await scene.source.sql(FOLLOWABLE, DATABASE);
});
afterAll(() => closeMigrationScene(scene));
afterEach(async () => {
  scene.roads.source.mend();
  scene.roads.target.mend();
  await writer?.stop();
  writer = null;
  await clear(scene);
  await scene.source.sql('DROP SCHEMA IF EXISTS flow CASCADE', DATABASE);
});

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};
const killWorker = async (): Promise<void> => {
  for (const pid of workersOf(scene)) process.kill(pid, 'SIGKILL');
};
const isOver = async (): Promise<boolean> => (await detailOf(scene)).status === 'success';
const killDaemon = async (): Promise<void> => {
  const workers = workersOf(scene);
  await scene.plane.kill();
  await until('the workers have ended with their daemon', () => workers.every((pid) => !isAlive(pid)), 40_000);
  scene.plane = await startControlPlane(scene.state);
};
const cut = (side: 'source' | 'target') => async (): Promise<void> => {
  scene.roads[side].cut();
  await pause(500);
  scene.roads[side].mend();
};
const stall = (side: 'source' | 'target') => async (): Promise<void> => {
  const areOpen = scene.roads[side].silence();
  await until('the silent connections were given up', () => !areOpen(), 120_000);
  scene.roads[side].mend();
};
/** Every session of the task, one after the other, as an administrator would who tidies up. */
const terminate = (side: 'source' | 'target') => async (): Promise<void> => {
  for (let round = 0; round < 3; round += 1) {
    await scene[side].sql(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'howdah%' AND pid <> pg_backend_pid()",
    );
    await pause(100);
  }
};

/** The machine sleeps for longer than the source waits for a word. */
const sleep = async (): Promise<void> => {
  const asleep = [scene.plane.pid, ...workersOf(scene)];
  for (const pid of asleep) process.kill(pid, 'SIGSTOP');
  await pause(7000);
  for (const pid of asleep) process.kill(pid, 'SIGCONT');
};

const ACCIDENTS: Readonly<Record<string, () => Promise<void>>> = {
  'the worker is killed': killWorker,
  'the worker is killed three times': async () => {
    for (let time = 0; time < 3; time += 1) {
      await killWorker();
      await until(
        'another worker is there, or the task is over',
        async () => workersOf(scene).length > 0 || (await isOver()),
      );
      await pause(300);
    }
  },
  'the daemon is killed': killDaemon,
  'the source is killed and comes back': () => scene.source.restart(),
  'the target is killed and comes back': () => scene.target.restart(),
  'the connections to the source are cut': cut('source'),
  'the connections to the target are cut': cut('target'),
  'the way to the source is silent': stall('source'),
  'the way to the target is silent': stall('target'),
  'the machine sleeps': sleep,
  'its sessions on the source are terminated': terminate('source'),
  'its sessions on the target are terminated': terminate('target'),
};

async function startWriter(name: string, round: number): Promise<MixedWriter> {
  await scene.source.sql(flowSql(scene.source), DATABASE);
  return startMixedWriter({
    server: scene.source,
    database: DATABASE,
    random: randomOf(`${name} writes`, round),
    // The cut-over makes the source read-only and ends the sessions.
    tolerate: ['25006'],
  });
}

const complete = (): Promise<unknown> =>
  own(scene).answer('CompleteMigration', {
    JobId: scene.id,
    Completion: { stopWrites: 'readOnly', moveAddress: false, failBack: false, compare: 'full' },
  });

const flowOf = async (server: MigrationScene['source']) =>
  Object.fromEntries(Object.entries(await contentsOf(server, DATABASE)).filter(([name]) => name.startsWith('flow.')));

/** The tables of the writer, who rests, become equal on both sides. */
async function expectEqual(): Promise<void> {
  const wanted = await flowOf(scene.source);
  await expect.poll(() => flowOf(scene.target), { timeout: 60_000, interval: 500 }).toEqual(wanted);
}

describe(`a task that follows a source which is written to (seed ${SEED}, HOWDAH_SEED repeats it)`, () => {
  describe.each(
    played(ACCIDENTS, [
      'the worker is killed three times',
      'the source is killed and comes back',
      'the target is killed and comes back',
      'the connections to the target are cut',
    ]),
  )('when %s', (name, happen) => {
    it.each(Array.from({ length: ROUNDS }, (_none, round) => round + 1))('loses nothing, round %i', async (round) => {
      const random = randomOf(name, round);
      const step = PHASES[Math.floor(random() * PHASES.length)] ?? 'follow';
      const fraction = random();
      process.stdout.write(`  ${name}: in ${step}, ${Math.round(fraction * 100)}\n`);
      writer = await startWriter(name, round);
      await writer.more(20);
      await begin(scene, INCREMENTAL);
      if (step === 'follow' || step === 'complete') {
        await reach(scene, 'follow', 0);
        await writer.more(1 + Math.floor(fraction * 200));
      } else await reach(scene, step, fraction * 0.9);
      if (step !== 'complete') {
        await happen();
        await writer.more(100);
      }
      await untilJob(scene, ['readyComplete', 'failed']);
      await writer.rest();
      await complete();
      if (step === 'complete') {
        await pause(fraction * 1500);
        await happen();
      }
      expect(await endOf(scene)).toEqual({ status: 'success', missing: [] });
      await expectEqual();
      const lost = await writer.lostOn(scene.target, DATABASE);
      // A sequence that was handed over is further on the source when that crashes later: values that were logged ahead are gone.
      const ahead = step === 'complete' && name.startsWith('the source is killed');
      addRound(`migration: ${name}`, { acknowledged: writer.commits(), lost: lost.length, longestOutageMs: 0 });
      expect(lost).toEqual([]);
      if (!ahead) await expectMoved(scene);
    });
  });

  it('applies an acknowledged transaction once, however often its worker is killed while it applies', async () => {
    writer = await startWriter('often', 1);
    await begin(scene, { ...INCREMENTAL, rate: 0 });
    await reach(scene, 'follow', 0);
    for (let time = 0; time < 8; time += 1) {
      await writer.more(15);
      await killWorker();
      await until('another worker is there', () => workersOf(scene).length > 0);
    }
    await writer.more(30);
    await writer.rest();
    await untilJob(scene, ['readyComplete']);
    await expectEqual();
    expect(await writer.lostOn(scene.target, DATABASE)).toEqual([]);
  });

  it('whose slot is dropped fails and says so, and leaves nothing', async () => {
    writer = await startWriter('dropped', 1);
    await begin(scene, { ...INCREMENTAL, rate: 0 });
    await reach(scene, 'follow', 0);
    await until('the slot is dropped', async () => {
      // It is held again at once when its session is ended.
      await scene.source
        .sql(
          `SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE active_pid IS NOT NULL;
           SELECT pg_sleep(0.05); SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE NOT active`,
        )
        .catch(() => undefined);
      return (await scene.source.sql('SELECT 1 AS one FROM pg_replication_slots')).length === 0;
    });
    await writer.more(5);
    await untilJob(scene, ['failed']);
    expect((await detailOf(scene)).problem).toMatch(/slot/);
    await writer.stop();
    await dts(scene).answer('StopMigrateJob', { JobId: scene.id });
    await untilJob(scene, ['canceled']);
    await until('the source is left as it was', async () => {
      const left = await scene.source.sql(
        `SELECT slot_name::text AS name FROM pg_replication_slots UNION ALL SELECT pubname FROM pg_publication
         UNION ALL SELECT evtname FROM pg_event_trigger UNION ALL SELECT nspname FROM pg_namespace WHERE nspname LIKE 'howdah%'`,
        DATABASE,
      );
      return left.length === 0;
    });
  });

  it('whose account may not write any more halts, says why, and goes on when it may', async () => {
    writer = await startWriter('revoked', 1);
    await scene.target.sql('ALTER ROLE mover NOSUPERUSER CREATEDB CREATEROLE');
    await scene.target.createDatabase(DATABASE, 'OWNER mover');
    await begin(scene, { rate: 0, options: { ...INCREMENTAL.options, keepOwners: false, keepPrivileges: false } });
    await untilJob(scene, ['readyComplete']);
    await scene.target.sql('REVOKE INSERT, UPDATE, DELETE ON flow.account, flow.ledger FROM mover', DATABASE);
    const halts = async () => (await progressOf(scene))?.follow?.databases.flatMap((each) => each.halts) ?? [];
    await until('the stream halts', async () => (await halts()).length > 0);
    const [halt] = await halts();
    expect(halt?.text).toMatch(/permission denied/);
    await writer.more(20);
    await scene.target.sql('GRANT INSERT, UPDATE, DELETE ON flow.account, flow.ledger TO mover', DATABASE);
    await own(scene).answer('DecideMigrationHalt', {
      JobId: scene.id,
      Decision: { database: DATABASE, id: halt?.id, choice: 'retry' },
    });
    await writer.rest();
    await expectEqual();
    await scene.target.sql('ALTER ROLE mover SUPERUSER');
  });

  it('whose account lost its right waits, says so, and goes on when it has it again', async () => {
    writer = await startWriter('right', 1);
    await begin(scene, { ...INCREMENTAL, rate: 0 });
    await reach(scene, 'follow', 0);
    await scene.target.sql("ALTER ROLE mover PASSWORD 'another one'");
    await killWorker();
    await until('the task says what it waits for', async () => /password/.test((await detailOf(scene)).problem));
    await writer.more(50);
    await scene.target.sql(`ALTER ROLE mover PASSWORD '${scene.passwords.target}'`);
    await untilJob(scene, ['readyComplete']);
    expect((await detailOf(scene)).problem).toBe('');
    await writer.rest();
    await expectEqual();
  });
});
