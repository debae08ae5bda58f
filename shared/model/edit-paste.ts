import type { EditColumn, NewValue } from './edit';

/**
 * Cells of a text from the clipboard as spreadsheets write it: tabs between cells, a line for each row. A cell with tabs, line breaks or quotes
 * stands in quotes, its own ones doubled. A line break at the end ends the last row.
 */
export function parseCells(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  while (at < text.length) {
    const { value, next } = text[at] === '"' ? quotedCell(text, at) : plainCell(text, at);
    row.push(value);
    at = next;
    if (text[at] === '\t') {
      at += 1;
      if (at === text.length) row.push('');
      continue;
    }
    rows.push(row);
    row = [];
    if (text[at] === '\r') at += 1;
    if (text[at] === '\n') at += 1;
  }
  if (row.length > 0) rows.push(row);
  return rows;
}

interface Cell {
  readonly value: string;
  /** Where the tab or line break after it stands. */
  readonly next: number;
}

function plainCell(text: string, start: number): Cell {
  let end = start;
  while (end < text.length && text[end] !== '\t' && text[end] !== '\n' && text[end] !== '\r') end += 1;
  return { value: text.slice(start, end), next: end };
}

/** A quote that is not closed before a separator is a plain character. */
function quotedCell(text: string, start: number): Cell {
  let value = '';
  let at = start + 1;
  for (;;) {
    const quote = text.indexOf('"', at);
    if (quote < 0) return plainCell(text, start);
    value += text.slice(at, quote);
    const after = text[quote + 1];
    if (after === '"') {
      value += '"';
      at = quote + 2;
    } else if (after === undefined || after === '\t' || after === '\n' || after === '\r') {
      return { value, next: quote + 1 };
    } else return plainCell(text, start);
  }
}

const TEXT_TYPES = /^(text|character|bpchar|"char"|name|(?:.+\.)?citext)/;

/** Whether an empty text is a value of the column's type. */
export const takesEmptyText = (column: EditColumn): boolean => TEXT_TYPES.test(column.type);

/** What a pasted text means for a column: nothing is NULL where the empty string is no value. */
export const pastedValue = (text: string, column: EditColumn): NewValue =>
  text === '' && !takesEmptyText(column) && column.nullable ? null : text;
