import { spawn } from 'node:child_process';
import { closeSync, openSync, readdirSync } from 'node:fs';
import { devNull } from 'node:os';
import { AppError } from '../../../shared/errors';

export interface DetachedProgram {
  /** JavaScript file of ours; runs in plain Node or in Electron's Node. */
  readonly program: string;
  readonly args: readonly string[];
  readonly timeoutMs: number;
}

const WORDS_KEPT = 4_000;

/** Our open descriptors above the standard three, where the system lists them. */
function openDescriptors(): number[] {
  try {
    return readdirSync('/proc/self/fd')
      .map(Number)
      .filter((descriptor) => descriptor > 2);
  } catch {
    return [];
  }
}

/**
 * Standard input, output and error, and the null device over every other descriptor of ours. Invariant: Electron opens its display, GPU and
 * debugger sockets without close-on-exec; a program that outlives us would hold them open, and whoever waits for their end would wait for ever.
 */
function stdioWithNothingElse(nothing: number): ('ignore' | 'pipe' | number)[] {
  const ours = new Set(openDescriptors());
  const above = Array.from({ length: Math.max(2, ...ours) - 2 }, (_none, at) =>
    ours.has(at + 3) ? nothing : ('ignore' as const),
  );
  return ['ignore', 'pipe', 'pipe', ...above];
}

/**
 * Starts a program that outlives us, and waits for its first line on standard output. Fails with `tool` and its own words when it ends
 * before, or says nothing in time; it is not ended then, because it may be slow and is found again later.
 */
export function startDetached({ program, args, timeoutMs }: DetachedProgram): Promise<string> {
  return new Promise((resolve, reject) => {
    const nothing = openSync(devNull, 'r+');
    const child = spawn(process.execPath, [program, ...args], {
      cwd: '/',
      detached: true,
      stdio: stdioWithNothingElse(nothing),
      windowsHide: true,
      // Under Electron this makes it Node; plain Node ignores it.
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
    });
    closeSync(nothing);
    const { stdout, stderr } = child;
    if (stdout === null || stderr === null) throw new Error('a started program has no output');
    let out = '';
    let words = '';
    const done = (): void => {
      clearTimeout(timer);
      stdout.destroy();
      stderr.destroy();
      child.unref();
    };
    const fail = (message: string, exitCode: number | null): void => {
      done();
      reject(
        new AppError({
          code: 'tool',
          message,
          ...(words === '' ? {} : { detail: words }),
          ...(exitCode === null ? {} : { exitCode }),
          retry: true,
        }),
      );
    };
    const timer = setTimeout(() => fail('The program did not become ready in time', null), timeoutMs);
    stdout.setEncoding('utf8').on('data', (chunk: string) => {
      out += chunk;
      const end = out.indexOf('\n');
      if (end < 0) return;
      done();
      resolve(out.slice(0, end));
    });
    stderr.setEncoding('utf8').on('data', (chunk: string) => (words = (words + chunk).slice(-WORDS_KEPT)));
    child.once('error', (error) => fail(error.message, null));
    child.once('close', (code) => fail(words.trim().split('\n')[0] || 'The program ended before it was ready', code));
  });
}
