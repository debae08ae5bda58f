import type { PlanMeasures } from '../../../../shared/model/plan/measures';
import { neverRan, totalRows, type Plan, type PlanNode } from '../../../../shared/model/plan/plan-node';
import { visibleText } from '../../../ui/visible-text';
import { heatOf, measuresOf, shareOf, type Heat } from './plan-figures';

/** Where the boxes of a plan stand, in pixels at 100 %: the root left, rows flow to it from the right. Pure; the canvas and the files agree by it. */

export const BOX = { width: 212, height: 64, across: 44, down: 24, pad: 10 } as const;

/** How much text fits into a line of a box, in places of a character. */
export const PLACES = { title: 21, target: 25, figures: 22 } as const;

export interface PlanBox {
  readonly node: PlanNode;
  readonly x: number;
  readonly y: number;
  readonly share: number | null;
  readonly heat: Heat;
  readonly never: boolean;
  /** On the way to where most of the time goes. */
  readonly costly: boolean;
}

export interface PlanEdge {
  readonly from: PlanBox;
  readonly to: PlanBox;
  /** Thickness by the rows that flow. */
  readonly width: number;
  /** An InitPlan or SubPlan, whose rows do not flow into the parent. */
  readonly aside: boolean;
  readonly d: string;
}

export interface PlanDrawing {
  readonly boxes: readonly PlanBox[];
  readonly edges: readonly PlanEdge[];
  readonly width: number;
  readonly height: number;
}

/** 1.5 for a row, 10 for millions. */
const edgeWidth = (rows: number): number => 1.5 + Math.min(8.5, Math.log10(Math.max(1, rows)) * 1.4);

export function drawPlan(plan: Plan, measures: PlanMeasures, path: ReadonlySet<number>): PlanDrawing {
  const boxes: PlanBox[] = [];
  const edges: PlanEdge[] = [];
  let bottom = 0;
  let deepest = 0;
  const place = (node: PlanNode, depth: number): PlanBox => {
    deepest = Math.max(deepest, depth);
    const children = node.children.map((child) => place(child, depth + 1));
    const [first, last] = [children[0], children.at(-1)];
    let y = bottom;
    if (first && last) y = (first.y + last.y) / 2;
    else bottom += BOX.height + BOX.down;
    const share = shareOf(measuresOf(measures, node));
    const box: PlanBox = {
      node,
      x: depth * (BOX.width + BOX.across),
      y,
      share,
      heat: heatOf(share),
      never: neverRan(node),
      costly: path.has(node.id),
    };
    boxes.push(box);
    for (const child of children) edges.push(edgeOf(box, child));
    return box;
  };
  place(plan.root, 0);
  return {
    boxes: boxes.sort((a, b) => a.node.id - b.node.id),
    edges,
    width: (deepest + 1) * (BOX.width + BOX.across) - BOX.across,
    height: Math.max(BOX.height, bottom - BOX.down),
  };
}

function edgeOf(to: PlanBox, from: PlanBox): PlanEdge {
  const start = { x: to.x + BOX.width, y: to.y + BOX.height / 2 };
  const end = { x: from.x, y: from.y + BOX.height / 2 };
  const middle = (start.x + end.x) / 2;
  const { relationship } = from.node;
  return {
    from,
    to,
    width: edgeWidth(totalRows(from.node) ?? from.node.planRows ?? 0),
    aside: relationship === 'InitPlan' || relationship === 'SubPlan',
    d: `M${start.x} ${start.y}C${middle} ${start.y} ${middle} ${end.y} ${end.x} ${end.y}`,
  };
}

const isWide = (character: string): boolean =>
  /[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFF00-\uFF60]/.test(character);

/** A text cut at its end to so many places; characters of East Asia take two. */
export function cutText(text: string, most: number): string {
  let places = 0;
  let kept = '';
  for (const character of visibleText(text)) {
    places += isWide(character) ? 2 : 1;
    if (places > most) return `${kept.slice(0, -1)}…`;
    kept += character;
  }
  return kept;
}

/** The node that a key leads to: along the tree, and among those of the same depth. */
export function neighbour(drawing: PlanDrawing, id: number | null, key: string): number | null {
  const here = drawing.boxes.find(({ node }) => node.id === id);
  if (!here) return drawing.boxes[0]?.node.id ?? null;
  if (key === 'ArrowLeft') return drawing.edges.find(({ from }) => from === here)?.to.node.id ?? here.node.id;
  if (key === 'ArrowRight') return here.node.children[0]?.id ?? here.node.id;
  const column = drawing.boxes.filter(({ x }) => x === here.x).sort((a, b) => a.y - b.y);
  const next = column[column.indexOf(here) + (key === 'ArrowDown' ? 1 : -1)];
  return next?.node.id ?? here.node.id;
}
