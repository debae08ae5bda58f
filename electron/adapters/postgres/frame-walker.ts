import { AppError } from '../../../shared/errors';
import { BACKEND } from './wire-messages';

const HEADER = 5;
/** Nothing but CopyData is held: a message beyond this is not the server's protocol. */
const HELD_MAX = 64 * 1024 * 1024;
const FRAME_MAX = 0x4000_0000;

/** What a walker hands on. Ranges are views of the socket's chunk. */
export interface FrameSink {
  /**
   * Bytes of CopyData messages, headers included, as they came: whole ones, or the next part of one. `missing`: how many bytes of the last
   * message are still to come.
   */
  copyData(bytes: Buffer, missing: number): void;
  /** Any other message, whole. */
  message(type: number, body: Buffer): void;
}

/**
 * Walks over the messages of a server without looking into CopyData: their bytes are handed on in ranges as large as the chunk allows, so
 * that a COPY of one server can be written to another as it is (both directions have the same format).
 */
export class FrameWalker {
  /** Bytes of the CopyData message under way that are still to come. */
  private passing = 0;
  private readonly header = Buffer.alloc(HEADER);
  private headerBytes = 0;
  /** Another message of which a part is missing. */
  private held: Buffer | null = null;
  private heldBytes = 0;

  constructor(private readonly sink: FrameSink) {}

  push(chunk: Buffer): void {
    let at = 0;
    if (this.headerBytes > 0) {
      at = chunk.copy(this.header, this.headerBytes, 0, HEADER - this.headerBytes);
      this.headerBytes += at;
      if (this.headerBytes < HEADER) return;
      this.headerBytes = 0;
      this.begin(this.header[0] ?? 0, frameLength(this.header, 1), Buffer.from(this.header));
    }
    if (this.held) {
      const taken = chunk.copy(this.held, this.heldBytes, at);
      this.heldBytes += taken;
      at += taken;
      if (this.heldBytes < this.held.length) return;
      this.flushHeld();
    }
    while (at < chunk.length)
      at = this.passing > 0 || chunk[at] === BACKEND.copyData ? this.pass(chunk, at) : this.other(chunk, at);
  }

  /** Hands on the run of CopyData that begins, or goes on, at `from`; returns where it ends. */
  private pass(chunk: Buffer, from: number): number {
    let end = from + this.passing;
    while (end + HEADER <= chunk.length && chunk[end] === BACKEND.copyData) end += 1 + frameLength(chunk, end + 1);
    const here = Math.min(end, chunk.length);
    this.passing = end - here;
    if (here > from) {
      this.sink.copyData(from === 0 && here === chunk.length ? chunk : chunk.subarray(from, here), this.passing);
    }
    // A header that straddles two chunks.
    if (here < chunk.length && chunk[here] === BACKEND.copyData) {
      this.headerBytes = chunk.copy(this.header, 0, here);
      return chunk.length;
    }
    return here;
  }

  private other(chunk: Buffer, at: number): number {
    if (chunk.length - at < HEADER) {
      this.headerBytes = chunk.copy(this.header, 0, at);
      return chunk.length;
    }
    const end = at + 1 + frameLength(chunk, at + 1);
    if (end <= chunk.length) {
      this.sink.message(chunk[at] ?? 0, chunk.subarray(at + HEADER, end));
      return end;
    }
    this.begin(chunk[at] ?? 0, end - at - 1, chunk.subarray(at, at + HEADER));
    this.heldBytes = chunk.copy(this.held ?? this.header, 0, at + HEADER);
    return chunk.length;
  }

  /** A message begins whose body is not all here. */
  private begin(type: number, length: number, header: Buffer): void {
    if (type === BACKEND.copyData) {
      this.passing = length - 4;
      this.sink.copyData(header, this.passing);
      return;
    }
    if (length > HELD_MAX) throw notTheProtocol();
    this.header[0] = type;
    this.held = Buffer.allocUnsafe(length - 4);
    this.heldBytes = 0;
    if (length === 4) this.flushHeld();
  }

  private flushHeld(): void {
    const body = this.held;
    this.held = null;
    if (body) this.sink.message(this.header[0] ?? 0, body);
  }
}

const notTheProtocol = (): AppError =>
  new AppError({ code: 'lost-connection', message: 'The server sent something that is not its protocol' });

function frameLength(buffer: Buffer, at: number): number {
  const length = buffer.readInt32BE(at);
  if (length < 4 || length > FRAME_MAX) throw notTheProtocol();
  return length;
}
