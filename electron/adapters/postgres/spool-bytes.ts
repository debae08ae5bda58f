import { AppError, errorInfo } from '../../../shared/errors';
import { openSpoolFile, type SpoolFile } from './spool-file';

export const BLOCK = 1024 * 1024;
/** A small result should cost little: its one block starts so large and doubles. */
const FIRST_BLOCK = 16 * 1024;
/** The sender is asked to wait while more than this waits to be written. */
const MAX_PENDING = 16 * BLOCK;
/** Blocks read back from disk that are kept. */
const CACHED_BLOCKS = 8;

/** Memory that the spools of one session share; what doesn't fit goes to disk. */
export class SpoolBudget {
  private used = 0;
  constructor(private readonly limit: number) {}

  take(bytes: number): boolean {
    if (this.used + bytes > this.limit) return false;
    this.used += bytes;
    return true;
  }

  give(bytes: number): void {
    this.used -= bytes;
  }
}

/**
 * An append-only sequence of bytes in blocks of 1 MiB: the first ones in memory as far as the budget goes, later ones in a temporary file.
 * What was accepted stays readable, also after the disk refused more.
 */
export class SpoolBytes {
  length = 0;
  /** Why more is refused; null while all is well. */
  failure: AppError | null = null;

  /** Null is on disk. The last one grows. */
  private blocks: (Buffer | null)[] = [];
  /** Where a block on disk is in the file. */
  private readonly slots = new Map<number, number>();
  private readonly cache = new Map<number, Promise<Buffer>>();
  private file: Promise<SpoolFile> | null = null;
  private pending = 0;
  private writing: Promise<void> = Promise.resolve();
  private budgeted = 0;
  private freed = false;
  private waiting: (() => void)[] = [];

  constructor(
    private readonly budget: SpoolBudget,
    private readonly folder: string,
  ) {}

  /** Whether the sender should wait for `drained`. */
  get saturated(): boolean {
    return this.pending > MAX_PENDING && this.failure === null && !this.freed;
  }

  /** Resolves when the sender may go on. */
  drained(): Promise<void> {
    return this.saturated ? new Promise((resolve) => this.waiting.push(resolve)) : Promise.resolve();
  }

  /** Copies bytes to the end; refuses after a failure. */
  append(chunk: Buffer, start: number, end: number): boolean {
    if (this.failure || this.freed) return false;
    for (let from = start; from < end;) {
      const index = Math.floor(this.length / BLOCK);
      const at = this.length - index * BLOCK;
      const block = this.room(index, at, end - from);
      const copied = chunk.copy(block, at, from, end);
      from += copied;
      this.length += copied;
      if (at + copied === BLOCK) this.seal(index, block);
    }
    return true;
  }

  /** No more will come: gives unused memory back. */
  finish(): void {
    const index = this.blocks.length - 1;
    const block = this.blocks[index];
    const used = this.filled(index);
    if (block && used < block.length) this.blocks[index] = Buffer.from(block.subarray(0, used));
  }

  /** Bytes of a block that are in use. */
  filled(index: number): number {
    return Math.min(BLOCK, this.length - index * BLOCK);
  }

  /** The block if it is in memory. Its first `filled` bytes never change. */
  blockNow(index: number): Buffer | null {
    return this.blocks[index] ?? null;
  }

  async block(index: number): Promise<Buffer> {
    const here = this.blocks[index];
    if (here) return here;
    const cached = this.cache.get(index);
    const loading = cached ?? this.load(index);
    this.cache.delete(index);
    this.cache.set(index, loading);
    const oldest = this.cache.keys().next();
    if (this.cache.size > CACHED_BLOCKS && !oldest.done) this.cache.delete(oldest.value);
    return loading.catch((error: unknown) => {
      this.cache.delete(index);
      throw error;
    });
  }

  /** `length` bytes from `address`, over block boundaries. */
  async read(address: number, length: number): Promise<Buffer> {
    const first = Math.floor(address / BLOCK);
    const at = address - first * BLOCK;
    if (at + length <= BLOCK) return (await this.block(first)).subarray(at, at + length);
    const whole = Buffer.allocUnsafe(length);
    for (let done = 0; done < length;) {
      const index = Math.floor((address + done) / BLOCK);
      const block = await this.block(index);
      const from = address + done - index * BLOCK;
      done += block.copy(whole, done, from, Math.min(BLOCK, from + length - done));
    }
    return whole;
  }

  /** Frees memory and file. Reading fails from now on. */
  async free(): Promise<void> {
    if (this.freed) return;
    this.freed = true;
    this.budget.give(this.budgeted);
    this.blocks = [];
    this.cache.clear();
    this.wake();
    await this.writing;
    const file = await this.file?.catch(() => null);
    await file?.close();
  }

  /** The block to write into, grown so that `wanted` bytes fit at `at` or it is full-size. */
  private room(index: number, at: number, wanted: number): Buffer {
    const block = this.blocks[index];
    if (block && (block.length === BLOCK || at + wanted <= block.length)) return block;
    let size = index === 0 ? FIRST_BLOCK : BLOCK;
    while (size < BLOCK && size < at + wanted) size *= 2;
    const grown = Buffer.allocUnsafeSlow(size);
    block?.copy(grown, 0, 0, at);
    this.blocks[index] = grown;
    return grown;
  }

  /** A block is full: it stays if the budget allows, else it is written out. */
  private seal(index: number, block: Buffer): void {
    if (this.budget.take(BLOCK)) {
      this.budgeted += BLOCK;
      return;
    }
    this.pending += BLOCK;
    this.writing = this.writing.then(() => this.spill(index, block));
  }

  private async spill(index: number, block: Buffer): Promise<void> {
    try {
      if (this.freed || this.failure) return;
      this.file ??= openSpoolFile(this.folder, BLOCK);
      const file = await this.file;
      const slot = this.slots.size;
      await file.write(slot, block);
      this.slots.set(index, slot);
      this.blocks[index] = null;
    } catch (error) {
      // What waits to be written stays in memory, so that nothing accepted is lost.
      this.failure = error instanceof AppError ? error : new AppError(errorInfo(error), { cause: error });
    } finally {
      this.pending -= BLOCK;
      if (!this.saturated) this.wake();
    }
  }

  private async load(index: number): Promise<Buffer> {
    const slot = this.slots.get(index);
    const file = await this.file;
    if (this.freed || slot === undefined || !file) {
      throw new AppError({ code: 'not-found', message: 'This result is no longer held' });
    }
    return file.read(slot, BLOCK);
  }

  private wake(): void {
    const waiting = this.waiting;
    this.waiting = [];
    for (const resume of waiting) resume();
  }
}
