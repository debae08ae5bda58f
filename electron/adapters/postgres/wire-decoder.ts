import { AppError } from '../../../shared/errors';

const DATA_ROW = 0x44;
/** Type byte and length. */
const HEADER = 5;
/** The server never sends a message of more than 1 GiB; a larger length means that this is not its protocol. */
const MAX_LENGTH = 0x4000_0000;

/** What a decoder hands on. Buffers are views of the socket's chunk: valid only during the call. */
export interface WireSink {
  /** `count` whole DataRow messages, headers included, at `chunk[start … end)`. */
  rows(chunk: Buffer, start: number, end: number, count: number): void;
  /** Any other message: its type byte and its body. */
  message(type: number, body: Buffer): void;
}

/**
 * Cuts the server's byte stream into messages, whatever the chunk boundaries. Runs of DataRow messages are handed on as one range, without
 * looking into them; only a message that straddles two chunks is copied.
 */
export class WireDecoder {
  private readonly header = Buffer.alloc(HEADER);
  private headerBytes = 0;
  /** A message of which only a part is here. */
  private partial: Buffer | null = null;
  private partialBytes = 0;

  constructor(private readonly sink: WireSink) {}

  push(chunk: Buffer): void {
    let at = this.finishPartial(chunk);
    while (at < chunk.length) {
      if (chunk.length - at < HEADER) {
        this.headerBytes = chunk.copy(this.header, 0, at);
        return;
      }
      const type = chunk[at];
      const end = at + 1 + messageLength(chunk, at + 1);
      if (end > chunk.length) {
        this.startPartial(end - at);
        this.partialBytes = chunk.copy(this.partial ?? this.header, 0, at);
        return;
      }
      if (type === DATA_ROW) at = this.rowsFrom(chunk, at);
      else {
        this.sink.message(type ?? 0, chunk.subarray(at + HEADER, end));
        at = end;
      }
    }
  }

  /** Hands on the run of whole DataRow messages that starts at `from`; returns where it ends. */
  private rowsFrom(chunk: Buffer, from: number): number {
    let at = from;
    let count = 0;
    while (at + HEADER <= chunk.length && chunk[at] === DATA_ROW) {
      const end = at + 1 + messageLength(chunk, at + 1);
      if (end > chunk.length) break;
      at = end;
      count += 1;
    }
    this.sink.rows(chunk, from, at, count);
    return at;
  }

  private startPartial(length: number): void {
    this.partial = Buffer.allocUnsafe(length);
    this.partialBytes = 0;
  }

  /** Completes what the chunk before left open; returns how many bytes of this chunk that took. */
  private finishPartial(chunk: Buffer): number {
    let at = 0;
    if (this.headerBytes > 0) {
      at = chunk.copy(this.header, this.headerBytes, 0, HEADER - this.headerBytes);
      this.headerBytes += at;
      if (this.headerBytes < HEADER) return at;
      this.startPartial(1 + messageLength(this.header, 1));
      this.partialBytes = this.header.copy(this.partial ?? this.header);
      this.headerBytes = 0;
    }
    const { partial } = this;
    if (!partial) return at;
    const taken = chunk.copy(partial, this.partialBytes, at);
    this.partialBytes += taken;
    if (this.partialBytes < partial.length) return at + taken;
    this.partial = null;
    if (partial[0] === DATA_ROW) this.sink.rows(partial, 0, partial.length, 1);
    else this.sink.message(partial[0] ?? 0, partial.subarray(HEADER));
    return at + taken;
  }
}

function messageLength(buffer: Buffer, at: number): number {
  const length =
    ((buffer[at] ?? 0) << 24) | ((buffer[at + 1] ?? 0) << 16) | ((buffer[at + 2] ?? 0) << 8) | (buffer[at + 3] ?? 0);
  if (length < 4 || length > MAX_LENGTH) {
    throw new AppError({ code: 'lost-connection', message: 'The server sent something that is not its protocol' });
  }
  return length;
}
