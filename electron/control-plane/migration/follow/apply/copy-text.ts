import { NULL_KIND, TEXT_KIND, lengthAt, nextValue } from './tuple-walk';

const CHUNK = 256 * 1024;
const HEADER = 5;
/** Values from this on are looked through for what room they need; others get the most they may need. */
const LARGE = 64 * 1024;
const COPY_DATA = 0x64;
const BACKSLASH = 0x5c;
const TAB = 0x09;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** Writes rows as the text format of COPY, in CopyData messages: what the server read and wrote as text, it reads again. */
export class CopyText {
  rows = 0;
  private readonly done: Buffer[] = [];
  private room = Buffer.allocUnsafeSlow(CHUNK);
  private used = HEADER;

  /** The values of the tuple at `at` whose positions are marked. */
  row(bytes: Buffer, at: number, marked: Uint8Array): void {
    let here = at + 2;
    let first = true;
    for (let position = 0; position < marked.length; position += 1) {
      if (marked[position] === 1) {
        if (!first) {
          this.room[this.used] = TAB;
          this.used += 1;
        }
        first = false;
        this.value(bytes, here);
      }
      here = nextValue(bytes, here);
    }
    this.room[this.used] = LINE_FEED;
    this.used += 1;
    this.rows += 1;
  }

  /** The messages, when all rows are written. */
  take(): Buffer[] {
    this.finishChunk();
    return this.done;
  }

  private value(bytes: Buffer, at: number): void {
    if (bytes[at] !== TEXT_KIND) {
      if (bytes[at] !== NULL_KIND) throw new Error('a value that was not sent cannot be copied');
      this.need(4);
      this.room[this.used] = BACKSLASH;
      this.room[this.used + 1] = 0x4e;
      this.used += 2;
      return;
    }
    const length = lengthAt(bytes, at);
    this.need(length < LARGE ? length * 2 + 2 : length + escapesIn(bytes, at + 5, length) + 2);
    const { room } = this;
    let out = this.used;
    const end = at + 5 + length;
    for (let i = at + 5; i < end; i += 1) {
      const byte = bytes[i] ?? 0;
      if (byte > CARRIAGE_RETURN && byte !== BACKSLASH) room[out] = byte;
      else {
        const letter = escapeOf(byte);
        if (letter === 0) room[out] = byte;
        else {
          room[out] = BACKSLASH;
          out += 1;
          room[out] = letter;
        }
      }
      out += 1;
    }
    this.used = out;
  }

  /** Room for a value and what stands behind it. */
  private need(bytes: number): void {
    if (this.used + bytes + 2 <= this.room.length) return;
    this.finishChunk();
    this.room = Buffer.allocUnsafeSlow(Math.max(CHUNK, HEADER + bytes + 2));
    this.used = HEADER;
  }

  private finishChunk(): void {
    if (this.used === HEADER) return;
    this.room[0] = COPY_DATA;
    this.room.writeInt32BE(this.used - 1, 1);
    this.done.push(this.room.subarray(0, this.used));
    this.used = HEADER;
    this.room = Buffer.alloc(0);
  }
}

/** The letter behind a backslash; 0: the byte stands for itself. */
function escapeOf(byte: number): number {
  switch (byte) {
    case BACKSLASH:
      return BACKSLASH;
    case TAB:
      return 0x74;
    case LINE_FEED:
      return 0x6e;
    case CARRIAGE_RETURN:
      return 0x72;
    default:
      return 0;
  }
}

function escapesIn(bytes: Buffer, from: number, length: number): number {
  let found = 0;
  for (let i = from; i < from + length; i += 1) if (escapeOf(bytes[i] ?? 0) !== 0) found += 1;
  return found;
}
