import { spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { AppError, cancelled } from '../../../shared/errors';

/** The one function that runs a client program. */

export interface RunRequest {
  readonly program: string;
  readonly args: readonly string[];
  /** Added to a minimal environment; secrets go here or into a password file, never into `args`. */
  readonly env: Readonly<Record<string, string>>;
  /** Exit codes that are no failure. */
  readonly acceptExits: readonly number[];
  readonly signal: AbortSignal;
  /** Each whole line of standard error, without its line break. */
  readonly onErrorLine?: (line: string) => void;
}

export interface RunResult {
  readonly exitCode: number;
  /** Last lines of standard error. */
  readonly lastLines: string;
}

export interface RunningProgram {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly pid: number;
  /**
   * Resolves when the program has ended and its output is read. Fails with `tool` (exit code, last lines), or `cancelled` after the signal.
   */
  readonly done: Promise<RunResult>;
}

/** Time between asking a program to end and ending it. */
const KILL_AFTER_MS = 2000;
const KEEP_LINES = 40;
const MAX_LINE = 64 * 1024;

/** What a child may know of our environment. */
const PASSED_ON = ['PATH', 'HOME', 'USERPROFILE', 'APPDATA', 'SystemRoot', 'TEMP', 'TMP', 'TMPDIR', 'LD_LIBRARY_PATH'];

export function minimalEnv(): Record<string, string> {
  const env: Record<string, string> = {
    LC_MESSAGES: 'C',
    LANGUAGE: 'C',
    LC_ALL: process.platform === 'win32' ? 'C' : 'C.UTF-8',
  };
  for (const name of PASSED_ON) {
    const value = process.env[name];
    if (value !== undefined) env[name] = value;
  }
  return env;
}

/** Cuts text that arrives in pieces into lines; very long ones are cut off. */
export function lineSplitter(onLine: (line: string) => void): { push(text: string): void; end(): void } {
  let rest = '';
  return {
    push(text) {
      const lines = (rest + text).split('\n');
      rest = (lines.pop() ?? '').slice(0, MAX_LINE);
      for (const line of lines) onLine(line.replace(/\r$/, ''));
    },
    end() {
      if (rest !== '') onLine(rest);
      rest = '';
    },
  };
}

/** Starts a program without a shell. Fails at once with `cancelled`; a program that cannot be started fails in `done` with `tool`. */
export function startProgram(request: RunRequest): RunningProgram {
  if (request.signal.aborted) throw cancelled();
  const name = request.program.split(/[\\/]/).at(-1) ?? request.program;
  const child = spawn(request.program, [...request.args], {
    env: { ...minimalEnv(), ...request.env },
    stdio: ['pipe', 'pipe', 'pipe'],
    shell: false,
    windowsHide: true,
  });
  const last: string[] = [];
  const splitter = lineSplitter((line) => {
    last.push(line.slice(0, 2000));
    if (last.length > KEEP_LINES) last.shift();
    request.onErrorLine?.(line);
  });
  child.stderr.setEncoding('utf8');
  child.stderr.on('data', (text: string) => splitter.push(text));
  // A program that ends early closes its standard input: its exit code tells the reason, not EPIPE.
  child.stdin.on('error', () => undefined);
  let killTimer: NodeJS.Timeout | undefined;
  const stop = (): void => {
    child.kill('SIGTERM');
    killTimer = setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS);
  };
  request.signal.addEventListener('abort', stop, { once: true });
  const done = new Promise<RunResult>((resolve, reject) => {
    child.once('error', (error) =>
      reject(
        new AppError(
          {
            code: 'tool',
            message: `${name} could not be started: ${error.message}`,
            hint: `Check that ${request.program} exists and may be run.`,
          },
          { cause: error },
        ),
      ),
    );
    child.once('close', (code, signal) => {
      splitter.end();
      const lastLines = last.join('\n');
      if (request.signal.aborted) reject(cancelled());
      else if (code !== null && request.acceptExits.includes(code)) resolve({ exitCode: code, lastLines });
      else
        reject(
          new AppError({
            code: 'tool',
            message:
              code === null
                ? `${name} was ended by ${signal ?? 'a signal'}`
                : `${name} failed: ${lastWords(last, name)}`,
            detail: lastLines,
            ...(code === null ? {} : { exitCode: code }),
          }),
        );
    });
  }).finally(() => {
    request.signal.removeEventListener('abort', stop);
    clearTimeout(killTimer);
  });
  // Whoever started the program waits for `done`; until then a rejection is not a fault of its own.
  done.catch(() => undefined);
  return { stdin: child.stdin, stdout: child.stdout, pid: child.pid ?? 0, done };
}

/** The line that says most: the last error line, else the last line. */
function lastWords(lines: readonly string[], name: string): string {
  const telling = lines.findLast((line) => /\b(error|fatal)\b/i.test(line)) ?? lines.at(-1) ?? 'it gave no reason';
  return telling.replace(new RegExp(`^${name.replaceAll(/[^\w-]/g, '.')}: (error: )?`), '');
}

/** Runs a program whose output is small and returns it whole. Fails with `tool` or `cancelled`. */
export async function runForText(request: RunRequest): Promise<string> {
  const running = startProgram(request);
  running.stdin.end();
  let text = '';
  running.stdout.setEncoding('utf8');
  running.stdout.on('data', (chunk: string) => {
    text += chunk;
  });
  await running.done;
  return text;
}
