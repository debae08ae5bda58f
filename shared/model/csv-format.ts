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
export function uniqueNames(columns: readonly ResultColumn[]): string[] {
  const seen = new Set<string>();
  return columns.map(({ name }) => {
    let unique = name;
    for (let count = 2; seen.has(unique); count += 1) unique = `${name}_${count}`;
    seen.add(unique);
    return unique;
  });
}

/** White space between the parts of a document may hold line breaks; within its strings they are escaped. */
const onOneLine = (text: string): string => text.replaceAll(/[\r\n]+/g, ' ');

function jsonObject(columns: readonly ResultColumn[]): (row: Row) => string {
  const keys = uniqueNames(columns).map((name) => JSON.stringify(name));
  return (row) => {
    const members = columns.map((column, at) => `${keys[at]}: ${jsonValue(row[at] ?? null, column.typeOid)}`);
    return `{${members.join(', ')}}`;
  };
}

function sqlValue(value: string | null, typeOid: number): string {
  if (value === null) return 'NULL';
  if (NUMBER_TYPES.has(typeOid) && SQL_NUMBER.test(value)) return value;
  return quoteLiteral(value);
}

function insertOf(columns: readonly ResultColumn[], table: string): (row: Row) => string {
  const names = columns.map((column) => quoteIdent(column.name)).join(', ');
  return (row) => {
    const values = columns.map((column, at) => sqlValue(row[at] ?? null, column.typeOid));
    return `INSERT INTO ${table} (${names}) VALUES (${values.join(', ')});`;
  };
}

const markdownCell = (value: string | null): string =>
  (value ?? '')
    .replaceAll('\\', '\\\\')
    .replaceAll('|', '\\|')
    .replaceAll(/\r\n|\r|\n/g, '<br>');

const markdownLine = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

function markdownHead(columns: readonly ResultColumn[]): string {
  const rule = columns.map((column) => (NUMBER_TYPES.has(column.typeOid) ? '---:' : '---'));
  return `${markdownLine(columns.map((column) => markdownCell(column.name)))}\n${markdownLine(rule)}`;
}

/** A spreadsheet's paste rules: a cell with a tab, quote or line break is quoted. NULL and the empty string are both empty. */
const tsvCell = (value: string | null): string =>
  value !== null && /[\t\n\r"]/.test(value) ? `"${value.replaceAll('"', '""')}"` : (value ?? '');

/** How rows become a text: `head`, then rows with `between` between them (after the head as well when it is not empty), then `tail`. */
export interface TextFormat {
  readonly head: string;
  /** Between the head and the first row. */
  readonly afterHead: string;
  readonly row: (row: Row) => string;
  readonly between: string;
  readonly tail: string;
}

/** `table` is the quoted name for INSERT statements; JSON and INSERT carry the names always, the other formats if `header`. */
export function textFormat(
  format: CopyFormat,
  columns: readonly ResultColumn[],
  options: { readonly header: boolean; readonly table: string },
): TextFormat {
  const names = columns.map((column) => column.name);
  const lines = (row: (row: Row) => string, head: string, lineEnd = '\n'): TextFormat => ({
    head: options.header ? head : '',
    afterHead: options.header ? lineEnd : '',
    row,
    between: lineEnd,
    tail: '',
  });
  switch (format) {
    case 'tsv': {
      const line = (row: Row): string => row.map(tsvCell).join('\t');
      return lines(line, line(names));
    }
    case 'csv':
      return lines((row) => csvLine(row, ','), csvLine(names, ','), '\r\n');
    case 'json': {
      const object = jsonObject(columns);
      return { head: '[', afterHead: '\n', row: (row) => `  ${object(row)}`, between: ',\n', tail: '\n]' };
    }
    case 'jsonl': {
      const object = jsonObject(columns);
      return { head: '', afterHead: '', row: (row) => onOneLine(object(row)), between: '\n', tail: '' };
    }
    case 'insert':
      return { head: '', afterHead: '', row: insertOf(columns, options.table), between: '\n', tail: '' };
    case 'markdown':
      return lines(
        (row) => markdownLine(columns.map((_column, at) => markdownCell(row[at] ?? null))),
        markdownHead(columns),
      );
  }
}

/** A part of a result as text for the clipboard, without a line break at the end. */
export function formatRows(
  columns: readonly ResultColumn[],
  rows: readonly Row[],
  format: CopyFormat,
  options: { readonly header: boolean; readonly table: string },
): string {
  if (format === 'json' && rows.length === 0) return '[]';
  const { head, afterHead, row, between, tail } = textFormat(format, columns, options);
  const body = rows.map(row).join(between);
  return `${head}${rows.length === 0 ? '' : afterHead}${body}${tail}`;
}
