import type { Journal } from '../journal';

/** What an earlier worker did with a table; `name` as the journal writes it. */
export interface TableState {
  /** Rows of ours may be on the target. */
  begun: boolean;
  /** Transaction that appended, or was about to. */
  commits: { readonly txid: string; readonly rows: number } | null;
  done: { readonly rows: number; readonly bytes: number; readonly run: number } | null;
}

/** What the journal knows of a database. */
export interface DatabaseState {
  /** Attempts so far. */
  readonly runs: number;
  /** When the snapshot of a run was taken. */
  readonly snapshots: ReadonlyMap<number, number>;
  readonly tables: ReadonlyMap<string, TableState>;
  /** Outcome of entries by their key. */
  readonly entries: ReadonlyMap<string, { readonly outcome: 'done' | 'failed' | 'skipped'; readonly reason: string }>;
  readonly steps: ReadonlySet<string>;
}

/** Everything of a database has been done and nothing has failed. */
export const COMPLETE = 'complete';

export function databaseState(journal: Journal, database: string): DatabaseState {
  let runs = 0;
  const snapshots = new Map<number, number>();
  const tables = new Map<string, TableState>();
  const entries = new Map<string, { outcome: 'done' | 'failed' | 'skipped'; reason: string }>();
  const steps = new Set<string>();
  const table = (name: string): TableState => {
    const known = tables.get(name) ?? { begun: false, commits: null, done: null };
    tables.set(name, known);
    return known;
  };
  for (const entry of journal.entries) {
    if (entry.database !== database) continue;
    switch (entry.did) {
      case 'snapshot':
        runs = Math.max(runs, entry.run);
        snapshots.set(entry.run, entry.at);
        break;
      case 'entry':
        entries.set(entry.key, { outcome: entry.outcome, reason: entry.reason });
        break;
      case 'table-begun':
        Object.assign(table(entry.table), { begun: true, commits: null, done: null });
        break;
      case 'table-commits':
        table(entry.table).commits = { txid: entry.txid, rows: entry.rows };
        break;
      case 'table-done':
        table(entry.table).done = { rows: entry.rows, bytes: entry.bytes, run: entry.run };
        break;
      case 'step':
        steps.add(entry.step);
        break;
      case 'database':
      case 'table-failed':
        break;
    }
  }
  return { runs, snapshots, tables, entries, steps };
}
