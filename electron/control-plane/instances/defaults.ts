import type { InstanceRecord } from './record';

const GIB = 1024 ** 3;

/** Of a new instance: a standby may be 10 s or 1 GiB behind to take over, and commits wait for it as long. */
export const DEFAULT_HA: InstanceRecord['ha'] = {
  maxStandbyLag: 10,
  maxStandbyLatency: GIB,
  maxSyncStandbyLag: 10,
  maxSyncStandbyLatency: GIB,
};

/** In the night of every day, Beijing time. */
export const DEFAULT_MAINTENANCE: InstanceRecord['maintenance'] = {
  weekdays: ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'],
  start: '03:00',
  duration: 1,
};
