import { AppError } from '../../../shared/errors';
import { drawRelation } from './draw-relation';
import { drawNote, drawTable, type DrawingWords } from './draw-table';
import { bounds, grown } from './geometry';
import { paintAttributes, type TokenOf } from './picture-paints';
import { lineOf } from './routes';
import type { Scene } from './scene';
import type { Shape } from './shapes';

/** Picture files of a diagram. */

const MARGIN = 32;
/** Room for lines that turn right of the last table. */
const LINE_ROOM = 80;

/** Text as XML holds it: characters that XML 1.0 can't hold are gone already (geometry.visible) or replaced here. */
const escaped = (text: string): string =>
  text
    .replaceAll(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '�')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');

function shapeText(shape: Shape, token: TokenOf): string {
  const paint = paintAttributes(shape.paint, token);
  switch (shape.kind) {
    case 'rect':
      return `<rect x="${shape.x}" y="${shape.y}" width="${shape.width}" height="${shape.height}" rx="${shape.radius}" ${paint}/>`;
    case 'path':
      return `<path d="${shape.d}" ${paint}/>`;
    case 'text':
      return `<text x="${shape.x}" y="${shape.y}" text-anchor="${shape.anchor}" direction="ltr" unicode-bidi="isolate" xml:space="preserve" ${paint}>${escaped(shape.text)}</text>`;
  }
}

export interface Picture {
  readonly svg: string;
  readonly width: number;
  readonly height: number;
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

/** A side and an area that every graphics card draws. */
const MOST_SIDE = 16_000;
const MOST_AREA = 120_000_000;

/** How many pixels a unit of the drawing gets in a PNG: two where that fits. Null when names could not be read any more. */
export function pictureScale(width: number, height: number): number | null {
  const scale = Math.min(2, MOST_SIDE / Math.max(width, height), Math.sqrt(MOST_AREA / (width * height)));
  return scale < 0.4 ? null : scale;
}

/** A picture as the bytes of a PNG. Fails with `invalid-input` when it would be too large. */
export async function pngOf({ svg, width, height }: Picture): Promise<Uint8Array<ArrayBuffer>> {
  const scale = pictureScale(width, height);
  if (scale === null) {
    throw new AppError({
      code: 'invalid-input',
      message: 'The diagram is too large for a PNG',
      detail: `${width} × ${height} units; names could not be read in the largest picture that can be drawn.`,
      hint: 'Export it as SVG, or show the keys or names only.',
    });
  }
  const address = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/png'));
    if (!blob) throw new AppError({ code: 'invalid-input', message: 'The picture could not be made' });
    return new Uint8Array(await blob.arrayBuffer());
  } finally {
    URL.revokeObjectURL(address);
  }
}
