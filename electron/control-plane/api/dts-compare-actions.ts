import { z } from 'zod';
import type {
  CreateCompareTaskResponse,
  DescribeCompareDiffItemsResponse,
  DescribeCompareReportResponse,
  DescribeCompareTasksResponse,
  DiffChunkItem,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/dts/v20211206/dts_models';
import type { TableCompare } from '../../../shared/model/migration-api';
import type { CompareTasks } from '../migration/compare-tasks';
import { dtsAction, type ActionTable } from './action';
import { compareItem, compareReport, diffItem } from './dts-compare-views';
import { compareObjects, compareOptions, wishOf } from './dts-compare-wish';
import { mustJob } from './dts-read-actions';

/** Consistency checks by the public service `dts` 2021-12-06. */

const JobId = z.string().max(64);
const CompareTaskId = z.string().max(64);
const one = z.strictObject({ JobId, CompareTaskId });

const wished = {
  TaskName: z.string().max(128).optional(),
  ObjectMode: z.enum(['sameAsMigrate', 'custom']).optional(),
  Objects: compareObjects.optional(),
  Options: compareOptions.optional(),
};

const limit = z.number().int().min(0).max(500).default(20);
const offset = z.number().int().min(0).default(0);
const text = z.string().max(63).default('');
/** 0 asks for the default. */
const USUAL = 20;
const EVERY = Number.MAX_SAFE_INTEGER;

const nothing = async (work: Promise<void>): Promise<object> => {
  await work;
  return {};
};

const allTables = (compares: CompareTasks, jobId: string, id: string, result = ''): readonly TableCompare[] =>
  compares.tables(jobId, id, { search: '', result, offset: 0, limit: EVERY }).rows;

export const DTS_COMPARE_ACTIONS: ActionTable = {
  CreateCompareTask: dtsAction(
    z.strictObject({ JobId, ...wished }),
    async ({ JobId: id, ...wish }, { deps }): Promise<CreateCompareTaskResponse> => {
      mustJob(deps, id);
      return { CompareTaskId: await deps.migrations.compares.create(id, wishOf(wish)) };
    },
    true,
  ),

  ModifyCompareTask: dtsAction(
    z.strictObject({ JobId, CompareTaskId, ...wished }),
    ({ JobId: id, CompareTaskId: task, ...wish }, { deps }) => {
      mustJob(deps, id);
      const { compares } = deps.migrations;
      return nothing(compares.change(id, task, wishOf(wish, compares.wish(id, task))));
    },
    true,
  ),

  ModifyCompareTaskName: dtsAction(
    z.strictObject({ JobId, CompareTaskId, TaskName: z.string().max(128) }),
    ({ JobId: id, CompareTaskId: task, TaskName }, { deps }) => {
      mustJob(deps, id);
      return nothing(deps.migrations.compares.rename(id, task, TaskName));
    },
    true,
  ),

  StartCompare: dtsAction(
    one,
    ({ JobId: id, CompareTaskId: task }, { deps }) => {
      mustJob(deps, id);
      return nothing(deps.migrations.compares.start(id, task));
    },
    true,
  ),

  StopCompare: dtsAction(
    // Nothing of a comparison is in the stream of changes that would have to be skipped.
    z.strictObject({ JobId, CompareTaskId, ForceStop: z.boolean().optional() }),
    ({ JobId: id, CompareTaskId: task }, { deps }) => {
      mustJob(deps, id);
      return nothing(deps.migrations.compares.stop(id, task));
    },
    true,
  ),

  DeleteCompareTask: dtsAction(
    one,
    ({ JobId: id, CompareTaskId: task }, { deps }) => {
      mustJob(deps, id);
      return nothing(deps.migrations.compares.remove(id, task));
    },
    true,
  ),

  DescribeCompareTasks: dtsAction(
    z.strictObject({
      JobId,
      Limit: z.number().int().min(0).max(100).default(USUAL),
      Offset: offset,
      CompareTaskId: CompareTaskId.optional(),
      Status: z.array(z.string()).max(20).default([]),
    }),
    async (request, { deps }): Promise<DescribeCompareTasksResponse> => {
      const { JobId: id, CompareTaskId: wanted = '', Status, Limit, Offset } = request;
      mustJob(deps, id);
      const { compares } = deps.migrations;
      const found = compares
        .list(id)
        .filter((view) => wanted === '' || view.id === wanted)
        .filter(({ status }) => Status.length === 0 || Status.includes(status));
      const page = found.slice(Offset, Offset + (Limit || USUAL));
      return {
        TotalCount: found.length,
        Items: page.map((view) => compareItem(id, view, compares.wish(id, view.id))),
      };
    },
  ),

  DescribeCompareReport: dtsAction(
    z.strictObject({
      JobId,
      CompareTaskId,
      DifferenceLimit: limit,
      DifferenceOffset: offset,
      DifferenceDB: text,
      DifferenceTable: text,
      SkippedLimit: limit,
      SkippedOffset: offset,
      SkippedDB: text,
      SkippedTable: text,
    }),
    async (request, { deps }): Promise<DescribeCompareReportResponse> => {
      const { JobId: id, CompareTaskId: task } = request;
      mustJob(deps, id);
      const { compares } = deps.migrations;
      return compareReport(
        compares.get(id, task),
        compares.wish(id, task),
        allTables(compares, id, task),
        {
          database: request.DifferenceDB,
          table: request.DifferenceTable,
          offset: request.DifferenceOffset,
          limit: request.DifferenceLimit || USUAL,
        },
        {
          database: request.SkippedDB,
          table: request.SkippedTable,
          offset: request.SkippedOffset,
          limit: request.SkippedLimit || USUAL,
        },
      );
    },
  ),

  DescribeCompareDiffItems: dtsAction(
    z.strictObject({
      JobId,
      CompareTaskId,
      DBName: text,
      SchemaName: text,
      TableName: text,
      // A table is one piece of the answer.
      ChunkId: z.number().int().optional(),
      Limit: limit,
      Offset: offset,
    }),
    async (request, { deps }): Promise<DescribeCompareDiffItemsResponse> => {
      const { JobId: id, CompareTaskId: task, DBName, SchemaName, TableName, Limit, Offset } = request;
      mustJob(deps, id);
      const { compares } = deps.migrations;
      const tables = allTables(compares, id, task, 'different').filter(
        (each) =>
          (DBName === '' || each.database === DBName) &&
          (SchemaName === '' || each.schema === SchemaName) &&
          (TableName === '' || each.name === TableName),
      );
      const items: DiffChunkItem[] = [];
      for (const table of tables)
        for (const row of await compares.differences(id, task, table)) items.push(diffItem(table, row, table.endedAt));
      return { TotalCount: items.length, Items: items.slice(Offset, Offset + (Limit || USUAL)) };
    },
  ),
};
