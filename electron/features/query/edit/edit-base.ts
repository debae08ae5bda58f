import type { Row } from '../../../../shared/model/query';
import type { TransactionFate } from '../session-tracker';
import type { ResultSet } from '../result-set';
import { AppError } from '../../../../shared/errors';

/** A row as a person has seen it. */
export interface SeenRow {
  readonly values: Row;
  /** How the session wrote dates and times then. */
  readonly style: string;
}

interface Known {
  /** Null is gone. */
  readonly row: SeenRow | null;
  /** Of the transaction in which it was saved; null: it holds for good. */
  readonly fate: TransactionFate | null;
}

/**
 * What is known of a result's rows beyond what was read with it: rows as they were saved, rows as they were found when they conflicted, and rows
 * that were added. Added rows have the indexes after the result's last row. What was saved in a transaction that was rolled back is forgotten: then
 * a row is what it was when it was read.
 */
export class EditBase {
  private readonly known = new Map<number, Known>();
  private added = 0;

  constructor(private readonly result: ResultSet) {}

  /** The row as the person has seen it, whole. Fails with `not-found` when there is none (any more). */
  async row(index: number): Promise<SeenRow> {
    const known = this.known.get(index);
    if (!known || (known.fate?.undone === true && index < this.result.spool.rowCount)) {
      const values = (await this.result.spool.rows(index, 1))[0];
      if (values) return { values, style: this.result.writing.style };
    }
    const row = known?.fate?.undone === true ? null : known?.row;
    if (!row) throw new AppError({ code: 'not-found', message: `There is no row ${index + 1}`, field: 'edits' });
    return row;
  }

  /** The row is this now; null is gone. */
  set(index: number, row: SeenRow | null, fate: TransactionFate | null): void {
    this.known.set(index, { row, fate });
  }

  add(row: SeenRow, fate: TransactionFate | null): void {
    this.known.set(this.result.spool.rowCount + this.added, { row, fate });
    this.added += 1;
  }
}
