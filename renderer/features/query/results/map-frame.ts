import type { Extent } from '../../../../shared/model/geometry';
import type { Geometry, Position, Shape } from '../../../../shared/model/geometry-shapes';

/** What of a plane is shown: its middle, and how many pixels a unit is. */
export interface MapFrame {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

export interface MapSize {
  readonly width: number;
  readonly height: number;
}

/** Pixels around what is shown. */
const MARGIN = 24;

/** The frame in which an extent is whole. */
export function frameFor(extent: Extent, size: MapSize): MapFrame {
  const width = Math.max(1, size.width - 2 * MARGIN);
  const height = Math.max(1, size.height - 2 * MARGIN);
  const [spanX, spanY] = [extent.maxX - extent.minX, extent.maxY - extent.minY];
  const scale = Math.min(width / spanX, height / spanY);
  return {
    x: extent.minX + spanX / 2,
    y: extent.minY + spanY / 2,
    // A single point has no span: a unit or two around it.
    scale: Number.isFinite(scale) && scale > 0 ? scale : Math.min(width, height) / 4,
  };
}

export const toScreen = (frame: MapFrame, size: MapSize, [x, y]: Position): Position => [
  size.width / 2 + (x - frame.x) * frame.scale,
  size.height / 2 - (y - frame.y) * frame.scale,
];

export const toPlane = (frame: MapFrame, size: MapSize, [x, y]: Position): Position => [
  frame.x + (x - size.width / 2) / frame.scale,
  frame.y - (y - size.height / 2) / frame.scale,
];

/** Closer or farther, about a point of the screen that stays where it is. */
export function zoomed(frame: MapFrame, size: MapSize, at: Position, factor: number): MapFrame {
  const [x, y] = toPlane(frame, size, at);
  const scale = Math.min(1e12, Math.max(1e-12, frame.scale * factor));
  const ratio = frame.scale / scale;
  return { x: x + (frame.x - x) * ratio, y: y + (frame.y - y) * ratio, scale };
}

export const moved = (frame: MapFrame, dx: number, dy: number): MapFrame => ({
  ...frame,
  x: frame.x - dx / frame.scale,
  y: frame.y + dy / frame.scale,
});

/** Distances between lines of a grid: 1, 2 or 5 times a power of ten, so that they are about `pixels` apart. */
export function gridStep(frame: MapFrame, pixels: number): number {
  const wanted = pixels / frame.scale;
  const power = 10 ** Math.floor(Math.log10(wanted));
  const digit = [1, 2, 5].find((each) => each * power >= wanted) ?? 10;
  return digit * power;
}

/** Lines of a grid between two values; none when there would be too many. */
export function gridLines(low: number, high: number, step: number): number[] {
  const first = Math.ceil(low / step);
  const last = Math.floor(high / step);
  if (!(last - first < 200)) return [];
  return Array.from({ length: Math.max(0, last - first + 1) }, (_none, index) => (first + index) * step);
}

/** Square of the distance from a point to a segment. */
function toSegment([px, py]: Position, [ax, ay]: Position, [bx, by]: Position): number {
  const [dx, dy] = [bx - ax, by - ay];
  const length = dx * dx + dy * dy;
  const along = length === 0 ? 0 : Math.min(1, Math.max(0, ((px - ax) * dx + (py - ay) * dy) / length));
  return (px - ax - along * dx) ** 2 + (py - ay - along * dy) ** 2;
}

function isInside([px, py]: Position, rings: readonly (readonly Position[])[]): boolean {
  let inside = false;
  for (const ring of rings) {
    for (let at = 1; at < ring.length; at += 1) {
      const [[ax, ay], [bx, by]] = [ring[at - 1] ?? [0, 0], ring[at] ?? [0, 0]];
      if (ay > py !== by > py && px < ((bx - ax) * (py - ay)) / (by - ay) + ax) inside = !inside;
    }
  }
  return inside;
}

/** Square of the distance from a point to a shape; 0 within an area. */
function toShape(point: Position, shape: Shape): number {
  if (shape.kind === 'point') return (shape.at[0] - point[0]) ** 2 + (shape.at[1] - point[1]) ** 2;
  if (shape.kind === 'circle') {
    return Math.max(0, Math.hypot(shape.at[0] - point[0], shape.at[1] - point[1]) - shape.radius) ** 2;
  }
  if (shape.kind === 'area' && isInside(point, shape.rings)) return 0;
  let least = Infinity;
  for (const line of shape.kind === 'line' ? [shape.points] : shape.rings) {
    for (let at = 1; at < line.length; at += 1) {
      least = Math.min(least, toSegment(point, line[at - 1] ?? [0, 0], line[at] ?? [0, 0]));
    }
  }
  return least;
}

/** Index of the geometry at a point of the plane, points and lines before areas; −1 when there is none within `reach`. */
export function geometryAt(geometries: readonly Geometry[], point: Position, reach: number): number {
  let best = -1;
  let area = -1;
  let least = reach * reach;
  geometries.forEach(({ shapes }, index) => {
    for (const shape of shapes) {
      const distance = toShape(point, shape);
      if (distance > least) continue;
      // What is drawn later lies above.
      if (shape.kind === 'area' || shape.kind === 'circle') area = index;
      else {
        best = index;
        least = distance;
      }
    }
  });
  return best < 0 ? area : best;
}
