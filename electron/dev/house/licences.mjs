import { readFileSync } from 'node:fs';
import { at } from '../paths.mjs';

/** Licences that let us ship a package within an Apache-2.0 program by naming it (SPDX). */
const ALLOWED = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'CC-BY-3.0',
  'CC-BY-4.0',
  'ISC',
  'MIT',
  'MIT-0',
  'PostgreSQL',
  'Python-2.0',
  'Unicode-3.0',
  'Unlicense',
  'Zlib',
]);

/** Tools that only work on our side and are never shipped may also be under these. */
const ALLOWED_TOOLS = new Set([...ALLOWED, 'MPL-2.0', 'WTFPL']);

/** `(MIT OR GPL-2.0)` is fine by its first part, `MIT AND X` needs both. @param {string} expression */
export function isAllowed(expression, allowed = ALLOWED) {
  return expression
    .replace(/[()]/g, '')
    .split(/\s+OR\s+/i)
    .some((choice) => choice.split(/\s+AND\s+/i).every((licence) => allowed.has(licence.trim())));
}

/**
 * What a package says about its licence: the lock first, else its own package.json (older packages use an object).
 * @param {string} path @param {{ license?: string }} entry @returns {string | undefined}
 */
export function licenceOf(path, entry) {
  if (entry.license) return entry.license;
  try {
    const { license, licenses } = JSON.parse(readFileSync(at(path, 'package.json'), 'utf8'));
    const named = license ?? licenses?.map((/** @type {{ type: string }} */ each) => each.type).join(' OR ');
    return typeof named === 'object' ? named.type : named;
  } catch {
    return undefined;
  }
}

/** Every locked package may be used, and shipped when it is a dependency. @returns {string[]} */
export function checkLicences() {
  const { packages } = JSON.parse(readFileSync(at('package-lock.json'), 'utf8'));
  return Object.entries(packages).flatMap(([path, entry]) => {
    if (path === '' || entry.link) return [];
    const licence = licenceOf(path, entry);
    const isTool = entry.dev || entry.devOptional || entry.optional;
    if (licence && isAllowed(licence, isTool ? ALLOWED_TOOLS : ALLOWED)) return [];
    return [`${path.replace(/^.*node_modules\//, '')}: ${licence ?? 'no licence is named'}`];
  });
}
