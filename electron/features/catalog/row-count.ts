import type { ObjectRef } from '../../../shared/model/catalog';
import { quoteQualified } from '../../../shared/model/quote';
import { openSession } from '../../adapters/postgres/session';
import type { ConnectionProfile } from '../../ports';

/** Counts the rows of a relation on a session of its own. Fails as the server does. */
export async function countRows(profile: ConnectionProfile, object: ObjectRef, signal: AbortSignal): Promise<number> {
  const session = await openSession(profile, signal);
  try {
    const [row] = await session.query<{ rows: string }>(
      `SELECT count(*)::text AS rows FROM ${quoteQualified(object.schema, object.name)}`,
      [],
      signal,
    );
    return Number(row?.rows ?? 0);
  } finally {
    await session.end();
  }
}
