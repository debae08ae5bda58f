import { cardinality, type Cardinality, type DiagramRelation, type DiagramTable } from '../../../shared/model/diagram';
import type { Box, Point } from './geometry';
import type { Shape } from './shapes';

/** Room for an end's sign before a line may turn, and between lines that run side by side. */
const STRAIGHT = 30;
const LANES = 6;
const LANE = 7;
const CORNER = 6;
/** How far a line stays from a table that it passes, and how many ways round are tried. */
const ALOOF = 6;
const MOST_TRIED = 60;

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

/**
 * A line of straight pieces from side to side. It turns beside the table that refers, where a layout leaves room, and goes round tables that
 * stand between.
 */
export function route(from: End, to: End, lane: number, obstacles: readonly Box[] = []): Route {
  const a = from.box;
  const b = to.box;
  const turn = STRAIGHT + lane;
  const room = 2 * STRAIGHT;
  const others = obstacles.filter((box) => box !== a && box !== b);
  if (a.x >= b.x + b.width + room) {
    // The table referred to stands left.
    const right = b.x + b.width;
    const x = Math.max(a.x - turn, right + STRAIGHT);
    return {
      points: path({ x: a.x, y: from.y }, x, { x: right, y: to.y }, right + STRAIGHT, lane, others),
      from: -1,
      to: 1,
    };
  }
  if (b.x >= a.x + a.width + room) {
    const left = a.x + a.width;
    const x = Math.min(left + turn, b.x - STRAIGHT);
    return {
      points: path({ x: left, y: from.y }, x, { x: b.x, y: to.y }, b.x - STRAIGHT, lane, others),
      from: 1,
      to: -1,
    };
  }
  const x = Math.max(a.x + a.width, b.x + b.width) + turn;
  const points = [
    { x: a.x + a.width, y: from.y },
    { x, y: from.y },
    { x, y: to.y },
    { x: b.x + b.width, y: to.y },
  ];
  return { points, from: 1, to: 1 };
}

/** From one end over the turn at `x` to the other; by a free height between the turns where tables stand in the way of the straight line. */
function path(from: Point, x: number, to: Point, nearTo: number, lane: number, others: readonly Box[]): Point[] {
  const [left, right] = [Math.min(x, nearTo), Math.max(x, nearTo)];
  const between = others.filter((box) => box.x < right && box.x + box.width > left);
  const isFree = (y: number): boolean => !between.some((box) => y > box.y - ALOOF && y < box.y + box.height + ALOOF);
  const straight = [from, { x, y: from.y }, { x, y: to.y }, to];
  if (between.length === 0 || !between.some((box) => to.y >= box.y && to.y <= box.y + box.height)) return straight;
  const gap = ALOOF + 1 + lane / 6;
  const way = (y: number): number => Math.abs(y - from.y) + Math.abs(y - to.y);
  const y = [from.y, ...between.flatMap((box) => [box.y - gap, box.y + box.height + gap])]
    .sort((one, other) => way(one) - way(other))
    .slice(0, MOST_TRIED)
    .find(isFree);
  if (y === undefined) return straight;
  return [from, { x, y: from.y }, { x, y }, { x: nearTo, y }, { x: nearTo, y: to.y }, to];
}

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

/** A relation: its line, and what the ends say. */
export function drawRelation(relation: DiagramRelation, table: DiagramTable, line: Route): Shape[] {
  const meaning = cardinality(relation, table);
  const first = line.points[0];
  const last = line.points.at(-1);
  return [
    { kind: 'path', d: roundPath(line.points), paint: 'line' },
    ...(first ? drawEnd(first, line.from, meaning.from) : []),
    ...(last ? drawEnd(last, line.to, meaning.to) : []),
  ];
}
