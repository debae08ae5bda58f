import { type Geometry, MAX_NESTING, MAX_POSITIONS, NotGeometry, type Position, type Shape } from './geometry-shapes';

/** Well-known text, with PostGIS's `SRID=…;` in front. Source: OGC 06-103r4; liblwgeom/lwin_wkt_lex.l. */

const TOKEN = /\s*([A-Za-z]+|[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|[(),])/y;
const NUMBER = /^[-+.\d]/;

/** Signs of the text one after the other. */
class Tokens {
  private at = 0;
  private read: string | null = null;
  positions = 0;

  constructor(private readonly text: string) {}

  /** The next one, left where it is; empty at the end. */
  peek(): string {
    if (this.read !== null) return this.read;
    TOKEN.lastIndex = this.at;
    const found = TOKEN.exec(this.text);
    if (found) this.at = TOKEN.lastIndex;
    else if (this.text.slice(this.at).trim() !== '') throw new NotGeometry();
    this.read = (found?.[1] ?? '').toUpperCase();
    return this.read;
  }
  take(): string {
    const token = this.peek();
    this.read = null;
    return token;
  }
  expect(token: string): void {
    if (this.take() !== token) throw new NotGeometry();
  }
  /** Whether the token was there; it is taken. */
  skip(token: string): boolean {
    if (this.peek() !== token) return false;
    this.take();
    return true;
  }
}

/** Throws `NotGeometry`. */
export function parseWkt(text: string): Geometry {
  const prefix = /^SRID=(\d{1,9});/i.exec(text);
  const tokens = new Tokens(text.slice(prefix?.[0].length ?? 0));
  const shapes: Shape[] = [];
  readOne(tokens, shapes, 0);
  if (tokens.peek() !== '') throw new NotGeometry();
  return { shapes, srid: Number(prefix?.[1] ?? 0), positions: tokens.positions };
}

function readOne(tokens: Tokens, shapes: Shape[], depth: number): void {
  if (depth > MAX_NESTING) throw new NotGeometry();
  // Z, M and ZM may stand beside the word or at its end.
  const kind = tokens.take().replace(/(?<=[A-Z]{4}|POINT)(ZM|Z|M)$/, '');
  if (!KINDS.has(kind)) throw new NotGeometry();
  if (/^(ZM|Z|M)$/.test(tokens.peek())) tokens.take();
  if (tokens.skip('EMPTY')) return;
  switch (kind) {
    case 'POINT':
      tokens.expect('(');
      shapes.push({ kind: 'point', at: position(tokens) });
      tokens.expect(')');
      return;
    case 'LINESTRING':
    case 'CIRCULARSTRING':
      shapes.push({ kind: 'line', points: positions(tokens) });
      return;
    case 'POLYGON':
    case 'TRIANGLE':
      shapes.push({ kind: 'area', rings: list(tokens, () => positions(tokens)) });
      return;
    case 'MULTIPOINT':
      for (const at of multiPoint(tokens)) shapes.push({ kind: 'point', at });
      return;
    case 'MULTILINESTRING':
      for (const points of list(tokens, () => positions(tokens))) shapes.push({ kind: 'line', points });
      return;
    case 'MULTIPOLYGON':
    case 'POLYHEDRALSURFACE':
    case 'TIN':
      for (const rings of list(tokens, () => (tokens.skip('EMPTY') ? [] : list(tokens, () => positions(tokens))))) {
        shapes.push({ kind: 'area', rings });
      }
      return;
    default:
      list(tokens, () => {
        // Within curves a plain list of positions is a line.
        if (tokens.peek() === '(') shapes.push({ kind: 'line', points: positions(tokens) });
        else readOne(tokens, shapes, depth + 1);
      });
  }
}

const KINDS = new Set(
  (
    'POINT LINESTRING CIRCULARSTRING POLYGON TRIANGLE MULTIPOINT MULTILINESTRING MULTIPOLYGON POLYHEDRALSURFACE TIN ' +
    'GEOMETRYCOLLECTION COMPOUNDCURVE CURVEPOLYGON MULTICURVE MULTISURFACE'
  ).split(' '),
);

/** Parts within parentheses, between commas. */
function list<T>(tokens: Tokens, part: () => T): T[] {
  tokens.expect('(');
  const parts = [part()];
  while (tokens.skip(',')) parts.push(part());
  tokens.expect(')');
  return parts;
}

function positions(tokens: Tokens): Position[] {
  return tokens.skip('EMPTY') ? [] : list(tokens, () => position(tokens));
}

/** Its positions stand with or without parentheses of their own. */
function multiPoint(tokens: Tokens): Position[] {
  return list(tokens, () => {
    if (tokens.skip('EMPTY')) return null;
    if (!tokens.skip('(')) return position(tokens);
    const at = position(tokens);
    tokens.expect(')');
    return at;
  }).filter((at) => at !== null);
}

function position(tokens: Tokens): Position {
  const figures: number[] = [];
  while (NUMBER.test(tokens.peek())) figures.push(Number(tokens.take()));
  const [x, y] = figures;
  if (x === undefined || y === undefined || figures.length > 4) throw new NotGeometry();
  tokens.positions += 1;
  if (tokens.positions > MAX_POSITIONS) throw new NotGeometry();
  return [x, y];
}
