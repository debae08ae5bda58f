import { AppError } from '../../../../shared/errors';
import type { Choice, ChoiceSource } from '../../../../shared/model/form';
import type { PgSession } from '../../../adapters/postgres/session';
import { sqlFor } from '../kinds/kind';
import { CHOICE_QUERIES } from './choice-queries';

/** A name that is typed halfway does not parse, or has too many parts; or its schema may not be looked into: there is nothing to offer. */
const UNREADABLE_NAMES = new Set(['42601', '42602', '0A000', '42501']);

/** What a choice offers. `of`: the value that it depends on, e.g. a table as SQL writes it; empty for none. */
export async function readChoices(
  session: PgSession,
  source: ChoiceSource,
  of: string,
  signal: AbortSignal,
): Promise<Choice[]> {
  const query = CHOICE_QUERIES[source];
  if (query.of === 'needed' && of === '') return [];
  const params = query.of === undefined ? [] : [of];
  try {
    return await session.query<{ value: string; text?: string }>(
      sqlFor(query.sql, session.serverVersionNum),
      params,
      signal,
    );
  } catch (error) {
    if (query.of !== undefined && error instanceof AppError && UNREADABLE_NAMES.has(error.info.sqlstate ?? ''))
      return [];
    throw error;
  }
}
