import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Readable, type Duplex } from 'node:stream';
import { MessageChannel, Worker } from 'node:worker_threads';
import { AppError, cancelled } from '../../../../shared/errors';
import { ownProgram } from '../own-program';
import { COUNTERS, COUNTER_BYTES, type FromWorker, type ToWorker, type WorkerInput } from './worker-protocol';
import { pretendLogin } from './pretended-login';

/** The pg_dump that ships with the program, as WebAssembly. */
export const EMBEDDED_DUMP = { version: '18.3', major: 18 } as const;

export interface EmbeddedDumpRequest {
  /** A connection that has logged in, is idle, and that nobody else reads. Destroyed at the end. */
  readonly stream: Duplex;
  readonly database: string;
  readonly user: string;
  /** What the server reports of itself at login: `server_version`, `client_encoding`, `is_superuser`, … */
  readonly parameters: Readonly<Record<string, string>>;
  readonly args: readonly string[];
  readonly signal: AbortSignal;
  readonly onErrorLine: (line: string) => void;
}

export interface EmbeddedDump {
  readonly stdout: Readable;
  /** Resolves when the dump is whole. Fails with `tool` or `cancelled`. */
  readonly done: Promise<void>;
}

const PAUSE_ABOVE = 8 * 1024 * 1024;
const RESUME_BELOW = 4 * 1024 * 1024;
const KEEP_LINES = 40;

/** The worker's file: beside us when built; a test runs the sources and takes the built one. */
function workerFile(): string {
  const built = ownProgram('pg-dump-worker.js', import.meta.dirname);
  return existsSync(built) ? built : join(import.meta.dirname, '../../../../out/main/pg-dump-worker.js');
}

/** Runs the built-in pg_dump in a thread of its own over a connection that exists already. */
export function startEmbeddedDump(request: EmbeddedDumpRequest): EmbeddedDump {
  if (request.signal.aborted) throw cancelled();
  const { stream } = request;
  const { port1: port, port2 } = new MessageChannel();
  const counters = new SharedArrayBuffer(COUNTER_BYTES);
  const counter = new Int32Array(counters);
  const input: WorkerInput = {
    port: port2,
    counters,
    database: request.database,
    user: request.user,
    args: request.args,
  };
  const worker = new Worker(workerFile(), { workerData: input, transferList: [port2] });

  const last: string[] = [];
  const waiting: Buffer[] = [];
  let wanted = false;
  let inFlight = 0;
  let finished = false;

  const toWorker = (bytes: ToWorker): void => {
    port.postMessage(bytes);
    Atomics.add(counter, COUNTERS.arrived, 1);
    Atomics.notify(counter, COUNTERS.arrived);
  };
  const passOn = (): void => {
    while (wanted && waiting.length > 0) {
      const bytes = waiting.shift();
      if (!bytes) break;
      Atomics.sub(counter, COUNTERS.unread, bytes.length);
      Atomics.notify(counter, COUNTERS.unread);
      // The push may ask for more before it returns: that wish must not be lost.
      wanted = false;
      if (stdout.push(bytes)) wanted = true;
    }
    if (finished && waiting.length === 0) stdout.push(null);
  };
  const stdout = new Readable({
    read: () => {
      wanted = true;
      passOn();
    },
  });

  stream.on('data', (chunk: Buffer) => {
    inFlight += chunk.length;
    toWorker(Uint8Array.from(chunk));
    if (inFlight > PAUSE_ABOVE) stream.pause();
  });
  stream.on('error', () => undefined);
  stream.once('close', () => toWorker(null));
  const fromPgDump = pretendLogin(request.parameters, {
    toClient: (bytes) => toWorker(bytes),
    toServer: (bytes) => void stream.write(bytes),
  });

  const done = new Promise<void>((resolve, reject) => {
    const stop = (): void => {
      reject(cancelled());
      void worker.terminate();
    };
    request.signal.addEventListener('abort', stop, { once: true });
    port.on('message', (message: FromWorker) => {
      switch (message.what) {
        case 'send':
          fromPgDump(Buffer.from(message.bytes));
          break;
        case 'consumed':
          inFlight -= message.bytes;
          if (inFlight < RESUME_BELOW) stream.resume();
          break;
        case 'dump':
          waiting.push(Buffer.from(message.bytes));
          passOn();
          break;
        case 'error-line':
          last.push(message.line);
          if (last.length > KEEP_LINES) last.shift();
          request.onErrorLine(message.line);
          break;
        case 'exit':
          if (message.code !== 0) reject(failure(message.code, last));
          else {
            finished = true;
            passOn();
            resolve();
          }
          void worker.terminate();
          break;
      }
    });
    worker.once('error', (error) =>
      reject(
        new AppError({ code: 'tool', message: `The built-in pg_dump failed: ${error.message}` }, { cause: error }),
      ),
    );
    // The channel closes after its last message was delivered; the thread's own end may be told before.
    port.once('close', () => {
      request.signal.removeEventListener('abort', stop);
      stream.destroy();
      reject(failure(1, last));
    });
  });
  // The reader learns of a failure by the stream; whoever waits for `done` gets it there, so that an unread stream is no fault of its own.
  stdout.on('error', () => undefined);
  // Whoever reads the dump hears of its end by `done`, whether the stream is still being read or not.
  stdout.on('error', () => undefined);
  done.catch((error: unknown) => stdout.destroy(error instanceof Error ? error : new Error(String(error))));
  return { stdout, done };
}

function failure(exitCode: number, lines: readonly string[]): AppError {
  const telling = lines.findLast((line) => /\b(error|fatal)\b/i.test(line)) ?? lines.at(-1) ?? 'it gave no reason';
  return new AppError({
    code: 'tool',
    message: `pg_dump failed: ${telling.replace(/^pg_dump: (error: )?/, '')}`,
    detail: lines.join('\n'),
    exitCode,
  });
}
