import { spawn } from 'node:child_process';
import { AppError } from '../../../shared/errors';

export interface DetachedProgram {
  /** JavaScript file of ours; runs in plain Node or in Electron's Node. */
  readonly program: string;
  readonly args: readonly string[];
  readonly timeoutMs: number;
}

const WORDS_KEPT = 4_000;

/**
 * Starts a program that outlives us, and waits for its first line on standard output. Fails with `tool` and its own words when it ends
 * before, or says nothing in time; it is not ended then, because it may be slow and is found again later.
 */
export function startDetached({ program, args, timeoutMs }: DetachedProgram): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, ...args], {
      cwd: '/',
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
      // Under Electron this makes it Node; plain Node ignores it.
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
    });
    let out = '';
    let words = '';
    const done = (): void => {
      clearTimeout(timer);
      child.stdout.destroy();
      child.stderr.destroy();
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
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      out += chunk;
      const end = out.indexOf('\n');
      if (end < 0) return;
      done();
      resolve(out.slice(0, end));
    });
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (words = (words + chunk).slice(-WORDS_KEPT)));
    child.once('error', (error) => fail(error.message, null));
    child.once('close', (code) => fail(words.trim().split('\n')[0] || 'The program ended before it was ready', code));
  });
}
