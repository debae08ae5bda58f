import { AppError } from '../../../../shared/errors';
import { BOX, cutText, PLACES, type PlanBox, type PlanDrawing } from './plan-drawing';
import { nodeDetail, type Heat } from './plan-figures';

/** Pictures of a plan as files. */

/** Reads a token of the page, e.g. `--accent`: a file carries the colours of the theme it was made in. */
export type TokenOf = (name: string) => string;

const MARGIN = 32;
const FONTS = {
  ui: `font-family="system-ui, 'Segoe UI', Roboto, 'Noto Sans', 'DejaVu Sans', sans-serif" font-size="13"`,
  mono: `font-family="ui-monospace, Consolas, 'DejaVu Sans Mono', monospace" font-size="12.5"`,
};

/** The token of a heat's colour; the canvas's style sheet says the same. */
const HEAT: Readonly<Record<Heat, { readonly bar: string; readonly text: string }>> = {
  none: { bar: '--info', text: '--muted' },
  some: { bar: '--warn', text: '--warn' },
  much: { bar: '--warn', text: '--warn' },
  most: { bar: '--error', text: '--error' },
};

const escaped = (text: string): string =>
  text
    .replaceAll(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');

export interface BoxWords {
  /** Time, cost or share, and rows. */
  readonly figures: string;
  readonly share: string;
  /** What is wrong with its estimate; empty: nothing. */
  readonly off: string;
}

function boxText(box: PlanBox, words: BoxWords, token: TokenOf): string {
  const { node, x, y, heat, share, costly, never } = box;
  const text = (dx: number, dy: number, fill: string, value: string, more: string): string =>
    `<text x="${x + dx}" y="${y + dy}" fill="${token(fill)}" ${more}>${escaped(value)}</text>`;
  const right = `${FONTS.ui} text-anchor="end"`;
  const frame = costly ? `stroke="${token('--accent')}" stroke-width="2"` : `stroke="${token('--border-strong')}"`;
  return [
    `<rect x="${x}" y="${y}" width="${BOX.width}" height="${BOX.height}" rx="4" fill="${token('--raised')}" ${frame}${never ? ' stroke-dasharray="4 3"' : ''}/>`,
    text(BOX.pad, 20, '--text', cutText(node.title, PLACES.title + 2), `${FONTS.ui} font-weight="600"`),
    text(BOX.pad, 37, '--text', cutText(nodeDetail(node), PLACES.target), FONTS.mono),
    text(BOX.pad, 54, '--muted', cutText(words.figures, PLACES.figures), FONTS.ui),
    text(BOX.width - BOX.pad, 54, HEAT[heat].text, words.share, right),
    words.off === '' ? '' : text(BOX.width, -6, '--warn', `⚠ ${words.off}`, right),
    `<rect x="${x + 1}" y="${y + BOX.height - 4}" width="${Math.max(0, (BOX.width - 2) * (share ?? 0))}" height="3" fill="${token(HEAT[heat].bar)}"/>`,
  ].join('');
}

export interface Picture {
  readonly svg: string;
  readonly width: number;
  readonly height: number;
}

/** A drawn plan as an SVG file that needs nothing else. */
export function pictureOf(drawing: PlanDrawing, wordsOf: (box: PlanBox) => BoxWords, token: TokenOf): Picture {
  const width = Math.ceil(drawing.width) + 2 * MARGIN;
  const height = Math.ceil(drawing.height) + 2 * MARGIN;
  const svg = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="${-MARGIN} ${-MARGIN} ${width} ${height}">`,
    `<rect x="${-MARGIN}" y="${-MARGIN}" width="${width}" height="${height}" fill="${token('--background')}"/>`,
    ...drawing.edges.map(({ d, width: stroke, aside, from }) => {
      const colour = token(from.costly ? '--accent' : '--border-strong');
      return `<path d="${d}" fill="none" stroke="${colour}" stroke-width="${stroke.toFixed(1)}"${aside ? ' stroke-dasharray="6 4"' : ''}/>`;
    }),
    ...drawing.boxes.map((box) => boxText(box, wordsOf(box), token)),
    '</svg>\n',
  ].join('\n');
  return { svg, width, height };
}

const MOST_SIDE = 16_000;
const MOST_AREA = 120_000_000;

/** A picture as the bytes of a PNG. Fails with `invalid-input` when it would be too large to be read. */
export async function pngOf({ svg, width, height }: Picture): Promise<Uint8Array<ArrayBuffer>> {
  const scale = Math.min(2, MOST_SIDE / Math.max(width, height), Math.sqrt(MOST_AREA / (width * height)));
  if (scale < 0.4) {
    throw new AppError({
      code: 'invalid-input',
      message: 'The plan is too large for a PNG',
      hint: 'Save it as SVG.',
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
