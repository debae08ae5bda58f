import { z } from 'zod';
import type { PgSession } from '../../../adapters/postgres/session';

const setting = z.object({ path: z.string() });

/**
 * Runs the work with an empty search path, so that the server qualifies every name it writes and resolves none of ours elsewhere; sets the
 * former one back. Within a transaction that the work has broken, its end does that.
 */
export async function withEmptyPath<T>(session: PgSession, work: () => Promise<T>): Promise<T> {
  const [row] = await session.query("SELECT pg_catalog.current_setting('search_path') AS path");
  const { path } = setting.parse(row);
  await session.query("SELECT pg_catalog.set_config('search_path', '', false)");
  try {
    return await work();
  } finally {
    await session
      .query("SELECT pg_catalog.set_config('search_path', $1, false)", [path])
      .catch((_gone: unknown) => undefined);
  }
}
