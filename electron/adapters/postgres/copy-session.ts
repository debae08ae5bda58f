import type { Duplex } from 'node:stream';
import { AppError, cancelled, throwIfAborted } from '../../../shared/errors';
import type { ConnectionProfile } from '../../ports';
import { cancelling } from './cancelling';
import { openClient } from './connect';
import { noticeError } from './errors';
import { FrameWalker } from './frame-walker';
import { BACKEND, TERMINATE, parseCommandTag, parseNotice, queryMessage } from './wire-messages';

/** What one statement brings. */
export interface CopyEvents {
  /** The server waits for data (`in`) or is about to send it (`out`). */
  ready?(direction: 'in' | 'out'): void;
  /** CopyData messages as bytes; `missing` of the last one are still to come. */
  data?(bytes: Buffer, missing: number): void;
  /** The server has sent all data. */
  dataEnd?(): void;
  /** A statement of the text is complete: its command tag. */
  tag?(tag: string): void;
}

/** A connection for COPY: statements of the simple protocol, and data that nobody looks into. One statement at a time. */
export interface CopySession {
  readonly serverVersionNum: number;
  readonly backendPid: number;
  /**
   * Runs one text and resolves with the last command tag when the server is ready again. Fails with `sql` (the transaction is then failed),
   * `lost-connection`, or `cancelled`: aborting cancels on the server.
   */
  run(sql: string, events?: CopyEvents, signal?: AbortSignal): Promise<string>;
  /** Writes to the server, bypassing everything. False: wait for `drained`. */
  write(bytes: Buffer): boolean;
  drained(): Promise<void>;
  /** Stops reading from the server until `resume`. */
  pause(): void;
  resume(): void;
  /** Asks the server to give up what runs; never fails. */
  cancel(): Promise<void>;
  readonly closed: boolean;
  /** Cuts the connection at once: what runs fails with `lost-connection`. */
  cut(reason: string): void;
  end(): Promise<void>;
}

interface Running {
  readonly events: CopyEvents;
  tag: string;
  failure: AppError | null;
  readonly resolve: (tag: string) => void;
  readonly reject: (error: AppError) => void;
}

const CLOSE_PATIENCE_MS = 1000;

/** Connects by the profile and takes the socket over from the driver. Fails as `openClient` does. */
export async function openCopySession(profile: ConnectionProfile, signal?: AbortSignal): Promise<CopySession> {
  throwIfAborted(signal);
  const opened = await openClient(profile, signal);
  opened.client.on('error', () => undefined);
  const stream: Duplex = opened.client.connection.stream;
  let running: Running | null = null;
  let lastFatal: AppError | null = null;
  let over = false;

  const finish = (reason: string): void => {
    if (over) return;
    over = true;
    const interrupted = running;
    running = null;
    stream.destroy();
    opened.release();
    const words = lastFatal?.message ?? reason;
    interrupted?.reject(
      new AppError({
        code: 'lost-connection',
        message: words,
        retry: true,
        ...(lastFatal?.info.sqlstate === undefined ? {} : { sqlstate: lastFatal.info.sqlstate }),
      }),
    );
  };

  const message = (type: number, body: Buffer): void => {
    switch (type) {
      case BACKEND.copyInResponse:
        running?.events.ready?.('in');
        return;
      case BACKEND.copyOutResponse:
        running?.events.ready?.('out');
        return;
      case BACKEND.copyDone:
        running?.events.dataEnd?.();
        return;
      case BACKEND.commandComplete:
        if (running) {
          running.tag = parseCommandTag(body);
          running.events.tag?.(running.tag);
        }
        return;
      case BACKEND.error: {
        const notice = parseNotice(body);
        const error = noticeError(notice);
        if (notice.severity === 'FATAL' || notice.severity === 'PANIC') lastFatal = error;
        if (running) running.failure ??= error;
        return;
      }
      case BACKEND.readyForQuery: {
        const done = running;
        running = null;
        if (done?.failure) done.reject(done.failure);
        else done?.resolve(done.tag);
      }
    }
  };

  const walker = new FrameWalker({ copyData: (bytes, missing) => running?.events.data?.(bytes, missing), message });
  stream.removeAllListeners('data');
  stream.on('data', (chunk: Buffer) => {
    try {
      walker.push(chunk);
    } catch (error) {
      finish(error instanceof Error ? error.message : String(error));
    }
  });
  stream.on('error', (error: Error) => finish(error.message));
  stream.on('end', () => finish('The server closed the connection'));
  stream.on('close', () => finish('The connection was closed'));
  if (stream.destroyed) finish('The connection was closed');

  return {
    serverVersionNum: opened.serverVersionNum,
    backendPid: opened.backendPid,
    run: (sql, events = {}, abort) =>
      cancelling(
        () => {
          if (over) {
            throw new AppError({
              code: 'lost-connection',
              message: lastFatal?.message ?? 'The connection is closed',
              retry: true,
            });
          }
          if (running) throw new Error('a statement is running on this session');
          return new Promise<string>((resolve, reject) => {
            running = { events, tag: '', failure: null, resolve, reject };
            stream.write(queryMessage(sql));
          });
        },
        () => {
          // A paused reader would never see that the server gave up.
          stream.resume();
          return opened.cancel();
        },
        () => finish('The server does not react'),
        abort,
      ),
    write: (bytes) => (over ? true : stream.write(bytes)),
    drained: () =>
      new Promise((resolve) => {
        if (over || !stream.writableNeedDrain) {
          resolve();
          return;
        }
        const done = (): void => {
          stream.off('drain', done);
          stream.off('close', done);
          resolve();
        };
        stream.once('drain', done);
        stream.once('close', done);
      }),
    pause: () => void stream.pause(),
    resume: () => void stream.resume(),
    cancel: () => opened.cancel(),
    get closed() {
      return over;
    },
    cut: finish,
    async end() {
      if (over) return;
      if (running) await opened.cancel().catch(() => undefined);
      over = true;
      const interrupted = running;
      running = null;
      interrupted?.reject(cancelled());
      await new Promise<void>((resolve) => {
        const patience = setTimeout(resolve, CLOSE_PATIENCE_MS);
        stream.once('close', () => {
          clearTimeout(patience);
          resolve();
        });
        stream.resume();
        stream.end(TERMINATE);
      });
      stream.destroy();
      opened.release();
    },
  };
}
