import { z } from 'zod';
import type {
  DescribeOrdersResponse,
  InquiryPriceCreateDBInstancesResponse,
  InquiryPriceRenewDBInstanceResponse,
  InquiryPriceUpgradeDBInstanceResponse,
  ModifyDBInstanceChargeTypeResponse,
  RenewInstanceResponse,
  SetAutoRenewFlagResponse,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/postgres/v20170312/postgres_models';
import { checkStorage } from '../../../shared/model/instance-rules';
import { findClass } from '../instances/classes';
import type { InstanceRecord } from '../instances/record';
import { action, type ActionTable } from './action';
import { dealName, flag, idSet, mustInstance, period, storageType, unsupported, vouchers } from './common';
import { engine } from './catalogue-actions';
import { ApiError, ruleError } from './errors';
import { regionOf } from './place';
import { hourlyPrice } from './rates';
import { classFor } from './spec';

/** A purchase through the API may be of this many instances at a time when only the price is asked. */
const COUNT_MAX = 100;

const notRenewed = (): ApiError =>
  new ApiError('OperationDenied.PostPaidPayModeError', 'Instances are billed by the hour here and cannot be renewed');

const createdBy = (record: InstanceRecord): number =>
  (record.operation?.kind === 'create' ? record.operation.taskId : undefined) ??
  record.history.find(({ kind }) => kind === 'create')?.taskId ??
  0;

/**
 * What instances cost by the rate card, per hour: there is no other way of paying here. The rate card is for one node. An inquiry before a
 * purchase cannot say how many an instance shall have, so its price is that of instances with one node and is multiplied by whoever asks;
 * one about an instance is for all of its nodes.
 */
export const PRICE_ACTIONS: ActionTable = {
  InquiryPriceCreateDBInstances: action(
    z.strictObject({
      Zone: z.string(),
      SpecCode: z.string(),
      Storage: z.number(),
      InstanceCount: z.number().int().min(1).max(COUNT_MAX),
      Period: period,
      Pid: z.number().optional(),
      InstanceChargeType: z.enum(['PREPAID', 'POSTPAID', 'POSTPAID_BY_HOUR']).optional(),
      InstanceType: z.enum(['primary', 'readonly']).optional(),
      DBEngine: engine.optional(),
      StorageType: storageType,
    }),
    async (request, { deps, region }): Promise<InquiryPriceCreateDBInstancesResponse> => {
      regionOf(request.Zone, region);
      const spec = findClass(request.SpecCode);
      if (!spec) throw new ApiError('InvalidParameterValue.BadSpec', `The class ${request.SpecCode} is not known`);
      if (request.InstanceChargeType === 'PREPAID')
        throw unsupported('Instances are billed by the hour here (POSTPAID)');
      if (request.InstanceType === 'readonly') throw unsupported('There are no read-only instances here yet');
      if ((request.DBEngine ?? 'postgresql') !== 'postgresql')
        throw unsupported('Only the engine postgresql runs here');
      const broken = checkStorage(request.Storage, { min: spec.minStorageGb, max: spec.maxStorageGb });
      if (broken) throw ruleError(broken);
      const card = deps.rates.current();
      const price = hourlyPrice(card, spec, request.Storage, 1, request.InstanceCount);
      return { OriginalPrice: price, Price: price, Currency: card.Currency };
    },
  ),

  InquiryPriceUpgradeDBInstance: action(
    z.strictObject({
      Storage: z.number(),
      Memory: z.number(),
      DBInstanceId: z.string(),
      InstanceChargeType: z.enum(['PREPAID', 'POSTPAID', 'POSTPAID_BY_HOUR']).optional(),
      Cpu: z.number().optional(),
    }),
    async (request, { deps }): Promise<InquiryPriceUpgradeDBInstanceResponse> => {
      const record = mustInstance(deps, request.DBInstanceId);
      const spec = classFor(request.Memory, request.Cpu);
      const broken = checkStorage(request.Storage, { min: spec.minStorageGb, max: spec.maxStorageGb });
      if (broken) throw ruleError(broken);
      const card = deps.rates.current();
      const price = hourlyPrice(card, spec, request.Storage, record.nodes.length, 1);
      return { OriginalPrice: price, Price: price, Currency: card.Currency };
    },
  ),

  InquiryPriceRenewDBInstance: action(
    z.strictObject({ DBInstanceId: z.string(), Period: period }),
    async ({ DBInstanceId }, { deps }): Promise<InquiryPriceRenewDBInstanceResponse> => {
      mustInstance(deps, DBInstanceId);
      throw notRenewed();
    },
  ),

  RenewInstance: action(
    z.strictObject({
      DBInstanceId: z.string(),
      Period: period,
      AutoVoucher: flag,
      VoucherIds: vouchers,
    }),
    async ({ DBInstanceId }, { deps }): Promise<RenewInstanceResponse> => {
      mustInstance(deps, DBInstanceId);
      throw notRenewed();
    },
  ),

  SetAutoRenewFlag: action(
    z.strictObject({ DBInstanceIdSet: idSet, AutoRenewFlag: z.number().int().min(0).max(2) }),
    async ({ DBInstanceIdSet }, { deps }): Promise<SetAutoRenewFlagResponse> => {
      for (const id of DBInstanceIdSet) mustInstance(deps, id);
      throw notRenewed();
    },
  ),

  ModifyDBInstanceChargeType: action(
    z.strictObject({
      DBInstanceId: z.string(),
      InstanceChargeType: z.enum(['PREPAID', 'POSTPAID_BY_HOUR']),
      Period: period,
      AutoRenewFlag: flag,
      AutoVoucher: flag,
    }),
    async ({ DBInstanceId }, { deps }): Promise<ModifyDBInstanceChargeTypeResponse> => {
      mustInstance(deps, DBInstanceId);
      throw new ApiError(
        'OperationDenied.PayModeError',
        'Instances are billed by the hour here, which cannot be changed',
      );
    },
  ),

  DescribeOrders: action(
    z.strictObject({ DealNames: z.array(z.string()).max(100) }),
    async ({ DealNames }, { deps }): Promise<DescribeOrdersResponse> => {
      if (DealNames.length === 0) throw new ApiError('InvalidParameterValue.NullDealNames', 'DealNames is empty');
      const found = deps.instances.list().filter(({ id }) => DealNames.includes(dealName(id)));
      return {
        TotalCount: found.length,
        Deals: found.map((record) => ({
          DealName: dealName(record.id),
          OwnerUin: '',
          Count: 1,
          PayMode: 0,
          FlowId: createdBy(record),
          DBInstanceIdSet: [record.id],
        })),
      };
    },
  ),
};
