import { RowSpool } from '../../adapters/postgres/row-spool';
import { SpoolBudget } from '../../adapters/postgres/spool-bytes';
import type { WireColumn } from '../../adapters/postgres/wire-messages';
import type { CatalogNames } from './catalog-names';
import { ResultSet } from './result-set';

/** Raw rows of one session that stay in memory; the rest goes to disk. */
const MEMORY_BYTES = 64 * 1024 * 1024;
/** A script of many SELECTs: results beyond are not kept. */
export const MAX_RESULTS = 1000;

/** The results of one session's last run. */
export class RunResults {
  private readonly budget = new SpoolBudget(MEMORY_BYTES);
  private sets: ResultSet[] = [];
  private prefix = '';
  /** Whether a result was not kept because there were too many. */
  dropped = false;

  constructor(
    private readonly tempFolder: string,
    private readonly failed: (error: unknown) => void,
  ) {}

  get all(): readonly ResultSet[] {
    return this.sets;
  }

  /** Frees what is held; results of the coming run have ids that begin with `prefix`. */
  begin(prefix: string): void {
    this.free();
    this.prefix = prefix;
    this.dropped = false;
  }

  /** Null when there are too many. `statement` is its text for the window, `startedAt` of performance.now(). */
  add(statement: string, columns: readonly WireColumn[], names: CatalogNames, startedAt: number): ResultSet | null {
    if (this.sets.length >= MAX_RESULTS) {
      this.dropped = true;
      return null;
    }
    const spool = new RowSpool(this.budget, this.tempFolder);
    const result = new ResultSet(`${this.prefix}.${this.sets.length}`, statement, columns, spool, names, startedAt);
    this.sets.push(result);
    return result;
  }

  find(resultId: string): ResultSet | undefined {
    return this.sets.find((result) => result.resultId === resultId);
  }

  /** No more rows come to any of them. */
  finish(): void {
    for (const result of this.sets) result.finish('');
  }

  free(): void {
    this.finish();
    for (const { spool } of this.sets) spool.release().catch(this.failed);
    this.sets = [];
  }
}
