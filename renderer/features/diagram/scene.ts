import {
  cardinality,
  foreignColumns,
  type Cardinality,
  type Diagram,
  type DiagramColumn,
  type DiagramRelation,
  type DiagramTable,
} from '../../../shared/model/diagram';
import type { End } from './draw-relation';
import { columnOffset, shownColumns, tableSize, type Box, type Detail, type Point, type Style } from './geometry';

/** A diagram measured for drawing. */
export interface Scene {
  readonly diagram: Diagram;
  readonly style: Style;
  readonly tables: ReadonlyMap<string, DiagramTable>;
  /** Boxes of tables and notes. */
  readonly boxes: ReadonlyMap<string, Box>;
  readonly foreign: ReadonlyMap<string, ReadonlySet<string>>;
  /** Tables to which rows must and may refer: their two kinds of end stand side by side. */
  readonly mixed: ReadonlySet<string>;
  /** Boxes of tables, which lines go round. */
  readonly obstacles: readonly Box[];
}

const foreignKnown = new WeakMap<readonly DiagramRelation[], ReadonlyMap<string, ReadonlySet<string>>>();

function foreignOf(relations: readonly DiagramRelation[]): ReadonlyMap<string, ReadonlySet<string>> {
  const known = foreignKnown.get(relations) ?? foreignColumns(relations);
  foreignKnown.set(relations, known);
  return known;
}

interface Measured {
  readonly table: DiagramTable;
  readonly style: Style;
  readonly foreign: ReadonlySet<string> | undefined;
  readonly size: { readonly width: number; readonly height: number };
}
const sizesKnown = new WeakMap<readonly DiagramColumn[], Measured>();

/** A table that only moved has its old columns, and its old size: dragging one of hundreds stays quick. */
function sizeOf(table: DiagramTable, style: Style, foreign: ReadonlySet<string> | undefined): Measured['size'] {
  const known = sizesKnown.get(table.columns);
  if (
    known &&
    known.style.detail === style.detail &&
    known.style.schemas === style.schemas &&
    known.foreign === foreign &&
    known.table.name === table.name &&
    known.table.schema === table.schema &&
    known.table.primaryKey === table.primaryKey &&
    known.table.uniques === table.uniques
  ) {
    return known.size;
  }
  const size = tableSize(table, style, foreign);
  sizesKnown.set(table.columns, { table, style, foreign, size });
  return size;
}

export function sceneOf(diagram: Diagram, detail: Detail): Scene {
  const foreign = foreignOf(diagram.relations);
  const [first] = diagram.tables;
  const style = { detail, schemas: diagram.tables.some(({ schema }) => schema !== first?.schema) };
  const boxes = new Map<string, Box>();
  for (const table of diagram.tables) {
    const { width, height } = sizeOf(table, style, foreign.get(table.id));
    boxes.set(table.id, { x: table.x, y: table.y, width, height });
  }
  const obstacles = [...boxes.values()];
  for (const { id, x, y, width, height } of diagram.notes) boxes.set(id, { x, y, width, height });
  const tables = new Map(diagram.tables.map((table) => [table.id, table]));
  return { diagram, style, boxes, foreign, tables, mixed: mixedTables(diagram.relations, tables), obstacles };
}

function mixedTables(
  relations: readonly DiagramRelation[],
  tables: ReadonlyMap<string, DiagramTable>,
): ReadonlySet<string> {
  const meanings = new Map<string, Cardinality>();
  const mixed = new Set<string>();
  for (const relation of relations) {
    const from = tables.get(relation.from);
    if (!from) continue;
    const { to } = cardinality(relation, from);
    if ((meanings.get(relation.to) ?? to) !== to) mixed.add(relation.to);
    meanings.set(relation.to, to);
  }
  return mixed;
}

/** How far from the middle of its line an end stands that shares it. */
const ASIDE = 5;

/** Where a relation begins and ends; null when an end is not there. */
export function endsOf(
  { tables, boxes, foreign, style: { detail }, mixed }: Scene,
  relation: DiagramRelation,
): { readonly table: DiagramTable; readonly from: End; readonly to: End } | null {
  const table = tables.get(relation.from);
  const other = tables.get(relation.to);
  const fromBox = boxes.get(relation.from);
  const toBox = boxes.get(relation.to);
  if (!table || !other || !fromBox || !toBox) return null;
  const [pair] = relation.pairs;
  const offset = (of: DiagramTable, id: string | undefined): number =>
    columnOffset(shownColumns(of, detail, foreign.get(of.id)), id ?? '');
  const aside = !mixed.has(other.id) ? 0 : cardinality(relation, table).to === 'one' ? -ASIDE : ASIDE;
  return {
    table,
    from: { box: fromBox, y: fromBox.y + offset(table, pair?.from) },
    to: { box: toBox, y: toBox.y + offset(other, pair?.to) + aside },
  };
}

const inside = (box: Box, { x, y }: Point): boolean =>
  x >= box.x && y >= box.y && x <= box.x + box.width && y <= box.y + box.height;

/** The table or note at a point: the one drawn last. */
export function itemAt({ diagram, boxes }: Scene, point: Point): string | null {
  const at = (list: readonly { readonly id: string }[]): string | undefined =>
    list.findLast(({ id }) => {
      const box = boxes.get(id);
      return box !== undefined && inside(box, point);
    })?.id;
  return at(diagram.notes) ?? at(diagram.tables) ?? null;
}

/** The column line of a table at a point. */
export function columnAt(
  { boxes, foreign, style: { detail } }: Scene,
  table: DiagramTable,
  point: Point,
): DiagramColumn | null {
  const box = boxes.get(table.id);
  const columns = shownColumns(table, detail, foreign.get(table.id));
  return columns.find((column) => box && Math.abs(box.y + columnOffset(columns, column.id) - point.y) <= 10) ?? null;
}

/** The nearest table or note whose middle lies beyond this one's edge: by distance, sideways counting double. */
export function neighbour(scene: Scene, id: string | undefined, dx: number, dy: number): string | null {
  const here = id === undefined ? undefined : scene.boxes.get(id);
  if (!here) return scene.diagram.tables[0]?.id ?? null;
  const middle = (box: Box): Point => ({ x: box.x + box.width / 2, y: box.y + box.height / 2 });
  const from = middle(here);
  const edge = (Math.abs(dx) * here.width + Math.abs(dy) * here.height) / 2;
  let best: string | null = null;
  let least = Infinity;
  for (const [other, box] of scene.boxes) {
    if (other === id) continue;
    const to = middle(box);
    const along = (to.x - from.x) * dx + (to.y - from.y) * dy;
    const aside = Math.abs((to.x - from.x) * dy) + Math.abs((to.y - from.y) * dx);
    if (along <= edge || along + 2 * aside >= least) continue;
    best = other;
    least = along + 2 * aside;
  }
  return best;
}
