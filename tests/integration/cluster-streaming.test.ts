import { describe, expect, it } from 'vitest';
import { copyFrom } from '../../electron/control-plane/cluster/base-copy';
import { controlFacts } from '../../electron/control-plane/cluster/control-file';
import { ALONE } from '../../electron/control-plane/cluster/node';
import { stopPostmaster } from '../../electron/control-plane/cluster/postmaster';
import { promote } from '../../electron/control-plane/cluster/promote';
import { positionOf, replicationOf, waitReplayed } from '../../electron/control-plane/cluster/replication';
import { setSynchronous } from '../../electron/control-plane/cluster/synchronous';
import { eventually, openCluster } from '../support/cluster';

describe.each([10, 11, 12, 13, 14, 15, 16, 17, 18])('PostgreSQL %i', (major) => {
  it('is copied, streams, confirms commits, takes over, and takes the old primary back', async () => {
    const cluster = await openCluster(major);
    try {
      const n1 = await cluster.primary({ replication: { ...ALONE, standbys: ['n2'] } });
      await cluster.sql(n1, 'CREATE TABLE kept AS SELECT generate_series(1, 1000) AS id');
      const n2 = cluster.node('n2', {
        role: 'standby',
        replication: { ...ALONE, primary: { socket: n1.socket, password: n1.superuserPassword } },
      });
      const progress: [number, number][] = [];
      await copyFrom(n1, n2, { onProgress: (done, total) => progress.push([done, total]) });
      expect(progress.at(-1)?.[0]).toBeGreaterThan(10_000_000);
      await cluster.start(n2);
      await eventually('streaming', async () => (await replicationOf(n1)).find(({ state }) => state === 'streaming'));

      await setSynchronous(n1, 'n2');
      expect(await replicationOf(n1)).toMatchObject([{ id: 'n2', sync: 'sync', flushLagBytes: 0 }]);
      await cluster.sql(n1, 'INSERT INTO kept VALUES (1001)');
      await waitReplayed(n2, (await positionOf(n1)).flushed, { timeoutMs: 5000 });
      expect(await cluster.sql(n2, 'SELECT count(*)::int AS n FROM kept')).toEqual([{ n: 1001 }]);

      await stopPostmaster(n1);
      const facts = await controlFacts(n1);
      expect(facts).toMatchObject({ clean: true, timeline: 1 });
      await waitReplayed(n2, facts?.stoppedAt ?? 0n, { timeoutMs: 5000 });
      const from = performance.now();
      await promote({ ...n2, replication: { ...ALONE, standbys: ['n1'] } }, { timeoutMs: 10_000 });
      // Not one of the five seconds that a standby without our settings may take.
      expect(performance.now() - from).toBeLessThan(4500);
      const serving = cluster.node('n2', { replication: { ...ALONE, standbys: ['n1'] } });
      await cluster.sql(serving, 'INSERT INTO kept VALUES (1002)');

      const back = cluster.node('n1', {
        role: 'standby',
        replication: { ...ALONE, primary: { socket: serving.socket, password: serving.superuserPassword } },
      });
      await cluster.start(back);
      await eventually('the old primary streams', async () =>
        (await replicationOf(serving)).find(({ id, state }) => id === 'n1' && state === 'streaming'),
      );
      // Its slot for the new primary is gone: it would keep the log for ever.
      expect(await cluster.sql(back, 'SELECT slot_name FROM pg_replication_slots')).toEqual([]);
      await waitReplayed(back, (await positionOf(serving)).flushed, { timeoutMs: 5000 });
      expect(await cluster.sql(back, 'SELECT count(*)::int AS n FROM kept')).toEqual([{ n: 1002 }]);
      await setSynchronous(serving, 'n1');
      await setSynchronous(serving, null);
    } finally {
      await cluster.close();
    }
  });
});
