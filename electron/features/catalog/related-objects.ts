import { AppError } from '../../../shared/errors';
import type { ObjectRef, RelatedObject } from '../../../shared/model/catalog';
import type { PgSession } from '../../adapters/postgres/session';

/** What an object needs, or what needs it, directly. */
export async function readRelated(
  _session: PgSession,
  object: ObjectRef,
  _direction: 'needs' | 'needed-by',
  _signal: AbortSignal,
): Promise<RelatedObject[]> {
  throw new AppError({ code: 'unsupported', message: `Nothing is known around a ${object.kind}` });
}
