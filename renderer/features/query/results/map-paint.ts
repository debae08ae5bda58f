import type { Geometry, Position, Shape } from '../../../../shared/model/geometry-shapes';
import { gridLines, gridStep, type MapFrame, type MapSize, toPlane, toScreen } from './map-frame';

/** Colours and font from the tokens in force: a canvas cannot read them by itself. */
export interface MapLook {
  readonly background: string;
  readonly land: string;
  readonly coast: string;
  readonly grid: string;
  readonly text: string;
  readonly shape: string;
  readonly chosen: string;
  readonly font: string;
}

export function mapLook(): MapLook {
  const styles = getComputedStyle(document.documentElement);
  const token = (name: string): string => styles.getPropertyValue(name).trim();
  return {
    background: token('--background'),
    land: token('--surface'),
    coast: token('--border-strong'),
    grid: token('--border'),
    text: token('--muted'),
    shape: token('--accent'),
    chosen: token('--error'),
    font: `${token('--mono-size')} ${token('--font-mono')}`,
  };
}

const POINT = 4;

export interface MapScene {
  readonly geometries: readonly Geometry[];
  /** Index of the chosen one; −1 is none. */
  readonly chosen: number;
  readonly world: readonly Shape[];
  readonly onEarth: boolean;
}

/** Draws everything anew. */
export function paintMap(
  context: CanvasRenderingContext2D,
  scene: MapScene,
  frame: MapFrame,
  size: MapSize,
  look: MapLook,
): void {
  context.fillStyle = look.background;
  context.fillRect(0, 0, size.width, size.height);
  const place = (position: Position): Position => toScreen(frame, size, position);
  context.lineJoin = 'round';
  for (const shape of scene.world) {
    trace(context, shape, place, frame.scale);
    context.fillStyle = look.land;
    context.strokeStyle = look.coast;
    context.lineWidth = 0.75;
    context.fill('evenodd');
    context.stroke();
  }
  paintGrid(context, scene.onEarth, frame, size, look);
  scene.geometries.forEach((geometry, index) => {
    if (index !== scene.chosen) paintGeometry(context, geometry, place, frame.scale, look.shape);
  });
  const chosen = scene.geometries[scene.chosen];
  if (chosen) paintGeometry(context, chosen, place, frame.scale, look.chosen);
}

function paintGeometry(
  context: CanvasRenderingContext2D,
  { shapes }: Geometry,
  place: (position: Position) => Position,
  scale: number,
  color: string,
): void {
  context.strokeStyle = color;
  context.fillStyle = color;
  context.lineWidth = 1.5;
  for (const shape of shapes) {
    trace(context, shape, place, scale);
    if (shape.kind !== 'line') {
      context.globalAlpha = shape.kind === 'point' ? 0.8 : 0.2;
      context.fill('evenodd');
      context.globalAlpha = 1;
    }
    context.stroke();
  }
}

function trace(
  context: CanvasRenderingContext2D,
  shape: Shape,
  place: (position: Position) => Position,
  scale: number,
): void {
  context.beginPath();
  if (shape.kind === 'point' || shape.kind === 'circle') {
    const [x, y] = place(shape.at);
    const radius = shape.kind === 'point' ? POINT : Math.min(1e6, shape.radius * scale);
    context.arc(x, y, radius, 0, 2 * Math.PI);
    return;
  }
  for (const line of shape.kind === 'line' ? [shape.points] : shape.rings) {
    line.forEach((position, index) => {
      const [x, y] = place(position);
      if (index === 0) context.moveTo(x, y);
      else context.lineTo(x, y);
    });
  }
}

/** A graticule in degrees, or the axes' lines, with their figures at the edges. */
function paintGrid(
  context: CanvasRenderingContext2D,
  onEarth: boolean,
  frame: MapFrame,
  size: MapSize,
  look: MapLook,
): void {
  const step = gridStep(frame, 90);
  const [left, top] = toPlane(frame, size, [0, 0]);
  const [right, bottom] = toPlane(frame, size, [size.width, size.height]);
  const unit = onEarth ? '°' : '';
  const digits = Math.min(20, Math.max(0, -Math.floor(Math.log10(step))));
  const label = (value: number): string =>
    `${Math.abs(value) >= 1e9 ? value.toExponential(3) : value.toFixed(digits)}${unit}`;
  context.strokeStyle = look.grid;
  context.fillStyle = look.text;
  context.lineWidth = 1;
  context.font = look.font;
  context.beginPath();
  for (const x of gridLines(left, right, step)) {
    const [at] = toScreen(frame, size, [x, 0]);
    context.moveTo(Math.round(at) + 0.5, 0);
    context.lineTo(Math.round(at) + 0.5, size.height);
    context.fillText(label(x), at + 4, size.height - 6);
  }
  for (const y of gridLines(bottom, top, step)) {
    const [, at] = toScreen(frame, size, [0, y]);
    context.moveTo(0, Math.round(at) + 0.5);
    context.lineTo(size.width, Math.round(at) + 0.5);
    context.fillText(label(y), 4, at - 4);
  }
  context.stroke();
}
