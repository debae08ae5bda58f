import { readFileSync, writeFileSync } from 'node:fs';
import { at } from './paths.mjs';
import { shopRows } from './shop-rows.mjs';

/**
 * Writes resources/sample/shop.sql: the frame in shop-frame.sql with the rows of shop-rows.mjs as COPY blocks. The same input gives the
 * same file, byte by byte: `node electron/dev/make-shop.mjs`.
 */

/** @param {string | number | null} value */
const field = (value) =>
  value === null
    ? '\\N'
    : String(value).replaceAll('\\', '\\\\').replaceAll('\t', '\\t').replaceAll('\n', '\\n').replaceAll('\r', '\\r');

/** @param {string} table @param {readonly string[]} columns @param {readonly (readonly (string | number | null)[])[]} rows */
const copy = (table, columns, rows) =>
  `COPY ${table} (${columns.join(', ')}) FROM stdin;\n${rows.map((row) => `${row.map(field).join('\t')}\n`).join('')}\\.\n`;

const blocks = shopRows().map(({ table, columns, rows }) => copy(table, columns, rows));
const frame = readFileSync(at('electron/dev/shop-frame.sql'), 'utf8');
const mark = '-- @rows\n';
if (!frame.includes(mark)) throw new Error('shop-frame.sql has no line "-- @rows"');
writeFileSync(
  at('resources/sample/shop.sql'),
  frame.replace(mark, () => blocks.join('\n\n')),
);
