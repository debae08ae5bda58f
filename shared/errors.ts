/**
 * The kinds of failure a person can meet. `cancelled` is never shown; `bug` is a fault of the program itself and carries a log id.
 */
export type ErrorCode =
  | 'invalid-input'
  | 'not-found'
  | 'conflict'
  | 'denied'
  | 'cancelled'
  | 'unreachable'
  | 'tls'
  | 'tunnel'
  | 'authentication'
  | 'sql'
  | 'lost-connection'
  | 'tool'
  | 'file'
  | 'storage'
  | 'secrets-locked'
  | 'control-plane'
  | 'unsupported'
  | 'bug';

/** The wire form of a failure: plain data that crosses the bridge, the command line's JSON and reports. */
export interface ErrorInfo {
  readonly code: ErrorCode;
  /** One sentence: what happened. The server's or tool's own words where there are any. */
  readonly message: string;
  /** More of the original words: DETAIL, the last lines of a tool, a stack for `bug`. */
  readonly detail?: string;
  /** What to do about it. */
  readonly hint?: string;
  /** Name of the input field that is wrong, as in the call's input type, dotted for nested fields. */
  readonly field?: string;
  /** 1-based character offset into the SQL text that was sent. */
  readonly position?: number;
  /** Five-character SQLSTATE of the server. */
  readonly sqlstate?: string;
  /** The control plane's documented error code, e.g. `ResourceNotFound.InstanceNotFoundError`. */
  readonly apiCode?: string;
  /** Exit code of a client program. */
  readonly exitCode?: number;
  /** Whether doing the same again may succeed. */
  readonly retry?: boolean;
  /** Where to find this failure in the log, for `bug`. */
  readonly logId?: string;
}

/** An expected failure, thrown inside one process and turned into `ErrorInfo` where it leaves the process. */
export class AppError extends Error {
  readonly info: ErrorInfo;
  constructor(info: ErrorInfo, options?: { cause?: unknown }) {
    super(info.message, options);
    this.name = 'AppError';
    this.info = info;
  }
  get code(): ErrorCode {
    return this.info.code;
  }
}

export type Reply<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: ErrorInfo };

export const cancelled = (): AppError => new AppError({ code: 'cancelled', message: 'Cancelled' });

/** Throws `cancelled` if the signal has fired. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw cancelled();
}

/** What is known of any thrown value. Unknown errors become `bug`; the caller adds the log id. */
export function errorInfo(error: unknown): ErrorInfo {
  if (error instanceof AppError) return error.info;
  if (error instanceof Error) {
    if (error.name === 'AbortError') return cancelled().info;
    return {
      code: 'bug',
      message: error.message,
      ...(error.stack === undefined ? {} : { detail: error.stack }),
    };
  }
  return { code: 'bug', message: String(error) };
}

/** Makes a forgotten case of a union a compile error. */
export function assertNever(value: never): never {
  throw new Error(`unexpected value: ${JSON.stringify(value)}`);
}
