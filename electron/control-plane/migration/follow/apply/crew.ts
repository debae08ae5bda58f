import type { Applied } from '../follow-model';
import type { Lsn } from '../change-stream';
import type { ApplierOptions } from './applier';
import type { BoundTable } from './bound-table';
import { changeText, foundText } from './halts';
import { Lane, standsAlone, type Ending, type Share } from './lane';
import { progressStatement, type ShardProgress } from './progress';
import { Window } from './window';

/** Windows that are kept to be filled again. */
const KEPT = 3;
/** Below this a window is not worth to be shared out. */
const SHARED_FROM = 200;

type CrewOptions = Pick<ApplierOptions, 'open' | 'identity' | 'onDrift' | 'counts' | 'onApplied' | 'onNote' | 'signal'>;

/** Opens the sessions. */
export async function openLanes(options: CrewOptions, count: number, tables: readonly BoundTable[]): Promise<Lane[]> {
  const opened = await Promise.allSettled(Array.from({ length: count }, () => options.open(options.signal)));
  const sessions = opened.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  try {
    for (const each of opened) if (each.status === 'rejected') throw each.reason;
    const lanes: Lane[] = [];
    for (const session of sessions) {
      const { rows } = await session.query(
        "SELECT pg_catalog.has_database_privilege(pg_catalog.current_database(), 'TEMP')",
      );
      const staging = rows[0]?.[0] === 't';
      if (!staging && lanes.length === 0)
        options.onNote('The account may not make temporary tables: updates and deletions are applied one by one');
      lanes.push(
        new Lane({
          session,
          staging,
          tables,
          onDrift(window, change, found) {
            const table = tables[window.tables[change] ?? 0];
            if (options.onDrift !== 'log' || !table) return false;
            options.counts.drifted += 1;
            options.onNote(`${changeText(window, table, change)}: ${foundText(found)}`);
            return true;
          },
        }),
      );
    }
    return lanes;
  } catch (error) {
    await Promise.all(sessions.map((session) => session.end()));
    throw error;
  }
}

/** The sessions that apply, and how far they are. */
export class Crew {
  readonly first: Lane;
  /** Transactions whose commit begins before this are done by all. */
  readonly start: Lsn;
  applied: Applied;
  /** The progress that all sessions have written down; what was only passed does not count. */
  recorded: Lsn;
  private readonly ends: (Lsn | null)[];
  /** Where the session that is furthest was at the beginning, when they differ. */
  private readonly unevenUntil: Lsn | null;
  private readonly firstEnds: readonly (Lsn | null)[];
  private before: Promise<unknown> = Promise.resolve();
  private beforeShared = false;
  /** The first session has a part of a transaction, uncommitted: the others do not see it. */
  private parted = false;
  private flying = 0;
  /** Statements that are under way. */
  private stating = 0;
  /** Ends of transactions of which nothing was to be applied. */
  private passed: Applied | null = null;
  private readonly kept: Window[] = [];
  private room = 0;

  constructor(
    private readonly options: CrewOptions,
    private readonly lanes: readonly Lane[],
    private readonly tables: readonly BoundTable[],
    { ends, committedAt }: ShardProgress,
  ) {
    const [first] = lanes;
    if (!first) throw new Error('nobody applies');
    this.first = first;
    this.ends = [...ends];
    this.firstEnds = [...ends];
    const known = ends.map((end) => end ?? 0n);
    this.start = known.reduce((least, end) => (end < least ? end : least));
    const most = known.reduce((found, end) => (end > found ? end : found));
    this.unevenUntil = most > this.start ? most : null;
    this.recorded = this.start;
    this.applied = { endLsn: this.start, committedAt: this.start === 0n ? 0 : committedAt };
  }

  freshWindow(room: number): Window {
    this.room = room;
    return this.kept.pop() ?? new Window(room);
  }

  /** A transaction with nothing for us has ended. */
  pass(applied: Applied): void {
    this.passed = applied;
    if (this.flying === 0) this.advance(applied);
  }

  /** Applies a window behind those before. `ends`: it ends with a whole transaction, and is durable when this resolves. */
  async apply(window: Window, ends: boolean): Promise<void> {
    this.flying += 1;
    this.passed = null;
    const last = window.transactions.at(-1);
    const uneven = this.unevenUntil !== null && (window.transactions[0]?.commitLsn ?? 0n) < this.unevenUntil;
    const shared =
      this.lanes.length > 1 &&
      ends &&
      !this.parted &&
      (window.count >= SHARED_FROM || uneven) &&
      !standsAlone(window, this.tables);
    this.parted = !ends;
    // A session alone sees what the others did, and they see what it did.
    const turn = this.lanes.length > 1 && (!shared || !this.beforeShared) ? this.before : null;
    this.beforeShared = shared;
    const work = async (): Promise<void> => {
      if (turn) await turn;
      if (!shared) {
        const share: Share | null = uneven ? { shard: null, of: this.lanes.length, ends: this.firstEnds } : null;
        await this.first.apply(window, share, ends && last ? this.endingOf([...this.lanes.keys()], last) : null);
        return;
      }
      await Promise.all(
        this.lanes.map((lane, shard) =>
          lane.apply(
            window,
            { shard, of: this.lanes.length, ends: uneven ? this.firstEnds : [] },
            last ? this.endingOf([shard], last) : null,
          ),
        ),
      );
    };
    const done = work();
    this.before = Promise.all([this.before, done]);
    this.before.catch(() => undefined);
    await done;
    this.flying -= 1;
    this.count(window);
    if (ends && last && last.endLsn > this.recorded) this.recorded = last.endLsn;
    if (ends && last) this.advance({ endLsn: last.endLsn, committedAt: last.committedAt });
    if (this.flying === 0 && this.passed) this.advance(this.passed);
    // One that had to grow for a large row is not kept.
    if (this.kept.length < KEPT && window.bytes.length <= this.room * 2) {
      window.clear();
      this.kept.push(window);
    }
  }

  /** Statements in the transaction at hand, when nothing is in flight. `structure`: they may change tables. */
  async inside(sql: readonly string[], structure: boolean): Promise<void> {
    this.parted = true;
    await this.stated(async () => {
      if (structure) await Promise.all(this.others.map((lane) => lane.alone([])));
      await this.first.statements(sql, structure);
    });
  }

  /** Statements outside of transactions, when nothing is in flight. */
  async alone(sql: readonly string[]): Promise<void> {
    await this.stated(async () => {
      await Promise.all(this.others.map((lane) => lane.alone([])));
      await this.first.alone(sql);
    });
  }

  /** The receiving side owes an answer. */
  get asked(): boolean {
    return this.flying + this.stating > 0;
  }

  private async stated(work: () => Promise<void>): Promise<void> {
    this.stating += 1;
    try {
      await work();
    } finally {
      this.stating -= 1;
    }
  }

  private get others(): readonly Lane[] {
    return this.lanes.slice(1);
  }

  cut(reason: string): void {
    for (const { session } of this.lanes) session.cut(reason);
  }

  async close(): Promise<void> {
    await Promise.all(this.lanes.map(({ session }) => session.end()));
  }

  private endingOf(shards: readonly number[], last: Applied): Ending {
    const progress = shards.flatMap((shard) => {
      const before = this.ends[shard] ?? null;
      // It is further already.
      if (before !== null && before >= last.endLsn) return [];
      this.ends[shard] = last.endLsn;
      return [progressStatement(this.options.identity, shard, before, last)];
    });
    return { progress };
  }

  private advance(applied: Applied): void {
    if (applied.endLsn <= this.applied.endLsn) return;
    this.applied = applied;
    this.options.onApplied(applied);
  }

  private count(window: Window): void {
    const { counts } = this.options;
    const { inserted, updated, deleted } = window.tally();
    counts.inserted += inserted;
    counts.updated += updated;
    counts.deleted += deleted;
    counts.rowsOut += inserted + updated + deleted;
    counts.transactions += window.transactions.filter(({ endLsn, commitLsn }) => endLsn !== commitLsn).length;
  }
}
