/** Messages of the extended protocol, and what they bring. Source: PostgreSQL's protocol documentation, "Message Formats". */

export const SYNC = Buffer.from([0x53, 0, 0, 0, 4]);

const FIRST_ROOM = 64 * 1024;
/** Execute of the unnamed portal, all rows. */
const EXECUTE = Buffer.from([0x45, 0, 0, 0, 9, 0, 0, 0, 0, 0]);

/** Values of a DataRow as text. */
export function parseDataRow(body: Buffer): (string | null)[] {
  const row: (string | null)[] = [];
  let at = 2;
  for (let left = body.readInt16BE(0); left > 0; left -= 1) {
    const length = body.readInt32BE(at);
    at += 4;
    if (length < 0) {
      row.push(null);
      continue;
    }
    row.push(body.toString('utf8', at, at + length));
    at += length;
  }
  return row;
}

/**
 * Writes Parse, Bind, Execute and Close messages one behind the other. A Bind is written value by value: `bind`, then `value` or `nullValue` as often
 * as told, then `bound`.
 */
export class PipelineWriter {
  private room = Buffer.allocUnsafe(FIRST_ROOM);
  private used = 0;
  private bindAt = 0;

  /** What was written so far; the writer begins anew. */
  take(): Buffer {
    const taken = this.room.subarray(0, this.used);
    this.room = Buffer.allocUnsafe(FIRST_ROOM);
    this.used = 0;
    return taken;
  }

  get length(): number {
    return this.used;
  }

  /** Types of parameters are left to the server. */
  parse(name: string, sql: string): void {
    const length = 4 + Buffer.byteLength(name) + 1 + Buffer.byteLength(sql) + 1 + 2;
    this.need(length + 1);
    this.byte(0x50);
    this.int32(length);
    this.text(name);
    this.text(sql);
    this.int16(0);
  }

  close(name: string): void {
    const length = 4 + 1 + Buffer.byteLength(name) + 1;
    this.need(length + 1);
    this.byte(0x43);
    this.int32(length);
    this.byte(0x53);
    this.text(name);
  }

  bind(name: string, values: number): void {
    this.need(16 + Buffer.byteLength(name));
    this.bindAt = this.used;
    this.byte(0x42);
    this.int32(0);
    this.byte(0);
    this.text(name);
    this.int16(0);
    this.int16(values);
  }

  nullValue(): void {
    this.need(4);
    this.int32(-1);
  }

  /** `bytes[from … to)` as text. */
  value(bytes: Buffer, from: number, to: number): void {
    this.need(4 + to - from);
    this.int32(to - from);
    bytes.copy(this.room, this.used, from, to);
    this.used += to - from;
  }

  bound(): void {
    this.need(2 + EXECUTE.length);
    this.int16(0);
    this.room.writeInt32BE(this.used - this.bindAt - 1, this.bindAt + 1);
    EXECUTE.copy(this.room, this.used);
    this.used += EXECUTE.length;
  }

  private need(bytes: number): void {
    if (this.used + bytes <= this.room.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.room.length * 2, this.used + bytes));
    this.room.copy(larger, 0, 0, this.used);
    this.room = larger;
  }

  private byte(value: number): void {
    this.room[this.used] = value;
    this.used += 1;
  }

  private int16(value: number): void {
    this.used = this.room.writeUInt16BE(value, this.used);
  }

  private int32(value: number): void {
    this.used = this.room.writeInt32BE(value, this.used);
  }

  private text(value: string): void {
    this.used += this.room.write(value, this.used);
    this.byte(0);
  }
}
