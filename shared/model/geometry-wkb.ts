import { type Geometry, MAX_NESTING, MAX_POSITIONS, NotGeometry, type Position, type Shape } from './geometry-shapes';

/**
 * Well-known binary in hex, with PostGIS's additions (EWKB: flags for Z, M and SRID) and ISO's (types of 1000, 2000, 3000 more).
 * Source: liblwgeom/lwin_wkb.c; OGC 06-103r4.
 */
const [FLAG_Z, FLAG_M, FLAG_SRID] = [0x80000000, 0x40000000, 0x20000000];

/** Bytes read in order; counts are believed only as far as there are bytes for them. */
class Reader {
  private at = 0;
  private little = true;
  positions = 0;
  srid = 0;

  constructor(private readonly view: DataView) {}

  private need(bytes: number): void {
    if (this.at + bytes > this.view.byteLength) throw new NotGeometry();
  }
  order(): void {
    this.need(1);
    const order = this.view.getUint8(this.at);
    if (order > 1) throw new NotGeometry();
    this.little = order === 1;
    this.at += 1;
  }
  uint(): number {
    this.need(4);
    const value = this.view.getUint32(this.at, this.little);
    this.at += 4;
    return value;
  }
  /** How many things of at least so many bytes follow. */
  count(bytesEach: number): number {
    const count = this.uint();
    this.need(count * bytesEach);
    return count;
  }
  position(dimensions: number): Position {
    this.need(dimensions * 8);
    const x = this.view.getFloat64(this.at, this.little);
    const y = this.view.getFloat64(this.at + 8, this.little);
    this.at += dimensions * 8;
    this.positions += 1;
    if (this.positions > MAX_POSITIONS) throw new NotGeometry();
    return [x, y];
  }
  positionsOf(dimensions: number): Position[] {
    const points: Position[] = [];
    for (let left = this.count(dimensions * 8); left > 0; left -= 1) points.push(this.position(dimensions));
    return points;
  }
  get ended(): boolean {
    return this.at === this.view.byteLength;
  }
}

/** What a hexadecimal digit is worth, by its character's code. */
const HEX = Uint8Array.from({ length: 128 }, (_none, code) => Number.parseInt(String.fromCharCode(code), 16) || 0);

function bytesOf(hex: string): DataView {
  if (hex.length % 2 !== 0 || hex.length > 64 * MAX_POSITIONS || !/^[0-9a-f]*$/i.test(hex)) throw new NotGeometry();
  const bytes = new Uint8Array(hex.length / 2);
  for (let i = 0; i < bytes.length; i += 1) {
    bytes[i] = (HEX[hex.charCodeAt(i * 2)] ?? 0) * 16 + (HEX[hex.charCodeAt(i * 2 + 1)] ?? 0);
  }
  return new DataView(bytes.buffer);
}

/** Throws `NotGeometry`. */
export function parseWkb(hex: string): Geometry {
  const reader = new Reader(bytesOf(hex));
  const shapes: Shape[] = [];
  readOne(reader, shapes, 0);
  if (!reader.ended) throw new NotGeometry();
  return { shapes, srid: reader.srid, positions: reader.positions };
}

function readOne(reader: Reader, shapes: Shape[], depth: number): void {
  if (depth > MAX_NESTING) throw new NotGeometry();
  reader.order();
  const code = reader.uint();
  if ((code & FLAG_SRID) !== 0) reader.srid = reader.uint();
  const plain = code & 0x0fffffff;
  const thousands = Math.floor(plain / 1000);
  const hasZ = (code & FLAG_Z) !== 0 || thousands === 1 || thousands === 3;
  const hasM = (code & FLAG_M) !== 0 || thousands === 2 || thousands === 3;
  const dimensions = 2 + (hasZ ? 1 : 0) + (hasM ? 1 : 0);
  if (thousands > 3) throw new NotGeometry();
  switch (plain % 1000) {
    case 1: {
      const at = reader.position(dimensions);
      // An empty point is written with positions that are no numbers.
      if (Number.isFinite(at[0]) && Number.isFinite(at[1])) shapes.push({ kind: 'point', at });
      return;
    }
    // A circular string is drawn by its points.
    case 2:
    case 8:
      shapes.push({ kind: 'line', points: reader.positionsOf(dimensions) });
      return;
    case 3:
    case 17:
      shapes.push({ kind: 'area', rings: readRings(reader, dimensions) });
      return;
    // Multi-things, collections, compound curves, curve polygons, surfaces: things within.
    case 4:
    case 5:
    case 6:
    case 7:
    case 9:
    case 10:
    case 11:
    case 12:
    case 15:
    case 16:
      // The least thing: its byte order, its type, a count.
      for (let left = reader.count(9); left > 0; left -= 1) readOne(reader, shapes, depth + 1);
      return;
    default:
      throw new NotGeometry();
  }
}

function readRings(reader: Reader, dimensions: number): Position[][] {
  const rings: Position[][] = [];
  for (let left = reader.count(4); left > 0; left -= 1) rings.push(reader.positionsOf(dimensions));
  return rings;
}
