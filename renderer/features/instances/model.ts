import {
  INSTANCE_STATUSES,
  type InstanceOptions,
  type InstanceStatus,
  type InstanceView,
} from '../../../shared/model/instance';
import type { Tone } from '../../ui/status-pill';

/** Statuses in which nothing moves by itself; every other one ends by itself. */
const STEADY: ReadonlySet<InstanceStatus> = new Set([
  'running',
  'limited run',
  'readonly',
  'isolated',
  'recycled',
  'offline',
  // An operation waits for its time, for a week if need be.
  'waitSwitch',
]);

export const isChanging = (status: InstanceStatus): boolean => !STEADY.has(status);

export function toneOf(status: InstanceStatus): Tone {
  if (status === 'running') return 'ok';
  if (status === 'waitSwitch') return 'info';
  if (status === 'limited run' || status === 'readonly') return 'warn';
  if (status === 'offline') return 'error';
  return isChanging(status) ? 'busy' : 'neutral';
}

export const INSTANCE_ACTIONS = [
  'connect',
  'manage',
  'adjust',
  'restart',
  'rename',
  'labels',
  'switch',
  'isolate',
  'restore',
  'destroy',
] as const;
export type InstanceAction = (typeof INSTANCE_ACTIONS)[number];
/** What is asked for in one sentence and done to several instances alike. */
export type InstanceDeed = 'restart' | 'isolate' | 'restore' | 'destroy';

/** What the management page offers beside those. */
export type PageAction = 'addresses' | 'ha' | 'deploy' | 'drill' | 'ssl';

const SERVING: readonly InstanceStatus[] = ['running', 'limited run', 'readonly'];
/** Nothing runs, and what waits for its time is not disturbed. */
const AT_REST: readonly InstanceStatus[] = [...SERVING, 'waitSwitch'];
const REACHABLE: readonly InstanceStatus[] = [...AT_REST, 'network changing'];

/** `offline` is an instance whose creation failed: there is nothing to do with it but to take it away. */
const ALLOWED: Readonly<Record<InstanceAction | PageAction, readonly InstanceStatus[]>> = {
  connect: REACHABLE,
  manage: INSTANCE_STATUSES,
  adjust: SERVING,
  restart: SERVING,
  rename: [...REACHABLE, 'isolated'],
  labels: [...REACHABLE, 'isolated'],
  switch: SERVING,
  isolate: SERVING,
  restore: ['isolated'],
  destroy: ['isolated', 'offline'],
  addresses: AT_REST,
  ha: AT_REST,
  deploy: SERVING,
  drill: SERVING,
  ssl: ['running', 'readonly'],
};

/** Whether the control plane would take the action now. */
export const allows = (
  action: InstanceAction | PageAction,
  instance: Pick<InstanceView, 'status' | 'standbyZones'>,
): boolean => ALLOWED[action].includes(instance.status) && (action !== 'switch' || instance.standbyZones.length > 0);

/** The new list, in which what did not change is the same object as before, so that its row is not drawn again. */
export function keepUnchanged(before: readonly InstanceView[], now: readonly InstanceView[]): readonly InstanceView[] {
  const known = new Map(before.map((instance) => [instance.id, instance]));
  const kept = now.map((instance) => {
    const old = known.get(instance.id);
    return old !== undefined && JSON.stringify(old) === JSON.stringify(instance) ? old : instance;
  });
  return kept.length === before.length && kept.every((instance, at) => instance === before[at]) ? before : kept;
}

/** What the list shows from the click until the control plane confirms. */
export const EXPECTED: Readonly<Record<InstanceDeed, InstanceStatus>> = {
  restart: 'restarting',
  isolate: 'isolating',
  restore: 'disisolating',
  destroy: 'recycling',
};

export interface Expectation {
  readonly status: InstanceStatus;
  /** Status at the click: the expectation holds as long as the list still says this. */
  readonly from: InstanceStatus;
  /** Milliseconds since the epoch. */
  readonly since: number;
}

/** How long an unconfirmed expectation is shown before the list's own word stands again. */
export const EXPECTATION_MS = 15_000;

/** The expectations that are neither confirmed by the list nor too old. */
export function openExpectations(
  expected: Readonly<Record<string, Expectation>>,
  list: readonly InstanceView[],
  now: number,
): Record<string, Expectation> {
  const open: Record<string, Expectation> = {};
  for (const instance of list) {
    const each = expected[instance.id];
    if (each !== undefined && each.from === instance.status && now - each.since < EXPECTATION_MS) {
      open[instance.id] = each;
    }
  }
  return open;
}

/** The list as it is shown: what is expected stands over what is known. */
export const withExpectations = (
  list: readonly InstanceView[],
  expected: Readonly<Record<string, Expectation>>,
): InstanceView[] =>
  list.map((instance) => {
    const each = expected[instance.id];
    return each === undefined ? instance : { ...instance, status: each.status };
  });

export interface InstanceFilter {
  readonly text: string;
  /** Null takes all. */
  readonly region: string | null;
  readonly project: number | null;
  readonly status: InstanceStatus | null;
  /** `key` or `key=value`. */
  readonly tag: string | null;
}

export const NO_FILTER: InstanceFilter = { text: '', region: null, project: null, status: null, tag: null };

export const tagText = (tag: { readonly key: string; readonly value: string }): string =>
  tag.value === '' ? tag.key : `${tag.key}=${tag.value}`;

export function filterInstances(list: readonly InstanceView[], filter: InstanceFilter): InstanceView[] {
  const text = filter.text.trim().toLowerCase();
  return list.filter(
    (instance) =>
      (filter.region === null || instance.region === filter.region) &&
      (filter.project === null || instance.projectId === filter.project) &&
      (filter.status === null || instance.status === filter.status) &&
      (filter.tag === null || instance.tags.some((tag) => tagText(tag) === filter.tag)) &&
      (text === '' ||
        [
          instance.name,
          instance.id,
          instance.host,
          instance.publicHost,
          instance.version,
          instance.adminUser,
          ...instance.tags.map(tagText),
        ]
          .join('\n')
          .toLowerCase()
          .includes(text)),
  );
}

/** Distinct values of the list for a filter's choices, sorted. */
export const choicesOf = (list: readonly InstanceView[], values: (instance: InstanceView) => readonly string[]) =>
  [...new Set(list.flatMap((instance) => [...values(instance)]))].toSorted();

export const addressOf = (instance: InstanceView): string =>
  instance.host === '' ? '' : `${instance.host}:${instance.port}`;

export const publicAddressOf = (instance: InstanceView): string =>
  instance.publicHost === '' ? '' : `${instance.publicHost}:${instance.publicPort}`;

const GIB = 1024 ** 3;

/** What a purchase takes from this machine, in bytes, and what keeps the machine from carrying it. */
export interface Footprint {
  /** Memory of the new instances. */
  readonly memory: number;
  /** Memory that the instances there are may take already. */
  readonly memoryTaken: number;
  /** What the new instances may grow to on disk: a watched limit, not a reservation. */
  readonly disk: number;
  readonly cpuFits: boolean;
  readonly memoryFits: boolean;
  /** False warns only: the disk may be full before the limit is reached. */
  readonly diskFits: boolean;
}

export interface Wish {
  readonly cpu: number;
  readonly memoryGb: number;
  readonly storageGb: number;
  readonly count: number;
  /** Servers of each: two with a standby. */
  readonly nodes: number;
}

export function footprint(
  wish: Wish,
  machine: NonNullable<InstanceOptions['machine']>,
  list: readonly InstanceView[],
): Footprint {
  const memory = wish.memoryGb * wish.count * wish.nodes * GIB;
  const memoryTaken = list
    .filter((instance) => !WITHOUT_SERVER.has(instance.status))
    .reduce((sum, instance) => sum + instance.memoryGb * (1 + instance.standbyZones.length) * GIB, 0);
  const disk = wish.storageGb * wish.count * wish.nodes * GIB;
  return {
    memory,
    memoryTaken,
    disk,
    cpuFits: wish.cpu <= machine.cpus * 2,
    memoryFits: memory + memoryTaken <= machine.memoryBytes,
    diskFits: disk <= machine.diskFreeBytes,
  };
}

/** Statuses in which an instance takes no memory. */
const WITHOUT_SERVER: ReadonlySet<InstanceStatus> = new Set(['isolated', 'recycling', 'recycled', 'offline']);

/** Year and month of the last community release of each major version; source: postgresql.org/support/versioning. */
export const LAST_RELEASE: Readonly<Record<number, string>> = {
  10: '2022-11',
  11: '2023-11',
  12: '2024-11',
  13: '2025-11',
  14: '2026-11',
  15: '2027-11',
  16: '2028-11',
  17: '2029-11',
  18: '2030-11',
};
