import type { PgSession } from '../../../../adapters/postgres/session';
import type { Lsn } from '../change-stream';
import { findUnpublished, publishMore, type PublicationOrder, type PublishedTable } from '../publication';

/** `syncedAt` of a table whose rows are still to be copied: none of its changes is applied before. */
export const NOT_COPIED: Lsn = 0xffff_ffff_ffff_ffffn;

export type Joining =
  /** Its changes come since it was made. */
  | 'followed'
  /** Its changes come from now on: what it holds has to be copied. */
  | 'copied'
  /** Nobody could say which of its rows an update is about: its changes do not come. */
  | 'nameless'
  /** It is not on the source any more. */
  | 'gone';

const TABLE = `SELECT n.nspname::text AS schema, c.relname::text AS name, c.relpersistence::text AS persistence
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = $1::int8::oid AND c.relkind = 'r'`;

/** A table by what it is called on the source now; null when it is gone. */
export async function tableNow(source: PgSession, oid: number, signal: AbortSignal): Promise<PublishedTable | null> {
  const [row] = await source.query<{ schema: string; name: string; persistence: string }>(TABLE, [oid], signal);
  if (!row) return null;
  const persistence = row.persistence === 'p' ? 'permanent' : 'unlogged';
  return { oid, schema: row.schema, name: row.name, kind: 'table', persistence, rowFilter: '' };
}

/** Published for itself, and not with the table that it is a part of: by somebody, some time after it was made. */
const BY_ITSELF = `SELECT FROM pg_catalog.pg_publication_rel r JOIN pg_catalog.pg_publication p ON p.oid = r.prpubid
  WHERE r.prrelid = $1::int8::oid AND p.pubname = $2`;

/** Sees to it that the changes of a new table come. `filled`: it had rows before anything of it could come. */
export async function joinTable(
  source: PgSession,
  oid: number,
  filled: boolean,
  order: Omit<PublicationOrder, 'tables'>,
): Promise<Joining> {
  const table = await tableNow(source, oid, order.signal);
  if (!table) return 'gone';
  const whole = { ...order, tables: [table] };
  if ((await findUnpublished(source, whole)).length > 0) {
    await publishMore(source, whole);
    return (await findUnpublished(source, whole)).length === 0 ? 'copied' : 'nameless';
  }
  const late = await source.query(BY_ITSELF, [oid, order.name], order.signal);
  return late.length > 0 || filled ? 'copied' : 'followed';
}
