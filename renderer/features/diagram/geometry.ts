import type { DiagramColumn, DiagramTable } from '../../../shared/model/diagram';

/** Sizes of what is drawn, in units of the drawing (pixels at 100 %). Pure: the canvas, the layout and the picture files agree by it. */

/** What of a table's columns is shown. */
export const DETAILS = ['all', 'keys', 'names'] as const;
export type Detail = (typeof DETAILS)[number];

export interface Point {
  readonly x: number;
  readonly y: number;
}
export interface Box extends Point {
  readonly width: number;
  readonly height: number;
}

export const HEAD = 28;
export const ROW = 20;
export const PAD = 8;
const ICON = 20;
const GAP = 20;
const LEAST_WIDTH = 144;
const LONGEST_NAME = 30;
const LONGEST_TYPE = 26;
/** Advance of a character in the two styles of the drawing, as a part of its size; fonts that are narrower leave a little air. */
const MONO = 12.5 * 0.602;
const TITLE = 13 * 0.62;

/** Whether a character takes two places: East Asian scripts and symbols beyond the basic plane. */
const isWide = (character: string): boolean =>
  /[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE4F\uFF00-\uFF60\u{1F000}-\u{3FFFF}]/u.test(
    character,
  );

const places = (text: string): number => {
  let sum = 0;
  for (const character of text) sum += isWide(character) ? 1.66 : 1;
  return sum;
};
export const monoWidth = (text: string): number => places(text) * MONO;
export const titleWidth = (text: string): number => places(text) * TITLE;

/** Control and direction characters, which would change how the rest of a line looks: each becomes a sign that can be seen. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;
export const visible = (text: string): string =>
  text.replaceAll(HIDDEN, (character) => (character === '\n' ? '↵' : character === '\t' ? '→' : '�'));

/** A text cut in its middle, so that it has at most so many characters. */
export function shorten(text: string, most: number): string {
  const all = [...text];
  if (all.length <= most) return text;
  const kept = most - 1;
  return `${all.slice(0, Math.ceil(kept / 2)).join('')}…${all.slice(all.length - Math.floor(kept / 2)).join('')}`;
}

export const shownName = (name: string): string => shorten(visible(name), LONGEST_NAME);
export const shownType = (type: string): string => shorten(visible(type), LONGEST_TYPE);

/** The columns that are shown of a table. */
export function shownColumns(
  table: DiagramTable,
  detail: Detail,
  foreign: ReadonlySet<string> | undefined,
): readonly DiagramColumn[] {
  if (detail === 'all') return table.columns;
  if (detail === 'names') return [];
  const keys = new Set([...(table.primaryKey?.columns ?? []), ...table.uniques.flatMap((key) => key.columns)]);
  return table.columns.filter(({ id }) => keys.has(id) || foreign?.has(id) === true);
}

/** How a diagram's tables are drawn. */
export interface Style {
  readonly detail: Detail;
  /** Whether heads name the schema: where all tables are of one, it would say nothing. */
  readonly schemas: boolean;
}

/** The schema as a table's head names it; empty where it doesn't. */
export const shownSchema = (table: DiagramTable, { schemas }: Style): string =>
  schemas ? shownName(table.schema) : '';

/** Width and height of a table as it is drawn. */
export function tableSize(
  table: DiagramTable,
  style: Style,
  foreign: ReadonlySet<string> | undefined,
): { readonly width: number; readonly height: number } {
  const { detail } = style;
  const columns = shownColumns(table, detail, foreign);
  const schema = shownSchema(table, style);
  const head = 2 * PAD + titleWidth(shownName(table.name)) + (schema === '' ? 0 : GAP + monoWidth(schema));
  let width = Math.max(LEAST_WIDTH, head);
  for (const column of columns) {
    const line = PAD + ICON + monoWidth(shownName(column.name)) + GAP + monoWidth(shownType(column.type)) + PAD;
    width = Math.max(width, line);
  }
  const rows = columns.length + (table.partitions > 0 && detail !== 'names' ? 1 : 0);
  return { width: Math.ceil(width / 8) * 8, height: HEAD + rows * ROW + (rows > 0 ? PAD : 0) };
}

/** Where a column's line is, from the table's top; the middle of the head when it isn't shown. */
export function columnOffset(columns: readonly DiagramColumn[], id: string): number {
  const index = columns.findIndex((column) => column.id === id);
  return index < 0 ? HEAD / 2 : HEAD + PAD / 2 + index * ROW + ROW / 2;
}

/** The box around all boxes; null when there are none. */
export function bounds(boxes: Iterable<Box>): Box | null {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const box of boxes) {
    left = Math.min(left, box.x);
    top = Math.min(top, box.y);
    right = Math.max(right, box.x + box.width);
    bottom = Math.max(bottom, box.y + box.height);
  }
  return left > right ? null : { x: left, y: top, width: right - left, height: bottom - top };
}

export const touches = (a: Box, b: Box): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

/** A box with so much more on every side. */
export const grown = (box: Box, by: number): Box => ({
  x: box.x - by,
  y: box.y - by,
  width: box.width + 2 * by,
  height: box.height + 2 * by,
});
