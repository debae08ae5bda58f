import { compareDatabase } from '../../electron/control-plane/migration/compare/compare-database';
import {
  comparedTables,
  type CompareDatabaseOptions,
  type CompareTotals,
} from '../../electron/control-plane/migration/compare/compare-model';
import { readPlan } from '../../electron/control-plane/migration/plan/read-plan';
import { createLinkWatch } from '../../electron/control-plane/migration/worker/link-watch';
import { createSide, type Side } from '../../electron/control-plane/migration/worker/sides';
import type { DatabaseChoice } from '../../shared/model/migration';
import type { RowDifference, TableCompare } from '../../shared/model/migration-api';
import { sideOf } from './migration-worker';
import type { TestServer } from './postgres';

export interface Comparison {
  readonly totals: CompareTotals;
  /** As told last, by `schema.name`. */
  readonly tables: ReadonlyMap<string, TableCompare>;
  readonly differences: ReadonlyMap<string, readonly RowDifference[]>;
}

const sideFor = (server: TestServer, role: 'source' | 'target', user = 'postgres'): Side =>
  createSide({
    role,
    endpoint: sideOf(server, { user }),
    jobId: 'dts-compared',
    watch: createLinkWatch({ holding: () => false, onAway: () => undefined, onWaiting: () => undefined }),
    indexJobs: () => 1,
    onWarning: () => undefined,
  });

/** Compares a database of one server with the one of the same name of another, by the plan of a task that moves all of it. */
export async function compareServers(
  source: TestServer,
  target: TestServer,
  database: string,
  change: Partial<CompareDatabaseOptions> & { readonly choice?: DatabaseChoice; readonly targetUser?: string } = {},
): Promise<Comparison> {
  const { choice = { name: database, newName: '', mode: 'all', schemas: [] }, targetUser, ...options } = change;
  const sides = { source: sideFor(source, 'source'), target: sideFor(target, 'target', targetUser) };
  const signal = options.signal ?? new AbortController().signal;
  const reader = await sides.source.open(database, signal);
  const plan = await readPlan(reader, choice, signal);
  await reader.end();
  const tables = new Map<string, TableCompare>();
  const differences = new Map<string, RowDifference[]>();
  const totals = await compareDatabase({
    database,
    source: (until) => sides.source.open(database, until),
    target: (until) => sides.target.open(choice.newName || database, until),
    tables: comparedTables(plan),
    mode: 'full',
    samplePercent: 10,
    jobs: 2,
    lag: null,
    signal,
    onTable: (table) => void tables.set(`${table.schema}.${table.name}`, table),
    onDifferences: (schema, name, rows) => {
      const key = `${schema}.${name}`;
      differences.set(key, [...(differences.get(key) ?? []), ...rows]);
    },
    ...options,
  });
  return { totals, tables, differences };
}
