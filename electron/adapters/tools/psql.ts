import { randomBytes } from 'node:crypto';
import type { Writable } from 'node:stream';
import { AppError } from '../../../shared/errors';
import { countLines, leadingBlank } from '../../../shared/model/script-bytes';
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
  /** psql skips the data of a COPY that the server refused, by itself (`skipsFailedCopy`). */
  readonly skipsFailedCopy: boolean;
  readonly signal: AbortSignal;
  /** Lines are those of the script. */
  readonly onMessage: (message: ToolMessage) => void;
  readonly onOutput: (line: string) => void;
}

export interface Psql {
  /** Passes bytes on; resolves when more may come. Does nothing once psql has ended. */
  write(bytes: Uint8Array): Promise<void>;
  /**
   * Passes on a COPY … FROM stdin of the script and tells whether its data may follow. `false`: the server refused it, as `onMessage` was
   * told, and the data must not be passed on. `end` is where the statement ends in `bytes`, `line` where it begins in the script.
   */
  startCopy(bytes: Uint8Array, end: number, line: number): Promise<boolean>;
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
  const lines = new ScriptLines(restrict === '' ? 0 : 1);
  const killer = new AbortController();
  const messages = new PsqlMessages();
  const tell = (found: readonly ToolMessage[]): void => {
    for (const message of found) {
      if (message.sqlstate === '' && lines.isAsked(message.line)) continue;
      options.onMessage({ ...message, line: lines.ofScript(message.line) });
    }
  };
  /** Before what psql says about a COPY that was tried; nobody else knows it. */
  const verdictMark = `copy-${randomBytes(8).toString('hex')} `;
  let onVerdict: (accepted: boolean) => void = () => undefined;
  const onErrorLine = (line: string): void => {
    if (line.startsWith(verdictMark)) {
      tell(messages.end());
      onVerdict(line.slice(verdictMark.length) === 'false');
    } else tell(messages.push(line));
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
    onErrorLine,
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

  /** Whether the server takes a COPY, tried without data. */
  const tryCopy = async (statement: Uint8Array, line: number): Promise<boolean> => {
    const verdict = new Promise<boolean>((resolve) => (onVerdict = resolve));
    const question = `\n\\.\n${unrestrict}\\warn ${verdictMark}:ERROR\n${restrict}`;
    lines.ask(line + countLines(statement), countLines(Buffer.from(question)));
    await write(statement);
    await write(Buffer.from(question));
    await flush();
    return Promise.race([verdict, closed.then(() => false)]);
  };

  return {
    write,
    async startCopy(bytes, end, line) {
      if (options.skipsFailedCopy) {
        await write(bytes);
        return true;
      }
      const from = leadingBlank(bytes);
      const statement = bytes.subarray(from, end);
      await write(bytes.subarray(0, from));
      const accepted = await tryCopy(statement, line);
      if (accepted) {
        lines.insert(line + countLines(statement), countLines(statement));
        await write(statement);
      }
      await write(bytes.subarray(end));
      return accepted;
    },
    async command(text, line) {
      if (options.restricted) lines.insert(line, 2);
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

/** Which line of the script psql speaks of, while it reads lines of our own too. */
class ScriptLines {
  /** Own lines stand after this line of the script, or in its place. */
  readonly #inserted: { readonly after: number; readonly count: number }[] = [];
  readonly #asked = new Set<number>();
  #own: number;
  readonly #prelude: number;

  constructor(prelude: number) {
    this.#prelude = prelude;
    this.#own = prelude;
  }

  insert(after: number, count: number): void {
    this.#inserted.push({ after, count });
    this.#own += count;
  }

  /** As `insert`, with a `\.` in the first of these lines: where psql is not in COPY it complains of it. */
  ask(after: number, count: number): void {
    this.#asked.add(after + this.#own + 1);
    this.insert(after, count);
  }

  isAsked(line: number): boolean {
    return this.#asked.has(line);
  }

  /** 0 stays 0: unknown. */
  ofScript(line: number): number {
    if (line === 0) return 0;
    let own = line - this.#prelude;
    for (const { after, count } of this.#inserted) {
      if (own <= after) break;
      own = Math.max(after, own - count);
    }
    return Math.max(1, own);
  }
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
