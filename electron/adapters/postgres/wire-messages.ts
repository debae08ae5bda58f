import type { TransactionState } from '../../../shared/model/query';

/** Type bytes of the messages a server sends (protocol 3.0, "Message Formats"). */
export const BACKEND = {
  commandComplete: 0x43,
  copyData: 0x64,
  copyDone: 0x63,
  copyInResponse: 0x47,
  copyBothResponse: 0x57,
  copyOutResponse: 0x48,
  emptyQuery: 0x49,
  error: 0x45,
  notice: 0x4e,
  notification: 0x41,
  parameterStatus: 0x53,
  readyForQuery: 0x5a,
  rowDescription: 0x54,
} as const;

/** One field of RowDescription. */
export interface WireColumn {
  readonly name: string;
  /** 0 when the value is computed. */
  readonly tableOid: number;
  readonly columnNumber: number;
  readonly typeOid: number;
  /** −1 when the type has no modifier. */
  readonly typeModifier: number;
}

/** ErrorResponse and NoticeResponse by their documented fields; absent ones are empty. */
export interface WireNotice {
  readonly severity: string;
  readonly sqlstate: string;
  readonly message: string;
  readonly detail: string;
  readonly hint: string;
  readonly where: string;
  /** 1-based, in characters of the statement that was sent; 0 when absent. */
  readonly position: number;
  /** Text of the statement that the server itself ran, when the position is in that one. */
  readonly internalQuery: string;
}

const text = (body: Buffer, from: number, to: number): string => body.toString('utf8', from, to);

function endOfString(body: Buffer, from: number): number {
  const end = body.indexOf(0, from);
  return end < 0 ? body.length : end;
}

export function parseRowDescription(body: Buffer): WireColumn[] {
  const columns: WireColumn[] = [];
  let at = 2;
  for (let left = body.readInt16BE(0); left > 0; left -= 1) {
    const end = endOfString(body, at);
    columns.push({
      name: text(body, at, end),
      tableOid: body.readUInt32BE(end + 1),
      columnNumber: body.readInt16BE(end + 5),
      typeOid: body.readUInt32BE(end + 7),
      typeModifier: body.readInt32BE(end + 13),
    });
    at = end + 19;
  }
  return columns;
}

export function parseNotice(body: Buffer): WireNotice {
  const fields = new Map<string, string>();
  for (let at = 0; at < body.length && body[at] !== 0;) {
    const end = endOfString(body, at + 1);
    fields.set(String.fromCharCode(body[at] ?? 0), text(body, at + 1, end));
    at = end + 1;
  }
  const field = (name: string): string => fields.get(name) ?? '';
  return {
    // V is S without the server's language; servers before 9.6 send S only.
    severity: field('V') || field('S'),
    sqlstate: field('C'),
    message: field('M'),
    detail: field('D'),
    hint: field('H'),
    where: field('W'),
    position: Number(field('P')),
    internalQuery: field('q'),
  };
}

export const parseCommandTag = (body: Buffer): string => text(body, 0, endOfString(body, 0));

export function parseParameter(body: Buffer): { name: string; value: string } {
  const end = endOfString(body, 0);
  return { name: text(body, 0, end), value: text(body, end + 1, endOfString(body, end + 1)) };
}

export function parseNotification(body: Buffer): { pid: number; channel: string; payload: string } {
  const end = endOfString(body, 4);
  return {
    pid: body.readInt32BE(0),
    channel: text(body, 4, end),
    payload: text(body, end + 1, endOfString(body, end + 1)),
  };
}

/** The indicator of ReadyForQuery. */
export function parseTransaction(body: Buffer): TransactionState {
  if (body[0] === 0x54) return 'transaction';
  return body[0] === 0x45 ? 'failed' : 'idle';
}

/** Whether COPY sends its binary format. */
export const parseCopyIsBinary = (body: Buffer): boolean => body[0] === 1;

/** A simple Query message. The text must not hold a zero byte. */
export function queryMessage(sql: string): Buffer {
  const length = Buffer.byteLength(sql);
  const message = Buffer.allocUnsafe(length + 6);
  message[0] = 0x51;
  message.writeInt32BE(length + 5, 1);
  message.write(sql, 5, 'utf8');
  message[length + 5] = 0;
  return message;
}

/** Ends a COPY FROM STDIN as failed, with the reason that the server then reports. */
export function copyFailMessage(reason: string): Buffer {
  const message = Buffer.concat([Buffer.alloc(5), Buffer.from(reason), Buffer.alloc(1)]);
  message[0] = 0x66;
  message.writeInt32BE(message.length - 1, 1);
  return message;
}

/** Ends a COPY FROM STDIN as complete. */
export const COPY_DONE = Buffer.from([0x63, 0, 0, 0, 4]);

export const TERMINATE = Buffer.from([0x58, 0, 0, 0, 4]);

/** A DataRow message (header included) of one column, for lines that came as CopyData. */
export function oneColumnRow(value: Buffer): Buffer {
  const row = Buffer.allocUnsafe(value.length + 11);
  row[0] = 0x44;
  row.writeInt32BE(value.length + 10, 1);
  row.writeInt16BE(1, 5);
  row.writeInt32BE(value.length, 7);
  value.copy(row, 11);
  return row;
}
