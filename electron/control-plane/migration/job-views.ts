import {
  allowedActions,
  STEPS,
  type JobAction,
  type JobStatus,
  type MigrationProgress,
  type MigrationStep,
} from '../../../shared/model/migration';
import type { EndpointView, MigrationJobDetail, MigrationJobView } from '../../../shared/model/migration-api';
import type { Endpoint } from './endpoint';
import { cleaningSql } from './job-left';
import { hasFailedStep, isLedOver } from './job-rules';
import type { JobRecord } from './record';

/** Share of the whole that each step usually takes. */
const WEIGHTS: Readonly<Record<MigrationStep, number>> = {
  prepare: 2,
  roles: 1,
  structure: 7,
  copy: 60,
  indexes: 20,
  constraints: 5,
  finish: 5,
  follow: 0,
  complete: 0,
};

/** How much of a task is done, 0 … 1, by its steps. */
export function wholeFraction({ steps }: MigrationProgress): number {
  const counted = steps.filter(({ step, state }) => STEPS.includes(step) && state !== 'skipped');
  const all = counted.reduce((sum, { step }) => sum + WEIGHTS[step], 0);
  const done = counted.reduce(
    (sum, { step, state, fraction }) =>
      sum + WEIGHTS[step] * (state === 'success' ? 1 : state === 'notStarted' ? 0 : (fraction ?? 0)),
    0,
  );
  return all === 0 ? 0 : Math.min(1, Math.max(0, done / all));
}

function endpointView(side: Endpoint | null, hasPassword: boolean, hasSshPassword: boolean): EndpointView | null {
  if (!side) return null;
  const { accessType, region, instanceId, host, port, user, database, ssl, ssh } = side;
  return {
    accessType,
    region,
    instanceId,
    host,
    port,
    user,
    database,
    ssl,
    ssh,
    hasPassword,
    hasSshPassword,
  };
}

const WORKING: ReadonlySet<JobStatus> = new Set(['running', 'readyComplete', 'completing', 'guarding']);

const joined = (...parts: readonly string[]): string => parts.filter((part) => part !== '').join(' ');

/** What went wrong, or what is waited for; nothing while all goes well. */
function troubleOf(record: JobRecord): { readonly problem: string; readonly hint: string } {
  const { id, status, end, waitingSince, toClean, restingSince } = record;
  const told = WORKING.has(status) ? waitingSince !== null : status === 'failed' || status === 'checkNotPass';
  const { problem, hint } = end && told ? end : { problem: '', hint: '' };
  if (toClean)
    return toClean.problem === ''
      ? { problem, hint }
      : {
          problem: joined(problem, `What the task left on its source is not taken away yet: ${toClean.problem}`),
          hint: `It is tried again and again. By hand, on the source and on the target, in each database of the task: ${cleaningSql(id)}`,
        };
  if (restingSince === null) return { problem, hint };
  const since = new Date(restingSince).toISOString().replace(/\.\d+Z$/, 'Z');
  const keeps = `The source keeps its WAL for this task since ${since}: let it go on, or stop it, before the disk of the source fills.`;
  return problem === '' ? { problem: keeps, hint } : { problem, hint: joined(hint, keeps) };
}

/** What stands still while the task is at work: a list shows nothing else of its changes. */
function standstillOf({ status }: JobRecord, progress: MigrationProgress | null): string {
  if (!WORKING.has(status)) return '';
  const words = progress?.follow?.databases.flatMap(({ database, state, halts, problem }) => {
    const [halt] = halts;
    if (halt) return `${database}: waits for a decision: ${halt.text}`;
    return state === 'away' ? `${database}: a server is away${problem === '' ? '' : `: ${problem}`}` : [];
  });
  return words?.[0] ?? '';
}

const WITH_FRACTION: ReadonlySet<JobStatus> = new Set([...WORKING, 'pausing', 'manualPaused', 'stopping', 'failed']);

/** What a person may do, now that a worker has told how far it is. */
function actionsOf(record: JobRecord, progress: MigrationProgress | null): JobAction[] {
  const { status, isolatedAt, course, takingBack } = record;
  const failedStep = hasFailedStep(progress) && !takingBack && !isLedOver(record);
  const may: Partial<Record<JobAction, boolean>> =
    status === 'completing'
      ? {
          complete: failedStep && course.back === null,
          goBack: failedStep && course.back !== null,
          takeBack: !course.finish && !takingBack && !isLedOver(record) && (course.back ?? course.completion) !== null,
          stop: !course.opened && course.back === null && !course.finish,
        }
      : { resume: record.end?.final !== true };
  return allowedActions(status, isolatedAt !== null).filter((action) => may[action] !== false);
}

/** A task as it is shown in a list: never with a password. */
export function jobView(record: JobRecord, progress: MigrationProgress | null): MigrationJobView {
  const { hasPassword, status } = record;
  const isolated = record.isolatedAt !== null;
  const trouble = troubleOf(record);
  const running = progress && WITH_FRACTION.has(status) ? wholeFraction(progress) : null;
  return {
    id: record.id,
    name: record.name,
    type: record.options?.type ?? 'full',
    status,
    isolated,
    runMode: record.runMode,
    scheduledAt: record.at,
    createdAt: record.createdAt,
    startedAt: record.startedAt,
    endedAt: record.endedAt,
    source: endpointView(record.source, hasPassword.source, hasPassword.sourceSsh),
    target: endpointView(record.target, hasPassword.target, hasPassword.targetSsh),
    tags: record.tags,
    actions: actionsOf(record, progress),
    problem: trouble.problem === '' ? standstillOf(record, progress) : trouble.problem,
    hint: trouble.hint,
    fraction: status === 'success' ? 1 : running,
    region: record.region,
    size: record.size,
  };
}

/** A task with everything that is kept of it, but its passwords. */
export const jobDetail = (
  record: JobRecord,
  progress: MigrationProgress | null,
  more: Pick<MigrationJobDetail, 'canMoveAddress' | 'compares' | 'workerPid'>,
): MigrationJobDetail => ({
  ...jobView(record, progress),
  // Halts and what is away stand in its progress.
  ...troubleOf(record),
  options: record.options,
  retryMinutes: record.retryMinutes,
  events: record.events,
  checkedAt: record.checkedAt,
  skipped: record.skipped,
  completion: record.course.back ?? record.course.completion,
  ...more,
});
