import { z } from 'zod';
import type {
  DescribeMigrateDBInstancesResponse,
  DescribeMigrationCheckJobResponse,
  DescribeMigrationDetailResponse,
  DescribeMigrationJobsResponse,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/dts/v20211206/dts_models';
import type { CompareView } from '../../../shared/model/migration-api';
import type { InstanceRecord } from '../instances/record';
import { shouldServe } from '../instances/status';
import type { JobRecord } from '../migration/record';
import { dtsAction, type ActionTable, type ApiDeps } from './action';
import { direction, sorted, unsupported } from './common';
import { mustBePostgres } from './dts-endpoint';
import { checkJob, ENGINE, jobItem, migrationDetail, publicStatus } from './dts-views';
import { ApiError } from './errors';

/** What is asked about migration tasks by the public service `dts` 2021-12-06. */

const JobId = z.string().max(64);
const one = z.strictObject({ JobId });

/** Fails with `ResourceNotFound.JobNotExist`. */
export function mustJob(deps: ApiDeps, id: string): JobRecord {
  const record = deps.migrations.get(id);
  if (!record) throw new ApiError('ResourceNotFound.JobNotExist', `There is no migration task ${id}`);
  return record;
}

/** The comparison that runs, or the newest one. */
function latestCompare({ migrations }: ApiDeps, id: string): CompareView | undefined {
  const all = migrations.compares.list(id);
  return all.find(({ status }) => status === 'running') ?? all[0];
}

/** How each filter of the list looks at a task. */
const ofSide =
  (
    side: 'source' | 'target',
    wanted: {
      readonly instanceId: string | undefined;
      readonly region: string | undefined;
      readonly engines: readonly string[];
      readonly access: readonly string[];
    },
  ) =>
  (record: JobRecord): boolean => {
    const found = record[side];
    const region = found?.region || (side === 'source' ? record.sourceRegion : record.region);
    return (
      (!wanted.instanceId || found?.instanceId === wanted.instanceId) &&
      (!wanted.region || region === wanted.region) &&
      (wanted.engines.length === 0 || wanted.engines.includes(ENGINE)) &&
      (wanted.access.length === 0 || (found !== null && wanted.access.includes(found.accessType)))
    );
  };

/** Why an instance cannot be a side; empty when it can. */
function hintOf({ status, networks }: InstanceRecord, role: 'src' | 'dst'): string {
  if (networks.length === 0 || !shouldServe(status)) return `The instance is ${status}`;
  if (role === 'dst' && status === 'readonly') return 'The disk of the instance is full: it takes no data';
  return '';
}

const texts = z.array(z.string()).max(100).default([]);

export const DTS_READ_ACTIONS: ActionTable = {
  DescribeMigrationCheckJob: dtsAction(
    one,
    async ({ JobId: id }, { deps }): Promise<DescribeMigrationCheckJobResponse> => {
      const record = mustJob(deps, id);
      return checkJob(record, deps.migrations.findings(id));
    },
  ),

  DescribeMigrationJobs: dtsAction(
    z.strictObject({
      JobId: JobId.optional(),
      JobName: z.string().max(128).optional(),
      Status: texts,
      SrcInstanceId: z.string().optional(),
      SrcRegion: z.string().optional(),
      SrcDatabaseType: texts,
      SrcAccessType: texts,
      DstInstanceId: z.string().optional(),
      DstRegion: z.string().optional(),
      DstDatabaseType: texts,
      DstAccessType: texts,
      RunMode: z.string().optional(),
      OrderSeq: direction.default('desc'),
      Limit: z.number().int().min(0).max(100).default(20),
      Offset: z.number().int().min(0).default(0),
      TagFilters: z
        .array(z.strictObject({ TagKey: z.string(), TagValue: z.array(z.string()).max(100).optional() }))
        .max(10)
        .default([]),
    }),
    async (request, { deps, region }): Promise<DescribeMigrationJobsResponse> => {
      const { JobId: id, JobName = '', RunMode } = request;
      const source = ofSide('source', {
        instanceId: request.SrcInstanceId,
        region: request.SrcRegion,
        engines: request.SrcDatabaseType,
        access: request.SrcAccessType,
      });
      const target = ofSide('target', {
        instanceId: request.DstInstanceId,
        region: request.DstRegion,
        engines: request.DstDatabaseType,
        access: request.DstAccessType,
      });
      const found = deps.migrations
        .list()
        .filter((record) => region === '' || record.region === region)
        .filter((record) => !id || record.id === id)
        .filter(({ name }) => name.toLowerCase().includes(JobName.toLowerCase()))
        .filter(
          ({ status }) =>
            request.Status.length === 0 ||
            request.Status.includes(status) ||
            request.Status.includes(publicStatus(status)),
        )
        .filter(({ runMode }) => !RunMode || runMode === RunMode)
        .filter((record) => source(record) && target(record))
        .filter((record) =>
          request.TagFilters.every(({ TagKey, TagValue = [] }) =>
            record.tags.some(({ key, value }) => key === TagKey && (TagValue.length === 0 || TagValue.includes(value))),
          ),
        );
      // Those of one moment keep an order, so that no page shows one twice.
      const ordered = sorted(
        found,
        (record) => `${String(record.createdAt).padStart(16, '0')} ${record.id}`,
        request.OrderSeq,
      );
      // 0 asks for the default.
      const page = ordered.slice(request.Offset, request.Offset + (request.Limit || 20));
      return {
        TotalCount: found.length,
        JobList: page.map((record) =>
          jobItem(record, deps.migrations.progress(record.id), latestCompare(deps, record.id)),
        ),
      };
    },
  ),

  DescribeMigrationDetail: dtsAction(one, async ({ JobId: id }, { deps }): Promise<DescribeMigrationDetailResponse> => {
    const { migrations } = deps;
    const record = mustJob(deps, id);
    const checks = { findings: migrations.findings(id), step: migrations.checkingStep(id) };
    return migrationDetail(record, migrations.progress(id), checks, latestCompare(deps, id));
  }),

  DescribeMigrateDBInstances: dtsAction(
    z.strictObject({
      DatabaseType: z.string(),
      MigrateRole: z.enum(['src', 'dst']).default('src'),
      InstanceId: z.string().optional(),
      InstanceName: z.string().optional(),
      Limit: z.number().int().min(0).max(100).default(20),
      Offset: z.number().int().min(0).default(0),
      AccountMode: z.enum(['', 'self', 'other']).optional(),
      TmpSecretId: z.string().optional(),
      TmpSecretKey: z.string().optional(),
      TmpToken: z.string().optional(),
    }),
    async (request, { deps, region }): Promise<DescribeMigrateDBInstancesResponse> => {
      mustBePostgres(request.DatabaseType, 'DatabaseType');
      if (request.AccountMode === 'other')
        throw unsupported('Instances of other accounts are not known on one machine');
      const { InstanceId, InstanceName = '' } = request;
      const found = deps.instances
        .list()
        .filter((record) => region === '' || record.region === region)
        .filter(({ id }) => !InstanceId || id === InstanceId)
        .filter(({ name }) => name.toLowerCase().includes(InstanceName.toLowerCase()));
      const page = sorted(found, ({ createdAt }) => createdAt, 'asc').slice(
        request.Offset,
        request.Offset + (request.Limit || 20),
      );
      return {
        TotalCount: found.length,
        Instances: page.map((record) => {
          const Hint = hintOf(record, request.MigrateRole);
          return {
            InstanceId: record.id,
            InstanceName: record.name,
            Vip: record.networks[0]?.host ?? '',
            Vport: record.networks[0]?.port ?? 0,
            Usable: Hint === '' ? 1 : 0,
            Hint,
          };
        }),
      };
    },
  ),
};
