import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Stop, program, say } from './console.mjs';
import { at } from './paths.mjs';
import { run } from './process.mjs';

// Draws resources/icons anew from howdah.svg (wants rsvg-convert of the system package librsvg2-bin). The results are committed: packaging
// works without it.

/** Sizes of the icon theme specification that Linux desktops ask for. */
const LINUX = [16, 24, 32, 48, 64, 128, 256, 512];
const WINDOWS = [16, 24, 32, 48, 64, 128, 256];
/** Type codes of PNG images in an .icns file. */
const MAC = /** @type {const} */ ([
  ['ic11', 32],
  ['ic12', 64],
  ['ic07', 128],
  ['ic08', 256],
  ['ic09', 512],
  ['ic10', 1024],
]);

/** An .ico file of PNG images (Windows Vista and later). @param {readonly (readonly [number, Buffer])[]} images */
function ico(images) {
  const header = Buffer.alloc(6 + 16 * images.length);
  header.writeUInt16LE(1, 2);
  header.writeUInt16LE(images.length, 4);
  let offset = header.length;
  images.forEach(([size, bytes], index) => {
    const entry = 6 + 16 * index;
    // One byte each: 0 stands for 256.
    header.writeUInt8(size % 256, entry);
    header.writeUInt8(size % 256, entry + 1);
    header.writeUInt16LE(1, entry + 4);
    header.writeUInt16LE(32, entry + 6);
    header.writeUInt32LE(bytes.length, entry + 8);
    header.writeUInt32LE(offset, entry + 12);
    offset += bytes.length;
  });
  return Buffer.concat([header, ...images.map(([, bytes]) => bytes)]);
}

/** @param {string} type @param {readonly Buffer[]} parts */
function chunk(type, ...parts) {
  const head = Buffer.alloc(8);
  head.write(type, 'latin1');
  head.writeUInt32BE(8 + parts.reduce((total, part) => total + part.length, 0), 4);
  return Buffer.concat([head, ...parts]);
}

await program(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'howdah-icons-'));
  try {
    const source = at('resources/icons/howdah.svg');
    const drawn = new Map();
    for (const size of new Set([...LINUX, ...WINDOWS, ...MAC.map(([, edge]) => edge)])) {
      const file = join(folder, `${size}.png`);
      const { code, output } = await run('rsvg-convert', ['-w', String(size), source, '-o', file], { output: 'quiet' });
      if (code !== 0) throw new Stop(`rsvg-convert failed (system package librsvg2-bin): ${output}`);
      drawn.set(size, readFileSync(file));
    }
    for (const size of LINUX) writeFileSync(at(`resources/icons/${size}x${size}.png`), drawn.get(size));
    writeFileSync(at('resources/icons/howdah.ico'), ico(WINDOWS.map((size) => [size, drawn.get(size)])));
    const images = MAC.map(([type, size]) => chunk(type, drawn.get(size)));
    writeFileSync(at('resources/icons/howdah.icns'), chunk('icns', ...images));
    say('Drawn: resources/icons');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
