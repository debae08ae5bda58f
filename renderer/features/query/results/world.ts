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
  rings: rings.map((ring) => ring.map(([x = 0, y = 0]): Position => [x, y])),
});
