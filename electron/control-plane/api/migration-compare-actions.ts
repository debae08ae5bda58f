import { z } from 'zod';
import { COMPARE_MODES } from '../../../shared/model/migration';
import type { CompareView, RowDifference, TableCompare } from '../../../shared/model/migration-api';
import { dtsAction, type ActionTable } from './action';
import { mustJob } from './dts-read-actions';

/** Actions of our own service about comparisons: stopped and deleted are they by the public one. */

const JobId = z.string().max(64);
const CompareTaskId = z.string().max(64);
const name = z.string().max(63);

export const MIGRATION_COMPARE_ACTIONS: ActionTable = {
  /** Creates and begins. */
  CreateMigrationCompare: dtsAction(
    z.strictObject({
      JobId,
      Name: z.string().max(128).default(''),
      Mode: z.enum(COMPARE_MODES),
      SamplePercent: z.number().int().min(1).max(100).default(10),
      Tables: z
        .array(z.strictObject({ database: name, schema: name, name }))
        .max(10_000)
        .default([]),
    }),
    async (
      { JobId: id, Name, Mode, SamplePercent, Tables },
      { deps: { migrations }, deps },
    ): Promise<{ CompareTaskId: string }> => {
      mustJob(deps, id);
      const wish = { name: Name, mode: Mode, samplePercent: SamplePercent, tables: Tables };
      const task = await migrations.compares.create(id, wish);
      try {
        await migrations.compares.start(id, task);
      } catch (error) {
        await migrations.compares.remove(id, task);
        throw error;
      }
      return { CompareTaskId: task };
    },
    true,
  ),

  DescribeMigrationCompare: dtsAction(
    z.strictObject({
      JobId,
      CompareTaskId,
      Search: z.string().max(200).default(''),
      Result: z.string().max(32).default(''),
      Offset: z.number().int().min(0).default(0),
      Limit: z.number().int().min(1).max(500).default(100),
    }),
    async (
      { JobId: id, CompareTaskId: task, Search, Result, Offset, Limit },
      { deps },
    ): Promise<{ Compare: CompareView; TotalCount: number; Tables: readonly TableCompare[] }> => {
      mustJob(deps, id);
      const { compares } = deps.migrations;
      const wanted = { search: Search, result: Result, offset: Offset, limit: Limit };
      const { total, rows } = compares.tables(id, task, wanted);
      return { Compare: compares.get(id, task), TotalCount: total, Tables: rows };
    },
  ),

  DescribeMigrationDifferences: dtsAction(
    z.strictObject({ JobId, CompareTaskId, Database: name, Schema: name, Name: name }),
    async (
      { JobId: id, CompareTaskId: task, Database, Schema, Name },
      { deps },
    ): Promise<{ Differences: readonly RowDifference[] }> => {
      mustJob(deps, id);
      const table = { database: Database, schema: Schema, name: Name };
      return { Differences: await deps.migrations.compares.differences(id, task, table) };
    },
  ),
};
