import type { ComparedReport, MigrationJobDetail, MigrationReport } from '../../../shared/model/migration-api';
import type { CompareTasks } from './compare-tasks';
import type { Job } from './store';

/** Of one comparison. */
const TABLES_MOST = 10_000;
const DIFFERING_MOST = 20;
const ROWS_MOST = 100;

/** What each comparison found table by table, with the keys of rows that differ as far as a report has room for them. */
async function comparedOf(id: string, compares: CompareTasks): Promise<ComparedReport[]> {
  return Promise.all(
    compares.list(id).map(async (compare) => {
      const page = { search: '', result: '', offset: 0, limit: TABLES_MOST };
      const tables = compares.tables(id, compare.id, page).rows;
      const rows: ComparedReport['rows'][number][] = [];
      for (const { database, schema, name } of tables.filter((each) => each.differences > 0).slice(0, DIFFERING_MOST)) {
        const found = await compares.differences(id, compare.id, { database, schema, name });
        rows.push({ database, schema, name, rows: found.slice(0, ROWS_MOST) });
      }
      return { compareId: compare.id, tables, rows };
    }),
  );
}

/** A task with everything that a person keeps of it. */
export async function reportOf(job: Job, detail: MigrationJobDetail, compares: CompareTasks): Promise<MigrationReport> {
  const { results } = job;
  return {
    job: detail,
    findings: results.findings,
    progress: results.progress,
    tables: results.allTables(),
    objects: results.allObjects().filter(({ outcome }) => outcome !== 'done'),
    compared: await comparedOf(job.id, compares),
    madeAt: Date.now(),
  };
}
