import { spawn } from 'node:child_process';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serverAccount } from '../../electron/control-plane/cluster/account';
import { ensureBinaries } from '../../electron/control-plane/cluster/binaries';
import { played, SEED } from './support/campaign';
import { askNode } from './support/nodes';
import { createStage, limitOf, type Scenario, type Scene } from './support/stage';
import { pause, until } from './support/wait';

const stage = createStage();
beforeAll(() => stage.open());
afterAll(() => stage.close());

const switchOver = ({ api, id }: Scene): Promise<unknown> =>
  api().SwitchDBInstancePrimary({ DBInstanceId: id, SwitchTag: 0 });

/** Starts the server of a node behind the daemon's back, as an impatient person would. */
async function startByHand(data: string): Promise<void> {
  const { bin } = await ensureBinaries(17);
  const account = await serverAccount();
  const child = spawn(join(bin, 'postgres'), ['-D', data], {
    ...(account ? { uid: account.uid, gid: account.gid } : {}),
    cwd: data,
    env: { LC_ALL: 'C.UTF-8', TZ: 'UTC' },
    stdio: 'ignore',
    detached: true,
  });
  child.on('error', () => undefined);
  child.unref();
}

const SCENARIOS: Record<string, Scenario> = {
  'a switch-over under load': {
    longestOutageMs: 10_000,
    async run(scene) {
      const primary = scene.primary();
      await switchOver(scene);
      await scene.untilPrimaryIsNot(primary);
    },
  },
  'switch-overs back and forth': {
    longestOutageMs: 10_000,
    async run(scene) {
      for (let time = 0; time < 4; time += 1) {
        const primary = scene.primary();
        await switchOver(scene);
        await scene.untilPrimaryIsNot(primary);
        await scene.untilWhole();
      }
    },
  },
  'the primary is killed in the middle of a switch-over': {
    longestOutageMs: 60_000,
    async run(scene) {
      const all = scene.processes(scene.primary());
      await switchOver(scene);
      await pause(scene.random() * 1_000);
      scene.signal(all, 'SIGKILL');
    },
  },
  'the standby is killed in the middle of a switch-over': {
    longestOutageMs: 60_000,
    async run(scene) {
      const all = scene.processes(scene.standby());
      await switchOver(scene);
      await pause(scene.random() * 1_000);
      scene.signal(all, 'SIGKILL');
    },
  },
  'the standby hangs in the middle of a switch-over': {
    longestOutageMs: 90_000,
    async run(scene) {
      const all = scene.processes(scene.standby());
      await switchOver(scene);
      await pause(scene.random() * 600);
      scene.signal(all, 'SIGSTOP');
      await pause(3_000);
      scene.signal(all, 'SIGCONT');
    },
  },
  'a restart under load': {
    async run({ api, id, until: untilRecord }) {
      await api().RestartDBInstance({ DBInstanceId: id });
      await untilRecord(
        'it was restarted',
        ({ operation, history }) => operation === null && history[0]?.kind === 'restart',
      );
    },
  },
  'the primary is killed in the middle of a restart': {
    longestOutageMs: 60_000,
    async run({ api, id, primary, processes, signal, random }) {
      await api().RestartDBInstance({ DBInstanceId: id });
      await pause(random() * 1_000);
      signal(processes(primary()), 'SIGKILL');
    },
  },
  'the old primary is started by hand after a fail-over': {
    byHand: true,
    async run(scene) {
      const primary = scene.primary();
      const data = scene.data(primary);
      scene.signal(scene.processes(primary), 'SIGKILL');
      await scene.untilPrimaryIsNot(primary);
      if (
        await access(join(data, 'PG_VERSION')).then(
          () => true,
          () => false,
        )
      )
        await startByHand(data);
      await scene.untilWhole();
      // It was ended, whatever it was doing, and follows now.
      const [row] = await askNode(scene.state, scene.id, primary, 'SELECT pg_is_in_recovery() AS follows');
      if (row?.['follows'] !== true) throw new Error('the old primary does not follow');
    },
  },
  'the old primary is started by hand before the fail-over is seen': {
    byHand: true,
    async run(scene) {
      const primary = scene.primary();
      const data = scene.data(primary);
      scene.signal(scene.processes(primary), 'SIGKILL');
      await until('its postmaster is gone', () => scene.processes(primary).length === 0, 5_000);
      await startByHand(data);
      await scene.until(
        'it is over',
        ({ operation, nodes }) => operation === null && nodes.every(({ state }) => state === 'ready'),
      );
    },
  },
  'after a fail-over commits wait for no node that is not there': {
    longestOutageMs: 15_000,
    async run(scene) {
      const primary = scene.primary();
      scene.signal(scene.processes(primary), 'SIGKILL');
      await scene.untilPrimaryIsNot(primary);
      await scene.writers.nextCommit(10_000);
      await scene.untilWhole();
      const [row] = await askNode(
        scene.state,
        scene.id,
        scene.primary(),
        "SELECT current_setting('synchronous_standby_names') AS names, (SELECT string_agg(slot_name, ',') FROM pg_replication_slots) AS slots",
      );
      const standby = scene.standby();
      if (!String(row?.['names']).includes(standby) || row?.['slots'] !== standby)
        throw new Error(
          `commits wait for ${String(row?.['names'])}, slots are ${String(row?.['slots'])}, the standby is ${standby}`,
        );
    },
  },
};

describe(`planned work is disturbed (seed ${SEED})`, () => {
  it.each(played(SCENARIOS, ['the primary is killed in the middle of a switch-over']))(
    '%s',
    async (name, what) => expect(await stage.play(name, what)).toEqual([]),
    limitOf(),
  );
});
