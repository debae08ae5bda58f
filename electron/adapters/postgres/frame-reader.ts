import { AppError } from '../../../shared/errors';

/** Type byte and length. */
const HEADER = 5;
const FRAME_MAX = 0x4000_0000;
const NOTHING = Buffer.alloc(0);

const notTheProtocol = (): AppError =>
  new AppError({ code: 'lost-connection', message: 'The server sent something that is not its protocol' });

/**
 * Gives the messages of a server one by one to whoever asks, so that a reader can stop in the middle of a chunk. A message that lies in one
 * chunk is not copied.
 */
export class FrameReader {
  /** Of the message that `next` has given. Stays valid. */
  body: Buffer = NOTHING;
  private chunk: Buffer = NOTHING;
  private at = 0;
  private readonly waiting: Buffer[] = [];
  /** A message of which a part is missing. */
  private held: Buffer | null = null;
  private heldType = 0;
  private heldBytes = 0;

  feed(chunk: Buffer): void {
    this.waiting.push(chunk);
  }

  /** Type byte of the next message, its body in `body`; -1 when it is not here as a whole. Fails when this is not the protocol. */
  next(): number {
    for (;;) {
      const found = this.held ? this.fillHeld(this.held) : this.cut();
      if (found >= 0) return found;
      const more = this.waiting.shift();
      if (!more) return -1;
      const rest = this.chunk.length - this.at;
      // A header that straddles two chunks.
      this.chunk = rest > 0 ? Buffer.concat([this.chunk.subarray(this.at), more]) : more;
      this.at = 0;
    }
  }

  private cut(): number {
    const { chunk, at } = this;
    if (chunk.length - at < HEADER) return -1;
    const type = chunk[at] ?? 0;
    const length = chunk.readInt32BE(at + 1);
    if (length < 4 || length > FRAME_MAX) throw notTheProtocol();
    const end = at + 1 + length;
    if (end <= chunk.length) {
      this.at = end;
      this.body = chunk.subarray(at + HEADER, end);
      return type;
    }
    this.held = Buffer.allocUnsafe(length - 4);
    this.heldType = type;
    this.heldBytes = 0;
    this.at = at + HEADER;
    return this.fillHeld(this.held);
  }

  private fillHeld(held: Buffer): number {
    const taken = this.chunk.copy(held, this.heldBytes, this.at);
    this.heldBytes += taken;
    this.at += taken;
    if (this.heldBytes < held.length) return -1;
    this.held = null;
    this.body = held;
    return this.heldType;
  }
}
