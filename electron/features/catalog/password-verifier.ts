import { scramVerifier } from '../../adapters/postgres/scram-verifier';

/** The SCRAM-SHA-256 verifier of a password, as `ALTER ROLE … PASSWORD` takes it: every server from 10 on. */
export const passwordVerifier = (password: string): Promise<string> => scramVerifier(password);
