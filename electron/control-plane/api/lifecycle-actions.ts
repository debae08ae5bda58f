import { z } from 'zod';
import type {
  CreateInstancesResponse,
  DestroyDBInstanceResponse,
  DisIsolateDBInstancesResponse,
  IsolateDBInstancesResponse,
  RestartDBInstanceResponse,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/postgres/v20170312/postgres_models';
import {
  adminRole,
  checkCharset,
  checkInstance,
  CHARSETS,
  UNNAMED,
  type Charset,
} from '../../../shared/model/instance-rules';
import { RELEASES, serverVersion } from '../cluster/binaries';
import { scramVerifier } from '../cluster/scram';
import { shortage } from '../instances/capacity';
import { findClass } from '../instances/classes';
import type { InstanceRecord } from '../instances/record';
import { defaultSubnet, defaultVpc, findRegion, findZone } from '../instances/regions';
import { action, type ActionTable, type ApiDeps } from './action';
import { kernelVersion } from './catalogue-actions';
import { ApiError, ruleError } from './errors';

/** Every documented parameter of CreateInstances; those that mean nothing on one machine are accepted with their neutral value only. */
const createRequest = z.strictObject({
  SpecCode: z.string(),
  Storage: z.number(),
  InstanceCount: z.number(),
  Period: z.number().int(),
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
  DBNodeSet: z
    .array(z.strictObject({ Role: z.string(), Zone: z.string(), DedicatedClusterId: z.string().optional() }))
    .optional(),
  AutoRenewFlag: z.number().optional(),
  AutoVoucher: z.number().optional(),
  VoucherIds: z.array(z.string()).optional(),
  ProjectId: z.number().int().min(0).optional(),
  ActivityId: z.number().optional(),
  Name: z.string().optional(),
  TagList: z
    .array(z.strictObject({ TagKey: z.string().max(127), TagValue: z.string().max(255) }))
    .max(20)
    .optional(),
  SecurityGroupIds: z.array(z.string()).optional(),
  NeedSupportTDE: z.number().optional(),
  KMSKeyId: z.string().optional(),
  KMSRegion: z.string().optional(),
  KMSClusterId: z.string().optional(),
  DBEngine: z.string().optional(),
  DBEngineConfig: z.string().optional(),
  SyncMode: z.enum(['Semi-sync', 'Async']).optional(),
  NeedSupportIpv6: z.number().optional(),
  DeletionProtection: z.boolean().optional(),
  StorageType: z.enum(['PHYSICAL_LOCAL_SSD', 'CLOUD_PREMIUM', 'CLOUD_SSD', 'CLOUD_HSSD']).optional(),
});
type CreateRequest = z.output<typeof createRequest>;

const unsupported = (message: string): ApiError => new ApiError('UnsupportedOperation', message);
const invalid = (message: string): ApiError => new ApiError('InvalidParameterValue', message);

/** What the public API offers and one machine does not. */
function refuseUnsupported(request: CreateRequest): void {
  if ((request.DBEngine ?? 'postgresql') !== 'postgresql') throw unsupported('Only the engine postgresql runs here');
  if (request.NeedSupportTDE || request.KMSKeyId)
    throw unsupported('Transparent data encryption is not available here');
  if (request.NeedSupportIpv6) throw unsupported('IPv6 addresses are not available here');
  if (request.VoucherIds?.length || request.AutoVoucher) throw unsupported('There are no vouchers here');
  if (request.SecurityGroupIds?.length) throw unsupported('Security groups are not available here yet');
  if (request.InstanceChargeType === 'PREPAID')
    throw unsupported('Instances are billed by the hour here (POSTPAID_BY_HOUR)');
  if (request.DBNodeSet?.some(({ Role }) => Role !== 'Primary'))
    throw unsupported('Standby nodes are not available here yet');
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

function place(request: CreateRequest, headerRegion: string) {
  const zone = findZone(request.Zone);
  const region = zone && findRegion(zone.region);
  if (!zone || !region) throw invalid(`The zone ${request.Zone} is not known`);
  if (headerRegion !== '' && headerRegion !== region.code) {
    throw invalid(`The zone ${zone.code} is not in the region ${headerRegion}`);
  }
  if (request.VpcId !== undefined && request.VpcId !== defaultVpc(region))
    throw invalid(`There is no VPC ${request.VpcId}`);
  if (request.SubnetId !== undefined && request.SubnetId !== defaultSubnet(zone)) {
    throw invalid(`There is no subnet ${request.SubnetId} in ${zone.code}`);
  }
  return { zone: zone.code, region: region.code };
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

const memoryTaken = (records: readonly InstanceRecord[]): number =>
  records
    .filter(({ status }) => status !== 'isolated' && status !== 'offline')
    .reduce((sum, { classCode }) => sum + (findClass(classCode)?.memoryGb ?? 0), 0);

async function create(request: CreateRequest, headerRegion: string, deps: ApiDeps): Promise<string[]> {
  refuseUnsupported(request);
  const spec = findClass(request.SpecCode);
  if (!spec) throw new ApiError('InvalidParameterValue.BadSpec', `The class ${request.SpecCode} is not known`);
  const { major, version } = release(request);
  const where = place(request, headerRegion);
  const tags = checkRules(request, { min: spec.minStorageGb, max: spec.maxStorageGb });
  const short = shortage(deps.machine(), spec, request.InstanceCount, memoryTaken(deps.instances.list()));
  if (short !== null) throw new ApiError('ResourceInsufficient.ResourceNotEnough', short);
  const ids: string[] = [];
  for (let index = 0; index < request.InstanceCount; index += 1) {
    ids.push(
      await deps.instances.create({
        ...where,
        name: request.Name === undefined || request.Name === '' ? UNNAMED : request.Name,
        major,
        version,
        classCode: spec.code,
        storageGb: request.Storage,
        charset: charsetOf(request.Charset),
        adminUser: adminRole(request.AdminName),
        // From here on nobody knows the password: the journal and the server get its verifier.
        adminVerifier: await scramVerifier(request.AdminPassword),
        projectId: request.ProjectId ?? 0,
        tags,
        deletionProtection: request.DeletionProtection ?? false,
      }),
    );
  }
  return ids;
}

const idSet = z.array(z.string()).min(1).max(100);

/** All instances of a request must exist and allow the operation before the first one is touched. */
async function beginAll(deps: ApiDeps, kind: 'isolate' | 'restore', ids: readonly string[]): Promise<void> {
  for (const id of ids) deps.instances.check(kind, id);
  for (const id of ids) await deps.instances.begin(kind, id);
}

/** Operations that change instances. They are journalled and go on after the answer. */
export const LIFECYCLE_ACTIONS: ActionTable = {
  CreateInstances: action(
    createRequest,
    async (request, { deps, region }): Promise<CreateInstancesResponse> => {
      const ids = await create(request, region, deps);
      return { DBInstanceIdSet: ids, DealNames: [], BillId: '' };
    },
    true,
  ),

  RestartDBInstance: action(
    z.strictObject({ DBInstanceId: z.string() }),
    async ({ DBInstanceId }, { deps }): Promise<RestartDBInstanceResponse> => {
      const task = await deps.instances.begin('restart', DBInstanceId);
      return { FlowId: task, TaskId: task };
    },
    true,
  ),

  IsolateDBInstances: action(
    z.strictObject({ DBInstanceIdSet: idSet }),
    async ({ DBInstanceIdSet }, { deps }): Promise<IsolateDBInstancesResponse> => {
      for (const id of DBInstanceIdSet) {
        if (deps.instances.get(id)?.deletionProtection) {
          throw new ApiError('OperationDenied', `The instance ${id} is protected against deletion`);
        }
      }
      await beginAll(deps, 'isolate', DBInstanceIdSet);
      return {};
    },
    true,
  ),

  DisIsolateDBInstances: action(
    z.strictObject({
      DBInstanceIdSet: idSet,
      Period: z.number().optional(),
      AutoVoucher: z.boolean().optional(),
      VoucherIds: z.array(z.string()).optional(),
    }),
    async ({ DBInstanceIdSet }, { deps }): Promise<DisIsolateDBInstancesResponse> => {
      await beginAll(deps, 'restore', DBInstanceIdSet);
      return {};
    },
    true,
  ),

  DestroyDBInstance: action(
    z.strictObject({ DBInstanceId: z.string() }),
    async ({ DBInstanceId }, { deps }): Promise<DestroyDBInstanceResponse> => {
      await deps.instances.begin('destroy', DBInstanceId);
      return {};
    },
    true,
  ),
};
