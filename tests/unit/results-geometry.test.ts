import { describe, expect, it } from 'vitest';
import { extentOf, isOnEarth, isShapeType, parseGeometry } from '../../shared/model/geometry';

/** Little-endian well-known binary in hex. */
class Wkb {
  private hex = '';
  byte(value: number): this {
    this.hex += value.toString(16).padStart(2, '0');
    return this;
  }
  uint(value: number): this {
    const view = new DataView(new ArrayBuffer(4));
    view.setUint32(0, value, true);
    for (let at = 0; at < 4; at += 1) this.byte(view.getUint8(at));
    return this;
  }
  floats(...values: number[]): this {
    for (const value of values) {
      const view = new DataView(new ArrayBuffer(8));
      view.setFloat64(0, value, true);
      for (let at = 0; at < 8; at += 1) this.byte(view.getUint8(at));
    }
    return this;
  }
  get text(): string {
    return this.hex.toUpperCase();
  }
}
const head = (kind: number): Wkb => new Wkb().byte(1).uint(kind);

describe('well-known binary', () => {
  it('of a point as PostGIS shows it', () => {
    expect(parseGeometry('0101000020E6100000000000000000F03F0000000000000040', 'geometry(Point,4326)')).toEqual({
      shapes: [{ kind: 'point', at: [1, 2] }],
      srid: 4326,
      positions: 1,
    });
  });
  it('of lines with height, areas with holes and collections within collections', () => {
    const line = parseGeometry(head(0x80000002).uint(2).floats(1, 2, 9, 3, 4, 9).text, 'geometry');
    expect(line?.shapes).toEqual([
      {
        kind: 'line',
        points: [
          [1, 2],
          [3, 4],
        ],
      },
    ]);
    const iso = parseGeometry(head(1003).uint(1).uint(1).floats(5, 6, 7).text, 'geometry');
    expect(iso?.shapes).toEqual([{ kind: 'area', rings: [[[5, 6]]] }]);
    const inner = head(4).uint(1).byte(1).uint(1).floats(7, 8).text;
    const outer = parseGeometry(head(7).uint(1).text + inner, 'geometry');
    expect(outer?.shapes).toEqual([{ kind: 'point', at: [7, 8] }]);
    expect(parseGeometry('00000000013FF00000000000004000000000000000', 'geometry')?.shapes).toEqual([
      { kind: 'point', at: [1, 2] },
    ]);
    expect(parseGeometry(head(1).floats(NaN, NaN).text, 'geometry')?.shapes).toEqual([]);
  });
  it.each([
    ['counts without bytes', head(2).uint(1_000_000_000).text],
    ['a collection of a thousand million', head(7).uint(0xffffffff).text],
    ['an unknown kind', head(99).uint(0).text],
    ['what is left over', `${head(1).floats(1, 2).text}00`],
    ['half a byte', '0101000000F'],
    ['other signs', '0101000000ZZ'],
    ['nesting without end', Array.from({ length: 1000 }, () => head(7).uint(1).text).join('')],
  ])('refuses %s', (_what, hex) => {
    expect(parseGeometry(hex, 'geometry')).toBeNull();
  });
});

describe('well-known text', () => {
  it.each([
    ['SRID=4326;POINT(1 2)', 1],
    ['POINT Z (1 2 3)', 1],
    ['pointzm(1 2 3 4)', 1],
    ['LINESTRING(0 0, 1e2 -1.5)', 2],
    ['POLYGON((0 0,4 0,4 4,0 0),(1 1,2 1,2 2,1 1))', 8],
    ['MULTIPOINT((1 1),(2 2))', 2],
    ['MULTIPOINT(1 1, 2 2)', 2],
    ['MULTILINESTRING((0 0,1 1),(2 2,3 3))', 4],
    ['MULTIPOLYGON(((0 0,1 0,1 1,0 0)),((5 5,6 5,6 6,5 5)))', 8],
    ['GEOMETRYCOLLECTION(POINT(1 1),LINESTRING EMPTY,GEOMETRYCOLLECTION(POINT(2 2)))', 2],
    ['CURVEPOLYGON(CIRCULARSTRING(0 0,1 1,2 0),(0 0,1 0,0 0))', 6],
    ['POLYGON EMPTY', 0],
  ])('%s', (text, positions) => {
    expect(parseGeometry(text, 'geometry')?.positions).toBe(positions);
  });
  it.each([
    'POINT(1)',
    'POINT(1 2',
    'POINT(1 2) x',
    'SQUARE(1 2)',
    'POINT(1 2 3 4 5)',
    'hello',
    '',
    '<b>',
    'GEOMETRYCOLLECTION('.repeat(50_000),
  ])('refuses %.20s', (text) => {
    expect(parseGeometry(text, 'geometry')).toBeNull();
  });
});

it('reads the server’s own types', () => {
  const shape = (text: string, type: string) => parseGeometry(text, type)?.shapes[0];
  expect(shape('(1,2.5)', 'point')).toEqual({ kind: 'point', at: [1, 2.5] });
  expect(shape('<(1,2),3>', 'circle')).toEqual({ kind: 'circle', at: [1, 2], radius: 3 });
  expect(shape('[(0,0),(1,1)]', 'lseg')).toEqual({
    kind: 'line',
    points: [
      [0, 0],
      [1, 1],
    ],
  });
  expect(shape('((0,0),(1,1))', 'path')).toEqual({
    kind: 'line',
    points: [
      [0, 0],
      [1, 1],
      [0, 0],
    ],
  });
  expect(shape('(2,2),(0,0)', 'box')).toMatchObject({ kind: 'area' });
  expect(shape('((0,0),(1,1),(1,0))', 'polygon')).toMatchObject({ kind: 'area' });
  for (const bad of ['', '(1)', '(a,b)', '(Infinity,1)', '(NaN,1)']) expect(parseGeometry(bad, 'point')).toBeNull();
});

it('knows types and the earth', () => {
  expect(['geometry', 'public.geography(Point,4326)', '"Gis".geometry(Point)', 'point'].every(isShapeType)).toBe(true);
  expect(['text', 'geometry_dump', 'line'].some(isShapeType)).toBe(false);
  const of = (text: string) => [parseGeometry(text, 'geometry')].filter((each) => each !== null);
  expect(isOnEarth(of('SRID=4326;POINT(10 50)'), 'geometry')).toBe(true);
  expect(isOnEarth(of('POINT(10 50)'), 'geometry')).toBe(false);
  expect(isOnEarth(of('POINT(10 50)'), 'geography')).toBe(true);
  expect(isOnEarth(of('SRID=4326;POINT(1000 50)'), 'geometry')).toBe(false);
  expect(extentOf(of('LINESTRING(0 5, 3 -1)'))).toEqual({ minX: 0, minY: -1, maxX: 3, maxY: 5 });
});
