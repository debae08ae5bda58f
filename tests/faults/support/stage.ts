import type { DBInstance } from 'tencentcloud-sdk-nodejs/tencentcloud/services/postgres/v20170312/postgres_models';
import type { InstanceRecord } from '../../../electron/control-plane/instances/record';
import {
  addressOf,
  cloudClient,
  nextSecond,
  PASSWORD,
  request,
  untilStatus,
  type CloudClient,
} from '../../support/cloud-client';
import {
  openStateFolder,
  processesOf,
  startControlPlane,
  stopEverything,
  type TestControlPlane,
} from '../../support/control-plane';
import { dataOf, documentOf, isWhole, postmasterOf, untilDocument } from '../../support/instance-document';
import { addRound, randomOf, ROUNDS, SEED } from './campaign';
import { processesOfNode, signalAll, watchForTwoWriters } from './nodes';
import { pause } from './wait';
import { startWriters, type Writers } from './writers';

/** A daemon with one instance of two nodes, and scenarios that happen to it under writers. */

export interface Scene {
  readonly state: string;
  /** The instance. */
  readonly id: string;
  readonly random: () => number;
  readonly writers: Writers;
  readonly api: () => CloudClient;
  record(): InstanceRecord;
  primary(): string;
  standby(): string;
  /** Data folder of a node. */
  data(node: string): string;
  postmaster(node: string): number;
  /** All processes of a node. */
  processes(node: string): number[];
  signal(pids: number | readonly number[], name: NodeJS.Signals): void;
  until(what: string, fits: (record: InstanceRecord) => boolean, ms?: number): Promise<InstanceRecord>;
  /** Another node than this one is the primary. */
  untilPrimaryIsNot(node: string): Promise<void>;
  untilWhole(): Promise<InstanceRecord>;
  /** How commits wait: the usual limits with these changes, for ever (null), or not at all. */
  setHa(
    how: { readonly MaxSyncStandbyLag?: number; readonly MaxSyncStandbyLatency?: number } | 'Async' | null,
  ): Promise<void>;
  killDaemon(): Promise<void>;
  startDaemon(): Promise<void>;
  /** Process ids; 0 when there is none. */
  gateway(): number;
  daemon(): number;
}

export interface Scenario {
  /** Rounds that are lost commits by nature: asynchronous mode. They are counted. */
  readonly mayLose?: boolean;
  /** A person starts a server by hand: two may run, but only one is reached by the address. */
  readonly byHand?: boolean;
  /** Generous: what is promised is measured by `npm run bench`, on a machine that does nothing else. */
  readonly longestOutageMs?: number;
  /** How long the instance may take to have two ready nodes again. */
  readonly wholeMs?: number;
  /** What happens. Runs while writers write; everything is whole before, and must be again afterwards. */
  run(scene: Scene): Promise<void>;
}

export interface Stage {
  open(): Promise<void>;
  close(): Promise<void>;
  /** Plays a scenario as often as the campaign says and returns what went wrong, in words. */
  play(name: string, scenario: Scenario, rounds?: number): Promise<string[]>;
}

export interface StageOptions {
  /** Zones of primary and standby. */
  readonly zones?: readonly [string, string];
  /** Before the daemon starts. */
  readonly prepare?: (state: string) => Promise<void>;
  readonly cleanUp?: (state: string) => Promise<void>;
}

const GIB = 1024 ** 3;
const NEXT_COMMIT_MS = 60_000;
const OUTAGE_MS = 20_000;
const WHOLE_MS = 90_000;
const CREATE_MS = 180_000;

/** Each kind of error once, with how often it came. */
function kindsOf(errors: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const error of errors) {
    const kind = error.slice(0, 60);
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return [...counts].map(([kind, count]) => `, ${count} × ${kind}`).join('');
}

/** How long a scenario may take. */
export const limitOf = (rounds = ROUNDS): number => 120_000 + rounds * 150_000;

export function createStage({
  zones = ['ap-guangzhou-3', 'ap-guangzhou-4'],
  prepare,
  cleanUp,
}: StageOptions = {}): Stage {
  let state = '';
  let plane: TestControlPlane;
  let api: CloudClient;
  let made: DBInstance | null = null;

  const startDaemon = async (): Promise<void> => {
    plane = await startControlPlane(state);
    api = cloudClient(plane);
  };
  const whole = (id: string, ms: number) => untilDocument(state, id, 'two nodes are ready', isWhole, ms);

  /** The instance, whole. One that a failed round left in pieces is left behind and a new one is made. */
  const ready = async (): Promise<DBInstance> => {
    if (made) {
      const fit = await whole(made.DBInstanceId ?? '', WHOLE_MS).catch(() => null);
      if (fit) return made;
      await stage.close();
      await stage.open();
    }
    const [primary, standby] = zones;
    const { DBInstanceIdSet: [id = ''] = [] } = await api.CreateInstances(
      request({
        Zone: primary,
        DBNodeSet: [
          { Role: 'Primary', Zone: primary },
          { Role: 'Standby', Zone: standby },
        ],
      }),
    );
    await whole(id, CREATE_MS);
    made = await untilStatus(api, id, 'running');
    return made;
  };

  const sceneOf = (id: string, random: () => number, writers: Writers, wholeMs: number): Scene => {
    const until: Scene['until'] = (what, fits, ms = 60_000) => untilDocument(state, id, what, fits, ms);
    return {
      state,
      id,
      random,
      writers,
      api: () => api,
      record: () => documentOf(state, id),
      primary: () => documentOf(state, id).nodes[0]?.id ?? '',
      standby: () => documentOf(state, id).nodes[1]?.id ?? '',
      data: (node) => dataOf(state, id, node),
      postmaster: (node) => postmasterOf(state, id, node),
      processes: (node) => processesOfNode(state, id, node),
      signal: (pids, name) => signalAll(typeof pids === 'number' ? [pids] : pids, name),
      until,
      untilPrimaryIsNot: async (node) =>
        void (await until('another node serves', ({ nodes }) => nodes[0]?.id !== node)),
      untilWhole: () => whole(id, wholeMs),
      async setHa(how) {
        await nextSecond();
        const waits =
          how === null || how === 'Async' ? {} : { MaxSyncStandbyLag: 10, MaxSyncStandbyLatency: GIB, ...how };
        await api.ModifyDBInstanceHAConfig({
          DBInstanceId: id,
          SyncMode: how === 'Async' ? 'Async' : 'Semi-sync',
          MaxStandbyLag: 10,
          MaxStandbyLatency: GIB,
          ...waits,
        });
      },
      killDaemon: () => plane.kill(),
      startDaemon,
      gateway: () => processesOf(state).find(({ kind }) => kind === 'gateway')?.pid ?? 0,
      daemon: () => plane.pid,
    };
  };

  /** What the writers and the API say after a round. */
  const judge = async (instance: DBInstance, name: string, scenario: Scenario, writers: Writers): Promise<string[]> => {
    const outage = Math.round(writers.longestOutageMs());
    const { acknowledged, lost, unacknowledged, errors } = await writers.finish();
    addRound(name, { acknowledged, lost: lost.length, longestOutageMs: outage });
    process.stdout.write(
      `  ${name}: ${acknowledged} acknowledged, ${lost.length} lost, ${unacknowledged} committed without word, ` +
        `longest outage ${outage} ms; ${errors.length} errors${kindsOf(errors)}\n`,
    );
    const { DBInstance: after = {} } = await api.DescribeDBInstanceAttribute({
      DBInstanceId: instance.DBInstanceId ?? '',
    });
    const [before, now] = [addressOf(instance), addressOf(after)];
    const limit = scenario.longestOutageMs ?? OUTAGE_MS;
    return [
      ...(lost.length > 0 && !scenario.mayLose ? [`lost ${lost.join(', ')} of ${acknowledged}`] : []),
      ...(outage > limit ? [`no commit for ${outage} ms, more than ${limit}`] : []),
      ...(after.DBInstanceStatus === 'running' ? [] : [`the status is ${after.DBInstanceStatus}`]),
      ...(before.host === now.host && before.port === now.port ? [] : [`the address is ${now.host}:${now.port}`]),
    ];
  };

  const round = async (name: string, scenario: Scenario, random: () => number): Promise<string[]> => {
    const instance = await ready();
    const id = instance.DBInstanceId ?? '';
    const writers = await startWriters({ ...addressOf(instance), user: 'shop', password: PASSWORD });
    const watch = scenario.byHand ? null : watchForTwoWriters(state, id);
    const problems: string[] = [];
    try {
      await writers.nextCommit(NEXT_COMMIT_MS);
      await nextSecond();
      await pause(random() * 300);
      writers.reset();
      const scene = sceneOf(id, random, writers, scenario.wholeMs ?? WHOLE_MS);
      await scenario.run(scene);
      await writers.nextCommit(NEXT_COMMIT_MS);
      await scene.untilWhole();
      problems.push(...(await judge(instance, name, scenario, writers)));
    } catch (error) {
      await Promise.race([writers.finish().catch(() => undefined), pause(5_000)]);
      problems.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
    }
    const seen = (await watch?.stop()) ?? [];
    if (seen.length > 0) problems.push(`two nodes accepted writes at the same time, ${seen.length} times: ${seen[0]}`);
    return problems;
  };

  const stage: Stage = {
    async open() {
      state = await openStateFolder();
      await prepare?.(state);
      await startDaemon();
    },
    async close() {
      made = null;
      if (state === '') return;
      signalAll(
        processesOf(state).map(({ pid }) => pid),
        'SIGCONT',
      );
      await cleanUp?.(state);
      await stopEverything(state);
    },
    async play(name, scenario, rounds = ROUNDS) {
      const problems: string[] = [];
      for (let number = 1; number <= rounds; number += 1) {
        const found = await round(name, scenario, randomOf(name, number));
        if (found.length === 0) continue;
        const log = plane.log().split('\n').slice(-30).join('\n');
        process.stdout.write(`✗ ${name}, round ${number}, seed ${SEED}: ${found.join('; ')}\n${log}\n`);
        problems.push(...found.map((problem) => `round ${number}, seed ${SEED}: ${problem}`));
      }
      return problems;
    },
  };
  return stage;
}
