import { AppError } from '../../../shared/errors';

/** One entry of an archive, as far as PostgreSQL makes them. */
export interface TarEntry {
  /** Relative, with `/`, without `.` and `..`: never leads out of the folder it is unpacked in. */
  readonly path: string;
  readonly kind: 'file' | 'folder';
  /** Bytes of a file. */
  readonly size: number;
}

/** Parts come in order: an entry, its bytes in one or more pieces, its end. Bytes are views of the chunk that was pushed. */
export type TarPart =
  | { readonly kind: 'entry'; readonly entry: TarEntry }
  | { readonly kind: 'bytes'; readonly bytes: Buffer }
  | { readonly kind: 'end' };

const BLOCK = 512;
/** No file of a cluster is larger: a segment of a relation or of the log has 1 GiB at most. Others (a stray file) may be. */
const MAX_SIZE = 2 ** 43;

const refused = (why: string): AppError =>
  new AppError({ code: 'unsupported', message: `The archive of the base backup is not accepted: ${why}` });

const text = (header: Buffer, from: number, length: number): string => {
  const end = header.indexOf(0, from);
  return header.toString('utf8', from, end < 0 || end > from + length ? from + length : end);
};

/** Octal digits, or base 256 where the first bit is set. */
function number(header: Buffer, from: number, length: number): number {
  if (((header[from] ?? 0) & 0x80) !== 0) {
    let value = (header[from] ?? 0) & 0x7f;
    for (let at = from + 1; at < from + length; at += 1) value = value * 256 + (header[at] ?? 0);
    return value;
  }
  const digits = text(header, from, length).trim();
  if (!/^[0-7]*$/.test(digits)) throw refused('a number in a header is damaged');
  return digits === '' ? 0 : Number.parseInt(digits, 8);
}

const isZero = (block: Buffer): boolean => block.every((byte) => byte === 0);

function checkSum(header: Buffer): void {
  let sum = 8 * 0x20;
  for (let at = 0; at < BLOCK; at += 1) sum += at >= 148 && at < 156 ? 0 : (header[at] ?? 0);
  if (sum !== number(header, 148, 8)) throw refused('the checksum of a header is wrong');
}

/** Threat: a path that leads out of the folder. Everything but plain names below it is refused, on every system. */
export function safePath(path: string): string {
  const plain = path.replace(/^(?:\.\/)+/, '').replace(/\/+$/, '');
  const parts = plain.split('/');
  const bad = parts.some((part) => part === '' || part === '.' || part === '..') || /[\\\0]/.test(plain);
  if (bad || /^[A-Za-z]:/.test(plain)) throw refused(`the path ${JSON.stringify(path)} leads out of the data folder`);
  return plain;
}

function parseHeader(header: Buffer): TarEntry | null {
  checkSum(header);
  if (text(header, 257, 5) !== 'ustar') throw refused('it is not a tar archive');
  const prefix = text(header, 345, 155);
  const name = `${prefix === '' ? '' : `${prefix}/`}${text(header, 0, 100)}`;
  const size = number(header, 124, 12);
  if (size > MAX_SIZE) throw refused(`${name} is too large`);
  const kind = String.fromCharCode(header[156] ?? 0);
  switch (kind) {
    case '0':
    case '\0':
      return { path: safePath(name), kind: 'file', size };
    case '5':
      // The data folder itself.
      if (name === './' || name === '.') return null;
      return { path: safePath(name), kind: 'folder', size: 0 };
    default:
      throw refused(`${JSON.stringify(name)} is neither a file nor a folder (links and devices are never unpacked)`);
  }
}

/**
 * Reads a tar archive as it comes, whatever the chunk boundaries; holds one header at most. Servers up to 14 leave out the two empty blocks
 * at the end. Fails with `unsupported` for everything that is not a plain file or folder below the archive's root.
 */
export class TarReader {
  private readonly header = Buffer.alloc(BLOCK);
  private headerBytes = 0;
  /** Bytes of the running file that are still to come, and of the padding behind it. */
  private content = 0;
  private padding = 0;
  private over = false;

  *read(chunk: Buffer): Generator<TarPart> {
    let at = 0;
    while (at < chunk.length) {
      if (this.content > 0) {
        const bytes = chunk.subarray(at, at + this.content);
        at += bytes.length;
        this.content -= bytes.length;
        yield { kind: 'bytes', bytes };
        if (this.content === 0) yield { kind: 'end' };
      } else if (this.padding > 0) {
        const skipped = Math.min(this.padding, chunk.length - at);
        at += skipped;
        this.padding -= skipped;
      } else {
        const taken = chunk.copy(this.header, this.headerBytes, at, at + BLOCK - this.headerBytes);
        at += taken;
        this.headerBytes += taken;
        if (this.headerBytes < BLOCK) return;
        this.headerBytes = 0;
        yield* this.entry();
      }
    }
  }

  /** Fails when the archive broke off. */
  finish(): void {
    if (this.content > 0 || this.padding > 0 || this.headerBytes > 0) throw refused('it broke off');
  }

  private *entry(): Generator<TarPart> {
    if (isZero(this.header)) {
      this.over = true;
      return;
    }
    if (this.over) throw refused('something follows its end');
    const entry = parseHeader(this.header);
    if (!entry) return;
    this.content = entry.size;
    this.padding = (BLOCK - (entry.size % BLOCK)) % BLOCK;
    yield { kind: 'entry', entry };
    if (entry.size === 0 && entry.kind === 'file') yield { kind: 'end' };
  }
}
