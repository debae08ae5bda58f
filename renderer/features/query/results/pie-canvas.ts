import type { PieSlice } from '../../../../shared/model/chart';

/** Pixels of the picture for one of the window: sharp in print. */
const SCALE = 2;
/** In units of the SVG. */
const RADIUS = 100;
const PADDING = 16;
const GAP = 12;
const LINE = 24;
const SWATCH = 12;

/** What a pie shows, its slices and the list beside, on a canvas: an SVG with the window's styles can't be painted as it is. */
export function pieCanvas(frame: HTMLElement, slices: readonly PieSlice[]): HTMLCanvasElement | null {
  const svg = frame.querySelector('svg');
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d');
  if (!svg || !context) return null;
  const { width: view } = svg.viewBox.baseVal;
  const side = Math.max(svg.clientWidth, view);
  const style = getComputedStyle(frame);
  const font = `${style.fontSize} ${style.fontFamily}`;
  const lines = [...frame.querySelectorAll('li')].map((line) => {
    const [swatch, ...cells] = line.children;
    const text = cells.map((cell) => cell.textContent).join('   ');
    return { text, color: swatch ? getComputedStyle(swatch).backgroundColor : '' };
  });
  context.font = font;
  const widest = Math.max(0, ...lines.map(({ text }) => context.measureText(text).width));
  const width = PADDING * 3 + side + SWATCH + GAP + widest;
  const height = PADDING * 2 + Math.max(side, lines.length * LINE);
  canvas.width = Math.ceil(width * SCALE);
  canvas.height = Math.ceil(height * SCALE);
  context.scale(SCALE, SCALE);

  context.save();
  context.translate(PADDING + side / 2, height / 2);
  context.scale(side / view, side / view);
  const shapes = svg.querySelectorAll('path, circle');
  let start = -Math.PI / 2;
  slices.forEach(({ share }, index) => {
    const shape = shapes[index];
    if (!shape) return;
    const end = start + share * 2 * Math.PI;
    context.beginPath();
    if (share < 1) context.moveTo(0, 0);
    context.arc(0, 0, RADIUS, start, end);
    context.closePath();
    start = end;
    const { fill, stroke, strokeWidth } = getComputedStyle(shape);
    context.fillStyle = fill;
    context.fill();
    if (stroke === 'none') return;
    context.strokeStyle = stroke;
    context.lineWidth = Number.parseFloat(strokeWidth);
    context.stroke();
  });
  context.restore();

  // The size of a canvas that changes takes its font along.
  context.font = font;
  context.textBaseline = 'middle';
  const left = PADDING * 2 + side;
  const top = (height - lines.length * LINE) / 2 + LINE / 2;
  lines.forEach(({ text, color }, index) => {
    const middle = top + index * LINE;
    context.fillStyle = color;
    context.fillRect(left, middle - SWATCH / 2, SWATCH, SWATCH);
    context.fillStyle = style.color;
    context.fillText(text, left + SWATCH + GAP, middle);
  });
  return canvas;
}
