import type { Journal } from '../journal';
import type { StructureEntry } from '../structure/entry';
import type { RunTelling } from './telling';

export interface EntryDeps {
  /** Of the source. */
  readonly database: string;
  readonly journal: Journal;
  readonly telling: RunTelling;
  readonly signal: AbortSignal;
}

/** Where it is written and told. */
type Settling = Pick<EntryDeps, 'database' | 'journal'> & { readonly telling: Pick<RunTelling, 'object'> };

/** Text that the report shows of a statement. */
const SHOWN = 20_000;

/** Tells what became of an entry without the journal: it knows. */
export function tellEntry(
  entry: StructureEntry,
  outcome: 'done' | 'failed' | 'skipped',
  reason: string,
  { telling, database }: Pick<Settling, 'telling' | 'database'>,
): void {
  const { key, kind, schema, name, sql } = entry;
  const statement = outcome === 'done' ? '' : sql.slice(0, SHOWN);
  telling.object({ database, key, kind, schema, name, outcome, reason, statement });
}

/** Writes what became of an entry into the journal, and tells it. */
export async function settleEntry(
  entry: StructureEntry,
  outcome: 'done' | 'failed' | 'skipped',
  reason: string,
  deps: Settling,
): Promise<void> {
  await deps.journal.add({ did: 'entry', database: deps.database, key: entry.key, outcome, reason });
  tellEntry(entry, outcome, reason, deps);
}
