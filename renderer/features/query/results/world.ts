import { feature } from 'topojson-client';
import land from 'world-atlas/land-110m.json';
import type { Position, Shape } from '../../../../shared/model/geometry-shapes';

/** The outlines of the continents in degrees; part of the program, nothing is fetched. */
export function worldOutline(): Shape[] {
  // The file's own type knows its coordinates only as lists of any length.
  const topology = land as unknown as Parameters<typeof feature>[0];
  const object = topology.objects['land'];
  if (!object) return [];
  const found = feature(topology, object);
  const features = found.type === 'FeatureCollection' ? found.features : [found];
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
