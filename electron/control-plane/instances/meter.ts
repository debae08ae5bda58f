import type { InstanceStatus } from '../../../shared/model/instance';
import type { InstanceRecord } from './record';

/** What an instance has used, in the units that are billed by. Pure: nothing has to run for it, and it survives any restart. */

type Metered = Pick<InstanceRecord, 'status' | 'storageGb' | 'meter'>;

/** Not metered: what is being made, lies in the recycle bin, or is gone. */
const FREE: readonly InstanceStatus[] = ['applying', 'init', 'initing', 'isolated', 'offline', 'recycling', 'recycled'];

/** The meter as it stands at `now`: milliseconds of existence, and gigabyte-milliseconds of the disk that was ordered. */
export function accrue({ status, storageGb, meter }: Metered, now: number): InstanceRecord['meter'] {
  const passed = FREE.includes(status) ? 0 : Math.max(0, now - meter.at);
  return { at: now, instanceMs: meter.instanceMs + passed, gbMs: meter.gbMs + passed * storageGb };
}

const HOUR_MS = 3_600_000;

/** Hours of existence and gigabyte-hours of disk up to `now`. */
export function metered(record: Metered, now: number): { readonly instanceHours: number; readonly gbHours: number } {
  const { instanceMs, gbMs } = accrue(record, now);
  return { instanceHours: instanceMs / HOUR_MS, gbHours: gbMs / HOUR_MS };
}
