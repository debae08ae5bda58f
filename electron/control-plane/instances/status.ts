import type { InstanceStatus } from '../../../shared/model/instance';
import type { InstanceRecord, OperationKind } from './record';

/** What an instance that serves may go to, whatever it does. */
const FROM_SERVING: readonly InstanceStatus[] = [
  'restarting',
  'isolating',
  'primary-switching',
  'switching',
  'deployment changing',
  'expanding',
  'network changing',
  'job running',
  'waitSwitch',
];
/** How an operation on an instance that serves may end, or go on. */
const BACK: readonly InstanceStatus[] = ['running', 'limited run', 'waitSwitch'];

/** Every transition that can happen. `offline` is an instance whose creation failed: it has neither data nor a server. */
const NEXT: Readonly<Partial<Record<InstanceStatus, readonly InstanceStatus[]>>> = {
  applying: ['init', 'offline'],
  init: ['initing', 'offline'],
  initing: ['running', 'offline'],
  running: [...FROM_SERVING, 'limited run', 'readonly'],
  readonly: [...FROM_SERVING, 'limited run', 'running'],
  'limited run': [...FROM_SERVING, 'running'],
  waitSwitch: [...FROM_SERVING, 'limited run', 'running', 'readonly'],
  restarting: BACK,
  'primary-switching': BACK,
  switching: [...BACK, 'deployment changing', 'expanding'],
  'deployment changing': [...BACK, 'switching'],
  expanding: [...BACK, 'switching'],
  'network changing': [...BACK, 'readonly'],
  'job running': BACK,
  isolating: ['isolated', 'limited run'],
  isolated: ['disisolating', 'recycling'],
  disisolating: ['running', 'limited run', 'isolated'],
  offline: ['recycling'],
  recycling: ['recycled', 'isolated', 'offline'],
};

export const mayBecome = (from: InstanceStatus, to: InstanceStatus): boolean =>
  from === to || (NEXT[from]?.includes(to) ?? false);

const WELL: readonly InstanceStatus[] = ['running', 'readonly'];
const SERVING: readonly InstanceStatus[] = ['running', 'limited run', 'readonly'];
const ANY_SERVING: readonly InstanceStatus[] = [...SERVING, 'waitSwitch', 'network changing'];

/** In which statuses an operation may begin. */
const MAY_BEGIN: Readonly<Record<Exclude<OperationKind, 'create'>, readonly InstanceStatus[]>> = {
  restart: SERVING,
  recover: ANY_SERVING,
  failover: ANY_SERVING,
  isolate: SERVING,
  restore: ['isolated'],
  destroy: ['isolated', 'offline'],
  switch: SERVING,
  deployment: SERVING,
  respec: SERVING,
  ssl: WELL,
};

export const mayBegin = (kind: Exclude<OperationKind, 'create'>, status: InstanceStatus): boolean =>
  MAY_BEGIN[kind].includes(status);

/** Statuses in which the server processes should be there and the gateway should let traffic through. */
export const shouldServe = (status: InstanceStatus): boolean => ANY_SERVING.includes(status);

/** The status of an instance whose operation ended well: one that has another operation waiting goes on waiting. */
export const served = (record: Pick<InstanceRecord, 'waiting'>): InstanceStatus =>
  record.waiting ? 'waitSwitch' : 'running';
