import { RowSpool } from '../../adapters/postgres/row-spool';
import { SpoolBudget } from '../../adapters/postgres/spool-bytes';
import type { WireColumn } from '../../adapters/postgres/wire-messages';
import type { CatalogNames } from './catalog-names';
import { ResultSet, type ResultOrigin, type ResultWriting } from './result-set';

/** Raw rows of one session that stay in memory; the rest goes to disk. */
const MEMORY_BYTES = 64 * 1024 * 1024;
/** A script of many SELECTs: results beyond are not kept. */
export const MAX_RESULTS = 1000;

/** The results of one session's last run, and those that the person keeps. */
export class RunResults {
  private readonly budget = new SpoolBudget(MEMORY_BYTES);
  private sets: ResultSet[] = [];
  private prefix = '';
  private count = 0;
  /** Whether a result was not kept because there were too many. */
  dropped = false;

  constructor(
    private readonly tempFolder: string,
    private readonly failed: (error: unknown) => void,
    private readonly writing: () => ResultWriting,
  ) {}

  get all(): readonly ResultSet[] {
    return this.sets;
  }

  /** Frees what is not pinned; results of the coming run have ids that begin with `prefix`. */
  begin(prefix: string): void {
    this.finish();
    for (const set of this.sets) if (!set.pinned) this.release(set);
    this.sets = this.sets.filter(({ pinned }) => pinned);
    this.prefix = prefix;
    this.count = 0;
    this.dropped = false;
  }

  /** Null when there are too many. `startedAt` is of performance.now(). */
  add(origin: ResultOrigin, columns: readonly WireColumn[], names: CatalogNames, startedAt: number): ResultSet | null {
    if (this.count >= MAX_RESULTS) {
      this.dropped = true;
      return null;
    }
    const result = this.make(origin, columns, names, startedAt);
    this.sets.push(result);
    return result;
  }

  /** A result that is in no list yet: `replace` puts it there, or `release` frees it. */
  make(origin: ResultOrigin, columns: readonly WireColumn[], names: CatalogNames, startedAt: number): ResultSet {
    const spool = new RowSpool(this.budget, this.tempFolder);
    const id = `${this.prefix}.${this.count}`;
    this.count += 1;
    return new ResultSet(id, origin, columns, spool, this.writing(), names, startedAt);
  }

  /** The new one takes the old one's place, which is freed. */
  replace(old: ResultSet, result: ResultSet): void {
    result.pinned = old.pinned;
    this.sets = this.sets.map((set) => (set === old ? result : set));
    old.finish('');
    this.release(old);
  }

  find(resultId: string): ResultSet | undefined {
    return this.sets.find((result) => result.resultId === resultId);
  }

  /** Keeps a result over the next runs, or no longer: then one of an earlier run goes. */
  pin(result: ResultSet, pinned: boolean): void {
    result.pinned = pinned;
    if (pinned || result.resultId.startsWith(`${this.prefix}.`)) return;
    this.sets = this.sets.filter((set) => set !== result);
    this.release(result);
  }

  /** No more rows come to any of them. */
  finish(): void {
    for (const result of this.sets) result.finish('');
  }

  free(): void {
    this.finish();
    for (const set of this.sets) this.release(set);
    this.sets = [];
  }

  release({ spool }: ResultSet): void {
    spool.release().catch(this.failed);
  }
}
