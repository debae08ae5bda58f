import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { played, SEED } from './support/campaign';
import { deleteFolder, processesNamed } from './support/nodes';
import { createStage, limitOf, type Scenario, type Scene } from './support/stage';
import { pause, until } from './support/wait';

const stage = createStage();
beforeAll(() => stage.open());
afterAll(() => stage.close());

/** Something happens to the standby; the primary goes on and stays the primary. */
const goesOn = (blow: (standby: string, scene: Scene) => Promise<void> | void): Scenario => ({
  async run(scene) {
    const [primary, standby] = [scene.primary(), scene.standby()];
    const pid = scene.postmaster(standby);
    await blow(standby, scene);
    await scene.writers.nextCommit(30_000);
    await until('another process runs the standby', () => scene.postmaster(scene.standby()) !== pid, 60_000);
    await scene.untilWhole();
    if (scene.primary() !== primary) throw new Error(`the primary is ${scene.primary()}, not ${primary}`);
  },
});

const walReceiver = ({ data, standby }: Scene): number[] => processesNamed(data(standby()), /: walreceiver/);

/** Plays a part under other limits of waiting, and goes back to the usual ones. */
async function under(scene: Scene, limits: Parameters<Scene['setHa']>[0], part: () => Promise<void>): Promise<void> {
  await scene.setHa(limits);
  await scene.untilWhole();
  scene.writers.reset();
  try {
    await part();
  } finally {
    await scene.setHa({});
  }
}

const SCENARIOS: Record<string, Scenario> = {
  'the standby is killed': goesOn((standby, { signal, postmaster }) => signal(postmaster(standby), 'SIGKILL')),
  'all processes of the standby are killed': goesOn((standby, { signal, processes }) =>
    signal(processes(standby), 'SIGKILL'),
  ),
  'the standby is shut down': goesOn((standby, { signal, postmaster }) => signal(postmaster(standby), 'SIGINT')),
  'the standby hangs': goesOn((standby, { signal, processes }) => signal(processes(standby), 'SIGSTOP')),
  'the data folder of the standby is deleted': goesOn((standby, { data }) => deleteFolder(data(standby))),
  'the connection of the standby breaks': {
    async run(scene) {
      scene.signal(walReceiver(scene), 'SIGKILL');
      await scene.writers.nextCommit(30_000);
    },
  },

  'both nodes are killed at once': {
    async run({ primary, standby, processes, signal, until: untilRecord }) {
      const all = [...processes(primary()), ...processes(standby())];
      signal(all, 'SIGKILL');
      await untilRecord('it is seen', ({ operation, status }) => operation !== null || status !== 'running').catch(
        () => undefined,
      );
    },
  },
  'the standby is killed, then the primary before it is back': {
    longestOutageMs: 30_000,
    async run({ primary, standby, processes, signal, random }) {
      const first = primary();
      signal(processes(standby()), 'SIGKILL');
      await pause(random() * 2_000);
      signal(processes(first), 'SIGKILL');
    },
  },

  'the primary is killed while the standby is stuck': {
    longestOutageMs: 90_000,
    async run(scene) {
      const stuck = walReceiver(scene);
      scene.signal(stuck, 'SIGSTOP');
      const work = scene.record().history.length;
      scene.signal(scene.processes(scene.primary()), 'SIGKILL');
      // The standby was given up, or was made to go on: somebody serves again. Now it could become a primary still.
      await scene.writers.nextCommit(80_000);
      scene.signal(stuck, 'SIGCONT');
      await scene.until('it is answered', ({ operation, history }) => operation === null && history.length > work);
    },
  },

  'commits stop waiting for a standby that is stuck, and that is told': {
    run: (scene) =>
      under(scene, { MaxSyncStandbyLag: 2, MaxSyncStandbyLatency: 1024 ** 3 }, async () => {
        const stuck = walReceiver(scene);
        scene.signal(stuck, 'SIGSTOP');
        await scene.until(
          'it is told',
          ({ degradedAt, events }) => degradedAt !== null && events.some(({ kind }) => kind === 'degraded'),
          30_000,
        );
        await scene.writers.nextCommit(10_000);
        scene.signal(stuck, 'SIGCONT');
        await scene.until('it waits again', ({ degradedAt }) => degradedAt === null, 60_000);
      }),
  },
  'commits wait for ever where they must, and go on when the standby does': {
    longestOutageMs: 40_000,
    run: (scene) =>
      under(scene, null, async () => {
        const stuck = walReceiver(scene);
        scene.signal(stuck, 'SIGSTOP');
        const before = scene.writers.acknowledged();
        await pause(1_500);
        const meanwhile = scene.writers.acknowledged() - before;
        scene.signal(stuck, 'SIGCONT');
        // What was on its way is acknowledged; nothing that begins afterwards.
        if (meanwhile > 8) throw new Error(`${meanwhile} commits did not wait`);
        await scene.writers.nextCommit(30_000);
      }),
  },
  'what waited for the standby and became visible by a crash is not lost by a fail-over': {
    longestOutageMs: 60_000,
    run: (scene) =>
      under(scene, null, async () => {
        const primary = scene.primary();
        const shownBefore = scene.writers.acknowledged();
        scene.signal(walReceiver(scene), 'SIGSTOP');
        await pause(500);
        // A backend crashes: the server recovers, and shows what was committed without being acknowledged.
        scene.signal(processesNamed(scene.data(primary), /: checkpointer/), 'SIGKILL');
        let shown: number[] = [];
        await until(
          'rows can be read again, or another node takes over',
          async () => {
            if (scene.record().operation !== null) return true;
            shown = await scene.writers.visible(2_000).catch(() => []);
            return shown.length > shownBefore;
          },
          30_000,
        );
        // What the standby's receiver has in its buffers dies with it, and the primary cannot send it again.
        const receivers = walReceiver(scene);
        const work = scene.record().history.length;
        scene.signal(scene.processes(primary), 'SIGKILL');
        scene.signal(receivers, 'SIGTERM');
        scene.signal(receivers, 'SIGCONT');
        await scene.until(
          'the loss was answered',
          ({ operation, history }) => operation === null && history.length > work,
        );
        await scene.untilWhole();
        const now = new Set(await scene.writers.visible(10_000));
        const gone = shown.filter((n) => !now.has(n));
        if (gone.length > 0) throw new Error(`rows that a reader saw are gone: ${gone.join(', ')}`);
      }),
  },
  'in asynchronous mode what only the primary had may be lost': {
    mayLose: true,
    async run(scene) {
      await scene.setHa('Async');
      await scene.untilWhole();
      scene.writers.reset();
      try {
        const primary = scene.primary();
        scene.signal(scene.processes(primary), 'SIGKILL');
        await scene.untilPrimaryIsNot(primary);
        await scene.untilWhole();
      } finally {
        await scene.setHa({});
      }
    },
  },
};
const ALWAYS = ['commits stop waiting for a standby that is stuck, and that is told'];

describe(`the standby is lost (seed ${SEED})`, () => {
  it.each(played(SCENARIOS, ALWAYS))(
    '%s',
    async (name, what) => expect(await stage.play(name, what)).toEqual([]),
    limitOf(),
  );
});
