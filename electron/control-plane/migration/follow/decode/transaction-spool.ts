/** Keeps the messages of transactions that are sent while they run, until they commit. */
export interface TransactionSpool {
  /** Of all transactions, in memory and on disk. */
  readonly bytes: number;
  /** Adds a message of transaction `top`, written by its subtransaction `sub` (or `top` itself). Throws `SpoolFull`. */
  append(top: number, sub: number, payload: Buffer): Promise<void> | undefined;
  /** `sub` was rolled back: its messages are left out; with `sub` = `top` everything of the transaction goes. */
  abort(top: number, sub: number): Promise<void> | undefined;
  /** Hands the messages over in their order, then forgets the transaction. `payload` is valid until the promise resolves. */
  replay(top: number, take: (payload: Buffer) => Promise<void> | undefined): Promise<void>;
  /** Removes everything. */
  close(): Promise<void>;
}

export interface SpoolOptions {
  /** Belongs to the spool alone: made where it is missing, and emptied. */
  readonly folder: string;
  /** Of all transactions together. */
  readonly maxBytes: number;
}

export function openTransactionSpool(options: SpoolOptions): Promise<TransactionSpool> {
  return Promise.reject(new Error(`not yet: ${options.folder}`));
}
