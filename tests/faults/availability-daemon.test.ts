import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { played, SEED } from './support/campaign';
import { createStage, limitOf, type Scenario } from './support/stage';
import { pause, until } from './support/wait';

const stage = createStage();
beforeAll(() => stage.open());
afterAll(() => stage.close());

/** Who watches is lost itself. While there is no daemon nobody takes over: the outage lasts until it is back. */
const SCENARIOS: Record<string, Scenario> = {
  'the daemon is killed and nobody notices': {
    longestOutageMs: 10_000,
    async run({ killDaemon, startDaemon, writers, postmaster, primary }) {
      const before = postmaster(primary());
      await killDaemon();
      await writers.nextCommit(10_000);
      await startDaemon();
      await writers.nextCommit(10_000);
      if (postmaster(primary()) !== before) throw new Error('the server is another one');
    },
  },
  'the daemon is killed during a fail-over': {
    longestOutageMs: 60_000,
    async run({ killDaemon, startDaemon, primary, processes, signal, random }) {
      signal(processes(primary()), 'SIGKILL');
      await pause(random() * 1_200);
      await killDaemon();
      await pause(random() * 500);
      await startDaemon();
    },
  },
  'the daemon is killed again and again during one fail-over': {
    longestOutageMs: 90_000,
    async run({ killDaemon, startDaemon, primary, processes, signal, random }) {
      signal(processes(primary()), 'SIGKILL');
      for (let time = 0; time < 3; time += 1) {
        await pause(random() * 700);
        await killDaemon();
        await startDaemon();
      }
    },
  },
  'the daemon is killed during a switch-over': {
    longestOutageMs: 60_000,
    async run({ api, id, killDaemon, startDaemon, random }) {
      await api().SwitchDBInstancePrimary({ DBInstanceId: id, SwitchTag: 0 });
      await pause(random() * 1_200);
      await killDaemon();
      await pause(random() * 500);
      await startDaemon();
    },
  },
  'the daemon is killed while the lost node is rebuilt': {
    longestOutageMs: 30_000,
    async run(scene) {
      const primary = scene.primary();
      scene.signal(scene.processes(primary), 'SIGKILL');
      await scene.untilPrimaryIsNot(primary);
      await scene.until('it is being built', ({ nodes }) => nodes[1]?.state === 'building');
      await pause(scene.random() * 1_500);
      await scene.killDaemon();
      await scene.startDaemon();
    },
  },
  'the primary dies while there is no daemon': {
    longestOutageMs: 60_000,
    async run({ killDaemon, startDaemon, primary, processes, signal, random }) {
      await killDaemon();
      await pause(random() * 300);
      signal(processes(primary()), 'SIGKILL');
      await pause(500 + random() * 1_000);
      await startDaemon();
    },
  },
  'both nodes die while there is no daemon': {
    longestOutageMs: 60_000,
    async run({ killDaemon, startDaemon, primary, standby, processes, signal }) {
      await killDaemon();
      signal([...processes(primary()), ...processes(standby())], 'SIGKILL');
      await startDaemon();
    },
  },
  'the daemon hangs for a while': {
    longestOutageMs: 10_000,
    async run({ daemon, signal, writers, random }) {
      const pid = daemon();
      signal(pid, 'SIGSTOP');
      await pause(500 + random() * 2_000);
      await writers.nextCommit(10_000);
      signal(pid, 'SIGCONT');
    },
  },
  'the gateway is killed': {
    async run({ gateway, signal }) {
      const before = gateway();
      signal(before, 'SIGKILL');
      await until('there is another gateway', () => gateway() !== 0 && gateway() !== before, 20_000);
    },
  },
  'gateway and primary are killed at once': {
    async run({ gateway, primary, processes, signal, untilPrimaryIsNot }) {
      const before = primary();
      signal([gateway(), ...processes(before)], 'SIGKILL');
      await untilPrimaryIsNot(before);
    },
  },
  'daemon, gateway and primary are killed at once': {
    longestOutageMs: 60_000,
    async run({ gateway, primary, processes, signal, killDaemon, startDaemon, random }) {
      signal([gateway(), ...processes(primary())], 'SIGKILL');
      await killDaemon();
      await pause(random() * 500);
      await startDaemon();
    },
  },
};

describe(`daemon and gateway are lost (seed ${SEED})`, () => {
  it.each(played(SCENARIOS, ['the daemon is killed during a fail-over']))(
    '%s',
    async (name, what) => expect(await stage.play(name, what)).toEqual([]),
    limitOf(),
  );
});
