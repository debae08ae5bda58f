import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { LIBPQ_KEYWORDS } from '../../../shared/model/connection-keywords';
import { AppError } from '../../../shared/errors';
import { errnoOf } from './errors';

const failure = (message: string, hint: string, cause?: unknown): AppError =>
  new AppError(
    { code: 'invalid-input', message, hint, field: 'server.service' },
    cause === undefined ? undefined : { cause },
  );

/** The files libpq reads, in its order: the person's (`PGSERVICEFILE` or the default place), then the system's (`PGSYSCONFDIR`). */
export function serviceFiles(env: NodeJS.ProcessEnv): string[] {
  const own =
    env['PGSERVICEFILE'] ??
    (process.platform === 'win32'
      ? join(env['APPDATA'] ?? homedir(), 'postgresql', '.pg_service.conf')
      : join(homedir(), '.pg_service.conf'));
  return env['PGSYSCONFDIR'] ? [own, join(env['PGSYSCONFDIR'], 'pg_service.conf')] : [own];
}

/** One section of a service file as keyword → value; null when the file has no such section. */
export function readSection(text: string, name: string, file: string): Map<string, string> | null {
  let section: Map<string, string> | null = null;
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    if (line.startsWith('[')) {
      if (section) return section;
      if (line === `[${name}]`) section = new Map();
      continue;
    }
    if (!section) continue;
    const at = line.indexOf('=');
    const key = line.slice(0, Math.max(at, 0)).trim();
    if (at === -1 || !LIBPQ_KEYWORDS.has(key))
      throw failure(`${file}, line ${index + 1}: ${line} is not a connection keyword`, 'Write keyword=value.');
    if (!section.has(key)) section.set(key, line.slice(at + 1).trim());
  }
  return section;
}

/** Looks a service up. Fails with `invalid-input` and field `server.service` when no file names it. */
export async function readService(name: string, env: NodeJS.ProcessEnv): Promise<ReadonlyMap<string, string>> {
  const files = serviceFiles(env);
  for (const file of files) {
    let text: string;
    try {
      text = await readFile(file, 'utf8');
    } catch (error) {
      if (errnoOf(error) === 'ENOENT') continue;
      throw failure(`${file} cannot be read: ${errnoOf(error)}`, 'Check its permissions.', error);
    }
    const section = readSection(text, name, file);
    if (section) return section;
  }
  throw failure(
    `There is no service ${name} in ${files.join(' or ')}`,
    `Add a section [${name}] there, or set PGSERVICEFILE to the right file.`,
  );
}
