import { AppError } from '../../../../shared/errors';
import type { ObjectRef } from '../../../../shared/model/catalog';
import type { PgSession } from '../../../adapters/postgres/session';
import { gone } from '../catalog-reader';
import { STATES } from './all-states';
import type { ReadState } from './state-reader';

/** What the form of an object shows now. Fails with `not-found` when the object is gone and `unsupported` for kinds without a form. */
export async function readFormState(session: PgSession, object: ObjectRef, signal: AbortSignal): Promise<ReadState> {
  const read = STATES[object.kind];
  if (!read) throw new AppError({ code: 'unsupported', message: `A ${object.kind} can't be changed by a form` });
  const found = await read(session, object, signal);
  if (!found) throw gone(object);
  return found;
}
