import { AppError } from '../../../shared/errors';
import type { DropPlan, ObjectRef } from '../../../shared/model/catalog';
import type { PgSession } from '../../adapters/postgres/session';

/** What dropping objects runs, and what falls with them. `force` ends the sessions of a database (13 and later). */
export async function planDrop(
  _session: PgSession,
  objects: readonly ObjectRef[],
  _how: { readonly cascade: boolean; readonly force: boolean },
  _signal: AbortSignal,
): Promise<DropPlan> {
  throw new AppError({ code: 'unsupported', message: `${objects.length} objects can't be dropped` });
}
