/** Messages inside of the CopyBoth of a walsender. Source: PostgreSQL's documentation, "Streaming Replication Protocol". */

/** First byte of what a walsender sends as CopyData. */
export const XLOG_DATA = 0x77;
export const KEEPALIVE = 0x6b;
/** Type, start, end and time: where the payload of XLogData begins. */
export const XLOG_HEADER = 25;
/** Type, end, time, and whether an answer is wanted. */
export const KEEPALIVE_LENGTH = 18;

const COPY_DATA = 0x64;
const STATUS = 0x72;
const STATUS_LENGTH = 34;
/** 2000-01-01 in milliseconds since 1970. */
const EPOCH = 946_684_800_000;

/** A standby status update as a whole CopyData message. `ask`: the server is to answer at once. */
export function statusMessage(
  positions: { readonly received: bigint; readonly flushed: bigint; readonly applied: bigint },
  ask: boolean,
): Buffer {
  const message = Buffer.allocUnsafe(5 + STATUS_LENGTH);
  message[0] = COPY_DATA;
  message.writeInt32BE(4 + STATUS_LENGTH, 1);
  message[5] = STATUS;
  message.writeBigUInt64BE(positions.received, 6);
  message.writeBigUInt64BE(positions.flushed, 14);
  message.writeBigUInt64BE(positions.applied, 22);
  message.writeBigInt64BE(BigInt(Date.now() - EPOCH) * 1000n, 30);
  message[38] = ask ? 1 : 0;
  return message;
}

/** One DataRow as text, by the names of its columns. */
export function textRow(columns: readonly string[], body: Buffer): Record<string, string | null> {
  const row: Record<string, string | null> = {};
  let at = 2;
  for (const name of columns) {
    const length = body.readInt32BE(at);
    at += 4;
    row[name] = length < 0 ? null : body.toString('utf8', at, at + length);
    at += Math.max(0, length);
  }
  return row;
}
