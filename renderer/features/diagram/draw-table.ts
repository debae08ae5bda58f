import type { DiagramNote, DiagramTable } from '../../../shared/model/diagram';
import {
  HEAD,
  monoWidth,
  PAD,
  ROW,
  shorten,
  shownColumns,
  shownName,
  shownSchema,
  shownType,
  tableSize,
  visible,
  type Style,
} from './geometry';
import type { Shape } from './shapes';

/** What the drawing says in words. */
export interface DrawingWords {
  readonly partitions: (count: number) => string;
}

const RADIUS = 4;

/** Top with round corners, bottom straight: the head of a table that has columns. */
const headPath = (width: number, whole: boolean): string =>
  whole
    ? `M${RADIUS} 0H${width - RADIUS}a4 4 0 0 1 4 4V${HEAD - RADIUS}a4 4 0 0 1 -4 4H${RADIUS}a4 4 0 0 1 -4 -4V${RADIUS}a4 4 0 0 1 4 -4Z`
    : `M${RADIUS} 0H${width - RADIUS}a4 4 0 0 1 4 4V${HEAD}H0V${RADIUS}a4 4 0 0 1 4 -4Z`;

/** A key lying on its side, 12 wide, middle at (x, y). */
const keyPath = (x: number, y: number): string =>
  `M${x - 6} ${y}a3 3 0 1 0 6 0a3 3 0 1 0 -6 0M${x} ${y}H${x + 6}M${x + 6} ${y}v3M${x + 3} ${y}v2.5`;

/** Two links of a chain. */
const linkPath = (x: number, y: number): string =>
  `M${x - 1} ${y - 2.5}h-2.5a2.5 2.5 0 0 0 0 5h2.5M${x + 1} ${y - 2.5}h2.5a2.5 2.5 0 0 1 0 5h-2.5M${x - 2.5} ${y}h5`;

const dotPath = (x: number, y: number): string => `M${x - 2.5} ${y}a2.5 2.5 0 1 0 5 0a2.5 2.5 0 1 0 -5 0Z`;

/** A table with its left upper corner at 0, 0. */
export function drawTable(
  table: DiagramTable,
  style: Style,
  foreign: ReadonlySet<string> | undefined,
  words: DrawingWords,
): Shape[] {
  const { detail } = style;
  const { width, height } = tableSize(table, style, foreign);
  const schema = shownSchema(table, style);
  const columns = shownColumns(table, detail, foreign);
  const primary = new Set(table.primaryKey?.columns);
  const bare = height === HEAD;
  const shapes: Shape[] = [
    { kind: 'rect', x: 0, y: 0, width, height, radius: RADIUS, paint: 'box' },
    { kind: 'path', d: headPath(width, bare), paint: `head-${table.colour}` },
    { kind: 'text', x: PAD, y: 19, anchor: 'start', text: shownName(table.name), paint: 'title' },
  ];
  if (schema !== '')
    shapes.push({ kind: 'text', x: width - PAD, y: 18.5, anchor: 'end', text: schema, paint: 'quiet' });
  if (!bare) shapes.push({ kind: 'path', d: `M0 ${HEAD}H${width}`, paint: 'rule' });
  for (const [index, column] of columns.entries()) {
    const y = HEAD + PAD / 2 + index * ROW + ROW / 2;
    const isKey = primary.has(column.id);
    const isForeign = foreign?.has(column.id) === true;
    const x = PAD + 6;
    if (isKey) shapes.push({ kind: 'path', d: keyPath(x, y), paint: 'primary' });
    else if (isForeign) shapes.push({ kind: 'path', d: linkPath(x, y), paint: 'foreign' });
    else shapes.push({ kind: 'path', d: dotPath(x, y), paint: column.notNull ? 'required' : 'optional' });
    shapes.push(
      {
        kind: 'text',
        x: PAD + 20,
        y: y + 4.5,
        anchor: 'start',
        text: shownName(column.name),
        paint: isKey ? 'key-name' : 'name',
      },
      { kind: 'text', x: width - PAD, y: y + 4.5, anchor: 'end', text: shownType(column.type), paint: 'type' },
    );
  }
  if (table.partitions > 0 && detail !== 'names') {
    const y = HEAD + PAD / 2 + columns.length * ROW + ROW / 2;
    const text = words.partitions(table.partitions);
    shapes.push({ kind: 'text', x: PAD + 20, y: y + 4.5, anchor: 'start', text, paint: 'quiet' });
  }
  return shapes;
}

/** A table seen from afar: its place, its colour, and its name as large as the box allows (never beyond 16 pixels of the screen). */
export function farTitle(table: DiagramTable, width: number, height: number, zoom: number) {
  const text = shorten(visible(table.name), 24);
  const size = Math.min(15 / zoom, (width - 2 * PAD) / (Math.max(4, monoWidth(text) / 12.5) * 1.04), height - PAD);
  return { text, size, x: width / 2, y: Math.min(height / 2, 160) + size * 0.35 };
}

const NOTE_LINE = 18;

/** A note with its left upper corner at 0, 0: lines are broken where words end; what doesn't fit is left out, with … . */
export function drawNote(note: DiagramNote): Shape[] {
  const { width, height } = note;
  const fold = 14;
  const lines = breakLines(note.text, Math.max(4, Math.floor((width - 2 * PAD) / (13 * 0.56))));
  const room = Math.max(1, Math.floor((height - 2 * PAD) / NOTE_LINE));
  const shown = lines.length > room ? [...lines.slice(0, room - 1), `${lines[room - 1] ?? ''}…`] : lines;
  return [
    { kind: 'path', d: `M0 0H${width - fold}L${width} ${fold}V${height}H0Z`, paint: `note-${note.colour}` },
    { kind: 'path', d: `M${width - fold} 0V${fold}H${width}`, paint: 'rule' },
    ...shown.map((text, index): Shape => ({
      kind: 'text',
      x: PAD,
      y: PAD + 13 + index * NOTE_LINE,
      anchor: 'start',
      text: visible(text),
      paint: 'note-text',
    })),
  ];
}

function breakLines(text: string, most: number): string[] {
  return text.split('\n').flatMap((paragraph) => {
    const lines: string[] = [];
    let line = '';
    for (const word of paragraph.split(/(?<=\s)/)) {
      if (line !== '' && line.length + word.trimEnd().length > most) {
        lines.push(line);
        line = '';
      }
      line += word;
      while (line.length > most) {
        lines.push(line.slice(0, most));
        line = line.slice(most);
      }
    }
    return [...lines, line];
  });
}
