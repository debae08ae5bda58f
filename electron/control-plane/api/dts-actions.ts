import { z } from 'zod';
import type {
  CreateMigrationServiceResponse,
  SkipCheckItemResponse,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/dts/v20211206/dts_models';
import { JOB_SIZES } from '../migration/job-rules';
import type { MigrationJobs } from '../migration/job-service';
import { dtsAction, type Action, type ActionTable } from './action';
import { invalid } from './common';
import { endpointInfo, extraAttributes, mustBePostgres, readExtras, sideOf } from './dts-endpoint';
import { applyJobsOf, compareAtEndOf, migrateOptionRequest, noRows, optionsOf } from './dts-options';
import { ApiError } from './errors';
import { mustJob } from './dts-read-actions';
import { mustRegion } from './place';

/** Migration tasks as the public service `dts` 2021-12-06 has them. */

const JobId = z.string().max(64);
const one = z.strictObject({ JobId });
const tags = z
  .array(z.strictObject({ TagKey: z.string().optional(), TagValue: z.string().optional() }))
  .max(50)
  .optional();
const size = z.enum(JOB_SIZES);

const tagsOf = (given: z.output<typeof tags>): { key: string; value: string }[] =>
  (given ?? []).map(({ TagKey = '', TagValue = '' }) => ({ key: TagKey, value: TagValue }));

/** `2026-11-01 08:00:00` in Beijing time, as milliseconds since the epoch. */
function beijingTime(text: string): number {
  const ms = Date.parse(`${text.replace(' ', 'T')}+08:00`);
  if (Number.isNaN(ms)) throw invalid(`ExpectRunTime ${text} is no time`);
  return ms;
}

const doing = (work: (migrations: MigrationJobs, id: string) => Promise<void>): Action =>
  dtsAction(
    one,
    async ({ JobId: id }, { deps }) => {
      await work(deps.migrations, id);
      return {};
    },
    true,
  );

const acting = (action: Parameters<MigrationJobs['act']>[1]): Action =>
  doing((migrations, id) => migrations.act(id, action));

export const DTS_ACTIONS: ActionTable = {
  CreateMigrationService: dtsAction(
    z.strictObject({
      SrcDatabaseType: z.string(),
      DstDatabaseType: z.string(),
      SrcRegion: z.string(),
      DstRegion: z.string(),
      InstanceClass: size,
      Count: z.number().int().min(1).max(15).default(1),
      JobName: z.string().max(128).default(''),
      Tags: tags,
    }),
    async (request, { deps, region }): Promise<CreateMigrationServiceResponse> => {
      mustBePostgres(request.SrcDatabaseType, 'SrcDatabaseType');
      mustBePostgres(request.DstDatabaseType, 'DstDatabaseType');
      mustRegion(request.SrcRegion);
      mustRegion(request.DstRegion);
      if (region !== '' && request.DstRegion !== region)
        throw invalid(`DstRegion ${request.DstRegion} is not the region of the request, ${region}`);
      const JobIds: string[] = [];
      for (let made = 0; made < request.Count; made += 1) {
        const { id } = await deps.migrations.create({
          name: request.JobName,
          region: request.DstRegion,
          sourceRegion: request.SrcRegion,
          size: request.InstanceClass,
          tags: tagsOf(request.Tags),
        });
        JobIds.push(id);
      }
      return { JobIds };
    },
    true,
  ),

  ModifyMigrationJob: dtsAction(
    z.strictObject({
      JobId,
      RunMode: z.enum(['immediate', 'timed']),
      MigrateOption: migrateOptionRequest,
      SrcInfo: endpointInfo,
      DstInfo: endpointInfo,
      JobName: z.string().max(128).optional(),
      ExpectRunTime: z
        .string()
        .regex(/^(?:\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2})?$/, 'a time such as 2026-11-01 08:00:00')
        .optional(),
      Tags: tags,
      AutoRetryTimeRangeMinutes: z
        .number()
        .int()
        .min(0)
        .max(720)
        .refine((minutes) => minutes === 0 || minutes >= 5, '0 or 5 to 720 minutes')
        .default(30),
    }),
    async (request, { deps }) => {
      mustJob(deps, request.JobId);
      await deps.migrations.configure(request.JobId, {
        ...(request.JobName ? { name: request.JobName } : {}),
        ...(request.Tags === undefined ? {} : { tags: tagsOf(request.Tags) }),
        runMode: request.RunMode,
        at: request.ExpectRunTime ? beijingTime(request.ExpectRunTime) : null,
        source: sideOf(request.SrcInfo, 'SrcInfo'),
        target: sideOf(request.DstInfo, 'DstInfo'),
        options: optionsOf(request.MigrateOption),
        compareAtEnd: compareAtEndOf(request.MigrateOption),
        retryMinutes: request.AutoRetryTimeRangeMinutes,
      });
      return {};
    },
    true,
  ),

  CreateMigrateCheckJob: doing((migrations, id) => migrations.check(id)),
  StartMigrateJob: doing((migrations, id) => migrations.start(id)),
  PauseMigrateJob: acting('pause'),
  ContinueMigrateJob: acting('continue'),
  StopMigrateJob: acting('stop'),
  IsolateMigrateJob: acting('isolate'),
  RecoverMigrateJob: acting('recover'),

  DestroyMigrateJob: dtsAction(
    z.strictObject({ JobId: JobId.optional() }),
    async ({ JobId: id }, { deps }) => {
      if (id === undefined) throw new ApiError('MissingParameter', 'The parameter JobId is missing');
      await deps.migrations.act(id, 'destroy');
      return {};
    },
    true,
  ),

  ResumeMigrateJob: dtsAction(
    z.strictObject({ JobId, ResumeOption: z.enum(['normal', 'clearData', 'overwrite']).default('normal') }),
    async ({ JobId: id, ResumeOption }, { deps }) => {
      mustJob(deps, id);
      if (ResumeOption !== 'normal') throw invalid(`ResumeOption ${ResumeOption} is for Redis only`);
      await deps.migrations.act(id, 'resume');
      return {};
    },
    true,
  ),

  /** Nothing is left behind in either mode: the cut-over always waits until everything that was written is on the target. */
  CompleteMigrateJob: dtsAction(
    z.strictObject({ JobId, CompleteMode: z.enum(['waitForSync', 'immediately']).optional() }),
    async ({ JobId: id }, { deps }) => {
      await deps.migrations.complete(id, null);
      return {};
    },
    true,
  ),

  SkipCheckItem: dtsAction(
    z.strictObject({
      JobId,
      StepIds: z.array(z.string().max(64)).min(1).max(20),
      ForeignKeyFlag: z.enum(['shield', 'migrate']).optional(),
    }),
    async ({ JobId: id, StepIds, ForeignKeyFlag }, { deps }): Promise<SkipCheckItemResponse> => {
      mustJob(deps, id);
      if (ForeignKeyFlag === 'shield')
        throw invalid('Foreign keys travel with their tables: ForeignKeyFlag can only be migrate');
      await deps.migrations.skip(id, StepIds);
      return { Message: `Warnings are accepted: ${StepIds.join(', ')}` };
    },
    true,
  ),

  ModifyMigrateName: dtsAction(
    z.strictObject({ JobId, JobName: z.string().max(128) }),
    async ({ JobId: id, JobName }, { deps }) => {
      await deps.migrations.rename(id, JobName);
      return {};
    },
    true,
  ),

  /**
   * `DumpThread`: tables at once; `LoadThread`: indexes at once, which are made on the target alone; `SinkerThread`: sessions that apply changes,
   * from the next start of the task's worker on. 0 keeps what is.
   */
  ModifyMigrateRateLimit: dtsAction(
    z.strictObject({
      JobId,
      DumpThread: z.number().int().min(0).max(16).optional(),
      DumpRps: z.number().int().min(0).optional(),
      LoadThread: z.number().int().min(0).max(16).optional(),
      SinkerThread: z.number().int().min(0).max(128).optional(),
      LoadRps: z.number().int().min(0).optional(),
    }),
    async ({ JobId: id, DumpThread, DumpRps, LoadThread, LoadRps, SinkerThread }, { deps }) => {
      mustJob(deps, id);
      if (DumpRps || LoadRps) throw noRows();
      await deps.migrations.limit(id, {
        ...(DumpThread ? { copyJobs: DumpThread } : {}),
        ...(LoadThread ? { indexJobs: LoadThread } : {}),
        ...applyJobsOf(SinkerThread),
      });
      return {};
    },
    true,
  ),

  ModifyMigrateJobSpec: dtsAction(
    z.strictObject({ JobId, NewInstanceClass: size }),
    async ({ JobId: id, NewInstanceClass }, { deps }) => {
      await deps.migrations.resize(id, NewInstanceClass);
      return {};
    },
    true,
  ),

  /** Keys of `OtherOptions`: `CopyJobs`, `IndexJobs`, `ApplyJobs` (1 to 16), `BytesPerSecond` (0 no limit). */
  ModifyMigrateRuntimeAttribute: dtsAction(
    z.strictObject({ JobId, OtherOptions: extraAttributes.unwrap().min(1) }),
    async ({ JobId: id, OtherOptions }, { deps }) => {
      mustJob(deps, id);
      const given = readExtras(OtherOptions, ['CopyJobs', 'IndexJobs', 'ApplyJobs', 'BytesPerSecond'], 'OtherOptions');
      const numberOf = (key: string, least: number, most: number): number | undefined => {
        const text = given.get(key);
        if (text === undefined) return undefined;
        const value = Number(text);
        if (!/^\d{1,15}$/.test(text) || value < least || value > most) throw invalid(`${key} is not valid: ${text}`);
        return value;
      };
      const copyJobs = numberOf('CopyJobs', 1, 16);
      const indexJobs = numberOf('IndexJobs', 1, 16);
      const applyJobs = numberOf('ApplyJobs', 1, 16);
      const bytesPerSecond = numberOf('BytesPerSecond', 0, Number.MAX_SAFE_INTEGER);
      await deps.migrations.limit(id, {
        ...(copyJobs === undefined ? {} : { copyJobs }),
        ...(indexJobs === undefined ? {} : { indexJobs }),
        ...(applyJobs === undefined ? {} : { applyJobs }),
        ...(bytesPerSecond === undefined ? {} : { bytesPerSecond }),
      });
      return {};
    },
    true,
  ),
};
