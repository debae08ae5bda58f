import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DBInstance } from 'tencentcloud-sdk-nodejs/tencentcloud/services/postgres/v20170312/postgres_models';
import { serverAccount } from '../../electron/control-plane/cluster/account';
import { ensureBinaries } from '../../electron/control-plane/cluster/binaries';
import { pause } from '../faults/support/wait';
import { startWriters, type Writers } from '../faults/support/writers';
import {
  addressOf,
  cloudClient,
  nextSecond,
  PASSWORD,
  request,
  untilStatus,
  type CloudClient,
} from '../support/cloud-client';
import {
  openStateFolder,
  processesOf,
  startControlPlane,
  stopEverything,
  type TestControlPlane,
} from '../support/control-plane';
import { dataOf, isWhole, postmasterOf, untilDocument } from '../support/instance-document';
import { startServer } from '../support/postgres';
import { median, missed, record, ROUNDS, wanted } from './figure';

const MAJOR = 17;
const ZONES = ['ap-guangzhou-3', 'ap-guangzhou-4'] as const;
const SINGLE = {};
const HA = {
  DBNodeSet: [
    { Role: 'Primary', Zone: ZONES[0] },
    { Role: 'Standby', Zone: ZONES[1] },
  ],
};

let state: string;
let plane: TestControlPlane;
let api: CloudClient;
const open = async (): Promise<void> => {
  state = await openStateFolder();
  plane = await startControlPlane(state);
  api = cloudClient(plane);
};
const close = (): Promise<void> => stopEverything(state);

const seconds = async (work: () => Promise<unknown>): Promise<number> => {
  const from = performance.now();
  await work();
  return (performance.now() - from) / 1000;
};

/** From the request to *running*. */
async function create(change: object): Promise<{ took: number; instance: DBInstance }> {
  let instance: DBInstance = {};
  await nextSecond();
  const took = await seconds(async () => {
    const { DBInstanceIdSet: [id = ''] = [] } = await api.CreateInstances(request(change));
    instance = await untilStatus(api, id, 'running');
  });
  return { took, instance };
}

async function destroy({ DBInstanceId: id = '' }: DBInstance): Promise<void> {
  await nextSecond();
  await api.IsolateDBInstances({ DBInstanceIdSet: [id] });
  await untilStatus(api, id, 'isolated');
  await api.DestroyDBInstance({ DBInstanceId: id });
}

/** initdb and a start by hand, until the first answer. */
async function byHand(): Promise<number> {
  let server: Awaited<ReturnType<typeof startServer>> | null = null;
  const took = await seconds(async () => (server = await startServer({ major: MAJOR, settings: ['fsync = on'] })));
  await (server as Awaited<ReturnType<typeof startServer>> | null)?.stop();
  return took;
}

describe('create', () => {
  beforeAll(open);
  afterAll(close);

  it.skipIf(!wanted('instances/create-single', 'instances/create-standby'))('single and with a standby', async () => {
    const [single, standby, peer]: [number[], number[], number[]] = [[], [], []];
    // The first round fetches what is missing and fills the disk's cache.
    for (let round = 0; round <= ROUNDS; round += 1) {
      const one = await create(SINGLE);
      await destroy(one.instance);
      const two = await create(HA);
      await destroy(two.instance);
      const hand = await byHand();
      if (round === 0) continue;
      single.push(one.took);
      standby.push(two.took);
      peer.push(hand);
    }
    const peerName = 'initdb and start by hand of one server';
    const figures = [
      record({ name: 'instances/create-single', ours: single, peer, peerName, unit: 's', goal: 'ours < 2' }),
      record({ name: 'instances/create-standby', ours: standby, peer, peerName, unit: 's', goal: 'ours < 5' }),
    ];
    expect(missed(figures)).toEqual([]);
  });
});

describe('outages', () => {
  let instance: DBInstance;
  let id = '';
  let writers: Writers;
  beforeAll(async () => {
    await open();
    ({ instance } = await create(HA));
    id = instance.DBInstanceId ?? '';
    writers = await startWriters({ ...addressOf(instance), user: 'shop', password: PASSWORD });
  });
  afterAll(close);

  const whole = () => untilDocument(state, id, 'two nodes are ready', isWhole);
  const outage = async (blow: (primary: string) => Promise<unknown>): Promise<number> => {
    const primary = (await whole()).nodes[0]?.id ?? '';
    await nextSecond();
    await writers.nextCommit(20_000);
    writers.reset();
    await blow(primary);
    await untilDocument(state, id, 'another node serves', ({ nodes }) => nodes[0]?.id !== primary);
    await writers.nextCommit(20_000);
    const took = writers.longestOutageMs() / 1000;
    await whole();
    return took;
  };

  /** A crash (or a stop) and a start by hand: seconds until the server answers again. */
  const again = async (signal: NodeJS.Signals): Promise<number> => {
    const server = await startServer({ major: MAJOR, settings: ['fsync = on'] });
    const { bin } = await ensureBinaries(MAJOR);
    const account = await serverAccount();
    let second: ChildProcess | null = null;
    const answers = async (): Promise<boolean> => {
      // Right after a crash the start is refused until the last process of the old server has gone.
      if (second === null || second.exitCode !== null) {
        second = spawn(join(bin, 'postgres'), ['-D', server.dataFolder], {
          ...account,
          env: { LC_ALL: 'C.UTF-8', TZ: 'UTC' },
          cwd: '/',
          stdio: 'ignore',
        });
      }
      return server.sql('SELECT 1').then(
        () => true,
        () => false,
      );
    };
    try {
      return await seconds(async () => {
        server.kill(signal);
        while (existsSync(`/proc/${server.pid}`)) await pause(5);
        while (!(await answers())) await pause(10);
      });
    } finally {
      const last = second as ChildProcess | null;
      const ended = new Promise((done) => last?.once('exit', done) ?? done(null));
      last?.kill('SIGINT');
      await ended;
      await server.stop();
    }
  };

  /** What may happen to the primary; each by its own figure. */
  const BLOWS: readonly [name: string, blow: (primary: string) => unknown][] = [
    ['instances/fail-over', (primary) => process.kill(postmasterOf(state, id, primary), 'SIGKILL')],
    ['instances/fail-over-stop', (primary) => process.kill(postmasterOf(state, id, primary), 'SIGINT')],
    ['instances/fail-over-hang', (primary) => process.kill(postmasterOf(state, id, primary), 'SIGSTOP')],
    [
      'instances/fail-over-folder',
      (primary) => renameSync(dataOf(state, id, primary), `${dataOf(state, id, primary)}.gone-${Date.now()}`),
    ],
  ];

  it.skipIf(!wanted(...BLOWS.map(([name]) => name)))('fail-over', async () => {
    const figures = [];
    for (const [name, blow] of BLOWS.filter(([each]) => wanted(each))) {
      const [ours, peer]: [number[], number[]] = [[], []];
      for (let round = 0; round < ROUNDS; round += 1) {
        ours.push(await outage(async (primary) => blow(primary)));
        peer.push(await again('SIGKILL'));
      }
      const peerName = 'a crash and a start by hand of one idle server';
      figures.push(record({ name, ours, peer, peerName, unit: 's', goal: 'ours < 5' }));
    }
    expect(missed(figures)).toEqual([]);
  });

  it.skipIf(!wanted('instances/switch-over'))('switch-over', async () => {
    const [ours, peer]: [number[], number[]] = [[], []];
    for (let round = 0; round < ROUNDS; round += 1) {
      ours.push(await outage(() => api.SwitchDBInstancePrimary({ DBInstanceId: id, SwitchTag: 0 })));
      peer.push(await again('SIGINT'));
    }
    const figure = record({
      name: 'instances/switch-over',
      ours,
      peer,
      peerName: 'a stop and a start by hand of one idle server',
      unit: 's',
      goal: 'ours < 1',
    });
    expect(missed([figure])).toEqual([]);
  });

  it.skipIf(!wanted('instances/fail-over', 'instances/switch-over'))('and none of them lost a commit', async () => {
    expect((await writers.finish()).lost).toEqual([]);
  });
});

describe('many instances', () => {
  const COUNT = Number(process.env['HOWDAH_BENCH_INSTANCES'] ?? 50);
  const WATCHED_MS = 60_000;
  const CREATE_LIMIT_MS = 600_000;
  beforeAll(open);
  afterAll(close);

  /** Ticks of a processor that a process has used; the kernel counts a hundred a second. */
  const ticks = (pid: number): number => {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return Number(fields[11]) + Number(fields[12]);
    } catch {
      return 0;
    }
  };
  const used = (kind: 'daemon' | 'postgres'): number =>
    processesOf(state)
      .filter((each) => each.kind === kind)
      .reduce((sum, { pid }) => sum + ticks(pid), 0);

  it.skipIf(!wanted('instances/list', 'instances/idle'))('are listed at once and cost nothing while idle', async () => {
    for (let made = 0; made < COUNT; made += 10) {
      const { DBInstanceIdSet = [] } = await api.CreateInstances(
        request({ InstanceCount: Math.min(10, COUNT - made), Name: `many-${made}` }),
      );
      await Promise.all(
        DBInstanceIdSet.map((each) =>
          untilDocument(state, each, 'it runs', ({ status }) => status === 'running', CREATE_LIMIT_MS),
        ),
      );
    }
    const list: number[] = [];
    const regions: number[] = [];
    for (let round = 0; round < 20; round += 1) {
      list.push((await seconds(() => api.DescribeDBInstances({ Limit: 100 }))) * 1000);
      regions.push((await seconds(() => api.DescribeRegions())) * 1000);
    }
    await pause(5_000);
    const before = { daemon: used('daemon'), postgres: used('postgres'), at: performance.now() };
    await pause(WATCHED_MS);
    const elapsed = (performance.now() - before.at) / 1000;
    // A tick is a hundredth of a second, so this is percent of one processor.
    const percent = (kind: 'daemon' | 'postgres'): number => (used(kind) - before[kind]) / elapsed / COUNT;
    const figures = [
      record({
        name: 'instances/list',
        ours: median(list),
        peer: median(regions),
        peerName: 'the list of regions',
        unit: 'ms',
        goal: 'ours < 100',
      }),
      record({
        name: 'instances/idle',
        ours: percent('daemon'),
        peer: Math.max(percent('postgres'), 0.0001),
        peerName: 'the servers of one instance',
        unit: '%',
        goal: 'ours < 0.2',
      }),
    ];
    expect(missed(figures)).toEqual([]);
  });
});
