import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { minimalEnv } from '../../adapters/tools/run';
import { workerEvent, type WorkerCommand, type WorkerEnd, type WorkerEvent, type WorkerOrder } from './worker-protocol';

/** How the process of a worker ended. */
export interface WorkerExit {
  /** What it told of its end; null when it was lost. */
  readonly end: WorkerEnd | null;
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Its last words on standard error. */
  readonly words: string;
}

export interface Worker {
  readonly pid: number;
  send(command: WorkerCommand): void;
  /** Closes its standard input: it ends in an orderly way. */
  leave(): void;
  kill(): void;
  readonly ended: Promise<WorkerExit>;
}

export interface WorkerStart {
  /** JavaScript file of ours. */
  readonly program: string;
  readonly order: WorkerOrder;
  readonly onEvent: (event: WorkerEvent) => void;
  /** A line that is no event, cut short. */
  readonly onGarbage: (line: string) => void;
}

/** A longer line is no event: what tells of many tables at once stays far below. */
const LINE_MAX = 16 * 1024 * 1024;
const WORDS_KEPT = 4_000;
const SHOWN = 300;

/** Cuts a stream of bytes into whole lines; one that is too long is left out and told by its beginning. */
function readLines(stream: Readable, onLine: (line: string) => void, onTooLong: (start: string) => void): void {
  let parts: Buffer[] = [];
  let size = 0;
  let skipping = false;
  const take = (piece: Buffer): void => {
    if (skipping) return;
    size += piece.length;
    parts.push(piece);
    if (size <= LINE_MAX) return;
    onTooLong(Buffer.concat(parts).toString('utf8', 0, SHOWN));
    skipping = true;
    parts = [];
  };
  const finish = (): void => {
    if (!skipping && size > 0) onLine(Buffer.concat(parts).toString('utf8'));
    parts = [];
    size = 0;
    skipping = false;
  };
  stream.on('data', (chunk: Buffer) => {
    let from = 0;
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, from)) {
      take(chunk.subarray(from, at));
      finish();
      from = at + 1;
    }
    if (from < chunk.length) take(chunk.subarray(from));
  });
  stream.on('end', finish);
  stream.on('error', () => undefined);
}

function parseEvent(line: string): WorkerEvent | null {
  try {
    const parsed = workerEvent.safeParse(JSON.parse(line));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/**
 * Starts a worker and gives it its order. Its standard input is its life line: when this process ends in any way, the worker sees it closed
 * and ends too. Secrets go over that pipe only, never into arguments or the environment.
 */
export function startWorker({ program, order, onEvent, onGarbage }: WorkerStart): Worker {
  const child = spawn(process.execPath, [program], {
    cwd: order.folder,
    stdio: ['pipe', 'pipe', 'pipe'],
    windowsHide: true,
    // The runtime may be Electron's: without this it would open a window. Plain Node ignores it.
    env: { ...minimalEnv(), ELECTRON_RUN_AS_NODE: '1' },
  });
  let end: WorkerEnd | null = null;
  let words = '';
  const hear = (line: string): void => {
    if (line.trim() === '') return;
    const event = parseEvent(line);
    if (!event) {
      onGarbage(line.slice(0, SHOWN));
      return;
    }
    if (event.event === 'end') end = event.end;
    onEvent(event);
  };
  readLines(child.stdout, hear, onGarbage);
  child.stderr
    .setEncoding('utf8')
    .on('data', (text: string) => (words = (words + text).slice(-WORDS_KEPT)))
    .on('error', () => undefined);
  // A worker that has ended closed its side: its end is told by `ended`.
  child.stdin.on('error', () => undefined);
  const write = (line: object): void => void child.stdin.write(`${JSON.stringify(line)}\n`);
  const ended = new Promise<WorkerExit>((resolve) => {
    child.once('error', (error) => resolve({ end: null, code: null, signal: null, words: error.message }));
    child.once('close', (code, signal) => resolve({ end, code, signal, words: words.trim() }));
  });
  write(order);
  return {
    pid: child.pid ?? 0,
    send: write,
    leave: () => void child.stdin.end(),
    kill: () => void child.kill('SIGKILL'),
    ended,
  };
}
