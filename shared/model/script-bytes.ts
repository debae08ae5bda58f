/** Small readings of script text as bytes. */

export const NEWLINE = 10;

export const decoder = new TextDecoder();

/** PostgreSQL's names of client encodings, without signs, and the platform's. Others are read as UTF-8. */
const LABELS: Readonly<Record<string, string>> = {
  LATIN1: 'windows-1252',
  LATIN2: 'iso-8859-2',
  LATIN9: 'iso-8859-15',
  WIN1250: 'windows-1250',
  WIN1251: 'windows-1251',
  WIN1252: 'windows-1252',
  WIN1253: 'windows-1253',
  WIN1254: 'windows-1254',
  KOI8R: 'koi8-r',
  EUCJP: 'euc-jp',
  EUCKR: 'euc-kr',
  EUCCN: 'gbk',
  GBK: 'gbk',
  GB18030: 'gb18030',
  BIG5: 'big5',
  SJIS: 'shift_jis',
};

/** Reads text in the encoding that a script stated (`SET client_encoding`); '' is UTF-8. */
export function decodeScript(bytes: Uint8Array, encoding: string): string {
  const label = LABELS[encoding.toUpperCase().replaceAll(/[^A-Z0-9]/g, '')];
  return (label === undefined ? decoder : new TextDecoder(label)).decode(bytes);
}

export interface CopyStart {
  /** As written: `public.film`. */
  readonly table: string;
  readonly csv: boolean;
  /** Bytes of the statement to its semicolon, with what stands before it. */
  readonly length: number;
}

/** One array out of many. */
export function join(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** Index of the first byte that is neither blank nor in a comment. */
export function leadingBlank(bytes: Uint8Array): number {
  let at = 0;
  for (;;) {
    while (at < bytes.length && (bytes[at] === 32 || ((bytes[at] ?? 0) >= 9 && (bytes[at] ?? 0) <= 13))) at += 1;
    if (bytes[at] === 45 && bytes[at + 1] === 45) {
      const newline = bytes.indexOf(NEWLINE, at);
      if (newline < 0) return bytes.length;
      at = newline + 1;
    } else if (bytes[at] === 47 && bytes[at + 1] === 42) {
      let depth = 1;
      at += 2;
      while (at < bytes.length && depth > 0) {
        if (bytes[at] === 42 && bytes[at + 1] === 47) {
          depth -= 1;
          at += 2;
        } else if (bytes[at] === 47 && bytes[at + 1] === 42) {
          depth += 1;
          at += 2;
        } else at += 1;
      }
    } else return at;
  }
}

/** Line breaks among the first `until` bytes. */
export function countLines(bytes: Uint8Array, until = bytes.length): number {
  let count = 0;
  for (let at = bytes.indexOf(NEWLINE); at >= 0 && at < until; at = bytes.indexOf(NEWLINE, at + 1)) count += 1;
  return count;
}

const COPY_FROM =
  /^copy\s+(?:binary\s+)?((?:"(?:[^"]|"")*"|[^\s("])+(?:\s*\.\s*(?:"(?:[^"]|"")*"|[^\s("])+)?)\s*(?:\((?:"(?:[^"]|"")*"|[^")])*\)\s*)?from\s+stdin\b([^]*)$/i;

/** What a statement of the form COPY … FROM stdin says; null for any other. */
export function copyStart(bytes: Uint8Array, encoding = ''): CopyStart | null {
  const from = leadingBlank(bytes);
  if (((bytes[from] ?? 0) | 32) !== 99 || ((bytes[from + 1] ?? 0) | 32) !== 111) return null;
  const match = COPY_FROM.exec(decodeScript(bytes.subarray(from), encoding));
  return match ? { table: match[1] ?? '', csv: /\bcsv\b/i.test(match[2] ?? ''), length: bytes.length } : null;
}
