import { AppError } from '../../../shared/errors';
import type { FolderKind, Listing, ObjectRef } from '../../../shared/model/catalog';
import type { PgSession } from '../../adapters/postgres/session';

/** The things of a folder with the columns of its grid. */
export async function readListing(
  _session: PgSession,
  folder: FolderKind,
  _parent: ObjectRef | null,
  _showSystem: boolean,
  _signal: AbortSignal,
): Promise<Listing> {
  throw new AppError({ code: 'unsupported', message: `${folder} have no grid` });
}
