import type { Duplex } from 'node:stream';
import { FrameReader } from './frame-reader';

/** Hands the messages of a stream on, one by one, and holds the stream back while one of them is being dealt with. */
export interface FramePump {
  /** Somebody deals with a message: nothing is read. */
  readonly waiting: boolean;
  /** Milliseconds for which nothing came while something was wanted. */
  readonly silentMs: number;
  /** Hands nothing on any more; what comes is thrown away. */
  stop(): void;
}

/**
 * Takes the stream over. `take` gets each message; while its promise is open nothing more comes. What it throws, or rejects with, goes to `fail`,
 * once. Bodies stay valid.
 */
export function pumpFrames(
  stream: Duplex,
  take: (type: number, body: Buffer) => Promise<void> | undefined,
  fail: (error: unknown) => void,
): FramePump {
  const frames = new FrameReader();
  let stopped = false;
  let waiting = false;
  let heardAt = performance.now();

  const pump = (): void => {
    try {
      while (!stopped && !waiting) {
        const type = frames.next();
        if (type < 0) {
          stream.resume();
          return;
        }
        const wait = take(type, frames.body);
        if (!wait) continue;
        waiting = true;
        stream.pause();
        wait.then(goOn, fail);
      }
    } catch (error) {
      fail(error);
    }
  };
  const goOn = (): void => {
    waiting = false;
    heardAt = performance.now();
    pump();
  };
  stream.removeAllListeners('data');
  stream.on('data', (chunk: Buffer) => {
    if (stopped) return;
    heardAt = performance.now();
    frames.feed(chunk);
    pump();
  });
  return {
    get waiting() {
      return waiting;
    },
    get silentMs() {
      return waiting ? 0 : performance.now() - heardAt;
    },
    stop() {
      stopped = true;
      stream.resume();
    },
  };
}
