import { z } from 'zod';
import { quoteIdent, quoteLiteral } from '../../../../shared/model/quote';
import type { PgSession } from '../../../adapters/postgres/session';
import type { Journal, JournalEntry } from '../journal';
import { withSession, type Side } from '../worker/sides';
import { renewOtherSessions } from './other-sessions';

/** Databases that a cut-over makes read-only for everybody who does not say otherwise, and what they were before. */

const SETTING = 'default_transaction_read_only';

/** What the journal keeps: where it was set, and the value before; null was none. */
const kept = z.object({ side: z.enum(['source', 'target']), name: z.string(), before: z.string().nullable() });
type Kept = z.output<typeof kept>;

const stepOf = (direction: 'forward' | 'back'): string => `read-only ${direction}`;

const isOf =
  (direction: 'forward' | 'back') =>
  (entry: JournalEntry): entry is Extract<JournalEntry, { did: 'cut-over' }> =>
    entry.did === 'cut-over' && entry.step === stepOf(direction);

/** What is read-only by us and still to be set back, by database of the source. */
function standing(journal: Journal, direction: 'forward' | 'back'): Map<string, Kept> {
  const found = new Map<string, Kept>();
  for (const entry of journal.entries.filter(isOf(direction))) {
    if (entry.undone) found.delete(entry.database);
    else found.set(entry.database, kept.parse(JSON.parse(entry.note)));
  }
  return found;
}

async function valueBefore(session: PgSession, name: string, signal: AbortSignal): Promise<string | null> {
  const rows = await session.query<{ setting: string }>(
    `SELECT c.setting FROM pg_catalog.pg_db_role_setting s JOIN pg_catalog.pg_database d ON d.oid = s.setdatabase,
       pg_catalog.unnest(s.setconfig) c (setting)
     WHERE d.datname = $1 AND s.setrole = 0 AND pg_catalog.split_part(c.setting, '=', 1) = $2`,
    [name, SETTING],
    signal,
  );
  const [first] = rows;
  return first ? first.setting.slice(SETTING.length + 1) : null;
}

export interface ReadOnlyWork {
  readonly journal: Journal;
  readonly side: Side;
  readonly direction: 'forward' | 'back';
  /** By their names on the source, and on the side. */
  readonly databases: readonly { readonly database: string; readonly name: string }[];
  readonly signal: AbortSignal;
}

/**
 * From here on new sessions of these databases cannot write unless they ask to. What was set before is in the journal first. Needs the owner of the
 * databases; fails with `sql` where the account is not.
 */
export async function makeReadOnly({ journal, side, direction, databases, signal }: ReadOnlyWork): Promise<void> {
  await withSession(
    () => side.open(side.maintenance, signal),
    signal,
    async (session) => {
      for (const { database, name } of databases) {
        if (!standing(journal, direction).has(database)) {
          const before = await valueBefore(session, name, signal);
          const note = JSON.stringify({ side: side.role, name, before } satisfies Kept);
          await journal.add({ did: 'cut-over', database, step: stepOf(direction), undone: false, note });
        }
        await session.query(`ALTER DATABASE ${quoteIdent(name)} SET ${SETTING} = on`, [], signal);
      }
    },
  );
}

/** Whether the cut-over of this direction has made databases read-only that still are. */
export const isReadOnly = (journal: Journal, direction: 'forward' | 'back'): boolean =>
  standing(journal, direction).size > 0;

export interface ReadOnlyUndo {
  readonly order: { readonly jobId: string };
  readonly journal: Journal;
  readonly source: Side;
  readonly target: Side;
  readonly signal: AbortSignal;
}

/**
 * Sets back what the cut-over of this direction has made read-only; done twice it does nothing. Sessions that have begun meanwhile are ended, so
 * that they can write when they come again. A database that is gone is left.
 */
export async function undoReadOnly(
  { order, journal, source, target, signal }: ReadOnlyUndo,
  direction: 'forward' | 'back',
): Promise<void> {
  for (const [database, { side: role, name, before }] of standing(journal, direction)) {
    const side = role === 'source' ? source : target;
    await withSession(
      () => side.open(side.maintenance, signal),
      signal,
      async (session) => {
        const there = await session.query('SELECT 1 FROM pg_catalog.pg_database WHERE datname = $1', [name], signal);
        if (there.length === 0) return;
        const change = before === null ? `RESET ${SETTING}` : `SET ${SETTING} = ${quoteLiteral(before)}`;
        await session.query(`ALTER DATABASE ${quoteIdent(name)} ${change}`, [], signal);
        await renewOtherSessions(session, [name], order.jobId, signal);
      },
    );
    await journal.add({ did: 'cut-over', database, step: stepOf(direction), undone: true, note: '' });
  }
}
