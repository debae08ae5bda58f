import { quoteIdent } from '../../../../shared/model/quote';
import type { PgSession } from '../../../adapters/postgres/session';
import { sourceName } from '../copy/copy-statements';
import type { PlannedTable } from '../plan-model';
import { readAside } from './read-aside';

type RangeRow = {
  readonly min: string | null;
  readonly max: string | null;
};

/**
 * Smallest and largest integer key of a table as the session sees it; null when it is empty or has no such key. A failure leaves the session's
 * transaction as it was.
 */
export async function readKeyRange(
  session: PgSession,
  table: PlannedTable,
  signal: AbortSignal,
): Promise<{ min: bigint; max: bigint } | null> {
  if (table.integerKey === null) return null;
  const key = quoteIdent(table.integerKey);
  const [row] = await readAside(session, () =>
    session.query<RangeRow>(
      `SELECT pg_catalog.min(${key})::pg_catalog.text AS min, pg_catalog.max(${key})::pg_catalog.text AS max
     FROM ONLY ${sourceName(table)}`,
      [],
      signal,
    ),
  );
  return row?.min && row.max ? { min: BigInt(row.min), max: BigInt(row.max) } : null;
}
