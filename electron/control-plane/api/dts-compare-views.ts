import type {
  CompareTableResult,
  CompareTaskItem,
  DescribeCompareReportResponse,
  DifferenceItem,
  DiffChunkItem,
  ProcessProgress,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/dts/v20211206/dts_models';
import type { CompareView, RowDifference, TableCompare } from '../../../shared/model/migration-api';
import type { CompareWish, TableName } from '../migration/compare-tasks';
import { apiTime } from './common';
import { METHODS, objectsOf, optionsOf } from './dts-compare-wish';

/** Comparisons in the words of the public `dts` service. */

const time = (ms: number | null): string => (ms === null ? '' : apiTime(ms));

/** Empty while nothing is known. */
function conclusionOf({ status, different, equal, failed }: CompareView): string {
  if (different > 0) return 'different';
  if (status !== 'success') return '';
  return equal === 0 && failed > 0 ? 'skipAll' : 'same';
}

function processOf(view: CompareView): ProcessProgress {
  const { status, fraction, problem } = view;
  const words = { running: 'running', stopping: 'running', success: 'success', failed: 'failed', canceled: 'canceled' };
  const known = Object.entries(words).find(([each]) => each === status)?.[1] ?? 'notStarted';
  return {
    Status: known,
    Percent: Math.floor((fraction ?? 0) * 100),
    StepAll: 1,
    StepNow: 1,
    Message: problem,
    Steps: [
      {
        StepNo: 1,
        StepName: 'Comparison',
        StepId: 'compare',
        Status: known,
        StartTime: time(view.startedAt),
        FinishTime: time(view.endedAt),
        StepMessage: problem,
        Percent: Math.floor((fraction ?? 0) * 100),
        Errors: [],
        Warnings: [],
      },
    ],
  };
}

export const compareItem = (jobId: string, view: CompareView, wish: CompareWish): CompareTaskItem => ({
  JobId: jobId,
  CompareTaskId: view.id,
  TaskName: view.name,
  Status: view.status,
  Config: objectsOf(wish),
  // What is looked at before begins and ends with the comparison itself.
  CheckProcess: {
    Status: view.startedAt === null ? 'notStarted' : 'success',
    Percent: view.startedAt === null ? 0 : 100,
    StepAll: 0,
    StepNow: 0,
    Message: '',
    Steps: [],
  },
  CompareProcess: processOf(view),
  Conclusion: conclusionOf(view),
  CreatedAt: time(view.createdAt),
  StartedAt: time(view.startedAt),
  FinishedAt: time(view.endedAt),
  Method: METHODS[view.mode],
  Options: optionsOf(wish),
  Message: view.hint === '' ? view.problem : `${view.problem}. ${view.hint}`,
});

const rowsText = (rows: number | null): string => (rows === null ? '' : String(rows));

const differenceItem = (table: TableCompare): DifferenceItem => ({
  Db: table.database,
  Schema: table.schema,
  Table: table.name,
  Chunk: 0,
  SrcItem: rowsText(table.sourceRows),
  DstItem: rowsText(table.targetRows),
  IndexName: '',
  LowerBoundary: '',
  UpperBoundary: '',
  CostTime: table.startedAt === null || table.endedAt === null ? 0 : table.endedAt - table.startedAt,
  FinishedAt: time(table.endedAt),
});

const CONCLUSIONS: Readonly<Record<TableCompare['result'], string>> = {
  waiting: '',
  comparing: '',
  equal: 'same',
  different: 'different',
  unfit: 'skip',
  failed: 'skip',
};

const tableResult = (table: TableCompare): CompareTableResult => ({
  Db: table.database,
  Schema: table.schema,
  Table: table.name,
  Conclusion: CONCLUSIONS[table.result],
  Status: table.endedAt !== null ? 'success' : table.startedAt === null ? 'notStarted' : 'running',
  Progress: table.endedAt !== null ? 100 : Math.floor((100 * table.chunksDone) / Math.max(1, table.chunks)),
  RowCount: table.differences,
  StartedAt: time(table.startedAt),
  FinishedAt: time(table.endedAt),
  ExpectedAt: '',
  SrcItem: rowsText(table.sourceRows),
  DstItem: rowsText(table.targetRows),
});

/** Which tables of a report are asked for. */
export interface Wanted {
  readonly database: string;
  readonly table: string;
  readonly offset: number;
  readonly limit: number;
}

const fitting = (tables: readonly TableCompare[], wanted: Wanted): readonly TableCompare[] =>
  tables.filter(({ database, name: of }) => database.includes(wanted.database) && of.includes(wanted.table));
const paged = (tables: readonly TableCompare[], { offset, limit }: Wanted): readonly TableCompare[] =>
  tables.slice(offset, offset + limit);

export function compareReport(
  view: CompareView,
  wish: CompareWish,
  tables: readonly TableCompare[],
  differences: Wanted,
  skips: Wanted,
): Omit<DescribeCompareReportResponse, 'RequestId'> {
  const sum = (value: (table: TableCompare) => number | null): number =>
    tables.reduce((all, each) => all + (value(each) ?? 0), 0);
  const all = fitting(tables, differences);
  const different = all.filter(({ result }) => result === 'different');
  const skipped = fitting(tables, skips).filter(({ result }) => result === 'unfit' || result === 'failed');
  const none = { TotalCount: 0, Items: [] };
  return {
    Abstract: {
      Options: optionsOf(wish),
      Objects: objectsOf(wish),
      Conclusion: conclusionOf(view),
      Status: view.status,
      TotalTables: view.tables,
      CheckedTables: view.equal + view.different,
      DifferentTables: view.different,
      SkippedTables: view.failed,
      NearlyTableCount: view.tables,
      DifferentRows: view.differences,
      SrcSampleRows: sum(({ sourceRows }) => sourceRows),
      DstSampleRows: sum(({ targetRows }) => targetRows),
      StartedAt: time(view.startedAt),
      FinishedAt: time(view.endedAt),
    },
    Detail: {
      Difference: { TotalCount: different.length, Items: paged(different, differences).map(differenceItem) },
      Skipped: {
        TotalCount: skipped.length,
        Items: paged(skipped, skips).map(({ database, schema, name: of, reason }) => ({
          Db: database,
          Schema: schema,
          Table: of,
          Reason: reason,
        })),
      },
      DifferenceAdvancedObjects: none,
      DifferenceData: none,
      DifferenceRow: none,
      DifferenceSchema: none,
      DifferenceOwner: none,
      FullProgress: { TotalCount: all.length, Items: paged(all, differences).map(tableResult) },
      IncDifference: none,
    },
  };
}

const KINDS: Readonly<Record<RowDifference['kind'], string>> = {
  missing: 'dstLack',
  extra: 'srcLack',
  changed: 'data',
};

const pairs = (values: readonly { readonly column: string; readonly value: string | null }[]): string =>
  values.map(({ column, value }) => `${column}=${value ?? 'NULL'}`).join(', ');

/** Rows that differ; values as `column=value`. */
export const diffItem = (table: TableName, difference: RowDifference, endedAt: number | null): DiffChunkItem => ({
  DBName: table.database,
  SchemaName: table.schema,
  TableName: table.name,
  ChunkId: 0,
  Identifier: pairs(difference.key),
  DiffType: KINDS[difference.kind],
  SchemaInfo: difference.columns.map(({ column }) => column),
  SrcItem: difference.columns.map(({ column, source: value }) => pairs([{ column, value }])),
  DstItem: difference.columns.map(({ column, target: value }) => pairs([{ column, value }])),
  FinishedAt: time(endedAt),
});
