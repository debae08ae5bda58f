import { parseNativeShape } from './geometry-native';
import { type Geometry, NotGeometry } from './geometry-shapes';
import { parseWkb } from './geometry-wkb';
import { parseWkt } from './geometry-wkt';

const NATIVE = new Set(['point', 'lseg', 'path', 'box', 'polygon', 'circle']);
const SPATIAL = /^(?:"?[^".]*"?\.)?"?(geometry|geography)"?(?:\(|$)/;

/** Whether values of a type are shapes. */
export const isShapeType = (typeName: string): boolean => NATIVE.has(typeName) || SPATIAL.test(typeName);

/** A value as a geometry: hex EWKB, (E)WKT or one of PostgreSQL's own types; null when it is none. Never throws, never takes long. */
export function parseGeometry(text: string, typeName: string): Geometry | null {
  try {
    const trimmed = text.trim();
    if (NATIVE.has(typeName)) return parseNativeShape(trimmed, typeName);
    if (/^0[01][0-9a-f]{8}/i.test(trimmed)) return parseWkb(trimmed);
    return /^(SRID=|[A-Z])/i.test(trimmed) ? parseWkt(trimmed) : null;
  } catch (error) {
    if (error instanceof NotGeometry) return null;
    throw error;
  }
}

/** The frame of all shapes; null when there is none. */
export interface Extent {
  readonly minX: number;
  readonly minY: number;
  readonly maxX: number;
  readonly maxY: number;
}

export function extentOf(geometries: readonly Geometry[]): Extent | null {
  let [minX, minY, maxX, maxY] = [Infinity, Infinity, -Infinity, -Infinity];
  const add = (x: number, y: number) => {
    if (!Number.isFinite(x) || !Number.isFinite(y)) return;
    minX = Math.min(minX, x);
    maxX = Math.max(maxX, x);
    minY = Math.min(minY, y);
    maxY = Math.max(maxY, y);
  };
  for (const { shapes } of geometries) {
    for (const shape of shapes) {
      if (shape.kind === 'point') add(...shape.at);
      else if (shape.kind === 'circle') {
        add(shape.at[0] - shape.radius, shape.at[1] - shape.radius);
        add(shape.at[0] + shape.radius, shape.at[1] + shape.radius);
      } else {
        const points = shape.kind === 'line' ? [shape.points] : shape.rings;
        for (const ring of points) for (const point of ring) add(...point);
      }
    }
  }
  return minX <= maxX ? { minX, minY, maxX, maxY } : null;
}

/** Spatial references whose positions are longitude and latitude in degrees, the common ones. */
const GEOGRAPHIC = new Set([4326, 4258, 4269, 4490]);

/** Whether geometries lie on the earth's surface in degrees, so that the world's outline makes sense behind them. */
export function isOnEarth(geometries: readonly Geometry[], typeName: string): boolean {
  const extent = extentOf(geometries);
  if (!extent || extent.minX < -180 || extent.maxX > 180 || extent.minY < -90 || extent.maxY > 90) return false;
  if (/geography/.test(typeName)) return true;
  return geometries.every(({ srid }) => GEOGRAPHIC.has(srid));
}
