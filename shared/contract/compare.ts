import { z } from 'zod';
import type { CompareItem, DataResult, DataTable, SyncScript } from '../model/compare';
import { call, push } from './define';

const serverId = z.string().min(1).max(64);
const name = z.string().min(1).max(63);

const databaseSide = z.object({
  kind: z.literal('database'),
  serverId,
  database: name,
  /** Null: the whole database. */
  schema: name.nullable(),
});

/** One side of a comparison. */
export const compareSide = z.discriminatedUnion('kind', [
  databaseSide,
  z.object({
    kind: z.literal('file'),
    fileToken: z.string().min(1).max(64),
    /** The server on which it is loaded into a database of its own for as long as it is read. */
    scratchServerId: serverId,
    schema: name.nullable(),
  }),
]);
export type CompareSide = z.output<typeof compareSide>;
export type DatabaseSide = z.output<typeof databaseSide>;

export const compareOptions = z.object({
  ignoreOwners: z.boolean(),
  ignorePrivileges: z.boolean(),
  ignoreComments: z.boolean(),
  ignoreTablespaces: z.boolean(),
  ignoreColumnOrder: z.boolean(),
  ignoreStorageOptions: z.boolean(),
  ignoreExtensionVersions: z.boolean(),
});

const compareId = z.string().min(1).max(64);
/** A table of the target; the source's has the same name. */
const tableName = z.object({ schema: name, name });
const table = tableName.extend({ source: databaseSide, target: databaseSide });

/** What one comparison found. */
export interface ComparisonView {
  readonly compareId: string;
  readonly items: readonly CompareItem[];
  /** What of a dump file could not be made in the scratch database; the server's words. */
  readonly notes: readonly string[];
}

export const compare = {
  calls: {
    /** Reads both sides and compares them; main keeps the newest comparisons. `runId` names it in the pushes. Both sides name a schema or neither. */
    run: call<ComparisonView>()(
      z.object({ runId: compareId, source: compareSide, target: compareSide, options: compareOptions }),
    ),
    /** The comparison is no longer needed. */
    close: call<void>()(z.object({ compareId })),
    /** The statements that make one object, on both sides; empty where there is none. Fails with `not-found` for an old comparison. */
    detail: call<{ source: string; target: string }>()(z.object({ compareId, key: z.string().max(10_000) })),
    /** The script that turns the target into the source. */
    script: call<SyncScript>()(
      z.object({ compareId, excluded: z.array(z.string().max(10_000)).max(200_000), drop: z.boolean() }),
    ),
    /** Tables of the same name on both sides. */
    dataTables: call<DataTable[]>()(z.object({ source: databaseSide, target: databaseSide })),
    /** Compares the rows of one table by its key; `limit` differing rows are told. */
    data: call<DataResult>()(z.object({ table, limit: z.number().int().min(1).max(10_000) })),
    /**
     * One transaction that turns the rows of these tables of the target into the source's, at most so many rows of each; `differing`: the
     * tables with rows that differ in any way, and how many do; `more`: the tables with others than the script holds.
     */
    dataScript: call<{
      sql: string;
      statements: number;
      differing: { schema: string; name: string; differences: number }[];
      more: { schema: string; name: string }[];
    }>()(
      z.object({
        source: databaseSide,
        target: databaseSide,
        tables: z.array(tableName).min(1).max(100_000),
        remove: z.boolean(),
        limit: z.number().int().min(1).max(50_000),
      }),
    ),
  },
  pushes: {
    progress: push<{ readonly runId: string; readonly step: 'load-source' | 'load-target' | 'source' | 'target' }>(),
  },
};
