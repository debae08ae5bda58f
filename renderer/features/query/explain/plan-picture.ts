import { xmlText, type Picture, type TokenOf } from '../../../ui/picture';
import { BOX, cutText, PLACES, type PlanBox, type PlanDrawing } from './plan-drawing';
import { nodeDetail, type Heat } from './plan-figures';

/** Pictures of a plan as files. */

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
    `<text x="${x + dx}" y="${y + dy}" fill="${token(fill)}" ${more}>${xmlText(value)}</text>`;
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
