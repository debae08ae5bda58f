import { DatabaseError } from 'pg';
import { AppError, type ErrorInfo } from '../../../shared/errors';

/** Turns what pg throws into an AppError: `sql` with SQLSTATE and position, or `lost-connection`. */
export function serverError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  if (error instanceof DatabaseError) {
    const info: ErrorInfo = {
      code: 'sql',
      message: error.message,
      ...(error.code ? { sqlstate: error.code } : {}),
      ...(error.detail ? { detail: error.detail } : {}),
      ...(error.hint ? { hint: error.hint } : {}),
      ...(error.position ? { position: Number(error.position) } : {}),
    };
    return new AppError(info, { cause: error });
  }
  const message = error instanceof Error ? error.message : String(error);
  return new AppError({ code: 'lost-connection', message, retry: true }, { cause: error });
}
