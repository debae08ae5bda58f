import { z } from 'zod';
import type {
  DestroyDBInstanceResponse,
  DisIsolateDBInstancesResponse,
  IsolateDBInstancesResponse,
  RestartDBInstanceResponse,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/postgres/v20170312/postgres_models';
import { action, type ActionTable, type ApiDeps } from './action';
import { idSet, mustInstance, one, period, unsupported, vouchers } from './common';
import { ApiError } from './errors';
import { mustCarryAgain } from './room';

/** All instances of a request must exist and allow the operation before the first one is touched. */
async function beginAll(deps: ApiDeps, kind: 'isolate' | 'restore', ids: readonly string[]): Promise<void> {
  const each = new Set(ids);
  const records = [...each].map((id) => deps.instances.check(kind, id));
  if (kind === 'restore') mustCarryAgain(deps, records);
  for (const id of each) await deps.instances.begin(kind, id);
}

function refuseProtected(deps: ApiDeps, id: string): void {
  if (mustInstance(deps, id).deletionProtection) {
    throw new ApiError('OperationDenied', `The instance ${id} is protected against deletion`);
  }
}

/** Restart, recycle bin, end. Journalled operations that go on after the answer. */
export const LIFECYCLE_ACTIONS: ActionTable = {
  RestartDBInstance: action(
    one,
    async ({ DBInstanceId }, { deps }): Promise<RestartDBInstanceResponse> => {
      const task = await deps.instances.begin('restart', DBInstanceId);
      return { FlowId: task, TaskId: task };
    },
    true,
  ),

  IsolateDBInstances: action(
    z.strictObject({ DBInstanceIdSet: idSet }),
    async ({ DBInstanceIdSet }, { deps }): Promise<IsolateDBInstancesResponse> => {
      for (const id of DBInstanceIdSet) refuseProtected(deps, id);
      await beginAll(deps, 'isolate', DBInstanceIdSet);
      return {};
    },
    true,
  ),

  DisIsolateDBInstances: action(
    z.strictObject({
      DBInstanceIdSet: idSet,
      Period: period.optional(),
      AutoVoucher: z.boolean().optional(),
      VoucherIds: vouchers,
    }),
    async ({ DBInstanceIdSet, AutoVoucher, VoucherIds }, { deps }): Promise<DisIsolateDBInstancesResponse> => {
      if (AutoVoucher || VoucherIds?.length) throw unsupported('There are no vouchers here');
      await beginAll(deps, 'restore', DBInstanceIdSet);
      return {};
    },
    true,
  ),

  DestroyDBInstance: action(
    one,
    async ({ DBInstanceId }, { deps }): Promise<DestroyDBInstanceResponse> => {
      refuseProtected(deps, DBInstanceId);
      await deps.instances.begin('destroy', DBInstanceId);
      return {};
    },
    true,
  ),
};
