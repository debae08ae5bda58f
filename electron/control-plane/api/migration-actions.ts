import { z } from 'zod';
import {
  completion,
  decision,
  FINDING_LEVELS,
  migrationOptions,
  objectSelection,
  type Finding,
  type MigrationLogLine,
  type MigrationProgress,
  type ObjectOutcome,
  type TableProgress,
} from '../../../shared/model/migration';
import type {
  ClosureNote,
  EndpointFacts,
  EndpointObjects,
  MigrationJobDetail,
  MigrationJobView,
  MigrationReport,
} from '../../../shared/model/migration-api';
import type { TestStep } from '../../../shared/model/server';
import { reachable } from '../migration/endpoint';
import type { SideInput } from '../migration/job-service';
import { jobView } from '../migration/job-views';
import { dtsAction, type ActionTable } from './action';
import { mustJob } from './dts-read-actions';

/** Actions of our own service about migration tasks: what the public `dts` service has no action or no room for. */

const JobId = z.string().max(64);
const one = z.strictObject({ JobId });
const tags = z.array(z.strictObject({ key: z.string(), value: z.string() }));

/** Null says no more than leaving a parameter out, so that what may be null may be absent. */
const side = reachable.extend({
  password: z.string().max(1000).nullable().default(null),
  sshPassword: z.string().max(1000).nullable().default(null),
});

const sideInput = ({ password, sshPassword, ...endpoint }: z.output<typeof side>): SideInput => ({
  endpoint,
  secrets: { password, sshPassword },
});

const paged = {
  JobId,
  Search: z.string().max(200).default(''),
  Offset: z.number().int().min(0).default(0),
  Limit: z.number().int().min(1).max(500).default(100),
};

const nothing = async (work: Promise<void>): Promise<object> => {
  await work;
  return {};
};

export const MIGRATION_ACTIONS: ActionTable = {
  DescribeMigrationJob: dtsAction(one, async ({ JobId: id }, { deps }): Promise<{ Job: MigrationJobDetail }> => {
    mustJob(deps, id);
    return { Job: deps.migrations.detail(id) };
  }),

  DescribeMigrationJobViews: dtsAction(
    z.strictObject({ JobIds: z.array(JobId).max(100) }),
    async ({ JobIds }, { deps }): Promise<{ Jobs: readonly MigrationJobView[] }> => ({
      Jobs: JobIds.flatMap((id) => {
        const record = deps.migrations.get(id);
        return record ? [jobView(record, deps.migrations.progress(id))] : [];
      }),
    }),
  ),

  ConfigureMigrationJob: dtsAction(
    z.strictObject({
      JobId,
      Name: z.string().optional(),
      Tags: tags.optional(),
      RunMode: z.enum(['immediate', 'timed']).default('immediate'),
      At: z.number().nullable().default(null),
      Source: side,
      Target: side,
      Options: migrationOptions,
      RetryMinutes: z.number().int().min(0).max(720),
    }),
    ({ JobId: id, Name, Tags, RunMode, At, Source, Target, Options, RetryMinutes }, { deps }) =>
      nothing(
        deps.migrations.configure(id, {
          ...(Name === undefined ? {} : { name: Name }),
          ...(Tags === undefined ? {} : { tags: Tags }),
          runMode: RunMode,
          at: At,
          source: sideInput(Source),
          target: sideInput(Target),
          options: Options,
          retryMinutes: RetryMinutes,
        }),
      ),
    true,
  ),

  TestMigrationEndpoint: dtsAction(
    z.strictObject({ JobId: JobId.optional(), Side: z.enum(['source', 'target']), Endpoint: side }),
    async (
      { JobId: id, Side, Endpoint },
      { deps },
    ): Promise<{ Steps: readonly TestStep[]; Facts: EndpointFacts | null; NewHostKey: string | null }> => {
      const { steps, facts, newHostKey } = await deps.migrations.test(sideInput(Endpoint), id ?? null, Side);
      return { Steps: steps, Facts: facts, NewHostKey: newHostKey };
    },
  ),

  DescribeSourceObjects: dtsAction(
    z.strictObject({ JobId, Database: z.string().min(1).max(63) }),
    async ({ JobId: id, Database }, { deps }): Promise<{ Objects: EndpointObjects }> => ({
      Objects: await deps.migrations.sourceObjects(id, Database),
    }),
  ),

  DescribeSourceRoles: dtsAction(one, async ({ JobId: id }, { deps }): Promise<{ Roles: readonly string[] }> => ({
    Roles: await deps.migrations.roles(id),
  })),

  DescribeObjectClosure: dtsAction(
    z.strictObject({ JobId, Objects: objectSelection }),
    async ({ JobId: id, Objects }, { deps }): Promise<{ Notes: readonly ClosureNote[] }> => ({
      Notes: await deps.migrations.closure(id, Objects),
    }),
  ),

  DescribeMigrationFindings: dtsAction(
    one,
    async (
      { JobId: id },
      { deps },
    ): Promise<{ Findings: readonly Finding[]; Skipped: readonly string[]; Step: string }> => ({
      Findings: deps.migrations
        .findings(id)
        .toSorted((a, b) => FINDING_LEVELS.indexOf(b.level) - FINDING_LEVELS.indexOf(a.level)),
      Skipped: mustJob(deps, id).skipped,
      Step: deps.migrations.checkingStep(id) ?? '',
    }),
  ),

  ApplyMigrationFix: dtsAction(
    z.strictObject({
      JobId,
      Check: z.string().max(64),
      Database: z.string().max(63).default(''),
      Side: z.enum(['source', 'target']),
    }),
    ({ JobId: id, Check, Database, Side }, { deps }) =>
      nothing(deps.migrations.fix(id, { check: Check, database: Database, side: Side })),
    true,
  ),

  DescribeMigrationProgress: dtsAction(
    one,
    async ({ JobId: id }, { deps }): Promise<{ Progress: MigrationProgress | null }> => ({
      Progress: deps.migrations.progress(id),
    }),
  ),

  DescribeMigrationTables: dtsAction(
    z.strictObject({ ...paged, State: z.string().max(32).default('') }),
    async (
      { JobId: id, Search, State, Offset, Limit },
      { deps },
    ): Promise<{ TotalCount: number; Tables: readonly TableProgress[] }> => {
      const { total, rows } = deps.migrations.tables(id, {
        search: Search,
        state: State,
        offset: Offset,
        limit: Limit,
      });
      return { TotalCount: total, Tables: rows };
    },
  ),

  DescribeMigrationObjects: dtsAction(
    z.strictObject({ ...paged, Outcome: z.string().max(32).default('') }),
    async (
      { JobId: id, Search, Outcome, Offset, Limit },
      { deps },
    ): Promise<{ TotalCount: number; Objects: readonly ObjectOutcome[] }> => {
      const { total, rows } = deps.migrations.objects(id, {
        search: Search,
        outcome: Outcome,
        offset: Offset,
        limit: Limit,
      });
      return { TotalCount: total, Objects: rows };
    },
  ),

  DescribeMigrationLog: dtsAction(
    z.strictObject({
      JobId,
      From: z.number().int().min(0).default(0),
      Limit: z.number().int().min(1).max(5000).default(500),
    }),
    async (
      { JobId: id, From, Limit },
      { deps },
    ): Promise<{ TotalCount: number; First: number; Lines: readonly MigrationLogLine[] }> => {
      const { total, first, rows } = await deps.migrations.log(id, From, Limit);
      return { TotalCount: total, First: first, Lines: rows };
    },
  ),

  DescribeMigrationReport: dtsAction(one, async ({ JobId: id }, { deps }): Promise<{ Report: MigrationReport }> => ({
    Report: await deps.migrations.report(id),
  })),

  ModifyMigrationSpeed: dtsAction(
    z.strictObject({
      JobId,
      CopyJobs: z.number().int().min(1).max(16).optional(),
      IndexJobs: z.number().int().min(1).max(16).optional(),
      BytesPerSecond: z.number().int().min(0).optional(),
    }),
    ({ JobId: id, CopyJobs, IndexJobs, BytesPerSecond }, { deps }) =>
      nothing(
        deps.migrations.limit(id, {
          ...(CopyJobs === undefined ? {} : { copyJobs: CopyJobs }),
          ...(IndexJobs === undefined ? {} : { indexJobs: IndexJobs }),
          ...(BytesPerSecond === undefined ? {} : { bytesPerSecond: BytesPerSecond }),
        }),
      ),
    true,
  ),

  ModifyMigrationTags: dtsAction(
    z.strictObject({ JobId, Tags: tags }),
    ({ JobId: id, Tags }, { deps }) => nothing(deps.migrations.setTags(id, Tags)),
    true,
  ),

  CompleteMigration: dtsAction(
    z.strictObject({ JobId, Completion: completion.optional() }),
    ({ JobId: id, Completion = null }, { deps }) => nothing(deps.migrations.complete(id, Completion)),
    true,
  ),

  TakeBackCompletion: dtsAction(one, ({ JobId: id }, { deps }) => nothing(deps.migrations.act(id, 'takeBack')), true),

  GoBackMigration: dtsAction(
    z.strictObject({ JobId, Completion: completion.default(completion.parse({})) }),
    ({ JobId: id, Completion }, { deps }) => nothing(deps.migrations.goBack(id, Completion)),
    true,
  ),

  FinishMigration: dtsAction(one, ({ JobId: id }, { deps }) => nothing(deps.migrations.act(id, 'finish')), true),

  DecideMigrationHalt: dtsAction(
    z.strictObject({ JobId, Decision: decision }),
    ({ JobId: id, Decision }, { deps }) => nothing(deps.migrations.decide(id, Decision)),
    true,
  ),
};
