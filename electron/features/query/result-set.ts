import type { RowSpool } from '../../adapters/postgres/row-spool';
import type { WireColumn } from '../../adapters/postgres/wire-messages';
import type { Arrangement, ExplainOptions, ResultColumn, ResultState } from '../../../shared/model/query';
import type { CatalogNames } from './catalog-names';

/** Characters of a statement that the window is told. */
const STATEMENT_LABEL = 200;

/** Where a result comes from. */
export interface ResultOrigin {
  /** The whole statement, from its first word on. */
  readonly statement: string;
  /** What was explained; null for rows. */
  readonly plan: ExplainOptions | null;
  readonly arrangement: Arrangement | null;
  /** A query that gives the same rows inside of another one. */
  readonly standsAlone: boolean;
}

/** How the session read constants and wrote values when the result came. */
export interface ResultWriting {
  readonly standardStrings: boolean;
  /** Of dates, times and intervals: texts of two different styles can't be compared. */
  readonly style: string;
}

/** One result of a run and the rows it holds. */
export class ResultSet {
  private complete = false;
  private tag = '';
  private endedAt: number | null = null;
  private rowsShown = false;
  /** Whether the person keeps it over the next runs. */
  pinned = false;

  constructor(
    readonly resultId: string,
    readonly origin: ResultOrigin,
    readonly wireColumns: readonly WireColumn[],
    readonly spool: RowSpool,
    readonly writing: ResultWriting,
    private readonly names: CatalogNames,
    private readonly startedAt: number,
  ) {}

  get columns(): ResultColumn[] {
    return this.wireColumns.map((column) => ({
      name: column.name,
      typeOid: column.typeOid,
      typeName: this.names.type(column.typeOid, column.typeModifier),
      tableOid: column.tableOid,
      columnNumber: column.columnNumber,
    }));
  }

  /** No more rows come; the tag is empty when the statement did not reach its end. */
  finish(tag: string): void {
    if (this.complete) return;
    this.complete = true;
    this.tag = tag;
    this.endedAt = performance.now();
    this.spool.finish();
  }

  get isComplete(): boolean {
    return this.complete;
  }

  /** Whether a snapshot with rows of it was made. */
  get shown(): boolean {
    return this.rowsShown;
  }

  state(): ResultState {
    this.rowsShown ||= this.spool.rowCount > 0;
    return {
      resultId: this.resultId,
      statement: this.origin.statement.slice(0, STATEMENT_LABEL),
      columns: this.columns,
      rowCount: this.spool.rowCount,
      bytes: this.spool.bytes,
      complete: this.complete,
      tag: this.tag,
      ms: Math.round((this.endedAt ?? performance.now()) - this.startedAt),
      plan: this.origin.plan,
      arrangement: this.origin.arrangement,
      arrangeable: this.origin.standsAlone,
      pinned: this.pinned,
    };
  }
}
