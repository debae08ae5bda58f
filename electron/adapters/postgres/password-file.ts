import { readFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { splitPgpassLine } from '../../../shared/model/pgpass-line';

export interface PasswordQuestion {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
}

/** `PGPASSFILE`, else libpq's default place. */
export function passwordFilePath(env: NodeJS.ProcessEnv): string {
  if (env['PGPASSFILE']) return env['PGPASSFILE'];
  return process.platform === 'win32'
    ? join(env['APPDATA'] ?? homedir(), 'postgresql', 'pgpass.conf')
    : join(homedir(), '.pgpass');
}

/**
 * Looks a password up as libpq does: the first line that matches wins; a Unix socket is `localhost`. A file that others may read is ignored.
 * @returns the password, or null; `refused` tells that a file was there and was not used because of its permissions.
 */
export async function findInPasswordFile(
  path: string,
  question: PasswordQuestion,
): Promise<{ password: string | null; refused: boolean }> {
  const facts = await stat(path).catch(() => null);
  if (!facts?.isFile()) return { password: null, refused: false };
  if (process.platform !== 'win32' && (facts.mode & 0o077) !== 0) return { password: null, refused: true };
  const text = await readFile(path, 'utf8').catch(() => '');
  const host = question.host.startsWith('/') ? 'localhost' : question.host;
  const matches = (pattern: string, value: string): boolean => pattern === '*' || pattern === value;
  for (const raw of text.split('\n')) {
    const line = splitPgpassLine(raw.replace(/\r$/, ''));
    if (
      line &&
      (matches(line.host, host) || line.host === question.host) &&
      matches(line.port, String(question.port)) &&
      matches(line.database, question.database) &&
      matches(line.user, question.user)
    )
      return { password: line.password, refused: false };
  }
  return { password: null, refused: false };
}
