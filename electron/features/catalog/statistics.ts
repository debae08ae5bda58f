import { AppError } from '../../../shared/errors';
import type { ObjectProperties, ObjectRef } from '../../../shared/model/catalog';
import type { PgSession } from '../../adapters/postgres/session';

/** What the server has counted of an object; items and grids as in its properties. Fails with `unsupported` for kinds that have none. */
export async function readStatistics(
  _session: PgSession,
  object: ObjectRef,
  _signal: AbortSignal,
): Promise<ObjectProperties> {
  throw new AppError({ code: 'unsupported', message: `Nothing is counted of a ${object.kind}` });
}
