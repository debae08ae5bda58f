import { z } from 'zod';
import type {
  DescribeDBInstanceHAConfigResponse,
  ModifyDBInstanceDeploymentResponse,
  ModifyDBInstanceHAConfigResponse,
  ModifyDBInstanceSpecResponse,
  ModifySwitchTimePeriodResponse,
  SwitchDBInstancePrimaryResponse,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/postgres/v20170312/postgres_models';
import { AppError } from '../../../shared/errors';
import { SYNC_MODES } from '../../../shared/model/instance';
import { checkStorage } from '../../../shared/model/instance-rules';
import { findClass } from '../instances/classes';
import { findRegion } from '../instances/regions';
import { shouldServe } from '../instances/status';
import { action, type ActionTable, type ApiDeps } from './action';
import {
  dealName,
  flag,
  invalid,
  mustHaveStandby,
  mustInstance,
  mustServe,
  nodeSet,
  noStandby,
  one,
  outOfRange,
  unsupported,
  vouchers,
} from './common';
import { ApiError, ruleError } from './errors';
import { zonesOf } from './place';
import { mustCarry } from './room';
import { classFor } from './spec';
import { switchParameters, switchTime } from './switch-time';

const GIB = 1024 ** 3;

/** Documented ranges: bytes and seconds. */
const latency = z
  .number()
  .int()
  .min(GIB)
  .max(300 * GIB);
const lag = z.number().min(5).max(10);

/** What an operation that was refused because of its input is called, by the field; otherwise it is more than the machine can carry. */
const INPUT_CODES: Readonly<Record<string, string>> = {
  zones: 'InvalidParameterValue.IllegalZone',
  classCode: 'InvalidParameterValue.BadSpec',
  storageGb: 'FailedOperation.StorageMemoryCheckError',
};

/** Begins an operation. One that the machine cannot carry is short of resources; a switch to a standby that is not ready for it says so. */
async function begin(deps: ApiDeps, ...args: Parameters<ApiDeps['instances']['begin']>): Promise<number> {
  const [kind, id] = args;
  try {
    return await deps.instances.begin(...args);
  } catch (error) {
    if (!(error instanceof AppError) || error.info.apiCode !== undefined) throw error;
    const { operation, waiting, status } = mustInstance(deps, id);
    const isFree = !operation && !waiting && shouldServe(status);
    if (error.code === 'conflict' && kind === 'switch' && isFree) throw noStandby(error.message);
    if (error.code !== 'invalid-input') throw error;
    const code = INPUT_CODES[error.info.field ?? ''] ?? 'ResourceInsufficient.ResourceNotEnough';
    throw new ApiError(code, error.message);
  }
}

/** Operations that end with a switch, and how standbys follow. */
export const AVAILABILITY_ACTIONS: ActionTable = {
  DescribeDBInstanceHAConfig: action(
    one,
    async ({ DBInstanceId }, { deps }): Promise<DescribeDBInstanceHAConfigResponse> => {
      const { syncMode, ha } = mustInstance(deps, DBInstanceId);
      return {
        SyncMode: syncMode,
        MaxStandbyLatency: ha.maxStandbyLatency,
        MaxStandbyLag: ha.maxStandbyLag,
        // Left out where commits never fall back, and where they never wait.
        ...(syncMode === 'Async' || ha.maxSyncStandbyLatency === null
          ? {}
          : { MaxSyncStandbyLatency: ha.maxSyncStandbyLatency }),
        ...(syncMode === 'Async' || ha.maxSyncStandbyLag === null ? {} : { MaxSyncStandbyLag: ha.maxSyncStandbyLag }),
      };
    },
  ),

  ModifyDBInstanceHAConfig: action(
    z.strictObject({
      DBInstanceId: z.string(),
      SyncMode: z.enum(SYNC_MODES),
      MaxStandbyLatency: latency,
      MaxStandbyLag: lag,
      MaxSyncStandbyLatency: z
        .number()
        .int()
        .min(1)
        .max(300 * GIB)
        .optional(),
      MaxSyncStandbyLag: z.number().min(1).max(3_600).optional(),
    }),
    async (request, { deps }): Promise<ModifyDBInstanceHAConfigResponse> => {
      const record = mustServe(deps, request.DBInstanceId, 'a change of the replication');
      if (record.nodes.length === 1) throw noStandby(`The instance ${record.id} has one node: nothing is replicated`);
      const { MaxSyncStandbyLatency: bytes, MaxSyncStandbyLag: seconds, SyncMode } = request;
      if ((bytes === undefined) !== (seconds === undefined)) {
        throw invalid(
          'MaxSyncStandbyLatency and MaxSyncStandbyLag are given together, or both left out so that commits always wait',
        );
      }
      const waits = SyncMode === 'Semi-sync';
      await deps.instances.changeHa(record.id, SyncMode, {
        maxStandbyLag: request.MaxStandbyLag,
        maxStandbyLatency: request.MaxStandbyLatency,
        maxSyncStandbyLag: waits ? (seconds ?? null) : record.ha.maxSyncStandbyLag,
        maxSyncStandbyLatency: waits ? (bytes ?? null) : record.ha.maxSyncStandbyLatency,
      });
      return {};
    },
    true,
  ),

  SwitchDBInstancePrimary: action(
    z.strictObject({ DBInstanceId: z.string(), Force: z.boolean().optional(), ...switchParameters }),
    async (request, { deps }): Promise<SwitchDBInstancePrimaryResponse> => {
      const { Force = false, SwitchTag = 0 } = request;
      const record = mustServe(deps, request.DBInstanceId, 'a switch');
      if (Force && SwitchTag !== 0) throw invalid('Force is possible with SwitchTag 0 only');
      mustHaveStandby(record);
      return { TaskId: await begin(deps, 'switch', record.id, { force: Force }, switchTime(request, record)) };
    },
    true,
  ),

  ModifyDBInstanceDeployment: action(
    z.strictObject({
      DBInstanceId: z.string(),
      DBNodeSet: nodeSet.min(1),
      ...switchParameters,
      SwitchTag: z.number().int(),
    }),
    async (request, { deps }): Promise<ModifyDBInstanceDeploymentResponse> => {
      const record = mustServe(deps, request.DBInstanceId, 'a change of the deployment');
      const region = findRegion(record.region);
      if (!region) throw new Error(`instance ${record.id} is in no region`);
      const zones = zonesOf(request.DBNodeSet, region);
      if (zones.join() === record.nodes.map(({ zone }) => zone).join()) {
        throw invalid('The nodes are in these zones already');
      }
      const spec = findClass(record.classCode);
      if (spec) mustCarry(deps, spec, zones.length, record.id);
      return { TaskId: await begin(deps, 'deployment', record.id, { zones }, switchTime(request, record)) };
    },
    true,
  ),

  ModifyDBInstanceSpec: action(
    z.strictObject({
      DBInstanceId: z.string(),
      Memory: z.number(),
      Storage: z.number(),
      Cpu: z.number().optional(),
      AutoVoucher: flag,
      VoucherIds: vouchers,
      ActivityId: z.number().int().optional(),
      ...switchParameters,
      SyncModifyParams: z.array(z.strictObject({ Name: z.string(), ExpectedValue: z.string() })).optional(),
    }),
    async (request, { deps }): Promise<ModifyDBInstanceSpecResponse> => {
      const record = mustServe(deps, request.DBInstanceId, 'another specification');
      if (request.AutoVoucher || request.VoucherIds?.length) throw unsupported('There are no vouchers here');
      if (request.SyncModifyParams?.length)
        throw unsupported('Parameters cannot be changed along with the specification yet');
      const spec = classFor(request.Memory, request.Cpu);
      const broken = checkStorage(request.Storage, { min: spec.minStorageGb, max: spec.maxStorageGb });
      if (broken) throw ruleError(broken);
      const used = deps.instances.diskUsed(record.id) ?? 0;
      if (request.Storage * GIB <= used) {
        throw new ApiError(
          'FailedOperation.StorageMemoryCheckError',
          `The instance uses ${(used / GIB).toFixed(1)} GB of its disk: ${request.Storage} GB are not enough`,
        );
      }
      if (spec.code === record.classCode && request.Storage === record.storageGb) {
        throw new ApiError(
          'FailedOperation.StorageMemoryCheckError',
          'The instance has this specification and disk already',
        );
      }
      mustCarry(deps, spec, record.nodes.length, record.id);
      const wanted = { classCode: spec.code, storageGb: request.Storage };
      await begin(deps, 'respec', record.id, wanted, switchTime(request, record));
      return { DealName: dealName(record.id), BillId: '' };
    },
    true,
  ),

  ModifySwitchTimePeriod: action(
    z.strictObject({ DBInstanceId: z.string(), SwitchTag: z.number().int() }),
    async ({ DBInstanceId, SwitchTag }, { deps }): Promise<ModifySwitchTimePeriodResponse> => {
      const record = mustInstance(deps, DBInstanceId);
      if (SwitchTag !== 0) throw outOfRange('SwitchTag must be 0: switch now');
      if (!record.waiting) {
        throw new ApiError(
          'OperationDenied.InstanceStatusLimitError',
          `Nothing of the instance ${record.id} waits for its time`,
        );
      }
      await deps.instances.beginWaiting(record.id);
      return {};
    },
    true,
  ),
};
