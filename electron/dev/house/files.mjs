import { readFileSync, readdirSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import { root } from '../paths.mjs';

const MADE = new Set(['.git', 'node_modules', 'out', 'release', 'artifacts']);
const BINARY = new Set(['.png', '.ico', '.icns', '.woff2', '.gz', '.dump', '.zst', '.bak']);

/** @typedef {{ path: string, text: string }} TextFile path with `/`, relative to the clone */

/** Every text file that belongs to the project (what is built, fetched or printed isn't). @returns {TextFile[]} */
export function textFiles(from = root) {
  /** @type {TextFile[]} */
  const found = [];
  const walk = (/** @type {string} */ folder) => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory() && !MADE.has(entry.name)) walk(path);
      if (!entry.isFile() || BINARY.has(extname(entry.name)) || entry.name.endsWith('.log')) continue;
      found.push({ path: relative(from, path).split(sep).join('/'), text: readFileSync(path, 'utf8') });
    }
  };
  walk(from);
  return found;
}

/** 1-based line of a position. @param {string} text @param {number} index */
export const lineAt = (text, index) => text.slice(0, index).split('\n').length;
