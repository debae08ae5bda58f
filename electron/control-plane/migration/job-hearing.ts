import type { Finding, MigrationProgress, ObjectOutcome, TableProgress } from '../../../shared/model/migration';
import type { Logger } from '../../log';
import { logLine, migrationProgress, objectOutcome, tableProgress } from '../../../shared/model/migration-shapes';
import type { Job } from './store';
import type { SuperviseDeps, Supervisor } from './supervise';

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
const cleanTable = (job: Job, each: TableProgress): TableProgress => ({ ...each, reason: job.scrub(each.reason) });

interface Watched {
  readonly unitsBefore: number;
  bytes: number | null;
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

export function createHearing(log: Logger, supervisor: () => Supervisor): Hearing {
  const watched = new Map<string, Watched>();
  const checking = new Map<string, string>();

  const hearProgress = (job: Job, progress: MigrationProgress): void => {
    job.results.setProgress(progress);
    const seen = watched.get(job.id);
    if (!seen) return;
    const { bytes } = progress.totals;
    const advanced = unitsOf(progress) > seen.unitsBefore;
    const flows = seen.bytes !== null && bytes > seen.bytes;
    seen.bytes = bytes;
    if (advanced) supervisor().noteAdvance(job.id);
    if (!(advanced || flows) || job.record().waitingSince === null) return;
    const event = { kind: 'goes-on', text: 'What was away is there again' };
    job
      .change({ attempts: 0, waitingSince: null, end: null }, event)
      .catch((error: unknown) => void log.bug(`the record of ${job.id}`, error));
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
        if (progress.success) hearProgress(job, progress.data);
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
      case 'end':
    }
  };

  return {
    onEvent,
    expect(job) {
      const { progress } = job.results;
      watched.set(job.id, { unitsBefore: progress ? unitsOf(progress) : 0, bytes: null });
    },
    checkingStep: (id) => checking.get(id) ?? null,
    endCheck: (id) => void checking.delete(id),
  };
}
