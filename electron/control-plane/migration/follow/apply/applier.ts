import type { PipelineSession } from '../../../../adapters/postgres/pipeline-session';
import { throwIfAborted } from '../../../../../shared/errors';
import type { Begin, ChangeSink, Commit, Relation, Wait } from '../change-stream';
import type { Applied, Asking, Decisions, FollowCounts, Routes, StreamIdentity } from '../follow-model';
import type { BoundTable } from './bound-table';
import { Crew, openLanes } from './crew';
import { changeText, truncateHalt } from './halts';
import { claimProgress } from './progress';
import { SkippedChanges } from './skipped';
import { TableBinder } from './table-binder';
import { DELETE_FULL, DELETE_KEY, INSERT, UPDATE, UPDATE_FULL, UPDATE_KEY, Window } from './window';

/** Puts the changes of one database on the receiving side, in the order of the source's commits and exactly once. */
export interface Applier extends ChangeSink {
  /** Durable on the receiving side. */
  readonly applied: Applied;
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
const FLUSH_MS = 100;
/** One that the server works on and one that waits for it. */
const IN_FLIGHT = 2;

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
  private readonly windowBytes: number;
  private window: Window;
  private inFlight = 0;
  /** A transaction of the source is at hand. */
  private within = false;
  /** It was applied before. */
  private skipping = false;
  /** A part of it is on the receiving side, uncommitted. */
  private parted = false;
  private ordinal = 0;
  private commitLsn = 0n;
  /** Where the transaction at hand begins in the window. */
  private firstChange = 0;
  private firstByte = 0;
  private wanted = false;
  private timer: NodeJS.Timeout | undefined;
  private failure: Error | null = null;
  private waiting: { resolve(): void; reject(error: Error): void }[] = [];
  private lastRelation: Relation | null = null;
  private lastTable: BoundTable | null = null;
  private readonly skipped: SkippedChanges;
  private fail: (error: Error) => void = () => undefined;
  readonly ended: Promise<never>;

  constructor(
    private readonly options: ApplierOptions,
    private readonly crew: Crew,
    private readonly binder: TableBinder,
  ) {
    this.windowBytes = options.windowBytes ?? WINDOW_BYTES;
    this.window = new Window(this.windowBytes);
    this.skipped = new SkippedChanges(options.decisions);
    this.ended = new Promise((_resolve, reject) => (this.fail = reject));
    this.ended.catch(() => undefined);
    options.signal.addEventListener('abort', this.onAbort, { once: true });
  }

  get applied(): Applied {
    return this.crew.applied;
  }

  get idle(): boolean {
    return this.failure === null && !this.within && this.inFlight === 0 && this.window.transactions.length === 0;
  }

  begin({ commitLsn, committedAt }: Begin): Wait {
    this.check();
    this.within = true;
    this.ordinal = 0;
    this.commitLsn = commitLsn;
    this.skipping = commitLsn < this.crew.start;
    this.firstChange = this.window.count;
    this.firstByte = this.window.used;
    this.skipped.begin(commitLsn);
    if (!this.skipping) this.window.transactions.push({ commitLsn, endLsn: commitLsn, committedAt });
    return undefined;
  }

  commit({ endLsn, committedAt }: Commit): Wait {
    this.check();
    this.within = false;
    if (this.skipping) return undefined;
    const { window } = this;
    const last = window.transactions.at(-1);
    if (!last) throw new Error('a transaction ended that did not begin');
    last.endLsn = endLsn;
    last.committedAt = committedAt;
    if (this.parted) {
      this.parted = false;
      this.send(this.take(), true);
    } else if (window.count === 0) {
      // Nothing of it is ours: it counts as applied as soon as what came before is.
      window.transactions = [];
      this.crew.pass({ endLsn, committedAt });
    } else if (window.used >= this.windowBytes || (this.wanted && this.inFlight === 0)) this.send(this.take(), true);
    else this.hold();
    return this.room();
  }

  origin(): Wait {
    return undefined;
  }

  message(): Wait {
    return undefined;
  }

  relation(relation: Relation): Wait {
    this.check();
    this.lastRelation = null;
    return this.binder.known(relation) ? undefined : this.bind(relation);
  }

  insert(relation: Relation, bytes: Buffer, at: number): Wait {
    const table = this.tableOf(relation);
    if (table === undefined) return this.later(relation, bytes, (kept) => this.insert(relation, kept, at));
    if (!this.counts(table)) return undefined;
    const fresh = this.window.keep(bytes, at);
    return this.add(INSERT, table, -1, fresh);
  }

  update(relation: Relation, old: 'none' | 'key' | 'full', bytes: Buffer, oldAt: number, newAt: number): Wait {
    const table = this.tableOf(relation);
    if (table === undefined)
      return this.later(relation, bytes, (kept) => this.update(relation, old, kept, oldAt, newAt));
    if (!this.counts(table)) return undefined;
    if (old === 'none') return this.add(UPDATE, table, -1, this.window.keep(bytes, newAt));
    const before = this.window.keep(bytes, oldAt);
    return this.add(old === 'key' ? UPDATE_KEY : UPDATE_FULL, table, before, this.window.keep(bytes, newAt));
  }

  delete(relation: Relation, old: 'key' | 'full', bytes: Buffer, oldAt: number): Wait {
    const table = this.tableOf(relation);
    if (table === undefined) return this.later(relation, bytes, (kept) => this.delete(relation, old, kept, oldAt));
    if (!this.counts(table)) return undefined;
    return this.add(old === 'key' ? DELETE_KEY : DELETE_FULL, table, this.window.keep(bytes, oldAt), -1);
  }

  truncate(relations: readonly Relation[], cascade: boolean, restartIdentity: boolean): Wait {
    const unknown = relations.find((relation) => this.tableOf(relation) === undefined);
    if (unknown) return this.bind(unknown).then(() => this.truncate(relations, cascade, restartIdentity));
    const ordinal = this.ordinal + 1;
    const tables = relations
      .map((relation) => this.tableOf(relation))
      .filter((table): table is BoundTable => table !== null && table !== undefined)
      .filter((table) => this.isDue(table));
    this.ordinal = ordinal;
    if (this.skipping || tables.length === 0) return undefined;
    if (this.skipped.has(ordinal)) {
      this.options.onNote(`Left out by decision: TRUNCATE ${tables.map(({ target }) => target.name).join(', ')}`);
      return undefined;
    }
    const names = [...new Set(tables.map(({ from }) => from))].join(', ');
    const sql = `TRUNCATE ${names}${restartIdentity ? ' RESTART IDENTITY' : ''}`;
    this.options.counts.truncated += tables.length;
    return this.inside([sql], false).catch((error: unknown) => {
      throw this.end(truncateHalt(this.commitLsn, ordinal, sql, tables, error));
    });
  }

  async statements(sql: readonly string[]): Promise<void> {
    this.check();
    this.lastRelation = null;
    if (this.within) {
      if (this.skipping) return;
      await this.inside(sql, true).catch((error: unknown) => {
        throw this.end(error);
      });
    } else {
      await this.settle();
      try {
        for (const each of sql) await this.crew.first.alone(each);
      } catch (error) {
        throw this.end(error);
      }
    }
    this.binder.forget();
  }

  async settle(): Promise<void> {
    this.check();
    for (;;) {
      if (this.inFlight < IN_FLIGHT) this.sendWhole();
      if (this.inFlight === 0) return;
      await this.nextEnd();
    }
  }

  quiet(): void {
    this.check();
    clearTimeout(this.timer);
    this.timer = undefined;
    this.wanted = true;
    if (this.inFlight === 0) this.sendWhole();
  }

  async close(): Promise<void> {
    clearTimeout(this.timer);
    this.options.signal.removeEventListener('abort', this.onAbort);
    this.failure ??= new Error('the applier is closed');
    this.wake();
    await this.crew.close();
  }

  private readonly onAbort = (): void => {
    this.end(this.options.signal.reason instanceof Error ? this.options.signal.reason : new Error('cancelled'));
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

  /** Counts a change; false: it is not to be applied. */
  private counts(table: BoundTable | null): table is BoundTable {
    this.ordinal += 1;
    this.options.counts.rowsIn += 1;
    return !this.skipping && table !== null && this.isDue(table);
  }

  /** Not in the copy of the table already. */
  private isDue(table: BoundTable): boolean {
    return this.binder.allSynced(this.commitLsn) || this.commitLsn >= table.syncedAt;
  }

  private add(kind: number, table: BoundTable, old: number, fresh: number): Wait {
    const { window } = this;
    window.add(kind, table.number, old, fresh, this.ordinal);
    if (this.skipped.any && this.skipped.has(this.ordinal)) {
      this.options.onNote(`Left out by decision: ${changeText(window, table, window.drop())}`);
      this.options.counts.drifted += 1;
      return undefined;
    }
    if (window.used < this.windowBytes) return undefined;
    this.check();
    if (this.firstChange > 0) this.sendWhole();
    else this.sendPart();
    return this.room();
  }

  private bind(relation: Relation): Promise<void> {
    return this.binder.bind(relation).catch((error: unknown) => {
      throw this.end(error);
    });
  }

  /** A row of a relation that is not known (any more): it is looked up first. The bytes are kept for that long. */
  private async later(relation: Relation, bytes: Buffer, again: (kept: Buffer) => Wait): Promise<void> {
    const kept = Buffer.from(bytes);
    await this.bind(relation);
    await again(kept);
  }

  /** Runs SQL in the transaction at hand, behind its changes so far. */
  private async inside(sql: readonly string[], structure: boolean): Promise<void> {
    this.check();
    while (this.inFlight >= IN_FLIGHT) await this.nextEnd();
    this.sendWhole();
    while (this.inFlight >= IN_FLIGHT) await this.nextEnd();
    this.sendPart();
    while (this.inFlight > 0) await this.nextEnd();
    await this.crew.first.statements(sql, structure);
  }

  /** Hands over the whole transactions that are held; the one at hand stays. */
  private sendWhole(): void {
    const { window } = this;
    const whole = this.within && !this.skipping ? this.firstChange : window.count;
    if (whole === 0 || this.parted) return;
    if (!this.within || this.skipping) {
      this.send(this.take(), true);
      return;
    }
    this.window = window.split(this.firstChange, this.firstByte);
    this.firstChange = 0;
    this.firstByte = 0;
    this.send(window, true);
  }

  /** Hands over a part of the transaction at hand. */
  private sendPart(): void {
    const { window } = this;
    const owner = window.transactions.at(-1);
    this.take();
    if (owner) this.window.transactions.push({ ...owner });
    this.parted = true;
    if (window.count > 0) this.send(window, false);
  }

  /** The window at hand, in whose place an empty one comes. */
  private take(): Window {
    const { window } = this;
    this.window = this.crew.freshWindow(this.windowBytes);
    this.firstChange = 0;
    this.firstByte = 0;
    return window;
  }

  private send(window: Window, ends: boolean): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.wanted = false;
    this.inFlight += 1;
    this.crew.apply(window, ends).then(
      () => {
        this.inFlight -= 1;
        if (this.failure) return;
        this.wake();
        if (this.wanted && this.inFlight === 0) this.sendWhole();
      },
      (error: unknown) => void this.end(error),
    );
  }

  /** What is held waits for more, but not for long. */
  private hold(): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      if (this.failure) return;
      this.wanted = true;
      if (this.inFlight === 0) this.sendWhole();
    }, this.options.flushMs ?? FLUSH_MS);
  }

  private room(): Wait {
    return this.inFlight < IN_FLIGHT ? undefined : this.whenRoom();
  }

  private async whenRoom(): Promise<void> {
    while (this.inFlight >= IN_FLIGHT) await this.nextEnd();
  }

  /** Until a window is done. */
  private nextEnd(): Promise<void> {
    this.check();
    return new Promise((resolve, reject) => this.waiting.push({ resolve, reject }));
  }

  private wake(): void {
    for (const { resolve, reject } of this.waiting.splice(0)) {
      if (this.failure) reject(this.failure);
      else resolve();
    }
  }

  private check(): void {
    if (this.failure) throw this.failure;
  }

  /** Ends with the first reason. */
  private end(error: unknown): Error {
    this.failure ??= error instanceof Error ? error : new Error(String(error));
    clearTimeout(this.timer);
    this.fail(this.failure);
    this.wake();
    return this.failure;
  }
}
