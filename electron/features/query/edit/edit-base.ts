import type { Row } from '../../../../shared/model/query';
import type { ResultSet } from '../result-set';
import { AppError } from '../../../../shared/errors';

/**
 * What is known of a result's rows beyond what was read with it: rows as they were saved, rows as they were found when they conflicted, and rows
 * that were added. Added rows have the indexes after the result's last row.
 */
export class EditBase {
  private readonly known = new Map<number, Row | null>();
  private added = 0;

  constructor(private readonly result: ResultSet) {}

  /** The row as the person has seen it, whole. Fails with `not-found` when there is none (any more). */
  async row(index: number): Promise<Row> {
    const known = this.known.get(index);
    const row = known === undefined ? (await this.result.spool.rows(index, 1))[0] : known;
    if (!row) throw new AppError({ code: 'not-found', message: `There is no row ${index + 1}`, field: 'edits' });
    return row;
  }

  /** The row is this now; null is gone. */
  set(index: number, row: Row | null): void {
    this.known.set(index, row);
  }

  add(row: Row): void {
    this.known.set(this.result.spool.rowCount + this.added, row);
    this.added += 1;
  }
}
