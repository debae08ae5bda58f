import { AppError } from '../../../shared/errors';
import type { ObjectProperties, ObjectRef } from '../../../shared/model/catalog';
import type { PgSession } from '../../adapters/postgres/session';
import { readFacts } from './catalog-reader';
import { STATISTICS } from './statistics/all-statistics';

/** What the server has counted of an object; items and grids as in its properties. Fails with `unsupported` for kinds that have none. */
export async function readStatistics(
  session: PgSession,
  object: ObjectRef,
  signal: AbortSignal,
): Promise<ObjectProperties> {
  const definition = STATISTICS[object.kind];
  if (!definition) throw new AppError({ code: 'unsupported', message: `Nothing is counted of a ${object.kind}` });
  return readFacts(session, definition, object, signal);
}
