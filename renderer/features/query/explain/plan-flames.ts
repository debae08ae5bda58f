import type { PlanMeasures } from '../../../../shared/model/plan/measures';
import type { Plan, PlanNode } from '../../../../shared/model/plan/plan-node';
import { measuresOf } from './plan-figures';

/** What the bars stand for. */
export type FlameFigure = 'time' | 'cost';

export interface Flame {
  readonly node: PlanNode;
  readonly depth: number;
  /** Of the whole, 0 … 1. */
  readonly left: number;
  readonly width: number;
}

/** Bars that are narrower can't be seen, nor clicked. */
const THIN = 0.0005;

/** Each node under its parent, as wide as what it takes with its children. */
export function flamesOf(plan: Plan, measures: PlanMeasures, figure: FlameFigure): Flame[] {
  const whole = figure === 'time' ? measures.totalMs : measures.totalCost;
  const flames: Flame[] = [];
  if (!whole) return flames;
  const value = (node: PlanNode): number => {
    const of = measuresOf(measures, node);
    return (figure === 'time' ? of.inclusiveMs : of.inclusiveCost) ?? 0;
  };
  const walk = (node: PlanNode, depth: number, left: number, width: number): void => {
    flames.push({ node, depth, left, width });
    let at = left;
    for (const child of node.children) {
      const taken = Math.min(left + width - at, value(child) / whole);
      if (taken >= THIN) walk(child, depth + 1, at, taken);
      at += Math.max(0, taken);
    }
  };
  walk(plan.root, 0, 0, Math.min(1, value(plan.root) / whole));
  return flames;
}
