import { quoteIdent, quoteLiteral } from './quote';
import type { CopyFormat, ResultColumn, Row } from './query';

/** RFC 4180: quoted when it holds a delimiter, a quote or a line break. NULL is empty, the empty string is `""`. */
export function csvCell(value: string | null, delimiter: string): string {
  if (value === null) return '';
  const special =
    value === '' ||
    value === '\\.' ||
    value.includes(delimiter) ||
    value.includes('"') ||
    value.includes('\n') ||
    value.includes('\r');
  return special ? `"${value.replaceAll('"', '""')}"` : value;
}

export const csvLine = (row: Row, delimiter: string): string =>
  row.map((value) => csvCell(value, delimiter)).join(delimiter);

/** Numbers of integer, float and numeric types; 26 is oid. */
const NUMBER_TYPES = new Set([20, 21, 23, 26, 700, 701, 1700]);
const JSON_TYPES = new Set([114, 3802]);
const BOOLEAN = 16;
const JSON_NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;
const SQL_NUMBER = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/;

/** Whether values of a type are aligned and written as numbers. */
export const isNumberType = (typeOid: number): boolean => NUMBER_TYPES.has(typeOid);

function jsonValue(value: string | null, typeOid: number): string {
  if (value === null) return 'null';
  if (typeOid === BOOLEAN) return value === 't' ? 'true' : 'false';
  if (NUMBER_TYPES.has(typeOid) && JSON_NUMBER.test(value)) return value;
  return JSON_TYPES.has(typeOid) ? value : JSON.stringify(value);
}

/** Names made unique by a number behind the second and later ones: a JSON object can hold a key only once. */
function uniqueNames(columns: readonly ResultColumn[]): string[] {
  const seen = new Set<string>();
  return columns.map(({ name }) => {
    let unique = name;
    for (let count = 2; seen.has(unique); count += 1) unique = `${name}_${count}`;
    seen.add(unique);
    return unique;
  });
}

function json(columns: readonly ResultColumn[], rows: readonly Row[]): string {
  const keys = uniqueNames(columns).map((name) => JSON.stringify(name));
  const objects = rows.map((row) => {
    const members = columns.map((column, at) => `${keys[at]}: ${jsonValue(row[at] ?? null, column.typeOid)}`);
    return `  {${members.join(', ')}}`;
  });
  return objects.length === 0 ? '[]' : `[\n${objects.join(',\n')}\n]`;
}

function sqlValue(value: string | null, typeOid: number): string {
  if (value === null) return 'NULL';
  if (NUMBER_TYPES.has(typeOid) && SQL_NUMBER.test(value)) return value;
  return quoteLiteral(value);
}

function inserts(columns: readonly ResultColumn[], rows: readonly Row[], table: string): string {
  const names = columns.map((column) => quoteIdent(column.name)).join(', ');
  return rows
    .map((row) => {
      const values = columns.map((column, at) => sqlValue(row[at] ?? null, column.typeOid));
      return `INSERT INTO ${table} (${names}) VALUES (${values.join(', ')});`;
    })
    .join('\n');
}

const markdownCell = (value: string | null): string =>
  (value ?? '')
    .replaceAll('\\', '\\\\')
    .replaceAll('|', '\\|')
    .replaceAll(/\r\n|\r|\n/g, '<br>');

function markdown(columns: readonly ResultColumn[], rows: readonly Row[], header: boolean): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const body = rows.map((row) => line(columns.map((_column, at) => markdownCell(row[at] ?? null))));
  if (!header) return body.join('\n');
  const rule = columns.map((column) => (NUMBER_TYPES.has(column.typeOid) ? '---:' : '---'));
  return [line(columns.map((column) => markdownCell(column.name))), line(rule), ...body].join('\n');
}

/** A spreadsheet's paste rules: a cell with a tab, quote or line break is quoted. NULL and the empty string are both empty. */
const tsvCell = (value: string | null): string =>
  value !== null && /[\t\n\r"]/.test(value) ? `"${value.replaceAll('"', '""')}"` : (value ?? '');

/**
 * A part of a result as text for the clipboard, without a line break at the end. `table` is the quoted name for INSERT statements; JSON,
 * INSERT carry the names always, the other formats if `header`.
 */
export function formatRows(
  columns: readonly ResultColumn[],
  rows: readonly Row[],
  format: CopyFormat,
  options: { readonly header: boolean; readonly table: string },
): string {
  const names: Row[] = options.header ? [columns.map((column) => column.name)] : [];
  switch (format) {
    case 'tsv':
      return [...names, ...rows].map((row) => row.map(tsvCell).join('\t')).join('\n');
    case 'csv':
      return [...names, ...rows].map((row) => csvLine(row, ',')).join('\r\n');
    case 'json':
      return json(columns, rows);
    case 'jsonl':
      return rows.map((row) => json(columns, [row])).join('\n');
    case 'insert':
      return inserts(columns, rows, options.table);
    case 'markdown':
      return markdown(columns, rows, options.header);
  }
}
