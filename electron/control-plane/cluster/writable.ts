import type { ClusterNode } from './node';
import { openSuperuser } from './session';

/**
 * Makes new transactions of a running server read-only by default, or takes that back. A session may still ask for a writing one: that is how
 * space is freed.
 */
export async function setWritable(node: ClusterNode, writable: boolean): Promise<void> {
  const session = await openSuperuser(node);
  try {
    await session.query('SET default_transaction_read_only = off');
    await session.query(
      writable
        ? 'ALTER SYSTEM RESET default_transaction_read_only'
        : 'ALTER SYSTEM SET default_transaction_read_only = on',
    );
    await session.query('SELECT pg_reload_conf()');
  } finally {
    await session.end();
  }
}
