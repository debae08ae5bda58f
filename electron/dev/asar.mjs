import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const BLOCK = 4 * 1024 * 1024;
const sha256 = (/** @type {Buffer} */ bytes) => createHash('sha256').update(bytes).digest('hex');

function integrity(/** @type {Buffer} */ bytes) {
  const blocks = [];
  for (let from = 0; from < bytes.length || from === 0; from += BLOCK)
    blocks.push(sha256(bytes.subarray(from, from + BLOCK)));
  return { algorithm: 'SHA256', hash: sha256(bytes), blockSize: BLOCK, blocks };
}

/**
 * Writes the files of one folder (no folders inside) as an asar archive: two Chromium pickles — the size of the header, then the header as
 * JSON padded to four bytes — followed by the bodies.
 * @param {string} folder @param {string} target
 */
export function writeAsar(folder, target) {
  /** @type {Record<string, object>} */
  const files = {};
  const bodies = [];
  let offset = 0;
  for (const name of readdirSync(folder).sort()) {
    const bytes = readFileSync(join(folder, name));
    files[name] = { size: bytes.length, offset: String(offset), integrity: integrity(bytes) };
    bodies.push(bytes);
    offset += bytes.length;
  }
  const json = Buffer.from(JSON.stringify({ files }));
  const padding = Buffer.alloc((4 - (json.length % 4)) % 4);
  const padded = json.length + padding.length;
  const sizes = Buffer.alloc(16);
  [4, padded + 8, padded + 4, json.length].forEach((value, index) => sizes.writeUInt32LE(value, index * 4));
  writeFileSync(target, Buffer.concat([sizes, json, padding, ...bodies]));
}
