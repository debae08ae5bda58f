import type { Duplex } from 'node:stream';
import { AppError, cancelled, throwIfAborted } from '../../../shared/errors';
import { quoteLiteral } from '../../../shared/model/quote';
import type { ConnectionProfile } from '../../ports';
import { cancelling } from './cancelling';
import { openClient } from './connect';
import { noticeError } from './errors';
import { pumpFrames } from './frame-pump';
import { KEEPALIVE, KEEPALIVE_LENGTH, statusMessage, textRow, XLOG_DATA, XLOG_HEADER } from './replication-messages';
import { BACKEND, COPY_DONE, parseNotice, parseRowDescription, queryMessage, TERMINATE } from './wire-messages';

/** What a stream brings, in the server's order. */
export interface StreamEvents {
  /**
   * The payload of one XLogData message; `bytes` is valid until the promise resolves, or during the call. Nothing more is delivered meanwhile,
   * and nothing is read from the server. What it throws, or rejects with, ends the stream with that reason.
   */
  data(payload: Buffer, walStart: bigint, walEnd: bigint): Promise<void> | undefined;
  /** Everything before `walEnd` has been delivered. Where the server asks for an answer the session gives it, right after this call. */
  keepalive(walEnd: bigint): void;
}

/** Positions that the server is told: nothing before `flushed` is ever sent again. */
export interface StreamPositions {
  readonly received: bigint;
  readonly flushed: bigint;
  readonly applied: bigint;
}

/** A connection to a walsender of one database. One statement, or one stream, at a time. */
export interface ReplicationSession {
  readonly serverVersionNum: number;
  readonly backendPid: number;
  readonly closed: boolean;
  /**
   * Milliseconds since the stream has heard anything of the server while it read; the server is asked for a sign of life meanwhile. Old servers
   * are silent for long while they leave out a large transaction.
   */
  readonly silentMs: number;
  /**
   * Runs a replication command, or SQL, by the simple protocol: the rows of its last result as text. Fails with `sql`, `lost-connection` or
   * `cancelled`: aborting cancels on the server.
   */
  query(sql: string, signal?: AbortSignal): Promise<Record<string, string | null>[]>;
  /**
   * Sends START_REPLICATION; resolves when the stream has begun. `ended` resolves when it ended in good order, and rejects with what ended it
   * otherwise: the server's error (`sql`; also a warning that changes are left out), `lost-connection`, or what an event threw. The session can
   * go on after an error of the server only.
   */
  start(command: string, events: StreamEvents): Promise<{ readonly ended: Promise<void> }>;
  /** What may be told from now on: on a timer, when the server asks, and at once with `now`. A position never goes backwards. */
  report(positions: StreamPositions, now?: boolean): void;
  /** Cuts the connection at once: what runs fails with `lost-connection`. */
  cut(reason: string): void;
  /** Tells the last positions and ends. A stream under way resolves. */
  end(): Promise<void>;
}

interface Running {
  /** Null for a statement. */
  readonly events: StreamEvents | null;
  readonly columns: string[];
  readonly rows: Record<string, string | null>[];
  failure: AppError | null;
  begun: () => void;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

const DATA_ROW = 0x44;
/** `object_not_in_prerequisite_state` of errcodes.txt. */
const NOT_AS_NEEDED = '55000';
const CLOSE_PATIENCE_MS = 1000;
const STATUS_MS = 10_000;
/** Of words to the server that it does not take: no more are added beyond this many bytes. */
const UNSENT_MAX = 65_536;

const SETTINGS = `SELECT setting AS patience, pg_catalog.getdatabaseencoding() AS encoding
  FROM pg_catalog.pg_settings WHERE name = 'wal_sender_timeout'`;

/** How often the server is told our positions: it gives us up after `patience` milliseconds (0: never) without a word. */
const statusPeriod = (patience: number): number =>
  patience > 0 ? Math.max(100, Math.min(STATUS_MS, Math.floor(patience / 3))) : STATUS_MS;

const later = (left: bigint, right: bigint): bigint => (left > right ? left : right);

/**
 * Connects to a walsender by the profile (its `options` say the form of values) and takes the socket over from the driver. Text comes as UTF-8,
 * or as it lies there where the database does not know what its bytes are. Fails as `openClient` does.
 */
export async function openReplicationSession(
  profile: ConnectionProfile,
  signal?: AbortSignal,
): Promise<ReplicationSession> {
  throwIfAborted(signal);
  const opened = await openClient(profile, signal, undefined, 'database');
  // The driver's complaint about a connection that ends "unexpectedly" would be an unhandled event.
  opened.client.on('error', () => undefined);
  const stream: Duplex = opened.client.connection.stream;
  let running: Running | null = null;
  let lastFatal: AppError | null = null;
  let over = false;
  let told: StreamPositions = { received: 0n, flushed: 0n, applied: 0n };
  let status: NodeJS.Timeout | undefined;
  let period = STATUS_MS;

  const closing = (): void => {
    over = true;
    clearInterval(status);
    pump.stop();
    stream.destroy();
    opened.release();
  };
  const fail = (error: unknown): void => {
    if (over) return;
    const interrupted = running;
    running = null;
    closing();
    interrupted?.reject(error);
  };
  const lost = (reason: string): AppError =>
    new AppError({
      code: 'lost-connection',
      message: lastFatal?.message ?? reason,
      retry: true,
      ...(lastFatal?.info.sqlstate === undefined ? {} : { sqlstate: lastFatal.info.sqlstate }),
    });
  const cut = (reason: string): void => fail(lost(reason));

  const tell = (ask: boolean): void => {
    if (!over && stream.writableLength < UNSENT_MAX) stream.write(statusMessage(told, ask));
  };
  const tick = (): void => {
    // While nothing is read the server is not asked: its answer would lie behind what is not read.
    tell(!pump.waiting && pump.silentMs >= period);
  };

  const takeCopyData = (body: Buffer): Promise<void> | undefined => {
    const events = running?.events;
    if (!events || running?.failure) return undefined;
    if (body[0] === XLOG_DATA && body.length >= XLOG_HEADER) {
      return events.data(body.subarray(XLOG_HEADER), body.readBigUInt64BE(1), body.readBigUInt64BE(9));
    }
    if (body[0] !== KEEPALIVE || body.length < KEEPALIVE_LENGTH) {
      throw new AppError({ code: 'lost-connection', message: 'The walsender sent something that is not its protocol' });
    }
    events.keepalive(body.readBigUInt64BE(1));
    if (body[KEEPALIVE_LENGTH - 1] === 1) tell(false);
    return undefined;
  };

  const takeError = (body: Buffer): void => {
    const notice = parseNotice(body);
    const error = noticeError(notice);
    if (notice.severity === 'FATAL' || notice.severity === 'PANIC') lastFatal = error;
    if (running) running.failure ??= error;
  };

  /**
   * Threat: from 18 on a publication that is not there (any more) is a warning, and its changes are left out. To go on would be to lose them.
   */
  const takeNotice = (body: Buffer): void => {
    const notice = parseNotice(body);
    if (!running?.events || notice.severity !== 'WARNING' || notice.sqlstate !== NOT_AS_NEEDED) return;
    throw noticeError(notice);
  };

  const take = (type: number, body: Buffer): Promise<void> | undefined => {
    switch (type) {
      case BACKEND.copyData:
        return takeCopyData(body);
      case BACKEND.rowDescription:
        running?.columns.splice(0, Infinity, ...parseRowDescription(body).map(({ name }) => name));
        running?.rows.splice(0);
        break;
      case DATA_ROW:
        running?.rows.push(textRow(running.columns, body));
        break;
      case BACKEND.copyBothResponse:
        status = setInterval(tick, period);
        running?.begun();
        break;
      case BACKEND.copyDone:
        stream.write(COPY_DONE);
        break;
      case BACKEND.error:
        takeError(body);
        break;
      case BACKEND.notice:
        takeNotice(body);
        break;
      case BACKEND.readyForQuery: {
        const done = running;
        running = null;
        clearInterval(status);
        if (done?.failure) done.reject(done.failure);
        else done?.resolve();
      }
    }
    return undefined;
  };

  const pump = pumpFrames(stream, take, fail);
  stream.on('error', (error: Error) => cut(error.message));
  stream.on('end', () => cut('The server closed the connection'));
  stream.on('close', () => cut('The connection was closed'));
  if (stream.destroyed) cut('The connection was closed');

  /** Writes a command; settles when the server is ready again. */
  const run = (sql: string, events: StreamEvents | null, begun: () => void): Promise<Running['rows']> => {
    if (over) return Promise.reject(lost('The connection is closed'));
    if (running) throw new Error('a command is running on this session');
    return new Promise((resolve, reject) => {
      const rows: Running['rows'] = [];
      running = { events, columns: [], rows, failure: null, begun, resolve: () => resolve(rows), reject };
      stream.write(queryMessage(sql));
    });
  };

  const query: ReplicationSession['query'] = (sql, abort) =>
    cancelling(
      () => run(sql, null, () => undefined),
      () => opened.cancel(),
      () => cut('The server does not react'),
      abort,
    );

  const end = async (): Promise<void> => {
    if (over) return;
    const interrupted = running;
    running = null;
    clearInterval(status);
    if (interrupted?.events) {
      tell(false);
      stream.write(COPY_DONE);
    } else if (interrupted) await opened.cancel().catch(() => undefined);
    over = true;
    if (interrupted?.events) interrupted.resolve();
    else interrupted?.reject(cancelled());
    await new Promise<void>((resolve) => {
      const patience = setTimeout(resolve, CLOSE_PATIENCE_MS);
      stream.once('close', () => {
        clearTimeout(patience);
        resolve();
      });
      pump.stop();
      stream.end(TERMINATE);
    });
    closing();
  };

  try {
    const [settings] = await query(SETTINGS, signal);
    period = statusPeriod(Number(settings?.['patience'] ?? 0));
    if (settings?.['encoding'] === 'SQL_ASCII') {
      await query(`SELECT pg_catalog.set_config('client_encoding', ${quoteLiteral('SQL_ASCII')}, false)`, signal);
    }
  } catch (error) {
    await end();
    throw error;
  }

  return {
    serverVersionNum: opened.serverVersionNum,
    backendPid: opened.backendPid,
    get closed() {
      return over;
    },
    get silentMs() {
      return running?.events ? pump.silentMs : 0;
    },
    query,
    start: (command, events) =>
      new Promise((resolve, reject) => {
        let ended: Promise<void> = Promise.resolve();
        let begun = false;
        ended = run(command, events, () => {
          begun = true;
          resolve({ ended });
        }).then(() => undefined);
        ended.then(
          () => begun || reject(new AppError({ code: 'unsupported', message: 'The server began no stream' })),
          (error: unknown) => begun || reject(error),
        );
      }),
    report(positions, now = false) {
      told = {
        received: later(told.received, positions.received),
        flushed: later(told.flushed, positions.flushed),
        applied: later(told.applied, positions.applied),
      };
      if (now && running?.events) tell(false);
    },
    cut,
    end,
  };
}
