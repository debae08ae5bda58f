import { describe, expect, it } from 'vitest';
import { route } from '../../renderer/features/diagram/draw-relation';
import { shorten, shownName, touches, visible } from '../../renderer/features/diagram/geometry';
import { layOut } from '../../renderer/features/diagram/layout';
import { placeAdded } from '../../renderer/features/diagram/place-added';
import { pictureOf } from '../../renderer/features/diagram/picture';
import { pictureScale } from '../../renderer/ui/picture';
import { neighbour, sceneOf } from '../../renderer/features/diagram/scene';
import { EMPTY_DIAGRAM, type Diagram, type DiagramTable } from '../../shared/model/diagram';
import { relate } from '../../shared/model/diagram-edits';

const table = (id: string, name: string, x: number, y: number): DiagramTable => ({
  id,
  schema: 'public',
  name,
  comment: '',
  columns: [{ id: `${id}.id`, name, type: name, notNull: true, default: '', source: '', comment: '' }],
  primaryKey: { id: `${id}.pk`, name: '', columns: [`${id}.id`] },
  uniques: [],
  partitionBy: '',
  partitions: 3,
  colour: 'violet',
  x,
  y,
});
const words = { partitions: (count: number) => `${count} partitions` };
const token = (): string => '#123456';

/** Numbers that are the same in every run. */
function numbers(seed: number) {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

describe('the layout', () => {
  it.each([
    ['nothing', 0, 0],
    ['lone tables', 40, 0],
    ['a small schema', 30, 40],
    ['300 tables', 300, 360],
  ])('%s: no table covers another', (_name, count, ties) => {
    const random = numbers(7);
    const nodes = Array.from({ length: count }, (_, n) => ({
      id: `t${n}`,
      width: 144 + Math.floor(random() * 25) * 8,
      height: 28 + Math.floor(random() * 20) * 20,
    }));
    const any = () => `t${Math.floor(random() * count)}`;
    const edges = Array.from({ length: ties }, () => ({ left: any(), right: any() }));
    const places = layOut({ nodes, edges });
    expect(places.size).toBe(count);
    const boxes = nodes.map((node) => ({ ...node, ...(places.get(node.id) ?? { x: NaN, y: NaN }) }));
    for (const [index, box] of boxes.entries()) {
      expect(box.x).toBeGreaterThanOrEqual(0);
      for (const other of boxes.slice(index + 1)) expect(touches(box, other)).toBe(false);
    }
    if (count > 100) {
      const width = Math.max(...boxes.map((box) => box.x + box.width));
      const height = Math.max(...boxes.map((box) => box.y + box.height));
      expect(width / height).toBeGreaterThan(0.5);
      expect(width / height).toBeLessThan(4);
    }
  });

  it('a star of two hundred tables is folded, not a column of them', () => {
    const nodes = Array.from({ length: 201 }, (_, n) => ({ id: `t${n}`, width: 200, height: 120 }));
    const edges = nodes.slice(1).map(({ id }) => ({ left: 't0', right: id }));
    const ys = [...layOut({ nodes, edges }).values()].map(({ y }) => y);
    expect(Math.max(...ys)).toBeLessThan(6000);
  });
});

it('tables that join a drawing stand beside it: those referred to left, those that refer right', () => {
  const [a, b, c] = [table('a', 'a', 100, 100), table('b', 'b', 0, 0), table('c', 'c', 0, 0)];
  let diagram: Diagram = { ...EMPTY_DIAGRAM, tables: [a, b, c] };
  const how = { required: true, only: false };
  diagram = relate(diagram, a, b, how, () => crypto.randomUUID());
  diagram = relate(diagram, c, diagram.tables[0] ?? a, how, () => crypto.randomUUID());
  const { boxes } = sceneOf(diagram, 'all');
  const places = placeAdded(diagram, boxes, new Set(['b', 'c']));
  expect(places.get('b')?.x).toBeLessThan(100 - (boxes.get('b')?.width ?? 0));
  expect(places.get('c')?.x).toBeGreaterThan(100 + (boxes.get('a')?.width ?? 0));
  expect(places.has('a')).toBe(false);
});

describe('lines', () => {
  const box = (x: number, y: number) => ({ x, y, width: 200, height: 100 });
  it('leave by the side that faces the other table, or by the right when neither does', () => {
    const end = (x: number) => ({ box: box(x, 0), y: 50 });
    expect(route(end(600), end(0), 0)).toMatchObject({ from: -1, to: 1 });
    expect(route(end(0), end(600), 0)).toMatchObject({ from: 1, to: -1 });
    expect(route(end(0), end(40), 0)).toMatchObject({ from: 1, to: 1 });
    const { points } = route(end(600), end(0), 14);
    for (const [index, point] of points.slice(1).entries()) {
      const before = points[index];
      expect(before && (before.x === point.x || before.y === point.y)).toBe(true);
    }
  });
  it('go round a table that stands between, and turn back to where they lead', () => {
    const [from, to] = [
      { box: box(900, 0), y: 50 },
      { box: box(0, 0), y: 40 },
    ];
    const between = box(450, -20);
    const { points } = route(from, to, 0, [from.box, between, to.box]);
    expect(points.at(-1)).toEqual({ x: 200, y: 40 });
    for (const [index, point] of points.slice(1).entries()) {
      const before = points[index];
      if (!before) throw new Error('no point');
      const piece = {
        x: Math.min(before.x, point.x),
        y: Math.min(before.y, point.y),
        width: Math.abs(before.x - point.x),
        height: Math.abs(before.y - point.y),
      };
      expect(touches(piece, between)).toBe(false);
      expect(piece.width === 0 || piece.height === 0).toBe(true);
    }
  });
  it('arrows go to the nearest table of a side', () => {
    const diagram: Diagram = {
      ...EMPTY_DIAGRAM,
      tables: [table('a', 'a', 0, 0), table('b', 'b', 400, 0), table('c', 'c', 0, 300)],
    };
    const scene = sceneOf(diagram, 'all');
    expect(neighbour(scene, 'a', 1, 0)).toBe('b');
    expect(neighbour(scene, 'a', 0, 1)).toBe('c');
    expect(neighbour(scene, 'a', -1, 0)).toBeNull();
    expect(neighbour(scene, undefined, 1, 0)).toBe('a');
  });
});

describe('names that attack a drawing', () => {
  const EVIL = `</text><script>alert("1")</script>&amp;'\u202Egpj.\n\u0000\uD800`;
  it('an SVG holds them as text: no element, no attribute, no character that XML has not', () => {
    const [a, b] = [table('a', EVIL, 0, 0), table('b', `b"${EVIL}`, 600, 0)];
    const diagram = relate({ ...EMPTY_DIAGRAM, tables: [a, b] }, a, b, { required: true, only: false }, () =>
      crypto.randomUUID(),
    );
    for (const detail of ['all', 'keys', 'names'] as const) {
      const { svg } = pictureOf(sceneOf(diagram, detail), words, token);
      expect(svg).not.toMatch(/<(?!\/?(?:svg|g|rect|path|text)[\s>])/);
      expect(svg).not.toMatch(/\p{Cf}|\p{Cs}/u);
      expect(svg).not.toContain('\u0000');
      expect(svg).not.toContain('href');
      expect(svg.match(/<text /g)?.length).toBe(svg.match(/<\/text>/g)?.length);
    }
  });
  it('line ends, directions and lone surrogates become signs that can be seen', () => {
    expect(visible('a\nb\u202Ec\tz')).toBe('a↵b�c→z');
    expect(shownName('\uD800x')).toBe('�x');
  });
  it('a name of wide characters is cut in its middle', () => {
    expect(shorten('数'.repeat(21), 30)).toBe('数'.repeat(21));
    expect([...shownName('数'.repeat(40))]).toHaveLength(30);
    expect(shownName('数'.repeat(40))).toContain('…');
  });
});

it('a PNG is never larger than can be drawn, and refused when it could not be read', () => {
  expect(pictureScale(1000, 1000)).toBe(2);
  const large = pictureScale(12_000, 9000);
  expect(large).not.toBeNull();
  expect((large ?? 0) * 12_000).toBeLessThanOrEqual(16_000);
  expect(pictureScale(100_000, 500)).toBeNull();
});
