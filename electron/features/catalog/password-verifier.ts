import { AppError } from '../../../shared/errors';

/** The SCRAM-SHA-256 verifier of a password, as `ALTER ROLE … PASSWORD` takes it. */
export function passwordVerifier(_password: string): string {
  throw new AppError({ code: 'unsupported', message: "Passwords can't be set" });
}
