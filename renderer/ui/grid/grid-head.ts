import type { DrawHeaderCallback } from '@glideapps/glide-data-grid';
import type { ColumnMark } from './grid-overlay';

/** Pixels that one sign takes. */
const SIGN = 14;
const END = 4;
const MENU = 18;

const signsOf = (mark: ColumnMark | undefined): number =>
  mark ? Number(mark.sorted !== null) + Number(mark.filtered) + Number(mark.key) : 0;

/** Pixels of a head's signs. */
export const markWidth = (mark: ColumnMark | undefined): number => signsOf(mark) * SIGN;

/** Draws heads with their signs at the right edge, before that of the menu: key, funnel, arrow. */
export const drawHeads =
  (marks: readonly ColumnMark[] | undefined): DrawHeaderCallback =>
  ({ ctx, column, columnIndex, theme, rect, isSelected, isHovered, hasSelectedCell }, drawContent) => {
    drawContent();
    const mark = marks?.[columnIndex];
    if (!mark || signsOf(mark) === 0) return;
    const plain = hasSelectedCell ? theme.bgHeaderHasFocus : theme.bgHeader;
    ctx.save();
    // The sign of the head's menu stands at the edge while the head is pointed at.
    const menu = isHovered && column.hasMenu === true ? MENU : 0;
    let x = rect.x + rect.width - END - menu - markWidth(mark);
    ctx.fillStyle = isSelected ? theme.accentColor : plain;
    ctx.fillRect(x - 2, rect.y + 1, markWidth(mark) + 2, rect.height - 2);
    ctx.fillStyle = isSelected ? theme.textHeaderSelected : theme.accentColor;
    ctx.strokeStyle = ctx.fillStyle;
    ctx.lineWidth = 1.5;
    const middle = rect.y + rect.height / 2;
    if (mark.key) {
      drawKey(ctx, x, middle);
      x += SIGN;
    }
    if (mark.filtered) {
      drawFunnel(ctx, x, middle);
      x += SIGN;
    }
    if (mark.sorted !== null) drawArrow(ctx, x, middle, mark.sorted === 'ascending' ? -1 : 1);
    ctx.restore();
  };

function drawKey(ctx: CanvasRenderingContext2D, x: number, y: number): void {
  ctx.beginPath();
  ctx.arc(x + 3.5, y, 2.5, 0, Math.PI * 2);
  ctx.moveTo(x + 6, y);
  ctx.lineTo(x + 12, y);
  ctx.lineTo(x + 12, y + 3);
  ctx.moveTo(x + 9, y);
  ctx.lineTo(x + 9, y + 2.5);
  ctx.stroke();
}

function drawFunnel(ctx: CanvasRenderingContext2D, x: number, y: number): void {
  ctx.beginPath();
  ctx.moveTo(x + 1, y - 4);
  ctx.lineTo(x + 11, y - 4);
  ctx.lineTo(x + 7, y + 0.5);
  ctx.lineTo(x + 7, y + 5);
  ctx.lineTo(x + 5, y + 3.5);
  ctx.lineTo(x + 5, y + 0.5);
  ctx.closePath();
  ctx.fill();
}

/** `way`: −1 is up, 1 is down. */
function drawArrow(ctx: CanvasRenderingContext2D, x: number, y: number, way: number): void {
  ctx.beginPath();
  ctx.moveTo(x + 2, y - 2.5 * way);
  ctx.lineTo(x + 10, y - 2.5 * way);
  ctx.lineTo(x + 6, y + 3 * way);
  ctx.closePath();
  ctx.fill();
}
