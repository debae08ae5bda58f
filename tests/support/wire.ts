/** One message of the server as bytes. */
export function message(type: string, body: Buffer): Buffer {
  const header = Buffer.alloc(5);
  header.write(type, 0, 'latin1');
  header.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([header, body]);
}

/** A DataRow message with these values. */
export function dataRow(values: readonly (string | null)[]): Buffer {
  const parts: Buffer[] = [];
  const count = Buffer.alloc(2);
  count.writeUInt16BE(values.length, 0);
  parts.push(count);
  for (const value of values) {
    const length = Buffer.alloc(4);
    const bytes = value === null ? null : Buffer.from(value);
    length.writeInt32BE(bytes?.length ?? -1, 0);
    parts.push(length, ...(bytes ? [bytes] : []));
  }
  return message('D', Buffer.concat(parts));
}
