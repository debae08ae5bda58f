import type { Duplex } from 'node:stream';
import { AppError, throwIfAborted } from '../../../shared/errors';
import type { TransactionState } from '../../../shared/model/query';
import type { ConnectionProfile } from '../../ports';
import { openClient } from './connect';
import { WireDecoder } from './wire-decoder';
import {
  BACKEND,
  TERMINATE,
  copyFailMessage,
  oneColumnRow,
  parseCommandTag,
  parseCopyIsBinary,
  parseNotice,
  parseNotification,
  parseParameter,
  parseRowDescription,
  parseTransaction,
  queryMessage,
  type WireColumn,
  type WireNotice,
} from './wire-messages';

/** What one statement brings, in the server's order. Buffers are valid only during the call. */
export interface StatementEvents {
  /** A result set begins. */
  columns(columns: readonly WireColumn[]): void;
  /** `count` whole DataRow messages, headers included, at `chunk[start … end)`. */
  rows(chunk: Buffer, start: number, end: number, count: number): void;
  /** The command tag; empty for an empty statement. */
  complete(tag: string): void;
  error(error: WireNotice): void;
}

/** What comes at any time. */
export interface SessionEvents {
  notice(notice: WireNotice): void;
  notification(notification: { readonly pid: number; readonly channel: string; readonly payload: string }): void;
  /** The connection is gone, whoever ended it, and not by `end`; `transaction` is the state it was in. Called once. */
  lost(reason: string, transaction: TransactionState): void;
}

/** One connection for scripts and large results: the simple query protocol, rows as the raw messages. */
export interface RawSession {
  readonly serverVersion: string;
  /** e.g. 170010. */
  readonly serverVersionNum: number;
  readonly backendPid: number;
  /** As the last ReadyForQuery said. */
  readonly transaction: TransactionState;
  /** The server's report of a parameter, e.g. `standard_conforming_strings`; undefined when it was not told since the session began. */
  parameter(name: string): string | undefined;
  /**
   * Sends one text and resolves when the server is ready again; errors of the statement come as an event. One at a time. Fails with
   * `lost-connection`.
   */
  query(sql: string, events: StatementEvents): Promise<void>;
  /** Stops reading from the server until `resume`. */
  pause(): void;
  resume(): void;
  /** Sends a CancelRequest; resolves when the server has taken it. */
  cancel(): Promise<void>;
  /** Ends the session, also while a statement runs. */
  end(): Promise<void>;
}

interface Running {
  readonly events: StatementEvents;
  readonly resolve: () => void;
  readonly reject: (error: AppError) => void;
}

const COPY_IN_REFUSED = 'COPY FROM STDIN has no data here: import the file instead';
const COPY_COLUMN: WireColumn = { name: 'copy', tableOid: 0, columnNumber: 0, typeOid: 25, typeModifier: -1 };
/** Milliseconds a server gets to close its side after Terminate. */
const CLOSE_PATIENCE = 1000;

/** Connects by the profile and takes the socket over from the driver. Fails as `openClient` does. */
export async function openRawSession(
  profile: ConnectionProfile,
  events: SessionEvents,
  signal?: AbortSignal,
): Promise<RawSession> {
  throwIfAborted(signal);
  const opened = await openClient(profile, signal);
  // The driver's complaint about a connection that ends "unexpectedly" would be an unhandled event.
  opened.client.on('error', () => undefined);
  const stream: Duplex = opened.client.connection.stream;
  const parameters = new Map<string, string>();
  let transaction: TransactionState = 'idle';
  let running: Running | null = null;
  let lastFatal = '';
  let over = false;
  let binaryCopy = false;

  const finish = (reason: string, tell: boolean): void => {
    if (over) return;
    over = true;
    const before = transaction;
    transaction = 'lost';
    const interrupted = running;
    running = null;
    stream.destroy();
    opened.release();
    if (tell) events.lost(reason, before);
    interrupted?.reject(new AppError({ code: 'lost-connection', message: reason, retry: true }));
  };

  const takeCopyLine = (body: Buffer): void => {
    const line = binaryCopy
      ? Buffer.from(`\\x${body.toString('hex')}`)
      : body.subarray(0, body.at(-1) === 10 ? body.length - 1 : body.length);
    const row = oneColumnRow(line);
    running?.events.rows(row, 0, row.length, 1);
  };

  const message = (type: number, body: Buffer): void => {
    switch (type) {
      case BACKEND.rowDescription:
        running?.events.columns(parseRowDescription(body));
        break;
      case BACKEND.commandComplete:
        running?.events.complete(parseCommandTag(body));
        break;
      case BACKEND.emptyQuery:
        running?.events.complete('');
        break;
      case BACKEND.error: {
        const error = parseNotice(body);
        if (error.severity === 'FATAL' || error.severity === 'PANIC') lastFatal = error.message;
        // What ends an idle session is told with its loss.
        if (running) running.events.error(error);
        else if (lastFatal === '') events.notice(error);
        break;
      }
      case BACKEND.notice:
        events.notice(parseNotice(body));
        break;
      case BACKEND.notification:
        events.notification(parseNotification(body));
        break;
      case BACKEND.parameterStatus: {
        const { name, value } = parseParameter(body);
        parameters.set(name, value);
        break;
      }
      case BACKEND.copyInResponse:
      case BACKEND.copyBothResponse:
        stream.write(copyFailMessage(COPY_IN_REFUSED));
        break;
      case BACKEND.copyOutResponse:
        binaryCopy = parseCopyIsBinary(body);
        running?.events.columns([COPY_COLUMN]);
        break;
      case BACKEND.copyData:
        takeCopyLine(body);
        break;
      case BACKEND.readyForQuery: {
        transaction = parseTransaction(body);
        const done = running;
        running = null;
        done?.resolve();
        break;
      }
      default:
        // CopyDone needs nothing; types unknown to this program are skipped by their length, as the protocol allows.
        break;
    }
  };

  const decoder = new WireDecoder({
    rows: (chunk, start, end, count) => running?.events.rows(chunk, start, end, count),
    message,
  });
  stream.removeAllListeners('data');
  stream.on('data', (chunk: Buffer) => {
    try {
      decoder.push(chunk);
    } catch (error) {
      finish(error instanceof Error ? error.message : String(error), true);
    }
  });
  stream.on('error', (error: Error) => finish(lastFatal || error.message, true));
  stream.on('end', () => finish(lastFatal || 'The server closed the connection', true));
  stream.on('close', () => finish(lastFatal || 'The connection was closed', true));
  if (stream.destroyed) {
    finish('The connection was closed', false);
    throw new AppError({ code: 'lost-connection', message: 'The connection was closed', retry: true });
  }

  return {
    serverVersion: opened.serverVersion,
    serverVersionNum: opened.serverVersionNum,
    backendPid: opened.backendPid,
    get transaction() {
      return transaction;
    },
    parameter: (name) => parameters.get(name),
    query(sql, statementEvents) {
      if (over) {
        return Promise.reject(
          new AppError({ code: 'lost-connection', message: lastFatal || 'The connection is closed', retry: true }),
        );
      }
      if (running) throw new Error('a statement is running on this session');
      return new Promise((resolve, reject) => {
        running = { events: statementEvents, resolve, reject };
        stream.write(queryMessage(sql));
      });
    },
    pause: () => void stream.pause(),
    resume: () => void stream.resume(),
    cancel: () => opened.cancel(),
    async end() {
      if (over) return;
      // A server that is busy does not read Terminate: it is told to stop first.
      if (running) await opened.cancel().catch(() => undefined);
      await new Promise<void>((resolve) => {
        const patience = setTimeout(resolve, CLOSE_PATIENCE);
        stream.once('close', () => {
          clearTimeout(patience);
          resolve();
        });
        stream.resume();
        stream.end(TERMINATE);
        const interrupted = running;
        running = null;
        interrupted?.reject(new AppError({ code: 'cancelled', message: 'The session was closed' }));
        over = true;
        transaction = 'lost';
      });
      stream.destroy();
      opened.release();
    },
  };
}
