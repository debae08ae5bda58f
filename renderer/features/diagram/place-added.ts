import type { Diagram } from '../../../shared/model/diagram';
import { bounds, type Box, type Point } from './geometry';

const ACROSS = 120;
const DOWN = 32;

/**
 * Where tables go that join a drawing: what is referred to stands left of it, the others right, each side in one column about the middle. What
 * was there stays where it is.
 */
export function placeAdded(
  diagram: Diagram,
  boxes: ReadonlyMap<string, Box>,
  added: ReadonlySet<string>,
): Map<string, Point> {
  const there = bounds([...boxes].filter(([id]) => !added.has(id)).map(([, box]) => box)) ?? {
    x: 0,
    y: 0,
    width: 0,
    height: 0,
  };
  const referredTo = new Set(
    diagram.relations.filter(({ from, to }) => !added.has(from) && added.has(to)).map(({ to }) => to),
  );
  const sides = { left: [] as string[], right: [] as string[] };
  for (const { id } of diagram.tables) {
    if (added.has(id)) sides[referredTo.has(id) ? 'left' : 'right'].push(id);
  }
  const places = new Map<string, Point>();
  const stack = (ids: readonly string[], x: (width: number) => number): void => {
    const sizes = ids.map((id) => ({ id, width: boxes.get(id)?.width ?? 0, height: boxes.get(id)?.height ?? 0 }));
    const widest = Math.max(0, ...sizes.map(({ width }) => width));
    const whole = sizes.reduce((sum, { height }) => sum + height + DOWN, -DOWN);
    let y = Math.round(there.y + (there.height - whole) / 2);
    for (const { id, height } of sizes) {
      places.set(id, { x: x(widest), y });
      y += height + DOWN;
    }
  };
  stack(sides.left, (width) => there.x - ACROSS - width);
  stack(sides.right, () => there.x + there.width + ACROSS);
  return places;
}
