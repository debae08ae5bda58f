import { randomBytes } from 'node:crypto';
import type { Writable } from 'node:stream';
import { AppError } from '../../../shared/errors';
import { PsqlMessages, type ToolMessage } from '../../../shared/model/tool-errors';
import { startProgram } from './run';

/** psql as the reader of a script that is fed piece by piece on its standard input. */

export interface PsqlOptions {
  readonly program: string;
  readonly env: Readonly<Record<string, string>>;
  readonly singleTransaction: boolean;
  readonly stopOnError: boolean;
  /** psql is told to refuse every backslash command; those of the script that are let through are framed by `command`. */
  readonly restricted: boolean;
  readonly signal: AbortSignal;
  /** Lines are those of the script. */
  readonly onMessage: (message: ToolMessage) => void;
  readonly onOutput: (line: string) => void;
}

export interface Psql {
  /** Passes bytes on; resolves when more may come. Does nothing once psql has ended. */
  write(bytes: Uint8Array): Promise<void>;
  /** Passes on a backslash command of the script that is to be obeyed; its line break comes with the next `write`. */
  command(text: Uint8Array, line: number): Promise<void>;
  readonly ended: boolean;
  /** Ends the input. `stopped`: psql gave up at an error (ON_ERROR_STOP). Fails with `tool`, `lost-connection` or `cancelled`. */
  finish(): Promise<{ stopped: boolean }>;
  /** Kills psql so that an open transaction is rolled back. */
  abandon(): Promise<void>;
}

/** The arguments, as they are also shown to the person (with `-f FILE`). */
export function psqlArgs(options: Pick<PsqlOptions, 'singleTransaction' | 'stopOnError'>): string[] {
  return [
    '-X',
    '-q',
    ...(options.stopOnError ? ['-v', 'ON_ERROR_STOP=1'] : []),
    ...(options.singleTransaction ? ['--single-transaction'] : []),
  ];
}

const BATCH_BYTES = 64 * 1024;
const NEWLINE = Buffer.from('\n');

export function startPsql(options: PsqlOptions): Psql {
  const key = randomBytes(16).toString('hex');
  const restrict = options.restricted ? `\\restrict ${key}\n` : '';
  const unrestrict = options.restricted ? `\\unrestrict ${key}\n` : '';
  const preludeLines = restrict === '' ? 0 : 1;
  /** Lines of our own that psql has read before a line of the script: one pair for each command let through. */
  const inserted: number[] = [];
  const killer = new AbortController();
  const messages = new PsqlMessages();
  const tell = (found: readonly ToolMessage[]): void => {
    for (const message of found) options.onMessage({ ...message, line: scriptLine(message.line) });
  };
  const scriptLine = (line: number): number => {
    if (line === 0) return 0;
    const own = line - preludeLines;
    return Math.max(1, own - 2 * inserted.filter((at, index) => at + 2 * index < own).length);
  };
  const running = startProgram({
    program: options.program,
    args: [
      ...psqlArgs(options),
      '--no-password',
      '-v',
      'VERBOSITY=verbose',
      '-v',
      'ECHO=errors',
      '-t',
      '-A',
      '-f',
      '-',
    ],
    env: options.env,
    acceptExits: [0, 3],
    signal: AbortSignal.any([options.signal, killer.signal]),
    onErrorLine: (line) => tell(messages.push(line)),
  });
  running.stdout.setEncoding('utf8');
  running.stdout.on('data', (text: string) => options.onOutput(text));
  let ended = false;
  const closed = running.done.then(
    () => void (ended = true),
    () => void (ended = true),
  );

  let batch: Uint8Array[] = [];
  let batched = 0;
  const flush = async (): Promise<void> => {
    if (batched === 0) return;
    const bytes = batch.length === 1 ? batch[0] : Buffer.concat(batch);
    batch = [];
    batched = 0;
    if (!ended && bytes) await put(running.stdin, bytes, closed);
  };
  const write = async (bytes: Uint8Array): Promise<void> => {
    batch.push(bytes);
    batched += bytes.length;
    if (batched >= BATCH_BYTES) await flush();
  };
  void write(Buffer.from(restrict));

  return {
    write,
    async command(text, line) {
      if (options.restricted) inserted.push(line);
      await write(
        Buffer.concat([Buffer.from(unrestrict), text, Buffer.from(restrict === '' ? '' : `\n${restrict.trimEnd()}`)]),
      );
    },
    get ended() {
      return ended;
    },
    async finish() {
      await write(NEWLINE);
      await flush();
      running.stdin.end();
      try {
        const { exitCode } = await running.done;
        tell(messages.end());
        return { stopped: exitCode === 3 };
      } catch (error) {
        tell(messages.end());
        throw error instanceof AppError && error.info.exitCode === 2
          ? new AppError({
              ...error.info,
              code: /password|authentication/i.test(error.info.detail ?? '') ? 'authentication' : 'lost-connection',
            })
          : error;
      }
    },
    async abandon() {
      killer.abort();
      await closed;
    },
  };
}

/** Writes with back-pressure; gives up waiting when the reader has gone. */
async function put(stdin: Writable, bytes: Uint8Array, gone: Promise<void>): Promise<void> {
  if (stdin.destroyed || stdin.write(bytes)) return;
  let drained: () => void = () => undefined;
  const drain = new Promise<void>((resolve) => {
    drained = resolve;
    stdin.once('drain', resolve);
    stdin.once('close', resolve);
  });
  await Promise.race([drain, gone]);
  stdin.off('drain', drained);
  stdin.off('close', drained);
}
