import { AppError } from '../../../shared/errors';
import type { FinishedOperation, InstanceEvent, InstanceRecord } from './record';
import { accrue } from './meter';
import type { InstanceRepository } from './repository';
import { mayBecome } from './status';

const HISTORY_KEPT = 200;
const EVENTS_KEPT = 200;

/** Changes a record on disk and in memory. A transition that the public API does not know is a fault of the program. */
export async function changeRecord(
  repository: InstanceRepository,
  id: string,
  change: Partial<InstanceRecord>,
): Promise<void> {
  const before = repository.get(id);
  if (!before) throw new AppError({ code: 'not-found', message: `There is no instance ${id}` });
  if (change.status && !mayBecome(before.status, change.status)) {
    throw new Error(`instance ${id} may not go from ${before.status} to ${change.status}`);
  }
  const now = Date.now();
  // Use is metered at the old rate up to the moment in which the rate changes.
  const rateChanges =
    (change.status !== undefined && change.status !== before.status) ||
    (change.storageGb !== undefined && change.storageGb !== before.storageGb);
  await repository.put({
    ...before,
    ...change,
    ...(rateChanges ? { meter: accrue(before, now) } : {}),
    updatedAt: now,
  });
}

export const withHistory = (record: InstanceRecord, done: FinishedOperation): FinishedOperation[] =>
  [done, ...record.history].slice(0, HISTORY_KEPT);

export const withEvent = (record: InstanceRecord, event: InstanceEvent): InstanceEvent[] =>
  [event, ...record.events].slice(0, EVENTS_KEPT);

/** Notes something that happened. The instance may be gone by then. */
export async function noteEvent(
  repository: InstanceRepository,
  id: string,
  event: Omit<InstanceEvent, 'at'>,
): Promise<void> {
  const record = repository.get(id);
  if (record) await changeRecord(repository, id, { events: withEvent(record, { at: Date.now(), ...event }) });
}
