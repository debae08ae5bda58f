import type { Duplex } from 'node:stream';
import { AppError, cancelled, throwIfAborted } from '../../../shared/errors';
import type { ConnectionProfile } from '../../ports';
import { openClient } from './connect';
import { noticeError } from './errors';
import { FrameWalker } from './frame-walker';
import { SYNC, parseDataRow } from './pipeline-messages';
import { BACKEND, COPY_DONE, TERMINATE, parseCommandTag, parseNotice, queryMessage } from './wire-messages';

/** What one statement, or a text of several, brought. */
export interface PipelineAnswer {
  /** Command tags in order. */
  readonly tags: readonly string[];
  /** Rows of all statements as text. */
  readonly rows: readonly (readonly (string | null)[])[];
}

/** A part of extended messages of which a statement failed: those before it were executed (and share the fate of their transaction). */
export class ExecuteFailure extends AppError {
  readonly tags: readonly string[];
  constructor(reason: AppError, tags: readonly string[]) {
    super(reason.info, { cause: reason });
    this.name = 'ExecuteFailure';
    this.tags = tags;
  }
}

/**
 * A connection that is written to without waiting for answers. Everything handed in goes to the server in order, and every answer is read in
 * order: each promise settles when the server has told the end of its part. Fails with `sql` (what follows in a transaction then fails too, each
 * part for itself) or `lost-connection`. What was handed in is held in memory until it is written: the caller bounds it.
 */
export interface PipelineSession {
  readonly serverVersionNum: number;
  readonly backendPid: number;
  readonly closed: boolean;
  /** A text of the simple protocol. */
  query(sql: string): Promise<PipelineAnswer>;
  /** `COPY … FROM STDIN`, with whole CopyData messages right behind it, headers included. Answers the number of rows that were taken. */
  copy(sql: string, data: readonly Buffer[]): Promise<number>;
  /** Parse, Bind, Execute and Close messages; a Sync is put behind them. Answers the tags of what was executed. Fails with `ExecuteFailure`. */
  execute(messages: readonly Buffer[]): Promise<readonly string[]>;
  /** Ends what runs on the server; never fails. */
  cancel(): Promise<void>;
  /** Cuts the connection at once: what waits fails with `lost-connection`. */
  cut(reason: string): void;
  end(): Promise<void>;
}

/** What has been written and is to be answered; it ends with a ReadyForQuery. */
interface Part {
  readonly tags: string[];
  readonly rows: (string | null)[][];
  failure: AppError | null;
  readonly resolve: (answer: PipelineAnswer) => void;
  readonly reject: (error: AppError) => void;
}

const DATA_ROW = 0x44;
const CLOSE_PATIENCE_MS = 1000;
/** Answered parts are forgotten together: a list that gives up its first one each time is slow. */
const ANSWERED_KEPT = 64;

/** Connects by the profile and takes the socket over from the driver. Fails as `openClient` does. */
export async function openPipelineSession(profile: ConnectionProfile, signal?: AbortSignal): Promise<PipelineSession> {
  throwIfAborted(signal);
  const opened = await openClient(profile, signal);
  opened.client.on('error', () => undefined);
  const stream: Duplex = opened.client.connection.stream;
  /** In the order in which they were written; the first one is answered now. */
  const parts: Part[] = [];
  let answered = 0;
  let lastFatal: AppError | null = null;
  let over = false;

  const lost = (reason: string): AppError =>
    new AppError({
      code: 'lost-connection',
      message: lastFatal?.message ?? reason,
      retry: true,
      ...(lastFatal?.info.sqlstate === undefined ? {} : { sqlstate: lastFatal.info.sqlstate }),
    });

  const finish = (reason: string): void => {
    if (over) return;
    over = true;
    stream.destroy();
    opened.release();
    for (const part of parts.splice(0).slice(answered)) part.reject(lost(reason));
  };

  const partDone = (): void => {
    const part = parts[answered];
    if (!part) return;
    answered += 1;
    if (answered >= ANSWERED_KEPT) {
      parts.splice(0, answered);
      answered = 0;
    }
    if (part.failure) part.reject(part.failure);
    else part.resolve(part);
  };

  const message = (type: number, body: Buffer): void => {
    const part = parts[answered];
    switch (type) {
      case BACKEND.commandComplete:
        part?.tags.push(parseCommandTag(body));
        return;
      case DATA_ROW:
        part?.rows.push(parseDataRow(body));
        return;
      case BACKEND.copyOutResponse:
        finish('The server began to send a copy that was not asked for');
        return;
      case BACKEND.error: {
        const notice = parseNotice(body);
        const error = noticeError(notice);
        if (notice.severity === 'FATAL' || notice.severity === 'PANIC') lastFatal = error;
        if (part) part.failure ??= error;
        return;
      }
      case BACKEND.readyForQuery:
        partDone();
        return;
      default:
        // ParseComplete, BindComplete, CopyInResponse, notices and the like need nothing.
        return;
    }
  };

  const walker = new FrameWalker({ copyData: () => undefined, message });
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

  const part = (messages: readonly Buffer[]): Promise<PipelineAnswer> => {
    if (over) return Promise.reject(lost('The connection is closed'));
    return new Promise<PipelineAnswer>((resolve, reject) => {
      parts.push({ tags: [], rows: [], failure: null, resolve, reject });
      stream.cork();
      for (const each of messages) stream.write(each);
      stream.uncork();
    });
  };

  return {
    serverVersionNum: opened.serverVersionNum,
    backendPid: opened.backendPid,
    get closed() {
      return over;
    },
    query: (sql) => part([queryMessage(sql)]),
    async copy(sql, data) {
      // A server that refuses the COPY skips the data, as the protocol says: it may be on its way before the answer.
      const { tags } = await part([queryMessage(sql), ...data, COPY_DONE]);
      const rows = /^COPY (\d+)$/.exec(tags.at(-1) ?? '')?.[1];
      if (rows === undefined)
        throw new AppError({ code: 'conflict', message: `The server answered a COPY with "${tags.join(', ')}"` });
      return Number(rows);
    },
    execute(messages) {
      const settled = part([...messages, SYNC]);
      const tags = over ? [] : (parts.at(-1)?.tags ?? []);
      return settled.then(
        (answer) => answer.tags,
        (error: unknown) => {
          throw error instanceof AppError && error.code !== 'lost-connection' ? new ExecuteFailure(error, tags) : error;
        },
      );
    },
    cancel: () => opened.cancel(),
    cut: finish,
    async end() {
      if (over) return;
      if (answered < parts.length) await opened.cancel().catch(() => undefined);
      over = true;
      for (const each of parts.splice(0).slice(answered)) each.reject(cancelled());
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
