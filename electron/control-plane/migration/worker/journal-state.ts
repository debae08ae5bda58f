import { decision, type Decision } from '../../../../shared/model/migration';
import type { Journal, JournalEntry } from '../journal';

/** What an earlier worker did with a table; `name` as the journal writes it. */
export interface TableState {
  /** Rows of ours may be on the target. */
  begun: boolean;
  /** Transaction that appended, or was about to. */
  commits: { readonly txid: string; readonly rows: number } | null;
  done: { readonly rows: number; readonly bytes: number; readonly run: number } | null;
  /** What was committed before is in the rows, where that is not the snapshot of their run. */
  synced: string | null;
}

/** The slot that keeps the changes of a database for the task. */
export interface SlotRecord {
  readonly slot: string;
  readonly publication: string;
  /** Empty: it may be there, half made. */
  readonly lsn: string;
  readonly system: string;
}

/** What the journal knows of a database. */
export interface DatabaseState {
  /** Attempts so far. */
  readonly runs: number;
  /** When the snapshot of a run was taken. */
  readonly snapshots: ReadonlyMap<number, number>;
  /** Where the WAL stood then; with a slot exactly. */
  readonly points: ReadonlyMap<number, string>;
  readonly tables: ReadonlyMap<string, TableState>;
  /** Outcome of entries by their key. */
  readonly entries: ReadonlyMap<string, { readonly outcome: 'done' | 'failed' | 'skipped'; readonly reason: string }>;
  readonly steps: ReadonlySet<string>;
  readonly slots: Readonly<Record<'forward' | 'back', SlotRecord | null>>;
  /** What a person has decided on halts, by their id. */
  readonly decisions: ReadonlyMap<string, Decision>;
}

/** Everything of a database has been done and nothing has failed. */
export const COMPLETE = 'complete';
/** Rows, indexes and constraints are there: from here on its changes are followed. */
export const COPIED = 'copied';
/** What was kept for after the first catching up is made. */
export const DEFERRED = 'deferred';

function decisionOf(entry: Extract<JournalEntry, { did: 'decided' }>): Decision {
  const { database, halt: id, choice, statement } = entry;
  return decision.parse({ database, id, choice, ...(statement === '' ? {} : { statement }) });
}

export function databaseState(journal: Journal, database: string): DatabaseState {
  let runs = 0;
  const snapshots = new Map<number, number>();
  const tables = new Map<string, TableState>();
  const entries = new Map<string, { outcome: 'done' | 'failed' | 'skipped'; reason: string }>();
  const steps = new Set<string>();
  const points = new Map<number, string>();
  const slots: Record<'forward' | 'back', SlotRecord | null> = { forward: null, back: null };
  const decisions = new Map<string, Decision>();
  const table = (name: string): TableState => {
    const known = tables.get(name) ?? { begun: false, commits: null, done: null, synced: null };
    tables.set(name, known);
    return known;
  };
  for (const entry of journal.entries) {
    if (entry.database !== database) continue;
    switch (entry.did) {
      case 'snapshot':
        runs = Math.max(runs, entry.run);
        snapshots.set(entry.run, entry.at);
        points.set(entry.run, entry.lsn);
        break;
      case 'slot':
        slots[entry.direction] = {
          slot: entry.slot,
          publication: entry.publication,
          lsn: entry.lsn,
          system: entry.system,
        };
        break;
      case 'synced':
        table(entry.table).synced = entry.lsn;
        break;
      case 'decided':
        decisions.set(entry.halt, decisionOf(entry));
        break;
      case 'entry':
        entries.set(entry.key, { outcome: entry.outcome, reason: entry.reason });
        break;
      case 'table-begun':
        Object.assign(table(entry.table), { begun: true, commits: null, done: null, synced: null });
        break;
      case 'table-commits':
        table(entry.table).commits = { txid: entry.txid, rows: entry.rows };
        break;
      case 'table-done':
        table(entry.table).done = { rows: entry.rows, bytes: entry.bytes, run: entry.run };
        break;
      case 'step':
        if (entry.undone === true) steps.delete(entry.step);
        else steps.add(entry.step);
        break;
      case 'database':
      case 'table-failed':
      case 'cut-over':
        break;
    }
  }
  return { runs, snapshots, points, tables, entries, steps, slots, decisions };
}
