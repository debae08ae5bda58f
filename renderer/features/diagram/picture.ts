import { AppError } from '../../../shared/errors';
import { xmlText, type Picture, type TokenOf } from '../../ui/picture';
import { drawRelation } from './draw-relation';
import { drawNote, drawTable, type DrawingWords } from './draw-table';
import { bounds, grown } from './geometry';
import { paintAttributes } from './picture-paints';
import { lineOf } from './routes';
import type { Scene } from './scene';
import type { Shape } from './shapes';

/** Picture files of a diagram. */

const MARGIN = 32;
/** Room for lines that turn right of the last table. */
const LINE_ROOM = 80;

function shapeText(shape: Shape, token: TokenOf): string {
  const paint = paintAttributes(shape.paint, token);
  switch (shape.kind) {
    case 'rect':
      return `<rect x="${shape.x}" y="${shape.y}" width="${shape.width}" height="${shape.height}" rx="${shape.radius}" ${paint}/>`;
    case 'path':
      return `<path d="${shape.d}" ${paint}/>`;
    case 'text':
      return `<text x="${shape.x}" y="${shape.y}" text-anchor="${shape.anchor}" direction="ltr" unicode-bidi="isolate" xml:space="preserve" ${paint}>${xmlText(shape.text)}</text>`;
  }
}

/** A whole diagram as an SVG file that needs nothing else. Fails with `invalid-input` when there is nothing to draw. */
export function pictureOf(scene: Scene, words: DrawingWords, token: TokenOf): Picture {
  const { diagram, boxes, style, foreign } = scene;
  const all = bounds(boxes.values());
  if (!all) throw new AppError({ code: 'invalid-input', message: 'The diagram is empty' });
  const box = grown(all, MARGIN);
  const width = Math.ceil(box.width) + LINE_ROOM;
  const height = Math.ceil(box.height);
  const lines = diagram.relations.flatMap((relation) => {
    const line = lineOf(scene, relation);
    return line ? drawRelation(relation, line.table, line.route) : [];
  });
  const groups = [
    ...diagram.tables.map((table) => ({ at: table, shapes: drawTable(table, style, foreign.get(table.id), words) })),
    ...diagram.notes.map((note) => ({ at: note, shapes: drawNote(note) })),
  ];
  const svg = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="${box.x} ${box.y} ${width} ${height}">`,
    `<rect x="${box.x}" y="${box.y}" width="${width}" height="${height}" fill="${token('--background')}"/>`,
    ...lines.map((shape) => shapeText(shape, token)),
    ...groups.map(
      ({ at, shapes }) =>
        `<g transform="translate(${at.x} ${at.y})">${shapes.map((shape) => shapeText(shape, token)).join('')}</g>`,
    ),
    '</svg>\n',
  ].join('\n');
  return { svg, width, height };
}
