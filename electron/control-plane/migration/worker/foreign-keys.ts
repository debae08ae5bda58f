import { throwIfAborted } from '../../../../shared/errors';
import { quoteIdent, quoteQualified } from '../../../../shared/model/quote';
import type { PgSession } from '../../../adapters/postgres/session';
import type { Journal } from '../journal';
import type { PlannedTable } from '../plan-model';
import type { StructureEntry } from '../structure/entry';
import { mainTokens, nameKey, tableOf } from '../structure/entry-subject';
import { isWord } from '../structure/sql-tokens';
import { failureKind, reasonOf, reasonText } from './failure';
import { databaseState, DEFERRED, type DatabaseState } from './journal-state';
import type { RunContext } from './run-context';
import type { SessionPool } from './session-pool';
import { settleEntry, type EntryDeps } from './settle-entry';
import { withRetries } from './sides';

interface ForeignKeyDeps extends EntryDeps {
  readonly plan: { readonly tables: readonly Pick<PlannedTable, 'targetSchema' | 'targetName' | 'bytes'>[] };
  readonly pool: RunContext['indexPool'];
  readonly sessions: SessionPool;
  readonly state: DatabaseState;
  readonly onDone: (done: number, of: number) => void;
}

/** A foreign key that exists and whose rows are still to be looked at. */
interface Unchecked {
  readonly entry: StructureEntry;
  /** Quoted. */
  readonly table: string;
  readonly name: string;
}

/** Tables whose rows are looked at in no time, in bytes; many of their foreign keys are made in one transaction. */
const SMALL = 1024 * 1024;
const BATCH = 50;

const UNENFORCED = /\bNOT\s+(?:VALID|ENFORCED)\b[^']*$/i;
/** Servers before 18 refuse it for partitioned tables. */
const NO_LATER_CHECK = new Set(['42809', '0A000']);
const DUPLICATE = '42710';

/** Its check is left for later: to make it locks both tables, to check it does not, so many can be checked side by side. */
const unchecked = (sql: string): string => sql.replace(/;\s*$/, ' NOT VALID;');

function nameOf(entry: StructureEntry): string {
  const tokens = mainTokens(entry);
  return tokens[tokens.findIndex((token) => isWord(token, 'constraint')) + 1]?.value ?? '';
}

/** Makes the foreign keys. One whose rows do not fit stays unchecked (NOT VALID) and is told as failed. Returns how many failed. */
export async function makeForeignKeys(entries: readonly StructureEntry[], deps: ForeignKeyDeps): Promise<number> {
  const { plan, pool, sessions, state, signal } = deps;
  const todo = entries.filter(({ key }) => (state.entries.get(key)?.outcome ?? 'failed') === 'failed');
  let failed = 0;
  let done = 0;
  const settle = async (
    entry: StructureEntry,
    outcome: 'done' | 'failed' | 'skipped',
    reason: string,
  ): Promise<void> => {
    if (outcome === 'failed') failed += 1;
    done += 1;
    await settleEntry(entry, outcome, reason, deps);
    deps.onDone(done, todo.length);
  };
  const run = (statement: string): Promise<unknown> =>
    withRetries(() => sessions.use((session: PgSession) => session.query(statement, [], signal)), signal);
  /** Null: done. What ends the run is thrown. */
  const refusal = async (statement: string): Promise<unknown> => {
    throwIfAborted(signal);
    try {
      await run(statement);
      return null;
    } catch (error) {
      if (failureKind(error) === 'away' || failureKind(error) === 'cancelled') throw error;
      return error;
    }
  };

  const sizes = new Map(plan.tables.map((table) => [nameKey(table.targetSchema, table.targetName), table.bytes]));
  const sizeOf = (entry: StructureEntry): number => {
    const table = tableOf(entry);
    return (table && sizes.get(nameKey(table.schema, table.name))) ?? Number.POSITIVE_INFINITY;
  };
  const made = new Set<StructureEntry>();
  const small = todo.filter((entry) => !state.entries.has(entry.key) && sizeOf(entry) <= SMALL);
  for (let at = 0; at < small.length; at += BATCH) {
    const batch = small.slice(at, at + BATCH);
    // When one of them fails, the way below finds out which.
    if ((await refusal(batch.map(({ sql }) => sql).join('\n'))) !== null) continue;
    await Promise.all(batch.map((entry) => settle(entry, 'done', '')));
    for (const entry of batch) made.add(entry);
  }

  const later = new Map<string, Unchecked[]>();
  const atOnce: StructureEntry[] = [];
  for (const entry of todo.filter((each) => !made.has(each))) {
    if (UNENFORCED.test(entry.sql)) {
      atOnce.push(entry);
      continue;
    }
    const error = await refusal(unchecked(entry.sql));
    const sqlstate = error === null ? '' : (reasonOf(error).sqlstate ?? '');
    if (NO_LATER_CHECK.has(sqlstate)) {
      atOnce.push(entry);
      continue;
    }
    const table = tableOf(entry);
    // Made by a worker that was killed before it was checked, or there before.
    if ((error !== null && sqlstate !== DUPLICATE) || !table) {
      await settle(entry, 'failed', reasonText(error));
      continue;
    }
    const key = nameKey(table.schema, table.name);
    const list = later.get(key) ?? [];
    list.push({ entry, table: quoteQualified(table.schema, table.name), name: nameOf(entry) });
    later.set(key, list);
  }

  const checks = await Promise.allSettled(
    [...later].map(([key, list]) =>
      pool.add(sizes.get(key) ?? 0, async () => {
        for (const { entry, table, name } of list) {
          const error = await refusal(`ALTER TABLE ${table} VALIDATE CONSTRAINT ${quoteIdent(name)};`);
          if (error === null) await settle(entry, 'done', '');
          else await settle(entry, 'failed', `It exists but is not valid: ${reasonText(error)}`);
        }
      }),
    ),
  );
  for (const check of checks) if (check.status === 'rejected') throw check.reason;
  for (const entry of atOnce) {
    const error = await refusal(entry.sql);
    if (error === null || reasonOf(error).sqlstate === DUPLICATE) await settle(entry, 'done', '');
    else await settle(entry, 'failed', reasonText(error));
  }
  return failed;
}

/**
 * Takes away the foreign keys that `makeForeignKeys` has made or tried: they would act on the changes that come. Their next call makes them anew. May
 * be done twice.
 */
export async function dropForeignKeys(
  entries: readonly StructureEntry[],
  deps: {
    readonly database: string;
    readonly journal: Journal;
    readonly session: PgSession;
    readonly signal: AbortSignal;
  },
): Promise<void> {
  const { database, journal, session, signal } = deps;
  const known = databaseState(journal, database).entries;
  const made = entries.filter(({ key }) => (known.get(key)?.outcome ?? 'skipped') !== 'skipped');
  if (made.length === 0) return;
  const reason = 'It was taken away with the cut-over, the next one makes it again';
  // Known before it is done: one that is still there is found when it is made again.
  await Promise.all([
    journal.add({ did: 'step', database, step: DEFERRED, undone: true }),
    ...made.map(({ key }) => journal.add({ did: 'entry', database, key, outcome: 'failed', reason })),
  ]);
  for (const entry of made) {
    const table = tableOf(entry);
    if (!table) continue;
    await session.query(
      `ALTER TABLE IF EXISTS ${quoteQualified(table.schema, table.name)} DROP CONSTRAINT IF EXISTS ${quoteIdent(nameOf(entry))}`,
      [],
      signal,
    );
  }
}
