import { CREATE } from './create';
import { DESTROY, ISOLATE, RECOVER, RESTART, RESTORE } from './lifecycle';
import type { OperationPlan } from './operation-context';
import type { OperationKind } from './record';
import { FAILOVER } from './failover';
import { SWITCH } from './switchover';
import { DEPLOYMENT } from './deployment';
import { RESPEC } from './respec';
import { SSL } from './ssl';

export const PLANS: Readonly<Record<OperationKind, OperationPlan>> = {
  create: CREATE,
  restart: RESTART,
  recover: RECOVER,
  isolate: ISOLATE,
  restore: RESTORE,
  destroy: DESTROY,
  failover: FAILOVER,
  switch: SWITCH,
  deployment: DEPLOYMENT,
  respec: RESPEC,
  ssl: SSL,
};
