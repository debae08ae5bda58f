import type { PgSession } from '../../../adapters/postgres/session';
import { throwIfAborted } from '../../../../shared/errors';
import type { PlannedDatabase, PlannedTable } from '../plan-model';
import { definedBy } from '../structure/entry-subject';
import type { IndexWork } from '../structure/post-work';
import { failureKind, reasonOf, reasonText } from './failure';
import type { DatabaseState } from './journal-state';
import { settleEntry, type EntryDeps } from './settle-entry';
import type { SessionPool } from './session-pool';
import { withRetries } from './sides';
import type { RunContext } from './run-context';

/** Indexes of a database, built table by table as their rows arrive. */
export interface IndexBuilds {
  /** The rows of this table are there: its indexes are queued. Resolves when they are built and its constraints stand; throws what ends the run. */
  ready(tableOid: number): Promise<void>;
  /** Nothing is built on this table; its indexes are told as failed. */
  leave(tableOid: number, reason: string): Promise<void>;
  /** Tables whose indexes were not asked for yet. */
  readonly waiting: readonly number[];
  readonly failed: number;
}

interface BuildDeps extends EntryDeps {
  readonly plan: PlannedDatabase;
  readonly pool: RunContext['indexPool'];
  readonly sessions: SessionPool;
  readonly state: DatabaseState;
}

const DUPLICATE = '42P07';
/** A constraint of this name, a second primary key, an index that has its constraint. */
const ATTACHED = new Set(['42710', '42P16', '55000', '42P07']);

/** Indexes of a table that are built one after the other in no time, in bytes together. */
const SMALL = 1024 * 1024;

/** Tables first whose indexes take longest. */
const bytesOf = (works: readonly IndexWork[]): number => works.reduce((sum, { bytes }) => sum + bytes, 0);

export function createIndexBuilds(works: readonly IndexWork[], deps: BuildDeps): IndexBuilds {
  const { plan, pool, sessions, state, telling, signal, database } = deps;
  const tables = new Map<number, PlannedTable>(plan.tables.map((table) => [table.oid, table]));
  const byTable = new Map<number, IndexWork[]>();
  let failed = 0;
  const place = (oid: number) => {
    const table = tables.get(oid);
    return table ? { database, schema: table.schema, name: table.name } : null;
  };
  for (const work of works) {
    telling.index(place(work.tableOid), 'todo');
    const known = state.entries.get(work.entry.key);
    if (known && known.outcome !== 'failed') {
      telling.index(place(work.tableOid), 'done');
      continue;
    }
    const list = byTable.get(work.tableOid) ?? [];
    list.push(work);
    byTable.set(work.tableOid, list);
  }

  const settle = async (work: IndexWork, outcome: 'done' | 'failed' | 'skipped', reason: string): Promise<void> => {
    if (outcome === 'failed') failed += 1;
    await settleEntry(work.entry, outcome, reason, deps);
    telling.index(place(work.tableOid), outcome === 'failed' ? 'failed' : 'done');
  };

  /** Whether an index of this name is on our table already, whole. */
  const isThere = async (session: PgSession, work: IndexWork): Promise<boolean> => {
    const name = definedBy(work.entry);
    const table = tables.get(work.tableOid);
    const rows = await session.query(
      `SELECT 1 FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
         JOIN pg_catalog.pg_class t ON t.oid = i.indrelid JOIN pg_catalog.pg_namespace n ON n.oid = t.relnamespace
        WHERE n.nspname = $1 AND x.relname = $2 AND i.indisvalid AND ($3::text IS NULL OR t.relname = $3)`,
      [name?.schema ?? '', name?.name ?? '', table?.targetName ?? null],
      signal,
    );
    return rows.length > 0;
  };

  /** Runs statements; what was made before by us or others is not made again. */
  const runAll = (statements: readonly string[], there: ReadonlySet<string>, work: IndexWork): Promise<void> =>
    withRetries(
      () =>
        sessions.use(async (session) => {
          for (const statement of statements) {
            try {
              await session.query(statement, [], signal);
            } catch (error) {
              if (!there.has(reasonOf(error).sqlstate ?? '') || !(await isThere(session, work))) throw error;
            }
          }
        }),
      signal,
    );

  /** Null when it was done. What ends the run is thrown. */
  const reasonIfFailed = async (work: () => Promise<void>): Promise<string | null> => {
    try {
      await work();
      return null;
    } catch (error) {
      throwIfAborted(signal);
      if (failureKind(error) === 'away' || failureKind(error) === 'cancelled') throw error;
      return reasonText(error);
    }
  };

  /** All indexes of a small table in one transaction: done, or nothing of it. */
  const buildTogether = async (list: readonly IndexWork[]): Promise<boolean> => {
    const statements = list.flatMap(({ build }) => build).concat(list.flatMap(({ attach }) => attach));
    const reason = await reasonIfFailed(() =>
      pool.add(bytesOf(list), async () => {
        throwIfAborted(signal);
        await withRetries(() => sessions.use((session) => session.query(statements.join('\n'), [], signal)), signal);
      }),
    );
    if (reason !== null) return false;
    await Promise.all(list.map((work) => settle(work, 'done', '')));
    return true;
  };
  const build = async (work: IndexWork): Promise<boolean> => {
    const reason = await reasonIfFailed(() =>
      pool.add(work.bytes, async () => {
        throwIfAborted(signal);
        await runAll(work.build, new Set([DUPLICATE]), work);
      }),
    );
    if (reason !== null) await settle(work, 'failed', reason);
    else if (work.attach.length === 0) await settle(work, 'done', '');
    return reason === null;
  };
  const attach = async (work: IndexWork): Promise<void> => {
    const reason = await reasonIfFailed(async () => {
      throwIfAborted(signal);
      await runAll(work.attach, ATTACHED, work);
    });
    await settle(work, reason === null ? 'done' : 'failed', reason ?? '');
  };

  return {
    async ready(oid) {
      const list = byTable.get(oid) ?? [];
      byTable.delete(oid);
      if (list.length === 0) return;
      // When it fails, the way below finds out which of them.
      if (bytesOf(list) <= SMALL && (await buildTogether(list))) return;
      const built = await Promise.allSettled(list.map(build));
      for (const each of built) if (each.status === 'rejected') throw each.reason;
      const ready = list.filter((work, at) => {
        const each = built[at];
        return work.attach.length > 0 && each?.status === 'fulfilled' && each.value;
      });
      if (ready.length === 0) return;
      await pool.add(bytesOf(list), async () => {
        for (const work of ready) await attach(work);
      });
    },
    async leave(oid, reason) {
      const list = byTable.get(oid) ?? [];
      byTable.delete(oid);
      await Promise.all(list.map((work) => settle(work, 'failed', `The table was left as it is: ${reason}`)));
    },
    get waiting() {
      return [...byTable.keys()];
    },
    get failed() {
      return failed;
    },
  };
}
