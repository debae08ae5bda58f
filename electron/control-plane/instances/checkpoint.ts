import { timeLimit } from '../../adapters/postgres/deadline';
import { findPostmaster } from '../cluster/postmaster';
import { openSuperuser } from '../cluster/server';
import type { OperationContext } from './operation-context';

const CHECKPOINT_LIMIT_MS = 600_000;

/** Writes the dirty pages of the primary while it still works, so that its stop is short. */
export async function checkpoint(context: OperationContext): Promise<void> {
  const node = context.node();
  if (!findPostmaster(node.data)) return;
  const limit = AbortSignal.any([context.signal, timeLimit(CHECKPOINT_LIMIT_MS)]);
  const session = await openSuperuser(node, limit);
  try {
    await session.query('CHECKPOINT', [], limit);
  } finally {
    await session.end();
  }
}
