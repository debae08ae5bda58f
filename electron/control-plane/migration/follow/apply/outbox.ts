import type { Begin, Commit, Wait } from '../change-stream';
import type { BoundTable } from './bound-table';
import type { Crew } from './crew';
import type { Window } from './window';

/** One that the server works on and one that waits for it. */
const IN_FLIGHT = 2;

/**
 * Gathers changes in windows and hands them over: when one is full, when the stream is quiet, or after a while; while something is in flight the
 * next window grows. It knows where transactions begin and end, so that a window is committed with whole ones only.
 */
export class Outbox {
  window: Window;
  /** Rejects with what ended it; never resolves. */
  readonly ended: Promise<never>;
  private failure: Error | null = null;
  /** Windows that were handed over, and those of them that are done: they are done in their order. */
  private sent = 0;
  private done = 0;
  /** A transaction of the source is at hand. */
  private within = false;
  /** A part of it is on the receiving side, uncommitted. */
  private parted = false;
  /** Where it begins in the window. */
  private firstChange = 0;
  private firstByte = 0;
  private wanted = false;
  private timer: NodeJS.Timeout | undefined;
  private waiting: { resolve(): void; reject(error: Error): void }[] = [];
  private reject: (error: Error) => void = () => undefined;

  constructor(
    private readonly crew: Pick<Crew, 'apply' | 'freshWindow' | 'inside' | 'pass'>,
    private readonly windowBytes: number,
    private readonly flushMs: number,
  ) {
    this.window = crew.freshWindow(windowBytes);
    this.ended = new Promise((_resolve, reject) => (this.reject = reject));
    this.ended.catch(() => undefined);
  }

  /** Nothing is held or in flight. */
  get idle(): boolean {
    return this.failure === null && !this.within && this.inFlight === 0 && this.window.transactions.length === 0;
  }

  /** Throws when it has ended. */
  check(): void {
    if (this.failure) throw this.failure;
  }

  begin({ commitLsn, committedAt }: Begin): void {
    this.within = true;
    this.firstChange = this.window.count;
    this.firstByte = this.window.used;
    this.window.transactions.push({ commitLsn, endLsn: commitLsn, committedAt });
  }

  commit({ endLsn, committedAt }: Commit): Wait {
    this.within = false;
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
      window.clear();
      this.crew.pass({ endLsn, committedAt });
    } else if (window.used >= this.windowBytes || (this.wanted && this.inFlight === 0)) this.send(this.take(), true);
    else this.hold();
    return this.room();
  }

  /** Forgets the transaction at hand: it was applied before. */
  discard(): void {
    this.within = false;
    if (this.parted) throw this.end(new Error('a part of a transaction was applied twice'));
    this.window.transactions.pop();
    this.window.count = this.firstChange;
    this.window.used = this.firstByte;
  }

  /** A change of the transaction at hand, whose rows the window keeps already. */
  add(kind: number, table: BoundTable, old: number, fresh: number, ordinal: number): Wait {
    this.window.add(kind, table.number, old, fresh, ordinal);
    if (this.window.used < this.windowBytes) return undefined;
    this.check();
    if (this.firstChange > 0) this.sendWhole();
    else this.sendPart();
    return this.room();
  }

  quiet(): void {
    this.check();
    this.stopTimer();
    this.wanted = true;
    if (this.inFlight === 0) this.sendWhole();
  }

  /** Until all whole transactions that have come so far are durable; it does not wait for those that come meanwhile. */
  async settle(): Promise<void> {
    this.check();
    const before = this.sent;
    // Whoever hands over a window meanwhile hands over what is held.
    while (this.sent === before && this.inFlight >= IN_FLIGHT) await this.nextEnd();
    if (this.sent === before) this.sendWhole();
    const last = this.sent;
    while (this.done < last) await this.nextEnd();
  }

  /** Runs SQL in the transaction at hand, behind its changes so far. */
  async inside(sql: readonly string[], structure: boolean): Promise<void> {
    this.check();
    await this.whenRoom();
    this.sendWhole();
    await this.whenRoom();
    this.sendPart();
    while (this.inFlight > 0) await this.nextEnd();
    await this.crew.inside(sql, structure);
  }

  /** Ends with the first reason, and answers it. */
  end(error: unknown): Error {
    this.failure ??= error instanceof Error ? error : new Error(String(error));
    this.stopTimer();
    this.reject(this.failure);
    this.wake();
    return this.failure;
  }

  /** Hands over the whole transactions that are held; the one at hand stays. */
  private sendWhole(): void {
    const { window } = this;
    if (!this.within) {
      if (window.count > 0) this.send(this.take(), true);
      return;
    }
    if (this.firstChange === 0) return;
    this.window = window.split(this.firstChange, this.firstByte);
    this.firstChange = 0;
    this.firstByte = 0;
    this.send(window, true);
  }

  /** Hands over a part of the transaction at hand. */
  private sendPart(): void {
    const window = this.take();
    const owner = window.transactions.at(-1);
    if (owner) this.window.transactions.push({ ...owner });
    this.parted = true;
    if (window.count > 0) this.send(window, false);
  }

  private get inFlight(): number {
    return this.sent - this.done;
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
    this.stopTimer();
    this.wanted = false;
    this.sent += 1;
    this.crew.apply(window, ends).then(
      () => {
        this.done += 1;
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
    }, this.flushMs);
  }

  private stopTimer(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
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
}
