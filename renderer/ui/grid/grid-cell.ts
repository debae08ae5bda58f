import { type GridCell, GridCellKind, type Theme } from '@glideapps/glide-data-grid';
import { cellText, fitNumber } from './grid-model';
import type { CellTone, OverlayCell } from './grid-overlay';
import type { GridLook } from './grid-theme';

export const LOADING: GridCell = { kind: GridCellKind.Loading, allowOverlay: false, skeletonWidth: 48 };

export interface CellLook {
  readonly look: GridLook;
  readonly nullText: string;
  readonly rightAligned: boolean;
  /** Characters of a number that fit. */
  readonly room: number;
}

/** One cell on the canvas; `value` is the source's (undefined: not here yet), `overlay` what stands over it. */
export function cellOf(value: string | null | undefined, overlay: OverlayCell | null, how: CellLook): GridCell {
  const shown = overlay?.value === undefined ? value : overlay.value;
  const placeholder = overlay?.placeholder;
  if (shown === undefined && placeholder === undefined) return LOADING;
  const contentAlign = how.rightAligned ? 'right' : 'left';
  const tone = overlay?.tone ? how.look.tones[overlay.tone] : undefined;
  if (placeholder !== undefined || shown === null || shown === undefined) {
    const text = placeholder ?? how.nullText;
    return textCell(text, contentAlign, { ...tone, ...how.look.nullTheme });
  }
  const line = cellText(shown);
  return textCell(how.rightAligned ? fitNumber(line, how.room) : line, contentAlign, tone);
}

const textCell = (
  text: string,
  contentAlign: 'left' | 'right',
  themeOverride: Partial<Theme> | undefined,
): GridCell => ({
  kind: GridCellKind.Text,
  allowOverlay: false,
  data: text,
  displayData: text,
  contentAlign,
  ...(themeOverride === undefined ? {} : { themeOverride }),
});

/** Where a sign is drawn, in canvas pixels. */
export interface SignPlace {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** What tells a tone without its colour: a corner, a plus, a line through the text, an exclamation mark. */
export function drawTone(
  context: CanvasRenderingContext2D,
  tone: CellTone,
  { x, y, width, height }: SignPlace,
  { color, firstColumn }: { readonly color: string; readonly firstColumn: boolean },
): void {
  context.save();
  context.fillStyle = color;
  context.strokeStyle = color;
  context.lineWidth = 1.5;
  context.beginPath();
  if (tone === 'deleted') {
    context.moveTo(x + 4, y + height / 2);
    context.lineTo(x + width - 4, y + height / 2);
    context.stroke();
  } else if (tone === 'changed') {
    context.moveTo(x + 1, y + 1);
    context.lineTo(x + 7, y + 1);
    context.lineTo(x + 1, y + 7);
    context.fill();
  } else if (tone === 'added') {
    if (firstColumn) {
      context.moveTo(x + 1, y + 6);
      context.lineTo(x + 7, y + 6);
      context.moveTo(x + 4, y + 3);
      context.lineTo(x + 4, y + 9);
      context.stroke();
    }
  } else {
    context.fillRect(x + 2, y + 4, 2, height - 12);
    context.fillRect(x + 2, y + height - 6, 2, 2);
  }
  context.restore();
}
