import { rename } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { played, SEED } from './support/campaign';
import { deleteFolder, processesNamed } from './support/nodes';
import { createStage, limitOf, type Scenario, type Scene } from './support/stage';

const stage = createStage();
beforeAll(() => stage.open());
afterAll(() => stage.close());

/** Something happens to the node that serves, and the other one takes over. */
const takesOver = (blow: (primary: string, scene: Scene) => Promise<void> | void): Scenario => ({
  async run(scene) {
    const primary = scene.primary();
    await blow(primary, scene);
    await scene.untilPrimaryIsNot(primary);
  },
});

const LOST: Record<string, Scenario> = {
  'the postmaster of the primary is killed': takesOver((primary, { signal, postmaster }) =>
    signal(postmaster(primary), 'SIGKILL'),
  ),
  'all processes of the primary are killed': takesOver((primary, { signal, processes }) =>
    signal(processes(primary), 'SIGKILL'),
  ),
  'the primary is killed, its postmaster last': takesOver((primary, { signal, processes }) =>
    signal(processes(primary).toReversed(), 'SIGKILL'),
  ),
  'the primary is shut down by SIGTERM': takesOver((primary, { signal, postmaster }) => {
    // As SIGTERM waits for the sessions, SIGINT follows, as a person would.
    signal(postmaster(primary), 'SIGTERM');
    signal(postmaster(primary), 'SIGINT');
  }),
  'the primary is shut down by SIGQUIT': takesOver((primary, { signal, postmaster }) =>
    signal(postmaster(primary), 'SIGQUIT'),
  ),
  'the postmaster of the primary hangs': takesOver((primary, { signal, postmaster }) =>
    signal(postmaster(primary), 'SIGSTOP'),
  ),
  'all processes of the primary hang': takesOver((primary, { signal, processes }) =>
    signal(processes(primary), 'SIGSTOP'),
  ),
  'the primary hangs and goes on in the middle of the fail-over': takesOver(async (primary, scene) => {
    const all = scene.processes(primary);
    scene.signal(all, 'SIGSTOP');
    await scene.until('it is seen', ({ operation, nodes }) => operation !== null || nodes[0]?.id !== primary);
    scene.signal(all, 'SIGCONT');
  }),
  'the data folder of the primary is deleted': takesOver((primary, { data }) => deleteFolder(data(primary))),
  'the data folder of the primary is renamed': takesOver(async (primary, { data }) => {
    const folder = data(primary);
    await rename(folder, `${folder}.away`);
  }),
  'five fail-overs, back and forth': {
    longestOutageMs: 30_000,
    async run({ primary, processes, signal, untilPrimaryIsNot, untilWhole }) {
      for (let time = 0; time < 5; time += 1) {
        const before = primary();
        signal(processes(before), 'SIGKILL');
        await untilPrimaryIsNot(before);
        await untilWhole();
      }
    },
  },
};

const PARTS: Record<string, Scenario> = {
  'a backend of the primary crashes, and the server goes on': {
    async run({ primary, data, signal }) {
      const [pid = 0] = processesNamed(data(primary()), /: shop postgres \[local\]/);
      signal(pid, 'SIGKILL');
    },
  },
  'a session of the primary hangs, and the others go on': {
    async run({ primary, data, signal, writers }) {
      const [pid = 0] = processesNamed(data(primary()), /: shop postgres \[local\]/);
      signal(pid, 'SIGSTOP');
      await writers.nextCommit(10_000);
      signal(pid, 'SIGCONT');
    },
  },
  'the checkpointer of the primary is killed': {
    async run({ primary, data, signal }) {
      signal(processesNamed(data(primary()), /: checkpointer/), 'SIGKILL');
    },
  },
};

const ALWAYS = [
  'the postmaster of the primary is killed',
  'the postmaster of the primary hangs',
  'the data folder of the primary is deleted',
];

describe(`the primary is lost (seed ${SEED})`, () => {
  it.each(played({ ...LOST, ...PARTS }, ALWAYS))(
    '%s',
    async (name, what) => expect(await stage.play(name, what)).toEqual([]),
    limitOf(),
  );
});
