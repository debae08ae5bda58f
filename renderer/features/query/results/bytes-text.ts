/** The bytes of a bytea value in the server's text, either way it writes them. Source: src/backend/utils/adt/varlena.c, byteaout. */
export function byteaBytes(text: string): Uint8Array<ArrayBuffer> | null {
  if (!text.startsWith(String.raw`\x`)) return escapedBytes(text);
  if (text.length % 2 !== 0) return null;
  const bytes = new Uint8Array(text.length / 2 - 1);
  for (let at = 0; at < bytes.length; at += 1) {
    const high = hexValue(text.charCodeAt(at * 2 + 2));
    const low = hexValue(text.charCodeAt(at * 2 + 3));
    if (high < 0 || low < 0) return null;
    bytes[at] = high * 16 + low;
  }
  return bytes;
}

function hexValue(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  if (code >= 97 && code <= 102) return code - 87;
  return code >= 65 && code <= 70 ? code - 55 : -1;
}

/** With `bytea_output` at `escape`: two backslashes are one, three octal digits a byte. */
function escapedBytes(text: string): Uint8Array<ArrayBuffer> | null {
  const bytes: number[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code > 126) return null;
    if (code !== 92) bytes.push(code);
    else if (text.charAt(at + 1) === '\\') {
      bytes.push(92);
      at += 1;
    } else {
      const octal = /^[0-3][0-7]{2}/.exec(text.slice(at + 1, at + 4))?.[0];
      if (octal === undefined) return null;
      bytes.push(Number.parseInt(octal, 8));
      at += 3;
    }
  }
  return new Uint8Array(bytes);
}

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');

/** Bytes in one row of a dump. */
export const BYTES_IN_ROW = 16;

/** One row of a dump: where it begins, its bytes, and what of them is ASCII. */
export function dumpRow(bytes: Uint8Array, row: number): { offset: string; hex: string; ascii: string } {
  const part = [...bytes.subarray(row * BYTES_IN_ROW, (row + 1) * BYTES_IN_ROW)];
  const text = part.map((byte) => hex(byte, 2));
  return {
    offset: hex(row * BYTES_IN_ROW, 8),
    hex: `${text.slice(0, 8).join(' ')}  ${text.slice(8).join(' ')}`.padEnd(48),
    ascii: part.map((byte) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '·')).join(''),
  };
}

const starts = (bytes: Uint8Array, at: number, ...marks: number[]): boolean =>
  marks.every((mark, index) => bytes[at + index] === mark);

/** Pixels of a picture that is drawn: a small file can say that it is a huge one. */
const MAX_SIDE = 16_384;

/**
 * The type of a picture by its first bytes; null when it is none of those that are shown. Never SVG: it is a document that can do things.
 */
export function pictureType(bytes: Uint8Array): 'image/png' | 'image/jpeg' | 'image/gif' | 'image/webp' | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (starts(bytes, 0, 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a) && bytes.length > 24) {
    return Math.max(view.getUint32(16), view.getUint32(20)) <= MAX_SIDE ? 'image/png' : null;
  }
  if (starts(bytes, 0, 0xff, 0xd8, 0xff)) return 'image/jpeg';
  if (starts(bytes, 0, 0x47, 0x49, 0x46, 0x38) && bytes.length > 10) {
    return Math.max(view.getUint16(6, true), view.getUint16(8, true)) <= MAX_SIDE ? 'image/gif' : null;
  }
  return starts(bytes, 0, 0x52, 0x49, 0x46, 0x46) && starts(bytes, 8, 0x57, 0x45, 0x42, 0x50) ? 'image/webp' : null;
}
