import { AppError } from '../../../../shared/errors';
import type { Choice, ChoiceSource } from '../../../../shared/model/form';
import type { PgSession } from '../../../adapters/postgres/session';

/** What a choice offers. `of`: the value that it depends on, e.g. a table as SQL writes it; empty for none. */
export async function readChoices(
  _session: PgSession,
  source: ChoiceSource,
  _of: string,
  _signal: AbortSignal,
): Promise<Choice[]> {
  throw new AppError({ code: 'unsupported', message: `No choices are known of ${source}` });
}
