/** `x`, `y`: what is drawn of a position; height and measure are left out. */
export type Position = readonly [number, number];

/** What can be drawn, flat: collections are taken apart. Infinite lines and circles keep their figures. */
export type Shape =
  | { readonly kind: 'point'; readonly at: Position }
  | { readonly kind: 'line'; readonly points: readonly Position[] }
  | { readonly kind: 'area'; readonly rings: readonly (readonly Position[])[] }
  | { readonly kind: 'circle'; readonly at: Position; readonly radius: number };

export interface Geometry {
  readonly shapes: readonly Shape[];
  /** Spatial reference; 0 when it is not told. */
  readonly srid: number;
  /** Positions in all. */
  readonly positions: number;
}

/** Positions of one value that are read: more are not drawn in good time. */
export const MAX_POSITIONS = 1_000_000;
/** Collections in collections. */
export const MAX_NESTING = 32;

/** A value that is not a geometry, or too large for one that is drawn. Never leaves the parsers. */
export class NotGeometry extends Error {}
