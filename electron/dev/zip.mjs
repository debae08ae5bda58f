import { fstatSync, readSync } from 'node:fs';
import { crc32, inflateRawSync } from 'node:zlib';

/** @typedef {{ name: string, method: number, packed: number, size: number, crc: number, mode: number, offset: number }} ZipEntry */

const END_OF_DIRECTORY = Buffer.from([0x50, 0x4b, 0x05, 0x06]);
/** The end record is 22 bytes long and may be followed by a comment of at most 65,535. */
const LONGEST_END = 22 + 65_535;

/** @param {number} fd @param {number} position @param {number} length */
function readAt(fd, position, length) {
  const buffer = Buffer.alloc(length);
  const got = readSync(fd, buffer, 0, length, position);
  if (got !== length) throw new Error(`The archive ends early (at ${position + got})`);
  return buffer;
}

/**
 * The central directory of a ZIP file below 4 GiB (format: APPNOTE 4.3.12 and 4.3.16).
 * @param {number} fd @returns {ZipEntry[]}
 */
export function zipEntries(fd) {
  const size = fstatSync(fd).size;
  const length = Math.min(size, LONGEST_END);
  const tail = readAt(fd, size - length, length);
  const end = tail.lastIndexOf(END_OF_DIRECTORY);
  if (end < 0) throw new Error('This is not a ZIP archive');
  const directory = readAt(fd, tail.readUInt32LE(end + 16), tail.readUInt32LE(end + 12));
  const entries = [];
  for (let at = 0; at < directory.length;) {
    const nameLength = directory.readUInt16LE(at + 28);
    const name = directory.toString('utf8', at + 46, at + 46 + nameLength);
    entries.push({
      name,
      method: directory.readUInt16LE(at + 10),
      crc: directory.readUInt32LE(at + 16),
      packed: directory.readUInt32LE(at + 20),
      size: directory.readUInt32LE(at + 24),
      // The upper half of the external attributes are Unix permissions.
      mode: directory.readUInt32LE(at + 38) >>> 16,
      offset: directory.readUInt32LE(at + 42),
    });
    at += 46 + nameLength + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
  }
  return entries;
}

/** @param {number} fd @param {ZipEntry} entry @returns {Buffer} the unpacked bytes, checked by length and CRC */
export function zipBytes(fd, entry) {
  const header = readAt(fd, entry.offset, 30);
  const start = entry.offset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
  const packed = readAt(fd, start, entry.packed);
  const bytes = entry.method === 0 ? packed : inflateRawSync(packed, { maxOutputLength: entry.size + 1 });
  // crc32 came to node:zlib with 20.15 and 22.2.
  if (bytes.length !== entry.size || crc32(bytes) !== entry.crc) throw new Error(`${entry.name} is damaged`);
  return bytes;
}
