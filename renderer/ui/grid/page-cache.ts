import type { Row } from '../../../shared/model/query';

/** Where rows come from: `count` rows from index `from`; fewer only at the end, or when rows are large, but one at least. */
export type FetchRows = (from: number, count: number, signal: AbortSignal) => Promise<readonly Row[]>;

const PAGE = 200;
/** Pages that are kept: the ones looked at last. */
const MAX_PAGES = 100;
/** Pages asked for at the same time; the newest wish goes first. */
const MAX_ACTIVE = 3;
/** Wishes older than these are dropped: they were scrolled past. */
const MAX_QUEUED = 8;

export interface PageEvents {
  /** Rows `from` … `to` (exclusive) are there now. */
  loaded(from: number, to: number): void;
  failed(error: unknown): void;
}

/** Rows of a result that grows, pulled in pages as they are looked at. */
export class PageCache {
  private readonly pages = new Map<number, readonly Row[]>();
  private readonly active = new Set<number>();
  private queued: number[] = [];
  private ending = new AbortController();
  private events: PageEvents | null = null;

  constructor(private readonly fetchRows: FetchRows) {}

  /** Tells what comes to `events` until the returned function is called, which also gives up what was asked for. */
  listen(events: PageEvents): () => void {
    this.events = events;
    this.ending = new AbortController();
    return () => {
      this.events = null;
      this.queued = [];
      this.ending.abort();
    };
  }

  /** The row if it is here; otherwise asks for its page and returns undefined. */
  row(index: number): Row | undefined {
    const number = Math.floor(index / PAGE);
    const row = this.pages.get(number)?.[index - number * PAGE];
    if (row === undefined) this.want(number);
    return row;
  }

  /** The row if it is here, without asking for it. */
  peek(index: number): Row | undefined {
    const number = Math.floor(index / PAGE);
    return this.pages.get(number)?.[index - number * PAGE];
  }

  private want(number: number): void {
    if (this.active.has(number)) return;
    this.queued = [number, ...this.queued.filter((each) => each !== number)].slice(0, MAX_QUEUED);
    this.pump();
  }

  private pump(): void {
    while (this.active.size < MAX_ACTIVE) {
      const number = this.queued.shift();
      if (number === undefined) return;
      this.active.add(number);
      void this.load(number).finally(() => {
        this.active.delete(number);
        this.pump();
      });
    }
  }

  private async load(number: number): Promise<void> {
    const { signal } = this.ending;
    const had = this.pages.get(number) ?? [];
    if (had.length >= PAGE) return;
    const from = number * PAGE + had.length;
    try {
      const more = await this.fetchRows(from, PAGE - had.length, signal);
      if (signal.aborted) return;
      this.keep(number, [...had, ...more]);
      this.events?.loaded(from, from + more.length);
    } catch (error) {
      if (!signal.aborted) this.events?.failed(error);
    }
  }

  private keep(number: number, rows: readonly Row[]): void {
    this.pages.delete(number);
    this.pages.set(number, rows);
    const oldest = this.pages.keys().next();
    if (this.pages.size > MAX_PAGES && !oldest.done) this.pages.delete(oldest.value);
  }
}
