import type { InstanceStatus } from '../../../shared/model/instance';
import type { OperationKind } from './record';

/** Every transition that can happen. `offline` is an instance whose creation failed: it has neither data nor a server. */
const NEXT: Readonly<Partial<Record<InstanceStatus, readonly InstanceStatus[]>>> = {
  applying: ['init', 'offline'],
  init: ['initing', 'offline'],
  initing: ['running', 'offline'],
  running: ['restarting', 'isolating', 'limited run', 'readonly'],
  readonly: ['running', 'restarting', 'isolating', 'limited run'],
  'limited run': ['restarting', 'isolating', 'running'],
  restarting: ['running', 'limited run'],
  isolating: ['isolated', 'limited run'],
  isolated: ['disisolating', 'recycling'],
  disisolating: ['running', 'isolated'],
  offline: ['recycling'],
  recycling: ['recycled', 'isolated', 'offline'],
};

export const mayBecome = (from: InstanceStatus, to: InstanceStatus): boolean =>
  from === to || (NEXT[from]?.includes(to) ?? false);

/** In which statuses an operation may begin. */
const MAY_BEGIN: Readonly<Record<Exclude<OperationKind, 'create'>, readonly InstanceStatus[]>> = {
  restart: ['running', 'limited run', 'readonly'],
  recover: ['running', 'limited run', 'readonly'],
  isolate: ['running', 'limited run', 'readonly'],
  restore: ['isolated'],
  destroy: ['isolated', 'offline'],
};

export const mayBegin = (kind: Exclude<OperationKind, 'create'>, status: InstanceStatus): boolean =>
  MAY_BEGIN[kind].includes(status);

/** Statuses in which the server process should be there and the gateway should let traffic through. */
export const shouldServe = (status: InstanceStatus): boolean =>
  status === 'running' || status === 'limited run' || status === 'readonly';
