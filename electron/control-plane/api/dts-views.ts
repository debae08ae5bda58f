import type {
  CheckStep,
  CompareTaskInfo,
  DBEndpointInfo,
  DescribeMigrationCheckJobResponse,
  DescribeMigrationDetailResponse,
  JobItem,
  KeyValuePairOption,
  MigrateAction,
  MigrateDetailInfo,
  StepDetailInfo,
  TradeInfo,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/dts/v20211206/dts_models';
import {
  allowedActions,
  CHECK_STEPS,
  JOB_ACTIONS,
  type CheckStepId,
  type Finding,
  type JobStatus,
  type MigrationProgress,
  type MigrationStep,
} from '../../../shared/model/migration';
import type { CompareView } from '../../../shared/model/migration-api';
import type { Endpoint } from '../migration/endpoint';
import { RECYCLE_MS, resolveJobs } from '../migration/job-rules';
import { jobView } from '../migration/job-views';
import type { JobRecord } from '../migration/record';
import { apiTime } from './common';
import { migrateOption } from './dts-options';

/** Migration tasks in the words of the public `dts` service. Never with a password. */

export const ENGINE = 'postgresql';

const time = (ms: number | null): string => (ms === null ? '' : apiTime(ms));

/** What the public shape of an endpoint has no field for; the keys are those that `dts-endpoint.ts` reads. */
function endpointExtras({ database, ssl, ssh, connectTimeout, options }: Endpoint): KeyValuePairOption[] {
  const extras: Readonly<Record<string, string>> = {
    Database: database,
    SslMode: ssl.mode,
    SslRootCert: ssl.rootCert,
    SslCert: ssl.cert,
    SslKey: ssl.key,
    SslCrl: ssl.crl,
    ...(ssh?.enabled
      ? {
          SshHost: ssh.host,
          SshPort: String(ssh.port),
          SshUser: ssh.user,
          SshIdentityFile: ssh.identityFile,
          SshHostKey: ssh.hostKey,
        }
      : {}),
    ConnectTimeout: String(connectTimeout),
    Options: options,
  };
  return Object.entries(extras)
    .filter(([, value]) => value !== '')
    .map(([Key, Value]) => ({ Key, Value }));
}

function endpointInfo(side: Endpoint | null, region: string): DBEndpointInfo {
  if (!side) return { Region: region, AccessType: '', DatabaseType: ENGINE, NodeType: 'simple', Info: [] };
  return {
    Region: side.region || region,
    AccessType: side.accessType,
    DatabaseType: ENGINE,
    NodeType: 'simple',
    Info: [
      {
        User: side.user,
        EncryptConn: side.ssl.mode === 'disable' ? 'UnEncrypted' : 'Encrypted',
        ...(side.accessType === 'cdb' ? { InstanceId: side.instanceId } : { Host: side.host, Port: side.port }),
      },
    ],
    Supplier: side.supplier,
    ExtraAttr: endpointExtras(side),
  };
}

const actionsOf = ({ status, isolatedAt }: JobRecord): MigrateAction => ({
  AllAction: [...JOB_ACTIONS],
  AllowedAction: [...allowedActions(status, isolatedAt !== null)],
});

const tradeOf = ({ size, isolatedAt }: JobRecord): TradeInfo => ({
  InstanceClass: size,
  TradeStatus: isolatedAt === null ? 'notBilled' : 'isolated',
  IsolateTime: time(isolatedAt),
  OfflineTime: time(isolatedAt === null ? null : isolatedAt + RECYCLE_MS),
  PayType: 'postpay',
  BillingType: 'notBilling',
});

const STEP_NAMES: Readonly<Record<MigrationStep, string>> = {
  prepare: 'Preparation',
  roles: 'Roles',
  structure: 'Structure',
  copy: 'Full copy',
  indexes: 'Indexes',
  constraints: 'Constraints',
  finish: 'Sequences and statistics',
  follow: 'Incremental',
  complete: 'Completion',
};

const MEBIBYTE = 1024 ** 2;
/** Statuses in which the gap between the sides is known. */
const FOLLOWING: ReadonlySet<JobStatus> = new Set(['running', 'readyComplete', 'completing', 'guarding']);

/** What the list of the public service has no word for. */
export const publicStatus = (status: JobStatus): JobStatus => (status === 'guarding' ? 'completing' : status);

/** Only of incremental tasks. */
const INCREMENTAL: ReadonlySet<MigrationStep> = new Set(['follow', 'complete']);

function stepsOf({ status, options }: JobRecord, progress: MigrationProgress | null): MigrateDetailInfo {
  const follow = FOLLOWING.has(status) ? progress?.follow : null;
  const known = (progress?.steps ?? []).filter(
    ({ step }) => options?.type === 'fullAndIncrement' || !INCREMENTAL.has(step),
  );
  const steps = known.map((each, at): StepDetailInfo => ({
    StepNo: at + 1,
    StepName: STEP_NAMES[each.step],
    StepId: each.step,
    // The public service knows no step that was left out: it has nothing to do.
    Status: each.state === 'skipped' ? 'success' : each.state,
    StartTime: time(each.startedAt),
    FinishTime: time(each.endedAt),
    StepMessage: each.note,
    Percent: Math.round((each.state === 'success' ? 1 : (each.fraction ?? 0)) * 100),
    Errors: [],
    Warnings: [],
  }));
  const running = steps.findIndex(({ Status }) => Status === 'running');
  return {
    StepAll: steps.length,
    StepNow: running < 0 ? steps.filter(({ Status }) => Status === 'success').length : running + 1,
    MasterSlaveDistance: follow ? Math.ceil(follow.lagBytes / MEBIBYTE) : -1,
    SecondsBehindMaster:
      follow?.lagSeconds === undefined || follow.lagSeconds === null ? -1 : Math.ceil(follow.lagSeconds),
    StepInfo: steps,
  };
}

/** The words of the public service for how a comparison is, or what it found. */
function compareTask(compare: CompareView | undefined): CompareTaskInfo {
  if (!compare) return { CompareTaskId: '', Status: 'notexist' };
  const { id, status, different, failed } = compare;
  const found = different > 0 ? 'inconsistent' : failed > 0 ? 'failed' : 'consistent';
  const words: Readonly<Record<CompareView['status'], string>> = {
    created: 'unstart',
    readyRun: 'unstart',
    running: 'running',
    stopping: 'running',
    canceled: 'canceled',
    failed: 'failed',
    success: found,
  };
  return { CompareTaskId: id, Status: words[status] };
}

function common(record: JobRecord, progress: MigrationProgress | null, compare: CompareView | undefined) {
  return {
    JobId: record.id,
    JobName: record.name,
    CreateTime: time(record.createdAt),
    UpdateTime: time(record.updatedAt),
    StartTime: time(record.startedAt),
    EndTime: time(record.endedAt),
    BriefMsg: jobView(record, progress).problem,
    Status: publicStatus(record.status),
    RunMode: record.runMode,
    ExpectRunTime: time(record.at),
    Action: actionsOf(record),
    StepInfo: stepsOf(record, progress),
    SrcInfo: endpointInfo(record.source, record.sourceRegion),
    DstInfo: endpointInfo(record.target, record.region),
    CompareTask: compareTask(compare),
    TradeInfo: tradeOf(record),
    Tags: record.tags.map(({ key, value }) => ({ TagKey: key, TagValue: value })),
    // A copy that was interrupted goes on at the table that was not finished.
    DumperResumeCtrl: 'yes',
  };
}

/** `compare`: the latest comparison of the task. */
export const jobItem = (
  record: JobRecord,
  progress: MigrationProgress | null,
  compare: CompareView | undefined,
): JobItem => ({
  ...common(record, progress, compare),
  AutoRetryTimeRangeMinutes: record.retryMinutes,
});

export function migrationDetail(
  record: JobRecord,
  progress: MigrationProgress | null,
  checks: { readonly findings: readonly Finding[]; readonly step: string | null },
  compare: CompareView | undefined,
): DescribeMigrationDetailResponse {
  const { options, size } = record;
  const limits = resolveJobs(options ?? { copyJobs: 0, indexJobs: 0 }, size, false);
  const { problem, hint } = jobView(record, progress);
  return {
    ...common(record, progress, compare),
    ...(options ? { MigrateOption: migrateOption(options, record.compareAtEnd) } : {}),
    CheckStepInfo: {
      StartAt: '',
      EndAt: time(record.checkedAt),
      Progress: {
        Status: checkStatus(record),
        Percent: record.status === 'checking' ? percentOf(checks.step) : record.checkedAt === null ? 0 : 100,
        StepAll: CHECK_STEPS.length,
        StepNow: stepNumber(checks.step),
        Message: '',
        Steps: [],
      },
    },
    ErrorInfo: problem === '' ? [] : [{ Code: '', Solution: hint, ErrorLog: problem, HelpDoc: '' }],
    RateLimitOption: {
      CurrentDumpThread: progress?.copyJobs ?? limits.copyJobs,
      DefaultDumpThread: limits.copyJobs,
      CurrentDumpRps: 0,
      DefaultDumpRps: 0,
      CurrentLoadThread: progress?.indexJobs ?? limits.indexJobs,
      DefaultLoadThread: limits.indexJobs,
      CurrentLoadRps: 0,
      DefaultLoadRps: 0,
      CurrentSinkerThread: options?.type === 'fullAndIncrement' ? options.applyJobs : 0,
      DefaultSinkerThread: options?.type === 'fullAndIncrement' ? 1 : 0,
      HasUserSetRateLimit: options && (options.copyJobs > 0 || options.indexJobs > 0) ? 'yes' : 'no',
    },
  };
}

const isCheckStep = (step: string): step is CheckStepId => CHECK_STEPS.some((each) => each === step);
const stepNumber = (step: string | null): number =>
  step !== null && isCheckStep(step) ? CHECK_STEPS.indexOf(step) + 1 : 0;
const percentOf = (step: string | null): number =>
  Math.floor((Math.max(0, stepNumber(step) - 1) * 100) / CHECK_STEPS.length);

function checkStatus({ status, checkedAt }: JobRecord): string {
  if (status === 'checking') return 'running';
  if (checkedAt === null || status === 'created') return 'notStarted';
  return status === 'checkNotPass' ? 'failed' : 'success';
}

const CHECK_NAMES: Readonly<Record<CheckStepId, string>> = {
  ConnectDBCheck: 'Connections',
  VersionCheck: 'Versions',
  SrcPrivilegeCheck: 'Privileges on the source',
  DstPrivilegeCheck: 'Privileges on the target',
  SrcParameterCheck: 'Parameters of the source',
  DstParameterCheck: 'Parameters of the target',
  ObjectCheck: 'Objects',
  ConflictCheck: 'Conflicts on the target',
  DependencyCheck: 'Dependencies',
  CapacityCheck: 'Capacity',
  IncrementCheck: 'Incremental part',
};

/** The public service knows three results; what is only worth knowing passes. */
const resultOf = ({ level }: Finding): 'pass' | 'warning' | 'failed' => (level === 'info' ? 'pass' : level);

function checkStep(
  StepId: CheckStepId,
  at: number,
  { findings, running, skipped }: { findings: readonly Finding[]; running: boolean; skipped: readonly string[] },
): CheckStep {
  const inStep = findings.filter(({ step }) => step === StepId);
  const results = inStep.map(resultOf);
  const worst = results.includes('failed') ? 'failed' : results.includes('warning') ? 'warning' : 'pass';
  return {
    StepNo: at + 1,
    StepId,
    StepName: CHECK_NAMES[StepId],
    StepStatus: inStep.length > 0 || !running ? worst : 'notStarted',
    StepMessage: inStep.find((each) => resultOf(each) === worst && worst !== 'pass')?.found ?? '',
    DetailCheckItems: inStep.map((each) => ({
      CheckItemName: each.check,
      Description: each.database === '' ? each.title : `${each.title} (${each.database})`,
      CheckResult: resultOf(each),
      FailureReason: each.found,
      Solution: each.remedy,
      ErrorLog: each.items,
      HelpDoc: [],
      SkipInfo: each.effect,
    })),
    HasSkipped: skipped.includes(StepId),
  };
}

/** What the last check found, or has found so far. */
export function checkJob(record: JobRecord, findings: readonly Finding[]): DescribeMigrationCheckJobResponse {
  const Status = checkStatus(record);
  const told = { findings, running: Status === 'running', skipped: record.skipped };
  return {
    Status,
    BriefMsg: record.status === 'checkNotPass' ? (record.end?.problem ?? '') : '',
    StepInfo: Status === 'notStarted' ? [] : CHECK_STEPS.map((step, at) => checkStep(step, at, told)),
    CheckFlag: Status === 'failed' ? 'checkNotPass' : Status === 'success' ? 'checkPass' : '',
  };
}
