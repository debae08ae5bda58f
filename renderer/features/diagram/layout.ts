import { graphlib, layout as layGraph } from '@dagrejs/dagre';
import { bounds, type Box, type Point } from './geometry';

/** Where tables stand: each group of tables that hang together by itself, the groups in rows, lone tables in columns below. */

export interface LayoutNode {
  readonly id: string;
  readonly width: number;
  readonly height: number;
}
export interface LayoutEdge {
  /** The table referred to: it stands left. */
  readonly left: string;
  readonly right: string;
}
export interface LayoutTask {
  readonly nodes: readonly LayoutNode[];
  readonly edges: readonly LayoutEdge[];
}
export type Places = ReadonlyMap<string, Point>;

const ACROSS = 120;
const DOWN = 32;
const BETWEEN = 96;
/** A drawing is about so much wider than high, as screens are. */
const ASPECT = 1.6;
/** Below this height a column of tables is fine, however slim the drawing gets. */
const FINE_HEIGHT = 1200;

interface Group {
  readonly nodes: readonly LayoutNode[];
  readonly edges: readonly LayoutEdge[];
}

function groupsOf({ nodes, edges }: LayoutTask): Group[] {
  const above = new Map(nodes.map(({ id }) => [id, id]));
  const top = (id: string): string => {
    let at = id;
    for (let next = above.get(at); next !== undefined && next !== at; next = above.get(at)) {
      above.set(at, above.get(next) ?? next);
      at = next;
    }
    return at;
  };
  const ties = edges.filter(({ left, right }) => left !== right && above.has(left) && above.has(right));
  for (const { left, right } of ties) above.set(top(left), top(right));
  const groups = new Map<string, { nodes: LayoutNode[]; edges: LayoutEdge[] }>();
  for (const node of nodes) {
    const key = top(node.id);
    const group = groups.get(key) ?? { nodes: [], edges: [] };
    group.nodes.push(node);
    groups.set(key, group);
  }
  for (const edge of ties) groups.get(top(edge.left))?.edges.push(edge);
  return [...groups.values()];
}

interface Placed {
  readonly boxes: ReadonlyMap<string, Box>;
  readonly width: number;
  readonly height: number;
}

/** Moves boxes so that they begin at 0, 0. */
function settled(boxes: ReadonlyMap<string, Box>): Placed {
  const all = bounds(boxes.values()) ?? { x: 0, y: 0, width: 0, height: 0 };
  const moved = new Map([...boxes].map(([id, box]) => [id, { ...box, x: box.x - all.x, y: box.y - all.y }]));
  return { boxes: moved, width: all.width, height: all.height };
}

/** Ranks from left to right, each from top to bottom. */
function layRanks(group: Group): { readonly boxes: Map<string, Box>; readonly ranks: readonly LayoutNode[][] } {
  const graph = new graphlib.Graph();
  graph.setGraph({ rankdir: 'LR', nodesep: DOWN, ranksep: ACROSS });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { id, width, height } of group.nodes) graph.setNode(id, { width, height });
  for (const { left, right } of group.edges) graph.setEdge(left, right);
  layGraph(graph);
  const ranks = new Map<number, { readonly node: LayoutNode; readonly y: number }[]>();
  for (const node of group.nodes) {
    const { x, y } = graph.node(node.id);
    const rank = Math.round(x ?? 0);
    const list = ranks.get(rank) ?? [];
    list.push({ node, y: y ?? 0 });
    ranks.set(rank, list);
  }
  const boxes = new Map<string, Box>();
  for (const [middle, list] of ranks) {
    // Tables of a rank stand flush left, so that lines to them turn at one place.
    const left = middle - Math.max(...list.map(({ node }) => node.width)) / 2;
    for (const { node, y } of list) boxes.set(node.id, { ...node, x: left, y: y - node.height / 2 });
  }
  return {
    boxes,
    ranks: [...ranks]
      .sort(([a], [b]) => a - b)
      .map(([, list]) => list.sort((a, b) => a.y - b.y).map(({ node }) => node)),
  };
}

/** Ranks that are too high for a screen are broken into columns side by side. */
function foldRanks(ranks: readonly (readonly LayoutNode[])[], most: number): Placed {
  const columns: LayoutNode[][] = [];
  for (const rank of ranks) {
    const whole = rank.reduce((sum, { height }) => sum + height + DOWN, -DOWN);
    const even = whole / Math.ceil(whole / most);
    let column: LayoutNode[] = [];
    let height = 0;
    for (const node of rank) {
      if (column.length > 0 && height + node.height / 2 > even) {
        columns.push(column);
        column = [];
        height = 0;
      }
      column.push(node);
      height += node.height + DOWN;
    }
    columns.push(column);
  }
  const heightOf = (column: readonly LayoutNode[]): number =>
    column.reduce((sum, { height }) => sum + height + DOWN, -DOWN);
  const highest = Math.max(...columns.map(heightOf));
  const boxes = new Map<string, Box>();
  let x = 0;
  for (const column of columns) {
    let y = Math.round((highest - heightOf(column)) / 2);
    for (const node of column) {
      boxes.set(node.id, { ...node, x, y });
      y += node.height + DOWN;
    }
    x += Math.max(...column.map(({ width }) => width)) + ACROSS;
  }
  return settled(boxes);
}

function layGroup(group: Group): Placed {
  const { boxes, ranks } = layRanks(group);
  const laid = settled(boxes);
  const area = group.nodes.reduce((sum, { width, height }) => sum + (width + ACROSS) * (height + DOWN), 0);
  const most = Math.max(FINE_HEIGHT, Math.sqrt(area / ASPECT));
  return laid.height > most * 1.4 ? foldRanks(ranks, most) : laid;
}

/** Lone tables in columns of one width, each into the column that is shortest so far. */
function layLone(nodes: readonly LayoutNode[], wide: number): Placed {
  const width = Math.max(...nodes.map((node) => node.width));
  const count = Math.min(nodes.length, Math.max(1, Math.floor((wide + DOWN) / (width + DOWN))));
  const heights = Array.from({ length: count }, () => 0);
  const boxes = new Map<string, Box>();
  for (const node of nodes) {
    const column = heights.indexOf(Math.min(...heights));
    const y = heights[column] ?? 0;
    boxes.set(node.id, { ...node, x: column * (width + DOWN), y });
    heights[column] = y + node.height + DOWN;
  }
  return settled(boxes);
}

/** Lays out tables; boxes never overlap. */
export function layOut(task: LayoutTask): Map<string, Point> {
  const groups = groupsOf(task);
  const lone = groups.filter(({ nodes }) => nodes.length === 1).flatMap(({ nodes }) => nodes);
  const laid = groups
    .filter(({ nodes }) => nodes.length > 1)
    .map(layGroup)
    .sort((a, b) => b.height - a.height);
  const area =
    laid.reduce((sum, { width, height }) => sum + (width + BETWEEN) * (height + BETWEEN), 0) +
    lone.reduce((sum, { width, height }) => sum + (width + DOWN) * (height + DOWN), 0);
  const wide = Math.max(Math.sqrt(area * ASPECT), ...laid.map(({ width }) => width));
  const places = new Map<string, Point>();
  let [x, y, rowHeight] = [0, 0, 0];
  const place = ({ boxes, width, height }: Placed): void => {
    if (x > 0 && x + width > wide) {
      x = 0;
      y += rowHeight + BETWEEN;
      rowHeight = 0;
    }
    for (const [id, box] of boxes) places.set(id, { x: Math.round(x + box.x), y: Math.round(y + box.y) });
    x += width + BETWEEN;
    rowHeight = Math.max(rowHeight, height);
  };
  for (const group of laid) place(group);
  if (lone.length > 0) {
    if (laid.length > 0) {
      x = 0;
      y += rowHeight + BETWEEN;
      rowHeight = 0;
    }
    place(layLone(lone, wide));
  }
  return places;
}
