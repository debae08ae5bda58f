import type { MigrationEvent, MigrationJobView } from '../../../../shared/model/migration-api';
import type { JobStatus } from '../../../../shared/model/migration-words';

/** Statuses in which a migration moves, or is being brought to rest. */
export const RUNNING_STATUSES = [
  'running',
  'readyComplete',
  'completing',
  'guarding',
  'pausing',
  'stopping',
] as const satisfies readonly JobStatus[];

/** What the status bar tells: how many run and how far they are together; null when any of them cannot tell. */
export function runningShare(jobs: readonly Pick<MigrationJobView, 'fraction'>[]): number | null {
  const fractions = jobs.map(({ fraction }) => fraction).filter((fraction) => fraction !== null);
  if (jobs.length === 0 || fractions.length < jobs.length) return null;
  return fractions.reduce((sum, fraction) => sum + fraction, 0) / jobs.length;
}

/** Whether the rows of a task are over and only its changes go on: there is no end that it gets closer to. */
export const followsOn = ({ type, fraction }: Pick<MigrationJobView, 'type' | 'fraction'>): boolean =>
  type === 'fullAndIncrement' && fraction !== null && fraction >= 1;

/** An end, or anything else that happened, is no news when it is older. */
export const FRESH_MS = 30_000;

/** How a task ended a moment ago; null: it did not end, it was a person who stopped it, or that was long ago. */
export function freshEnd(
  { status, endedAt }: Pick<MigrationJobView, 'status' | 'endedAt'>,
  now: number,
): 'success' | 'failed' | null {
  if (status !== 'success' && status !== 'failed') return null;
  return endedAt !== null && now - endedAt < FRESH_MS ? status : null;
}

/** What has become of a running task that a person may want to know. `ready`: it can be completed; `guarding`: it is cut over. */
export interface News {
  readonly id: string;
  readonly name: string;
  readonly kind: 'ready' | 'guarding';
}

type Running = Pick<MigrationJobView, 'id' | 'name' | 'status'>;

/** What is new between two looks. A task that was not seen before is no news: it may have been so for days. */
export function newsOf(before: readonly Running[], now: readonly Running[]): News[] {
  const statusBefore = new Map(before.map(({ id, status }) => [id, status]));
  return now.flatMap(({ id, name, status }): News[] => {
    const was = statusBefore.get(id);
    if (was === undefined || was === status) return [];
    if (status === 'readyComplete') return [{ id, name, kind: 'ready' }];
    return status === 'guarding' ? [{ id, name, kind: 'guarding' }] : [];
  });
}

/** Whether its changes are followed, so that it may halt. */
export const mayHalt = ({ type, status }: Pick<MigrationJobView, 'type' | 'status'>): boolean =>
  type === 'fullAndIncrement' && (status === 'running' || status === 'readyComplete' || status === 'guarding');

/** Events of a task that follows that a person should hear of: a server is away or there again, the source keeps too much, or was written to too late. */
const TROUBLES = {
  away: 'away',
  waits: 'away',
  back: 'back',
  'goes-on': 'back',
  'wal-alarm': 'wal',
  'written-late': 'late',
} as const;
export type Trouble = (typeof TROUBLES)[keyof typeof TROUBLES];

const isTrouble = (kind: string): kind is keyof typeof TROUBLES => Object.hasOwn(TROUBLES, kind);

/**
 * What happened after a moment and should be told, the oldest first. Of the comings and goings of servers only the last is: the state of now.
 * @param since milliseconds since the epoch; what happened then was told
 */
export function troublesOf(
  events: readonly MigrationEvent[],
  since: number,
): { readonly kind: Trouble; readonly text: string }[] {
  const fresh = events
    .filter(({ at }) => at > since)
    .toSorted((a, b) => a.at - b.at)
    .flatMap(({ kind, text }) => (isTrouble(kind) ? [{ kind: TROUBLES[kind], text }] : []));
  const last = fresh.findLast(({ kind }) => kind === 'away' || kind === 'back');
  return fresh.filter((each) => each === last || (each.kind !== 'away' && each.kind !== 'back'));
}
