import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { randomBytes } from 'node:crypto';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

export interface Logger {
  write(level: LogLevel, text: string, facts?: Readonly<Record<string, unknown>>): void;
  /** Writes a fault of the program and returns the id under which it stands in the log. */
  bug(where: string, error: unknown): string;
}

const MAX_BYTES = 5 * 1024 * 1024;
const SECRET_KEY = /pass(word|wd)?|secret|token|authorization|private.?key/i;
const SECRET_TEXT: readonly [RegExp, string][] = [
  [/(postgres(?:ql)?:\/\/[^:@/\s]*):[^@\s]*@/gi, '$1:***@'],
  [/((?:password|passwd|secretkey|secret)\s*[=:]\s*)("[^"]*"|'(?:[^']|'')*'|\S+)/gi, '$1***'],
];

/** Takes secrets out of a text: passwords in URIs and in key–value lists. */
export function redact(text: string): string {
  return SECRET_TEXT.reduce((done, [pattern, instead]) => done.replace(pattern, instead), text);
}

function redactFacts(facts: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(facts).map(([key, value]) => [
      key,
      SECRET_KEY.test(key) ? '***' : typeof value === 'string' ? redact(value) : value,
    ]),
  );
}

/** One JSON line a record. `file` null writes to standard error (daemon in the foreground, command line). Rotates once at 5 MiB. */
export function createLogger(file: string | null): Logger {
  if (file) mkdirSync(dirname(file), { recursive: true });
  const put = (line: string): void => {
    if (!file) {
      process.stderr.write(line);
      return;
    }
    try {
      if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > MAX_BYTES) renameSync(file, `${file}.1`);
      appendFileSync(file, line, { mode: 0o600 });
    } catch {
      // A full disk must not take the program down with it.
    }
  };
  const write: Logger['write'] = (level, text, facts = {}) =>
    put(`${JSON.stringify({ at: new Date().toISOString(), level, text: redact(text), ...redactFacts(facts) })}\n`);
  return {
    write,
    bug(where, error) {
      const id = randomBytes(6).toString('hex');
      write('error', error instanceof Error ? (error.stack ?? error.message) : String(error), { id, where });
      return id;
    },
  };
}
