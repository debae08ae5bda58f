import { z } from 'zod';
import type { CreateInstancesResponse } from 'tencentcloud-sdk-nodejs/tencentcloud/services/postgres/v20170312/postgres_models';
import { SYNC_MODES } from '../../../shared/model/instance';
import {
  adminRole,
  checkCharset,
  checkInstance,
  CHARSETS,
  UNNAMED,
  type Charset,
} from '../../../shared/model/instance-rules';
import { RELEASES, serverVersion } from '../cluster/binaries';
import { scramVerifier } from '../../adapters/postgres/scram-verifier';
import { findClass } from '../instances/classes';
import type { NewInstance } from '../instances/instance-service';
import { action, type ActionTable, type ApiDeps } from './action';
import { engine, kernelVersion } from './catalogue-actions';
import { dealName, flag, invalid, nodeSet, period, storageType, unsupported, vouchers } from './common';
import { ApiError, ruleError } from './errors';
import { groupsOf, networkOf, regionOf, zonesOf } from './place';
import { mustCarry } from './room';

/** Numbers of projects have nine digits at most. */
const PROJECT_MAX = 999_999_999;

/** Every documented parameter of CreateInstances; those that mean nothing on one machine are accepted with their neutral value only. */
const createRequest = z.strictObject({
  SpecCode: z.string(),
  Storage: z.number(),
  InstanceCount: z.number(),
  Period: period,
  Charset: z.string(),
  AdminName: z.string(),
  AdminPassword: z.string(),
  Zone: z.string(),
  DBMajorVersion: z.string().optional(),
  DBVersion: z.string().optional(),
  DBKernelVersion: z.string().optional(),
  InstanceChargeType: z.string().optional(),
  VpcId: z.string().optional(),
  SubnetId: z.string().optional(),
  DBNodeSet: nodeSet.optional(),
  AutoRenewFlag: flag,
  AutoVoucher: flag,
  VoucherIds: vouchers,
  ProjectId: z.number().int().min(0).max(PROJECT_MAX).optional(),
  ActivityId: z.number().int().optional(),
  Name: z.string().optional(),
  TagList: z.array(z.strictObject({ TagKey: z.string(), TagValue: z.string() })).optional(),
  SecurityGroupIds: z.array(z.string()).max(20).optional(),
  NeedSupportTDE: flag,
  KMSKeyId: z.string().optional(),
  KMSRegion: z.string().optional(),
  KMSClusterId: z.string().optional(),
  DBEngine: engine.optional(),
  DBEngineConfig: z.string().optional(),
  SyncMode: z.enum(SYNC_MODES).optional(),
  NeedSupportIpv6: flag,
  DeletionProtection: z.boolean().optional(),
  StorageType: storageType,
});
type CreateRequest = z.output<typeof createRequest>;

/** What the public API offers and one machine does not. */
function refuseUnsupported(request: CreateRequest): void {
  if ((request.DBEngine ?? 'postgresql') !== 'postgresql') throw unsupported('Only the engine postgresql runs here');
  if (request.NeedSupportTDE || request.KMSKeyId)
    throw unsupported('Transparent data encryption is not available here');
  if (request.NeedSupportIpv6)
    throw new ApiError('OperationDenied.InstanceIpv6NotSupportedError', 'IPv6 addresses are not available here');
  if (request.VoucherIds?.length || request.AutoVoucher) throw unsupported('There are no vouchers here');
  if (request.InstanceChargeType === 'PREPAID' || request.AutoRenewFlag === 1)
    throw unsupported('Instances are billed by the hour here (POSTPAID_BY_HOUR)');
  if (request.InstanceChargeType !== undefined && request.InstanceChargeType !== 'POSTPAID_BY_HOUR') {
    throw new ApiError(
      'InvalidParameterValue.IllegalInstanceChargeType',
      `The InstanceChargeType ${request.InstanceChargeType} is not known`,
    );
  }
}

function release(request: CreateRequest) {
  const wanted = request.DBMajorVersion ?? request.DBVersion?.split('.')[0];
  if (wanted === undefined) throw new ApiError('MissingParameter', 'The parameter DBMajorVersion is missing');
  const found = RELEASES.find(({ major }) => String(major) === wanted);
  if (!found) throw invalid(`DBMajorVersion ${wanted} is not offered`);
  const version = serverVersion(found);
  if (request.DBVersion !== undefined && request.DBVersion !== version) {
    throw invalid(`DBVersion must be ${version}, the newest of its major version`);
  }
  if (request.DBKernelVersion !== undefined && request.DBKernelVersion !== kernelVersion(version)) {
    throw invalid(`DBKernelVersion must be ${kernelVersion(version)}`);
  }
  return { major: found.major, version };
}

/** Region, zones of the nodes, network and groups. Without `DBNodeSet` an instance has one node: on one machine a second is a choice. */
function place(request: CreateRequest, headerRegion: string, deps: ApiDeps) {
  const region = regionOf(request.Zone, headerRegion);
  const zones = request.DBNodeSet?.length ? zonesOf(request.DBNodeSet, region) : [request.Zone];
  if (zones[0] !== request.Zone) throw invalid(`The node with the role Primary must be in Zone ${request.Zone}`);
  return {
    region: region.code,
    zones,
    ...networkOf(deps, request, region, request.Zone),
    securityGroupIds: groupsOf(deps, request.SecurityGroupIds ?? [], region.code),
  };
}

function checkRules(request: CreateRequest, storage: { min: number; max: number }) {
  const tags = (request.TagList ?? []).map(({ TagKey, TagValue }) => ({ key: TagKey, value: TagValue }));
  const [broken] = checkInstance(
    {
      name: request.Name ?? '',
      adminUser: request.AdminName,
      adminPassword: request.AdminPassword,
      charset: request.Charset,
      storageGb: request.Storage,
      count: request.InstanceCount,
      tags,
    },
    storage,
  );
  if (broken) throw ruleError(broken);
  return tags;
}

const charsetOf = (name: string): Charset => {
  const found = CHARSETS.find((charset) => charset === name);
  const broken = checkCharset(name);
  if (!found) throw broken ? ruleError(broken) : invalid('Charset');
  return found;
};

async function create(request: CreateRequest, headerRegion: string, deps: ApiDeps): Promise<string[]> {
  refuseUnsupported(request);
  const spec = findClass(request.SpecCode);
  if (!spec) throw new ApiError('InvalidParameterValue.BadSpec', `The class ${request.SpecCode} is not known`);
  const { major, version } = release(request);
  const where = place(request, headerRegion, deps);
  const tags = checkRules(request, { min: spec.minStorageGb, max: spec.maxStorageGb });
  mustCarry(deps, spec, request.InstanceCount * where.zones.length);
  const one = {
    ...where,
    name: request.Name === undefined || request.Name === '' ? UNNAMED : request.Name,
    major,
    version,
    classCode: spec.code,
    storageGb: request.Storage,
    charset: charsetOf(request.Charset),
    adminUser: adminRole(request.AdminName),
    projectId: request.ProjectId ?? 0,
    tags,
    deletionProtection: request.DeletionProtection ?? false,
    syncMode: request.SyncMode ?? 'Semi-sync',
  };
  const wanted: NewInstance[] = [];
  while (wanted.length < request.InstanceCount) {
    // From here on nobody knows the password: the journal and the server get its verifier.
    wanted.push({ ...one, adminVerifier: await scramVerifier(request.AdminPassword) });
  }
  return deps.instances.createMany(wanted);
}

/** The purchase: journalled, and it goes on after the answer. */
export const CREATE_ACTIONS: ActionTable = {
  CreateInstances: action(
    createRequest,
    async (request, { deps, region }): Promise<CreateInstancesResponse> => {
      const ids = await create(request, region, deps);
      return { DBInstanceIdSet: ids, DealNames: ids.map(dealName), BillId: '' };
    },
    true,
  ),
};
