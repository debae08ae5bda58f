import { cardinality, type Cardinality, type DiagramRelation, type DiagramTable } from '../../../shared/model/diagram';
import type { Box, Point } from './geometry';
import type { Shape } from './shapes';

/** Room for an end's sign before a line may turn, and between lines that run side by side. */
const STRAIGHT = 30;
const LANES = 6;
const LANE = 7;
const CORNER = 6;

/** A line's lane, by the table it leads to: lines to the same table run as one. */
export function laneOf(id: string): number {
  let sum = 0;
  for (const character of id) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 9973;
  return (sum % LANES) * LANE;
}

export interface End {
  readonly box: Box;
  /** Where the line meets the box's side, in the drawing. */
  readonly y: number;
}

export interface Route {
  readonly points: readonly Point[];
  /** Which way the line leaves each end: 1 to the right, -1 to the left. */
  readonly from: 1 | -1;
  readonly to: 1 | -1;
}

/** A line of straight pieces from side to side; it turns beside the table that refers, where a layout leaves room. */
export function route(from: End, to: End, lane: number): Route {
  const a = from.box;
  const b = to.box;
  const turn = STRAIGHT + lane;
  const room = 2 * STRAIGHT;
  if (a.x >= b.x + b.width + room) {
    // The table referred to stands left.
    const x = Math.max(a.x - turn, b.x + b.width + STRAIGHT);
    return { points: path(a.x, from.y, x, b.x + b.width, to.y), from: -1, to: 1 };
  }
  if (b.x >= a.x + a.width + room) {
    const x = Math.min(a.x + a.width + turn, b.x - STRAIGHT);
    return { points: path(a.x + a.width, from.y, x, b.x, to.y), from: 1, to: -1 };
  }
  const x = Math.max(a.x + a.width, b.x + b.width) + turn;
  return { points: path(a.x + a.width, from.y, x, b.x + b.width, to.y), from: 1, to: 1 };
}

const path = (x1: number, y1: number, x: number, x2: number, y2: number): Point[] => [
  { x: x1, y: y1 },
  { x, y: y1 },
  { x, y: y2 },
  { x: x2, y: y2 },
];

/** A line with round corners. */
export function roundPath(points: readonly Point[]): string {
  const [first, ...rest] = points;
  if (!first) return '';
  let d = `M${first.x} ${first.y}`;
  let before = first;
  for (const [index, point] of rest.entries()) {
    const after = rest[index + 1];
    if (!after) {
      d += `L${point.x} ${point.y}`;
      break;
    }
    const into = Math.hypot(point.x - before.x, point.y - before.y);
    const out = Math.hypot(after.x - point.x, after.y - point.y);
    const radius = Math.min(CORNER, into / 2, out / 2);
    if (radius > 0.5) {
      const start = toward(point, before, radius / into);
      const end = toward(point, after, radius / out);
      d += `L${start.x} ${start.y}Q${point.x} ${point.y} ${end.x} ${end.y}`;
    } else d += `L${point.x} ${point.y}`;
    before = point;
  }
  return d;
}

const toward = (from: Point, to: Point, part: number): Point => ({
  x: from.x + (to.x - from.x) * part,
  y: from.y + (to.y - from.y) * part,
});

/** The sign at an end: a crow's foot for many, bars for one, a ring where there may be none. */
function drawEnd({ x, y }: Point, way: 1 | -1, meaning: Cardinality): Shape[] {
  const bar = (at: number): string => `M${x + way * at} ${y - 5}V${y + 5}`;
  const ring = (at: number): Shape => ({
    kind: 'path',
    d: `M${x + way * at - 4} ${y}a4 4 0 1 0 8 0a4 4 0 1 0 -8 0Z`,
    paint: 'ring',
  });
  switch (meaning) {
    case 'zero-or-many':
      return [{ kind: 'path', d: `M${x} ${y - 6}L${x + way * 11} ${y}L${x} ${y + 6}`, paint: 'end' }, ring(16)];
    case 'zero-or-one':
      return [{ kind: 'path', d: bar(7), paint: 'end' }, ring(14)];
    case 'one':
      return [{ kind: 'path', d: bar(7) + bar(11), paint: 'end' }];
  }
}

/** A relation between two tables: the line, and what its ends say. */
export function drawRelation(relation: DiagramRelation, table: DiagramTable, from: End, to: End): Shape[] {
  const { points, from: fromWay, to: toWay } = route(from, to, laneOf(relation.to));
  const meaning = cardinality(relation, table);
  const first = points[0];
  const last = points.at(-1);
  return [
    { kind: 'path', d: roundPath(points), paint: 'line' },
    ...(first ? drawEnd(first, fromWay, meaning.from) : []),
    ...(last ? drawEnd(last, toWay, meaning.to) : []),
  ];
}
