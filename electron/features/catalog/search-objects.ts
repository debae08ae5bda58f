import { AppError } from '../../../shared/errors';
import type { FoundObject, ObjectKind } from '../../../shared/model/catalog';
import type { PgSession } from '../../adapters/postgres/session';

export interface Search {
  readonly text: string;
  /** Empty: all. */
  readonly kinds: readonly ObjectKind[];
  /** Looks into bodies, definitions and comments too. */
  readonly inside: boolean;
  readonly showSystem: boolean;
  readonly limit: number;
}

/** Objects of a database whose name (or inside) has a text, whatever its case; the best matches first. `more` when there are others. */
export async function searchObjects(
  _session: PgSession,
  search: Search,
  _signal: AbortSignal,
): Promise<{ found: FoundObject[]; more: boolean }> {
  throw new AppError({ code: 'unsupported', message: `"${search.text}" can't be looked for` });
}
