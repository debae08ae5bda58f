import { type Geometry, MAX_POSITIONS, NotGeometry, type Position, type Shape } from './geometry-shapes';

/** The server's text of its own geometric types. Source: src/backend/utils/adt/geo_ops.c. */

const PAIR = /\(([^(),]+),([^(),]+)\)/g;

function figure(text: string | undefined): number {
  const value = Number(text ?? '');
  if (text === undefined || text.trim() === '' || !Number.isFinite(value)) throw new NotGeometry();
  return value;
}

function pairs(text: string): Position[] {
  const found: Position[] = [];
  for (const [, x, y] of text.matchAll(PAIR)) {
    found.push([figure(x), figure(y)]);
    if (found.length > MAX_POSITIONS) throw new NotGeometry();
  }
  if (found.length === 0) throw new NotGeometry();
  return found;
}

/** `text` is a value of point, lseg, path, box, polygon or circle. Throws `NotGeometry`. */
export function parseNativeShape(text: string, typeName: string): Geometry {
  const points = pairs(text);
  return { shapes: [shapeOf(text, typeName, points)], srid: 0, positions: points.length };
}

function shapeOf(text: string, typeName: string, points: readonly Position[]): Shape {
  const [first, second] = points;
  if (first === undefined) throw new NotGeometry();
  if (typeName === 'point') return { kind: 'point', at: first };
  if (typeName === 'circle') {
    return { kind: 'circle', at: first, radius: Math.abs(figure(/,([^(),]+)>$/.exec(text)?.[1])) };
  }
  if (typeName === 'box') {
    if (second === undefined) throw new NotGeometry();
    const [[x1, y1], [x2, y2]] = [first, second];
    return {
      kind: 'area',
      rings: [
        [
          [x1, y1],
          [x2, y1],
          [x2, y2],
          [x1, y2],
          [x1, y1],
        ],
      ],
    };
  }
  const closed = [...points, first];
  if (typeName === 'polygon') return { kind: 'area', rings: [closed] };
  // A closed path stands in parentheses, an open one in brackets, as a segment does.
  return { kind: 'line', points: text.startsWith('((') ? closed : points };
}
