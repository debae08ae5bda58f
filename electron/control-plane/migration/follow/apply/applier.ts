import type { PipelineSession } from '../../../../adapters/postgres/pipeline-session';
import { AppError, cancelled, throwIfAborted } from '../../../../../shared/errors';
import type { Begin, ChangeSink, Commit, Lsn, Relation, Wait } from '../change-stream';
import type { Applied, Asking, Decisions, FollowCounts, Routes, StreamIdentity } from '../follow-model';
import type { BoundTable } from './bound-table';
import { Crew, openLanes } from './crew';
import { changeText, truncateHalt } from './halts';
import { Outbox } from './outbox';
import { claimProgress } from './progress';
import { SkippedChanges } from './skipped';
import { TableBinder } from './table-binder';
import { DELETE_FULL, DELETE_KEY, INSERT, UPDATE, UPDATE_FULL, UPDATE_KEY } from './window';

/** Puts the changes of one database on the receiving side, in the order of the source's commits and exactly once. */
export interface Applier extends ChangeSink {
  /** Durable on the receiving side. */
  readonly applied: Applied;
  /** What the records of the receiving side say at least; below `applied` where nothing was to be applied since. */
  readonly recorded: Lsn;
  /** The receiving side owes an answer. */
  readonly asked: boolean;
  /** Nothing is held or in flight that is not durable. */
  readonly idle: boolean;
  /** Rejects when the applier can go no further, also while nothing is handed to it: a lost connection, a halt. Never resolves. */
  readonly ended: Promise<never>;
  /** Everything handed in so far (whole transactions) is durable when it resolves. */
  settle(): Promise<void>;
  /**
   * Runs SQL inside the transaction at hand after all its changes so far, before those that follow. A barrier for all sessions. Between two
   * transactions: each statement for itself, outside of any transaction. Fails with `sql`; the applier has ended then.
   */
  statements(sql: readonly string[]): Promise<void>;
  /** The stream has nothing more right now: what is held is handed over without waiting for more. */
  quiet(): void;
  close(): Promise<void>;
}

export interface ApplierOptions {
  /** A session of the receiving side, prepared by `prepareApplySession`. */
  open(signal: AbortSignal): Promise<PipelineSession>;
  /** Of the receiving side. */
  readonly asking: Asking;
  readonly identity: StreamIdentity;
  readonly routes: Routes;
  readonly decisions: Decisions;
  readonly onDrift: 'halt' | 'log';
  /** Sessions that apply side by side. */
  readonly jobs: number;
  /** Counted here: everything but `bytesIn`. */
  readonly counts: FollowCounts;
  onApplied(applied: Applied): void;
  onNote(text: string): void;
  readonly signal: AbortSignal;
  /** Bytes of changes that are held before they are handed over. A larger transaction of the source is applied in parts, and committed whole. */
  readonly windowBytes?: number;
  /** Milliseconds that a change is held at most while nothing is in flight. */
  readonly flushMs?: number;
}

const WINDOW_BYTES = 8 * 1024 * 1024;
const FLUSH_MS = 20;

/**
 * Reads the progress and opens the sessions. A lost connection, or a halt, rejects the pending and every later call: the follower then makes a new
 * applier and starts the stream at its progress.
 */
export async function createApplier(options: ApplierOptions): Promise<Applier> {
  throwIfAborted(options.signal);
  const progress = await claimProgress(options.asking, options.identity, options.jobs);
  const tables: BoundTable[] = [];
  const lanes = await openLanes(options, progress.ends.length, tables);
  const crew = new Crew(options, lanes, tables, progress);
  return new WindowApplier(options, crew, new TableBinder(options, crew.first, tables));
}

class WindowApplier implements Applier {
  private readonly outbox: Outbox;
  private readonly skipped: SkippedChanges;
  /** A transaction of the source is at hand. */
  private within = false;
  /** It was applied before. */
  private skipping = false;
  /** Messages of it so far. */
  private ordinal = 0;
  private commitLsn = 0n;
  private lastRelation: Relation | null = null;
  private lastTable: BoundTable | null = null;

  constructor(
    private readonly options: ApplierOptions,
    private readonly crew: Crew,
    private readonly binder: TableBinder,
  ) {
    this.outbox = new Outbox(crew, options.windowBytes ?? WINDOW_BYTES, options.flushMs ?? FLUSH_MS);
    this.skipped = new SkippedChanges(options.decisions);
    options.signal.addEventListener('abort', this.onAbort, { once: true });
  }

  get applied(): Applied {
    return this.crew.applied;
  }

  get recorded(): Lsn {
    return this.crew.recorded;
  }

  get asked(): boolean {
    return this.crew.asked;
  }

  get idle(): boolean {
    return !this.within && this.outbox.idle;
  }

  get ended(): Promise<never> {
    return this.outbox.ended;
  }

  begin(begin: Begin): Wait {
    this.outbox.check();
    this.within = true;
    this.ordinal = 0;
    this.commitLsn = begin.commitLsn;
    this.skipping = begin.commitLsn < this.crew.start;
    this.skipped.begin(begin.commitLsn);
    if (!this.skipping) this.outbox.begin(begin);
    return undefined;
  }

  commit(commit: Commit): Wait {
    this.outbox.check();
    this.within = false;
    if (this.skipping) return undefined;
    // Where the begin did not tell it.
    if (commit.endLsn <= this.crew.start) {
      this.outbox.discard();
      return undefined;
    }
    return this.outbox.commit(commit);
  }

  origin(): Wait {
    return undefined;
  }

  message(): Wait {
    return undefined;
  }

  relation(relation: Relation): Wait {
    this.outbox.check();
    this.lastRelation = null;
    return this.binder.known(relation) ? undefined : this.bind(relation);
  }

  insert(relation: Relation, bytes: Buffer, at: number): Wait {
    const table = this.tableOf(relation);
    if (table === undefined) return this.later(relation, bytes, (kept) => this.insert(relation, kept, at));
    if (!this.isOurs(table)) return undefined;
    return this.add(INSERT, table, -1, this.outbox.window.keep(bytes, at));
  }

  update(relation: Relation, old: 'none' | 'key' | 'full', bytes: Buffer, oldAt: number, newAt: number): Wait {
    const table = this.tableOf(relation);
    if (table === undefined)
      return this.later(relation, bytes, (kept) => this.update(relation, old, kept, oldAt, newAt));
    if (!this.isOurs(table)) return undefined;
    const { window } = this.outbox;
    if (old === 'none') return this.add(UPDATE, table, -1, window.keep(bytes, newAt));
    const before = window.keep(bytes, oldAt);
    return this.add(old === 'key' ? UPDATE_KEY : UPDATE_FULL, table, before, window.keep(bytes, newAt));
  }

  delete(relation: Relation, old: 'key' | 'full', bytes: Buffer, oldAt: number): Wait {
    const table = this.tableOf(relation);
    if (table === undefined) return this.later(relation, bytes, (kept) => this.delete(relation, old, kept, oldAt));
    if (!this.isOurs(table)) return undefined;
    return this.add(old === 'key' ? DELETE_KEY : DELETE_FULL, table, this.outbox.window.keep(bytes, oldAt), -1);
  }

  truncate(relations: readonly Relation[], cascade: boolean, restartIdentity: boolean): Wait {
    const unknown = relations.find((relation) => this.tableOf(relation) === undefined);
    if (unknown) return this.bind(unknown).then(() => this.truncate(relations, cascade, restartIdentity));
    this.ordinal += 1;
    const { ordinal } = this;
    const tables = relations
      .map((relation) => this.tableOf(relation))
      .filter((table): table is BoundTable => table !== null && table !== undefined && this.isDue(table));
    if (this.skipping || tables.length === 0) return undefined;
    const names = [...new Set(tables.map(({ from }) => from))].join(', ');
    const sql = `TRUNCATE ${names}${restartIdentity ? ' RESTART IDENTITY' : ''}`;
    if (this.skipped.has(ordinal)) {
      this.options.onNote(`Left out by decision: ${sql}`);
      return undefined;
    }
    this.options.counts.truncated += tables.length;
    return this.outbox.inside([sql], false).catch((error: unknown) => {
      throw this.outbox.end(truncateHalt(this.commitLsn, ordinal, sql, tables, error));
    });
  }

  async statements(sql: readonly string[]): Promise<void> {
    this.outbox.check();
    if (this.skipping && this.within) return;
    this.lastRelation = null;
    try {
      if (this.within) await this.outbox.inside(sql, true);
      else {
        await this.outbox.settle();
        await this.crew.alone(sql);
      }
    } catch (error) {
      throw this.outbox.end(error);
    }
    this.binder.forget();
  }

  settle(): Promise<void> {
    return this.outbox.settle();
  }

  quiet(): void {
    this.outbox.quiet();
  }

  async close(): Promise<void> {
    this.options.signal.removeEventListener('abort', this.onAbort);
    this.outbox.end(new AppError({ code: 'cancelled', message: 'The applier was closed' }));
    await this.crew.close();
  }

  private readonly onAbort = (): void => {
    this.outbox.end(cancelled());
    this.crew.cut('The task was stopped');
  };

  /** Undefined: not known yet; null: not of the task. */
  private tableOf(relation: Relation): BoundTable | null | undefined {
    if (relation === this.lastRelation) return this.lastTable;
    const table = this.binder.get(relation);
    if (table === undefined) return undefined;
    this.lastRelation = relation;
    this.lastTable = table;
    return table;
  }

  /** Counts a change, and tells whether it is to be applied. */
  private isOurs(table: BoundTable | null): table is BoundTable {
    this.ordinal += 1;
    this.options.counts.rowsIn += 1;
    return !this.skipping && table !== null && this.isDue(table);
  }

  /** Not in the copy of the table already. */
  private isDue(table: BoundTable): boolean {
    return this.binder.allSynced(this.commitLsn) || this.commitLsn >= table.syncedAt;
  }

  private add(kind: number, table: BoundTable, old: number, fresh: number): Wait {
    if (!this.skipped.has(this.ordinal)) return this.outbox.add(kind, table, old, fresh, this.ordinal);
    const { window } = this.outbox;
    window.add(kind, table.number, old, fresh, this.ordinal);
    this.options.onNote(`Left out by decision: ${changeText(window, table, window.drop())}`);
    this.options.counts.drifted += 1;
    return undefined;
  }

  private bind(relation: Relation): Promise<void> {
    return this.binder.bind(relation).catch((error: unknown) => {
      throw this.outbox.end(error);
    });
  }

  /** A row of a relation that is not known (any more): it is looked up first. The bytes are kept for that long. */
  private async later(relation: Relation, bytes: Buffer, again: (kept: Buffer) => Wait): Promise<void> {
    const kept = Buffer.from(bytes);
    await this.bind(relation);
    await again(kept);
  }
}
