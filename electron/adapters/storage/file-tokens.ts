import { randomUUID } from 'node:crypto';
import { AppError } from '../../../shared/errors';
import type { FileTokens } from '../../ports';

const MAX_TOKENS = 1000;

/** Keeps the paths of native dialogs (or of the command line) under random names; the oldest are forgotten beyond 1,000. */
export function createFileTokens(): FileTokens {
  const known = new Map<string, { path: string; purpose: 'read' | 'write' }>();
  return {
    add(path, purpose) {
      const token = randomUUID();
      known.set(token, { path, purpose });
      const oldest = known.keys().next();
      if (known.size > MAX_TOKENS && !oldest.done) known.delete(oldest.value);
      return token;
    },
    path(token, purpose) {
      const entry = known.get(token);
      if (!entry || entry.purpose !== purpose) {
        throw new AppError({
          code: 'not-found',
          message: 'The chosen file is not known any more',
          hint: 'Choose the file again.',
          field: 'fileToken',
        });
      }
      return entry.path;
    },
  };
}
