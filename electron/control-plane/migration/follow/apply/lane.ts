import type { PipelineSession } from '../../../../adapters/postgres/pipeline-session';
import { AppError } from '../../../../../shared/errors';
import { failureKind } from '../../worker/failure';
import type { Lsn } from '../change-stream';
import { Batches } from './batches';
import type { BoundTable } from './bound-table';
import { hashKey } from './compact';
import { changeHalt, commitHalt } from './halts';
import { OrderedStatements } from './ordered';
import { describeTarget, type TargetTable } from './target-table';
import { sendUnits, type Unit, type UnitFailure } from './units';
import { DELETE_FULL, DELETE_KEY, INSERT, type Window } from './window';

/** Changes of one table below this are done one by one: a batch costs more than they do. */
const BATCH_FROM = 48;
const SAVEPOINT = 'SAVEPOINT howdah';
const BACK = 'ROLLBACK TO SAVEPOINT howdah';
const RELEASE = 'RELEASE SAVEPOINT howdah';
/** Deferrable constraints look at the end of a transaction only: that is what held on the source. */
const BEGIN = 'BEGIN; SET CONSTRAINTS ALL DEFERRED';

/** Which changes of a window a session does. */
export interface Share {
  /** Those whose key falls to this one; null: all. */
  readonly shard: number | null;
  readonly of: number;
  /** What each shard has already: transactions whose commit begins before this. */
  readonly ends: readonly (Lsn | null)[];
}

/** What is done at the end of a window. */
export interface Ending {
  /** Statements that store the progress, each of which must say `UPDATE 1`. */
  readonly progress: readonly string[];
}

export interface LaneOptions {
  readonly session: PipelineSession;
  readonly staging: boolean;
  readonly tables: readonly BoundTable[];
  /** A change that found no row, or several: true lets it pass. */
  onDrift(window: Window, change: number, rows: number): boolean;
}

/** A window as it is sent. `ordered`: one by one, in the exact order of the source. */
interface Encoded {
  readonly units: readonly Unit[];
  readonly ordered: boolean;
  /** How often what was prepared had been forgotten by then: what is sent names it. */
  readonly forgotten: number;
}

/** One session that applies windows in turn: each first joined and in batches, and one by one in the source's order where that does not go. */
export class Lane {
  private turn: Promise<void> = Promise.resolve();
  private committing: Promise<void> = Promise.resolve();
  private open = false;
  private forgotten = 0;
  private readonly batches: Batches;
  private readonly ordered = new OrderedStatements();

  constructor(private readonly options: LaneOptions) {
    this.batches = new Batches(options.staging);
  }

  get session(): PipelineSession {
    return this.options.session;
  }

  /**
   * Applies a window behind what was handed in before. Without an ending the transaction stays open. Resolves when it is durable, or done where it
   * stays open.
   */
  apply(window: Window, share: Share | null, ending: Ending | null): Promise<void> {
    const encoded = this.encode(window, share);
    if (ending) this.batches.next();
    return this.inTurn(async () => {
      await this.run(window, share, encoded, ending);
      return { committed: ending ? this.committing : undefined };
    }).then(({ committed }) => committed);
  }

  /**
   * Statements in the transaction at hand, which is begun where there is none. `structure`: they may change tables: nothing that was prepared is
   * used again.
   */
  statements(sql: readonly string[], structure: boolean): Promise<void> {
    return this.inTurn(async () => {
      const clear = structure && this.batches.used ? ['DISCARD TEMP'] : [];
      const units = [...(this.open ? [] : [BEGIN]), ...clear, ...sql, ...(structure ? ['DEALLOCATE ALL'] : [])];
      this.open = true;
      if (structure) this.forget();
      const failure = await sendUnits(
        this.session,
        units.map((each): Unit => ({ kind: 'sql', sql: each })),
      );
      if (failure?.error) throw failure.error;
    });
  }

  /** Statements that must stand outside of transactions, each for itself. Nothing that was prepared is used again. */
  alone(sql: readonly string[]): Promise<void> {
    return this.inTurn(async () => {
      await this.committing;
      if (this.open) throw new Error('a transaction is open');
      if (this.batches.used) await this.session.query('DISCARD TEMP');
      this.forget();
      await this.session.query('DEALLOCATE ALL');
      for (const each of sql) await this.session.query(each);
    });
  }

  /** Reads a table of the receiving side as the transaction at hand sees it. */
  describe(schema: string, name: string): Promise<TargetTable | null> {
    return this.inTurn(() => describeTarget(this.session, schema, name));
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.turn.then(work);
    this.turn = done.then(() => undefined);
    this.turn.catch(() => undefined);
    return done;
  }

  private forget(): void {
    this.forgotten += 1;
    this.batches.forget();
    this.ordered.forget();
  }

  private async run(window: Window, share: Share | null, encoded: Encoded, ending: Ending | null): Promise<void> {
    const nested = this.open;
    this.open = true;
    const around = (units: readonly Unit[]): Unit[] => [
      { kind: 'sql', sql: nested ? SAVEPOINT : BEGIN },
      ...units,
      ...(ending?.progress ?? []).map((sql): Unit => ({ kind: 'sql', sql, tag: 'UPDATE 1' })),
      ...(nested ? [{ kind: 'sql', sql: RELEASE } as const] : []),
    ];
    const tolerate = (change: number, rows: number): boolean => this.options.onDrift(window, change, rows);
    // What it names was forgotten behind its back: it is put together anew. A batch finds out by itself.
    const stale = encoded.ordered && encoded.units.length > 0 && encoded.forgotten !== this.forgotten;
    const units = stale
      ? [this.ordered.encode(window, this.options.tables, this.shared(window, share))]
      : encoded.units;
    let failure = await sendUnits(this.session, around(units), encoded.ordered ? tolerate : undefined);
    if (failure !== null && !encoded.ordered) {
      stopWhenGone(failure);
      await this.session.query(nested ? BACK : 'ROLLBACK');
      this.forget();
      await this.session.query('DEALLOCATE ALL');
      const again = this.ordered.encode(window, this.options.tables, this.shared(window, share));
      failure = await sendUnits(this.session, around([again]), tolerate);
    }
    await this.committing;
    if (failure !== null) {
      stopWhenGone(failure);
      await this.session.query('ROLLBACK');
      this.open = false;
      throw changeHalt(window, this.options.tables, failure);
    }
    if (ending) {
      this.open = false;
      this.committing = this.commit(window);
      this.committing.catch(() => undefined);
    }
  }

  private async commit(window: Window): Promise<void> {
    const failure = await sendUnits(this.session, [{ kind: 'sql', sql: 'COMMIT', tag: 'COMMIT' }]);
    if (failure === null) return;
    stopWhenGone(failure);
    throw commitHalt(window, failure);
  }

  private *shared(window: Window, share: Share | null): Generator<number> {
    for (let change = 0; change < window.count; change += 1) if (this.takes(window, change, share)) yield change;
  }

  private takes(window: Window, change: number, share: Share | null): boolean {
    if (share === null) return true;
    const table = this.options.tables[window.tables[change] ?? 0];
    const old = window.olds[change] ?? -1;
    const tuple = old >= 0 ? old : (window.news[change] ?? 0);
    const shard = table ? (hashKey(window.bytes, table.keyed, tuple) >>> 8) % share.of : 0;
    if (share.shard !== null && shard !== share.shard) return false;
    const end = share.ends[shard] ?? null;
    return end === null || (window.transactions[window.owners[change] ?? 0]?.commitLsn ?? 0n) >= end;
  }

  private encode(window: Window, share: Share | null): Encoded {
    const { tables } = this.options;
    const counts = new Int32Array(tables.length + 1);
    const mine = new Int32Array(window.count);
    let total = 0;
    for (let change = 0; change < window.count; change += 1) {
      if (!this.takes(window, change, share)) continue;
      mine[total] = change;
      total += 1;
      counts[(window.tables[change] ?? 0) + 1] = (counts[(window.tables[change] ?? 0) + 1] ?? 0) + 1;
    }
    for (let table = 0; table < tables.length; table += 1)
      counts[table + 1] = (counts[table + 1] ?? 0) + (counts[table] ?? 0);
    const next = Int32Array.from(counts);
    const grouped = new Int32Array(total);
    for (let i = 0; i < total; i += 1) {
      const table = window.tables[mine[i] ?? 0] ?? 0;
      const at = next[table] ?? 0;
      grouped[at] = mine[i] ?? 0;
      next[table] = at + 1;
    }
    const units: Unit[] = [];
    const oneByOne = new Uint8Array(tables.length);
    for (const table of tables) {
      const [from, to] = [counts[table.number] ?? 0, counts[table.number + 1] ?? 0];
      if (from === to) continue;
      const batch =
        to - from >= BATCH_FROM && (table.fast || onlyInserts(window, grouped, from, to))
          ? this.batches.encode(window, table, grouped, from, to)
          : null;
      if (batch) units.push(...batch);
      else oneByOne[table.number] = 1;
    }
    const { forgotten } = this;
    if (!oneByOne.includes(1)) return { units, ordered: units.length === 0, forgotten };
    const rest: number[] = [];
    for (let i = 0; i < total; i += 1) if (oneByOne[window.tables[mine[i] ?? 0] ?? 0] === 1) rest.push(mine[i] ?? 0);
    const rows = this.ordered.encode(window, tables, rest);
    return { units: [...units, rows], ordered: units.length === 0, forgotten };
  }
}

function stopWhenGone(failure: UnitFailure): void {
  // A deadlock, a lock that was not to be had: the stream is begun anew at what is durable.
  if (failure.error && failureKind(failure.error) !== 'object')
    throw new AppError({ ...failure.error.info, retry: true });
}

function onlyInserts(window: Window, changes: Int32Array, from: number, to: number): boolean {
  for (let i = from; i < to; i += 1) if (window.kinds[changes[i] ?? 0] !== INSERT) return false;
  return true;
}

/** Whether a change must be done with all others in one session: others may touch what it does. */
export function standsAlone(window: Window, tables: readonly BoundTable[]): boolean {
  for (let change = 0; change < window.count; change += 1) {
    const table = tables[window.tables[change] ?? 0];
    const kind = window.kinds[change] ?? 0;
    if (!table) return true;
    if (table.lookup === 'none') continue;
    // Another session may hold a value that this row is to have, or wait for it.
    if (!table.fast || table.target.uniques > 1) return true;
    if (kind !== INSERT && kind !== DELETE_KEY && kind !== DELETE_FULL && (window.olds[change] ?? -1) >= 0) return true;
  }
  return false;
}
