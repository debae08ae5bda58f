import { execFile } from 'node:child_process';
import { AppError, cancelled } from '../../../shared/errors';
import { splitCommandLine } from '../../../shared/model/command-line';

const TIME_LIMIT_MS = 60_000;
const MAX_OUTPUT = 64 * 1024;

export interface PasswordCommand {
  readonly command: string;
  readonly host: string;
  readonly port: number;
  readonly user: string;
}

/** Program and arguments with the placeholders filled in after the splitting: a value never becomes another argument. */
export function passwordCommandWords({ command, host, port, user }: PasswordCommand): string[] {
  const words = splitCommandLine(command);
  if (!words || words.length === 0)
    throw new AppError({
      code: 'invalid-input',
      message: 'The password command is not complete',
      hint: 'Close every quote.',
      field: 'server.passwordCommand',
    });
  const values: Readonly<Record<string, string>> = { HOSTNAME: host, PORT: String(port), USERNAME: user };
  return words.map((word) =>
    word.replaceAll(/%(HOSTNAME|PORT|USERNAME)%/g, (_all, name: string) => values[name] ?? ''),
  );
}

/**
 * Runs the person's program and takes its standard output, without the last line break, as the password. No shell takes part.
 * Fails with `tool` (exit code and the last words of standard error; never the output) or `cancelled`.
 */
export function runPasswordCommand(request: PasswordCommand, signal: AbortSignal): Promise<string> {
  const [program = '', ...args] = passwordCommandWords(request);
  return new Promise((resolve, reject) => {
    execFile(
      program,
      args,
      { signal, timeout: TIME_LIMIT_MS, maxBuffer: MAX_OUTPUT, encoding: 'utf8', windowsHide: true },
      (error, stdout, stderr) => {
        if (signal.aborted) return reject(cancelled());
        const password = stdout.replace(/\r?\n$/, '');
        if (!error && password !== '') return resolve(password);
        const exitCode = error && typeof error.code === 'number' ? error.code : undefined;
        const message = !error
          ? 'The password command printed nothing'
          : exitCode === undefined
            ? error.killed
              ? `The password command gave no answer within ${TIME_LIMIT_MS / 1000} s`
              : `The password command did not start: ${program}`
            : `The password command ended with exit code ${exitCode}`;
        reject(
          new AppError({
            code: 'tool',
            message,
            detail: stderr.trim().slice(-1000),
            hint: 'Run the command in a terminal. It must print the password and nothing else.',
            field: 'server.passwordCommand',
            ...(exitCode === undefined ? {} : { exitCode }),
          }),
        );
      },
    );
  });
}
