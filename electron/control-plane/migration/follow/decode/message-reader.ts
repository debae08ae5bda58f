import { StreamDamage } from './stream-damage';

/** 2000-01-01 in milliseconds since 1970. */
const EPOCH = 946_684_800_000;

/** Reads the fields of one message in turn; none of them reaches beyond its end. Throws `StreamDamage`. */
export class MessageReader {
  constructor(
    private readonly type: string,
    private readonly bytes: Buffer,
    private at: number,
  ) {}

  /** Moves over `size` bytes and returns where they begin. */
  private take(size: number): number {
    const begin = this.at;
    if (size > this.bytes.length - begin) throw this.damage('it is cut short');
    this.at = begin + size;
    return begin;
  }

  get left(): number {
    return this.bytes.length - this.at;
  }
  uint8(): number {
    return this.bytes.readUInt8(this.take(1));
  }
  int16(): number {
    return this.bytes.readInt16BE(this.take(2));
  }
  int32(): number {
    return this.bytes.readInt32BE(this.take(4));
  }
  uint32(): number {
    return this.bytes.readUInt32BE(this.take(4));
  }
  lsn(): bigint {
    return this.bytes.readBigUInt64BE(this.take(8));
  }
  /** Milliseconds since 1970. */
  time(): number {
    return Math.floor(Number(this.bytes.readBigInt64BE(this.take(8))) / 1000) + EPOCH;
  }
  text(): string {
    const end = this.bytes.indexOf(0, this.at);
    if (end < 0) throw this.damage('a text has no end');
    const begin = this.take(end + 1 - this.at);
    return this.bytes.toString('utf8', begin, end);
  }
  /** A view of the next `size` bytes. */
  view(size: number): Buffer {
    if (size < 0) throw this.damage('a length is negative');
    const begin = this.take(size);
    return this.bytes.subarray(begin, begin + size);
  }
  /** Nothing may follow. */
  end(): void {
    if (this.left > 0) throw this.damage(`${this.left} bytes follow its end`);
  }
  damage(what: string): StreamDamage {
    return new StreamDamage(this.type, what);
  }
}
