import type { DiagramRelation, DiagramTable } from '../../../shared/model/diagram';
import { laneOf, route, type Route } from './draw-relation';
import { endsOf, type Scene } from './scene';

/** A relation's line, and the table that refers. */
export interface Line {
  readonly table: DiagramTable;
  readonly route: Route;
}

const known = new WeakMap<Scene, Map<string, Line | null>>();

/** The line of a relation, found once for each scene: going round other tables costs more than drawing. Null when an end is not there. */
export function lineOf(scene: Scene, relation: DiagramRelation): Line | null {
  const lines = known.get(scene) ?? new Map<string, Line | null>();
  known.set(scene, lines);
  const found = lines.get(relation.id);
  if (found !== undefined) return found;
  const ends = endsOf(scene, relation);
  const line = ends && {
    table: ends.table,
    route: route(ends.from, ends.to, laneOf(relation.to), scene.obstacles),
  };
  lines.set(relation.id, line);
  return line;
}
