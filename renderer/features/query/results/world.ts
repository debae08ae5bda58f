import { feature } from 'topojson-client';
import type { GeometryCollection, Topology } from 'topojson-specification';
import land from 'world-atlas/land-110m.json';
import type { Position, Shape } from '../../../../shared/model/geometry-shapes';

/** The outlines of the continents in degrees; part of the program, nothing is fetched. */
export function worldOutline(): Shape[] {
  const topology = land as unknown as Topology<{ land: GeometryCollection }>;
  const { features } = feature(topology, topology.objects.land);
  return features.flatMap(({ geometry }): Shape[] => {
    if (geometry.type === 'Polygon') return [areaOf(geometry.coordinates)];
    return geometry.type === 'MultiPolygon' ? geometry.coordinates.map(areaOf) : [];
  });
}

const areaOf = (rings: readonly (readonly (readonly number[])[])[]): Shape => ({
  kind: 'area',
  rings: rings.flatMap((ring) => splitAtDateLine(ring.map(([x = 0, y = 0]): Position => [x, y]))),
});

/** What lies on both sides of the date line would be drawn across the whole map: each side is a ring of its own. */
function splitAtDateLine(ring: readonly Position[]): Position[][] {
  const parts: Position[][] = [[]];
  ring.forEach((position, index) => {
    const before = ring[index - 1];
    if (before && Math.abs(before[0] - position[0]) > 180) parts.push([]);
    parts.at(-1)?.push(position);
  });
  return parts;
}
