import { AppError } from '../../../shared/errors';
import { quoteIdent, quoteQualified } from '../../../shared/model/quote';
import { openSession, type PgSession } from '../../adapters/postgres/session';
import type { ConnectionProfile } from '../../ports';
import { matchText, orderText, type RowKey } from './row-keys';

/** Values print the same on every server, names are whole, and policies hide no rows without a word. */
const PREPARE = `SELECT set_config('search_path', '', false), set_config('datestyle', 'ISO', false), set_config('timezone', 'UTC', false),
  set_config('intervalstyle', 'postgres', false), set_config('extra_float_digits', '3', false), set_config('bytea_output', 'hex', false),
  set_config('lc_monetary', 'C', false), set_config('row_security', 'off', false), set_config('client_encoding', 'UTF8', false)`;

/** A session that reads one state of a database and changes nothing. */
export async function openRowSession(profile: ConnectionProfile, signal: AbortSignal): Promise<PgSession> {
  const session = await openSession(profile, signal);
  try {
    await session.query(PREPARE, [], signal);
    await session.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY', [], signal);
    return session;
  } catch (error) {
    await session.end();
    throw error;
  }
}

/** Texts of one row: the columns, then what `matchText` adds for the key. */
export type RowValues = readonly (string | null)[];

/** Rows of the first batch, and of any. */
const FIRST = 16;
const MOST = 2000;
/** About so many bytes are held of one side. */
const HELD = 8 * 1024 * 1024;

/** How many rows are asked for after `before`: more each time, but no more than fit if all are as wide as the widest until now. */
export const nextBatch = (before: number, widest: number): number =>
  Math.max(1, Math.min(MOST, before * 4, Math.floor(HELD / Math.max(1, widest))));

const widthOf = (row: RowValues): number => row.reduce((sum, value) => sum + (value?.length ?? 0), 0);

/** The rows of a table in the order of the key's texts, byte by byte in UTF-8; so many at a time are held. */
export async function* readRows(
  session: PgSession,
  table: { readonly schema: string; readonly name: string; readonly partitioned: boolean },
  columns: readonly string[],
  key: readonly RowKey[],
  signal: AbortSignal,
): AsyncGenerator<RowValues> {
  const qualified = quoteQualified(table.schema, table.name);
  const [found] = await session.query<{ encoding: string; hidden: boolean }>(
    "SELECT pg_catalog.current_setting('server_encoding') AS encoding, pg_catalog.row_security_active($1::text) AS hidden",
    [qualified],
    signal,
  );
  if (found?.hidden === true) throw hidden(qualified);
  // Not one array: reading its text back takes long for wide values.
  const values = [
    ...columns.map((column) => `${quoteIdent(column)}::pg_catalog.text`),
    ...key.filter(({ kind }) => kind !== 'text').map(matchText),
  ].map((value, index) => `${value} AS c${index}`);
  const order = key.map((column) => `${orderText(column, found?.encoding ?? '')} NULLS LAST`);
  // Children that inherit are tables of their own; partitions are not.
  const from = `${table.partitioned ? '' : 'ONLY '}${qualified}`;
  await session.query(
    `DECLARE howdah_rows NO SCROLL CURSOR FOR SELECT ${values.join(', ')} FROM ${from} ORDER BY ${order.join(', ')}`,
    [],
    signal,
  );
  let widest = 0;
  for (let batch = FIRST; ; batch = nextBatch(batch, widest)) {
    const rows = await session.query<Record<string, string | null>>(`FETCH ${batch} FROM howdah_rows`, [], signal);
    for (const each of rows) {
      const row = values.map((_, index) => each[`c${index}`] ?? null);
      widest = Math.max(widest, widthOf(row));
      yield row;
    }
    if (rows.length < batch) break;
  }
  await session.query('CLOSE howdah_rows', [], signal);
}

/** A table of which policies would hide rows: a comparison of what is left would be wrong. */
const hidden = (table: string): AppError =>
  new AppError({
    code: 'denied',
    message: `Policies of ${table} may hide rows from this account, so that its rows can't be compared`,
    hint: "Connect as the table's owner, a superuser or a role with BYPASSRLS.",
  });
