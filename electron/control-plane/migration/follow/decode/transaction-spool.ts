import { mkdir, open, readdir, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../../../../shared/errors';

/** Keeps the messages of transactions that are sent while they run, until they commit. One call at a time. */
export interface TransactionSpool {
  /** Of all transactions, in memory and on disk. */
  readonly bytes: number;
  /**
   * Adds a message of transaction `top`, written by its subtransaction `sub` (or `top` itself). `payload` is copied, or needed until the promise
   * resolves. Fails with `SpoolFull`.
   */
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

/** No room for what the source sends of running transactions: it has to keep them itself until they commit (streaming off). */
export class SpoolFull extends AppError {
  constructor(detail: string, cause?: unknown) {
    super(
      { code: 'storage', message: 'There is no room to keep transactions of the source that still run', detail },
      { cause },
    );
  }
}

/** Length of the message and number of the subtransaction before each. */
const HEADER = 8;
/** A transaction has so much in memory before it gets a file, and while it has one. */
const BLOCK = 256 * 1024;
const FIRST_BLOCK = 8192;
/** What a rolled back subtransaction costs to remember. */
const ABORTED_BYTES = 64;

interface Kept {
  block: Buffer;
  used: number;
  file: FileHandle | null;
  fileBytes: number;
  readonly aborted: Set<number>;
}

/** Fails with `storage` when the folder cannot be used. */
export async function openTransactionSpool(options: SpoolOptions): Promise<TransactionSpool> {
  try {
    await mkdir(options.folder, { recursive: true, mode: 0o700 });
    for (const name of await readdir(options.folder)) await rm(join(options.folder, name), { force: true });
  } catch (error) {
    throw storageError(error);
  }
  return new Spool(options);
}

class Spool implements TransactionSpool {
  bytes = 0;
  private readonly transactions = new Map<number, Kept>();

  constructor(private readonly options: SpoolOptions) {}

  append(top: number, sub: number, payload: Buffer): Promise<void> | undefined {
    const size = HEADER + payload.length;
    if (this.bytes + size > this.options.maxBytes) {
      throw new SpoolFull(`${this.bytes} bytes are kept, ${size} more do not fit into ${this.options.maxBytes}.`);
    }
    this.bytes += size;
    let kept = this.transactions.get(top);
    if (!kept) {
      kept = { block: Buffer.allocUnsafe(FIRST_BLOCK), used: 0, file: null, fileBytes: 0, aborted: new Set() };
      this.transactions.set(top, kept);
    }
    const needed = kept.used + size;
    if (needed > BLOCK) return this.write(top, kept, sub, payload);
    if (needed > kept.block.length) kept.block = grown(kept.block, kept.used, needed);
    writeHeader(kept.block, kept.used, sub, payload.length);
    payload.copy(kept.block, kept.used + HEADER);
    kept.used = needed;
    return undefined;
  }

  /** Writes what is in memory to the file; then the message, when it is large, or keeps it. */
  private async write(top: number, kept: Kept, sub: number, payload: Buffer): Promise<void> {
    const small = HEADER + payload.length <= BLOCK;
    const header = Buffer.allocUnsafe(HEADER);
    writeHeader(header, 0, sub, payload.length);
    try {
      kept.file ??= await open(this.path(top), 'wx+', 0o600);
      await writeAt(kept, kept.block.subarray(0, kept.used));
      kept.used = 0;
      if (!small) {
        await writeAt(kept, header);
        await writeAt(kept, payload);
      }
    } catch (error) {
      throw storageError(error);
    }
    if (!small) return;
    if (kept.block.length < BLOCK) kept.block = Buffer.allocUnsafe(BLOCK);
    header.copy(kept.block);
    payload.copy(kept.block, HEADER);
    kept.used = HEADER + payload.length;
  }

  abort(top: number, sub: number): Promise<void> | undefined {
    const kept = this.transactions.get(top);
    if (!kept) return undefined;
    if (top === sub) return this.forget(top, kept);
    if (!kept.aborted.has(sub)) {
      kept.aborted.add(sub);
      this.bytes += ABORTED_BYTES;
    }
    return undefined;
  }

  async replay(top: number, take: (payload: Buffer) => Promise<void> | undefined): Promise<void> {
    const kept = this.transactions.get(top);
    if (!kept) return;
    try {
      if (kept.file) await this.replayFile(kept, kept.file, take);
      await deliver(kept.block, kept.used, kept.aborted, take);
    } finally {
      await this.forget(top, kept);
    }
  }

  private async replayFile(
    kept: Kept,
    file: FileHandle,
    take: (payload: Buffer) => Promise<void> | undefined,
  ): Promise<void> {
    let bytes: Buffer = Buffer.allocUnsafe(BLOCK);
    let held = 0;
    for (let at = 0; at < kept.fileBytes;) {
      const wanted = Math.min(bytes.length - held, kept.fileBytes - at);
      const { bytesRead } = await file.read(bytes, held, wanted, at).catch((error: unknown) => {
        throw storageError(error);
      });
      if (bytesRead === 0) throw storageError(new Error('A file of the spool is shorter than it was'));
      at += bytesRead;
      held += bytesRead;
      const done = await deliver(bytes, held, kept.aborted, take);
      bytes.copyWithin(0, done, held);
      held -= done;
      const size = held >= HEADER ? HEADER + bytes.readInt32BE(0) : 0;
      if (size > bytes.length) bytes = grown(bytes, held, size);
    }
  }

  private async forget(top: number, kept: Kept): Promise<void> {
    if (!this.transactions.delete(top)) return;
    this.bytes -= kept.fileBytes + kept.used + kept.aborted.size * ABORTED_BYTES;
    if (!kept.file) return;
    await kept.file.close();
    await rm(this.path(top), { force: true });
  }

  async close(): Promise<void> {
    await Promise.all([...this.transactions].map(([top, kept]) => this.forget(top, kept)));
    await rm(this.options.folder, { recursive: true, force: true });
  }

  private path(top: number): string {
    return join(this.options.folder, `transaction-${top}`);
  }
}

/** Hands over the whole messages in the first `size` bytes; returns where the one that is not whole begins. */
async function deliver(
  bytes: Buffer,
  size: number,
  aborted: ReadonlySet<number>,
  take: (payload: Buffer) => Promise<void> | undefined,
): Promise<number> {
  let at = 0;
  while (at + HEADER <= size) {
    const end = at + HEADER + bytes.readInt32BE(at);
    if (end > size) break;
    if (!aborted.has(bytes.readUInt32BE(at + 4))) {
      const wait = take(bytes.subarray(at + HEADER, end));
      if (wait) await wait;
    }
    at = end;
  }
  return at;
}

function writeHeader(bytes: Buffer, at: number, sub: number, length: number): void {
  bytes.writeInt32BE(length, at);
  bytes.writeUInt32BE(sub, at + 4);
}

async function writeAt(kept: Kept, bytes: Buffer): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = (await kept.file?.write(bytes, done, bytes.length - done, kept.fileBytes)) ?? {
      bytesWritten: bytes.length,
    };
    done += bytesWritten;
    kept.fileBytes += bytesWritten;
  }
}

function grown(block: Buffer, used: number, needed: number): Buffer {
  const larger = Buffer.allocUnsafe(Math.max(needed, Math.min(BLOCK, block.length * 2)));
  block.copy(larger, 0, 0, used);
  return larger;
}

function storageError(error: unknown): AppError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const words = error instanceof Error ? error.message : String(error);
  if (code === 'ENOSPC' || code === 'EDQUOT') return new SpoolFull(words, error);
  return new AppError(
    {
      code: 'storage',
      message: 'Transactions of the source that still run could not be kept on disk',
      detail: words,
      hint: 'Check that the folder of the task exists and may be written to.',
    },
    { cause: error },
  );
}
