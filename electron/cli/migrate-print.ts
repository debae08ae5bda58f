import type { Finding, FollowProgress, MigrationProgress, MigrationStep } from '../../shared/model/migration';
import type { MigrationJobDetail } from '../../shared/model/migration-api';

const STEP_WORDS: Readonly<Record<MigrationStep, string>> = {
  prepare: 'preparing',
  roles: 'roles',
  structure: 'structure',
  copy: 'copying rows',
  indexes: 'indexes',
  constraints: 'constraints',
  finish: 'finishing',
  follow: 'following',
  complete: 'completing',
};

const MEBIBYTE = 1024 ** 2;

const size = (bytes: number): string => `${(bytes / MEBIBYTE).toFixed(1)} MiB`;

/** e.g. `warning (source, shop): Long transactions: 1 transaction is open for 12 min`. */
export function findingLines({ level, side, database, title, found, items, effect, remedy }: Finding): string[] {
  const where = database === '' ? side : `${side}, ${database}`;
  return [
    `${level} (${where}): ${title}: ${found}`,
    ...(items.length === 0 ? [] : [`  ${items.slice(0, 10).join(', ')}${items.length > 10 ? ', …' : ''}`]),
    ...(effect === '' ? [] : [`  ${effect}`]),
    ...(remedy === '' ? [] : [`  ${remedy}`]),
  ];
}

/** Where a run is, in one line. */
export function progressLine({ steps, totals, bytesPerSecond, estimateSeconds }: MigrationProgress): string {
  const running = steps.filter(({ state }) => state === 'running').map(({ step }) => STEP_WORDS[step]);
  const { tables, tablesDone, rows, bytes, indexes, indexesDone } = totals;
  return [
    running.join(', '),
    tables > 0 ? `${tablesDone} of ${tables} tables, ${rows.toLocaleString('en')} rows, ${size(bytes)}` : '',
    indexes > 0 ? `${indexesDone} of ${indexes} indexes` : '',
    bytesPerSecond > 0 ? `${size(bytesPerSecond)}/s` : '',
    estimateSeconds === null || estimateSeconds === 0 ? '' : `about ${estimateSeconds} s to go`,
  ]
    .filter((part) => part !== '')
    .join('; ');
}

const FOLLOW_WORDS: Readonly<Record<FollowProgress['databases'][number]['state'], string>> = {
  waiting: 'waits',
  catchingUp: 'catches up',
  following: 'follows',
  halted: 'waits for a decision',
  away: 'a server is away',
  lost: 'can follow no more',
  done: 'done',
};

/** Where following is, in one line: e.g. `follows; gap 0.1 MiB, 0 s; 120 rows/s`. */
export function followLine(follow: FollowProgress): string {
  const { direction, databases, lagBytes, lagSeconds, rowsOutPerSecond, estimateSeconds, fallingBehind, cutOver } =
    follow;
  const step = cutOver.find(({ state }) => state === 'running');
  return [
    step ? `cut-over: ${step.step}${step.note === '' ? '' : ` (${step.note})`}` : '',
    [...new Set(databases.map(({ state }) => FOLLOW_WORDS[state]))].join(', '),
    direction === 'back' ? 'from the target to the source' : '',
    `gap ${size(lagBytes)}${lagSeconds === null ? '' : `, ${Math.round(lagSeconds)} s`}`,
    rowsOutPerSecond > 0 ? `${Math.round(rowsOutPerSecond).toLocaleString('en')} rows/s` : '',
    fallingBehind ? 'falling behind' : '',
    estimateSeconds === null || estimateSeconds === 0 ? '' : `about ${Math.round(estimateSeconds)} s to catch up`,
    follow.walAlarm ? `the source keeps ${size(follow.retainedBytes ?? 0)} of WAL` : '',
  ]
    .filter((part) => part !== '')
    .join('; ');
}

/** How it ended, in one line. */
export function endLine(
  { id, status, startedAt, endedAt, problem }: MigrationJobDetail,
  progress: MigrationProgress | null,
): string {
  const seconds = startedAt !== null && endedAt !== null ? `, ${((endedAt - startedAt) / 1000).toFixed(1)} s` : '';
  const totals = progress?.totals;
  const moved = totals
    ? `${totals.tablesDone} tables, ${totals.rows.toLocaleString('en')} rows, ${totals.objectsDone} objects`
    : 'nothing was moved';
  return `${id}: ${status === 'success' ? 'done' : problem === '' ? status : `${status}: ${problem}`} (${moved}${seconds})`;
}
