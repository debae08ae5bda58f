import type { Finding, MigrationProgress, ObjectOutcome, TableProgress } from '../../../shared/model/migration';
import type { Logger } from '../../log';
import { logLine, migrationProgress, objectOutcome, tableProgress } from '../../../shared/model/migration-shapes';
import type { Job } from './store';
import type { SuperviseDeps, Supervisor } from './supervise';
import type { WorkerPhase } from './worker-protocol';

const KIND_MAX = 64;

/** What a task has behind it that no later worker does again. */
const unitsOf = ({ totals }: MigrationProgress): number => totals.tablesDone + totals.objectsDone + totals.indexesDone;

/** Words of servers and statements may hold passwords. What a fix runs is our own and stays exactly as it runs. */
const cleanFinding = (job: Job, each: Finding): Finding => ({
  ...each,
  found: job.scrub(each.found),
  items: each.items.map((item) => job.scrub(item)),
  remedy: job.scrub(each.remedy),
  sql: job.scrub(each.sql),
});
const cleanObject = (job: Job, each: ObjectOutcome): ObjectOutcome => ({
  ...each,
  reason: job.scrub(each.reason),
  statement: job.scrub(each.statement),
});
/** Halts show statements of the source, which may hold passwords. */
const cleanProgress = (job: Job, progress: MigrationProgress): MigrationProgress => {
  const { follow } = progress;
  if (!follow) return progress;
  return {
    ...progress,
    follow: {
      ...follow,
      databases: follow.databases.map((each) => ({
        ...each,
        problem: job.scrub(each.problem),
        halts: each.halts.map((halt) => ({
          ...halt,
          text: job.scrub(halt.text),
          statement: job.scrub(halt.statement),
        })),
      })),
      cutOver: follow.cutOver.map((step) => ({ ...step, note: job.scrub(step.note) })),
    },
  };
};
const cleanTable = (job: Job, each: TableProgress): TableProgress => ({ ...each, reason: job.scrub(each.reason) });

/** What went through a stream of changes since its worker began. */
const appliedOf = ({ follow }: MigrationProgress): number =>
  follow?.databases.reduce((sum, { transactions }) => sum + transactions, 0) ?? 0;

interface Watched {
  readonly unitsBefore: number;
  bytes: number | null;
  applied: number | null;
}

/** Keeps what workers tell, and sees whether they get on. */
export interface Hearing {
  readonly onEvent: SuperviseDeps['onEvent'];
  /** To be called before each worker. */
  expect(job: Job): void;
  /** The group of checks that is looked at now; null when no check runs. */
  checkingStep(id: string): string | null;
  endCheck(id: string): void;
}

export interface HearingHooks {
  onPhase(job: Job, phase: WorkerPhase): void;
  onProgress(job: Job, progress: MigrationProgress): void;
}

export function createHearing(
  log: Logger,
  supervisor: () => Supervisor,
  { onPhase, onProgress }: HearingHooks,
): Hearing {
  const watched = new Map<string, Watched>();
  const checking = new Map<string, string>();

  const keep = (job: Job, change: Parameters<Job['change']>[0], event: Parameters<Job['change']>[1]): void =>
    void job.change(change, event).catch((error: unknown) => void log.bug(`the record of ${job.id}`, error));

  const hearProgress = (job: Job, progress: MigrationProgress): void => {
    job.results.setProgress(progress);
    onProgress(job, progress);
    const seen = watched.get(job.id);
    if (!seen) return;
    const { bytes } = progress.totals;
    const advanced = unitsOf(progress) > seen.unitsBefore;
    const applied = appliedOf(progress);
    const follows = seen.applied !== null && applied > seen.applied;
    const flows = follows || (seen.bytes !== null && bytes > seen.bytes);
    seen.bytes = bytes;
    if (progress.follow) seen.applied = applied;
    if (advanced || follows) supervisor().noteAdvance(job.id);
    if (!(advanced || flows) || job.record().waitingSince === null) return;
    const event = { kind: 'goes-on', text: 'What was away is there again' };
    keep(job, { attempts: 0, waitingSince: null, end: null }, event);
  };

  const onEvent: SuperviseDeps['onEvent'] = (job, told) => {
    switch (told.event) {
      case 'log': {
        const line = logLine.safeParse(told.line);
        if (line.success) job.log.append({ ...line.data, text: job.scrub(line.data.text) });
        return;
      }
      case 'progress': {
        const progress = migrationProgress.safeParse(told.progress);
        if (progress.success) hearProgress(job, cleanProgress(job, progress.data));
        else log.write('warn', 'a worker tells a progress that cannot be read', { job: job.id });
        return;
      }
      case 'tables':
        job.results.addTables(
          told.tables.flatMap((each) => tableProgress.safeParse(each).data ?? []).map((each) => cleanTable(job, each)),
        );
        return;
      case 'objects':
        job.results.addObjects(
          told.objects
            .flatMap((each) => objectOutcome.safeParse(each).data ?? [])
            .map((each) => cleanObject(job, each)),
        );
        return;
      case 'checking':
        checking.set(job.id, told.step);
        return;
      case 'findings':
        job.results.addFindings(told.findings.map((each) => cleanFinding(job, each)));
        return;
      case 'phase':
        onPhase(job, told.phase);
        return;
      case 'happened':
        keep(job, {}, { kind: told.kind.slice(0, KIND_MAX), text: job.scrub(told.text) });
        return;
      // Of a comparison: it has hearers of its own.
      case 'compared':
      case 'differences':
      case 'end':
    }
  };

  return {
    onEvent,
    expect(job) {
      const { progress } = job.results;
      watched.set(job.id, { unitsBefore: progress ? unitsOf(progress) : 0, bytes: null, applied: null });
    },
    checkingStep: (id) => checking.get(id) ?? null,
    endCheck: (id) => void checking.delete(id),
  };
}
