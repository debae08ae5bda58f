import type { PgSession } from '../../../adapters/postgres/session';
import { readAside } from '../plan/read-aside';

/** Of each of a batch that is read at once; most are no longer. With the batch this bounds the memory. Bytes. */
const HEAD = 64 * 1024;
/** What is read and written at a time of longer ones. Bytes. */
const CHUNK = 1024 * 1024;

interface Deps {
  /** In the snapshot. */
  readonly source: PgSession;
  /** In a transaction. */
  readonly target: PgSession;
  readonly signal: AbortSignal;
  readonly onBytes: (bytes: number) => void | Promise<void>;
}

type HeadRow = { readonly oid: number; readonly head: Buffer };

/** Makes large objects that the target does not have. Answers how many bytes they hold. */
export async function writeObjects(deps: Deps, objects: readonly { readonly oid: number }[]): Promise<number> {
  const { source, target, signal } = deps;
  const heads = await readAside(source, () =>
    source.query<HeadRow>(
      'SELECT o.oid, pg_catalog.lo_get(o.oid, 0, $2) AS head FROM pg_catalog.unnest($1::pg_catalog.oid[]) o (oid)',
      [objects.map(({ oid }) => oid), HEAD],
      signal,
    ),
  );
  await target.query(
    'SELECT pg_catalog.lo_from_bytea(o.oid, o.head) FROM unnest($1::pg_catalog.oid[], $2::pg_catalog.bytea[]) o (oid, head)',
    [heads.map(({ oid }) => oid), heads.map(({ head }) => head)],
    signal,
  );
  let bytes = heads.reduce((sum, { head }) => sum + head.length, 0);
  await deps.onBytes(bytes);
  for (const { oid, head } of heads) {
    let at = head.length;
    // A short answer is the end; holes are answered as zeros.
    for (let more = at === HEAD; more;) {
      const [row] = await readAside(source, () =>
        source.query<{ chunk: Buffer }>('SELECT pg_catalog.lo_get($1, $2, $3) AS chunk', [oid, at, CHUNK], signal),
      );
      const length = row?.chunk.length ?? 0;
      if (row && length > 0) await target.query('SELECT pg_catalog.lo_put($1, $2, $3)', [oid, at, row.chunk], signal);
      at += length;
      bytes += length;
      more = length === CHUNK;
      await deps.onBytes(length);
    }
  }
  return bytes;
}
