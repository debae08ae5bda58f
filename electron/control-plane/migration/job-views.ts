import { allowedActions, STEPS, type MigrationProgress, type MigrationStep } from '../../../shared/model/migration';
import type { EndpointView, MigrationJobDetail, MigrationJobView } from '../../../shared/model/migration-api';
import type { Endpoint } from './endpoint';
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

/** What went wrong, or what is waited for; nothing while all goes well. */
function troubleOf({ status, end, waitingSince }: JobRecord): { readonly problem: string; readonly hint: string } {
  const told = status === 'running' ? waitingSince !== null : status === 'failed' || status === 'checkNotPass';
  return end && told ? { problem: end.problem, hint: end.hint } : { problem: '', hint: '' };
}

const WITH_FRACTION: ReadonlySet<string> = new Set(['running', 'pausing', 'manualPaused', 'stopping', 'failed']);

/** A task as it is shown in a list: never with a password. */
export function jobView(record: JobRecord, progress: MigrationProgress | null): MigrationJobView {
  const { hasPassword, status } = record;
  const isolated = record.isolatedAt !== null;
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
    actions: allowedActions(status, isolated),
    ...troubleOf(record),
    fraction: status === 'success' ? 1 : running,
    region: record.region,
    size: record.size,
  };
}

/** A task with everything that is kept of it, but its passwords. */
export const jobDetail = (record: JobRecord, progress: MigrationProgress | null): MigrationJobDetail => ({
  ...jobView(record, progress),
  options: record.options,
  retryMinutes: record.retryMinutes,
  events: record.events,
  checkedAt: record.checkedAt,
  skipped: record.skipped,
  completion: null,
  canMoveAddress: false,
  compares: [],
  workerPid: null,
});
