import type { PlanMeasures } from './measures';
import { totalRows, type Plan, type PlanNode } from './plan-node';

/** What nodes of one kind, or of one relation, come to together. */
export interface PlanSum {
  /** Title of the nodes, or the relation with its schema where that is known. */
  readonly name: string;
  readonly count: number;
  /** Milliseconds without children; null without a run. */
  readonly exclusiveMs: number | null;
  readonly exclusiveCost: number | null;
  /** Of the whole, 0 … 1: of time where there was a run, else of cost. */
  readonly share: number;
  /** Rows that came out of them; null without a run. */
  readonly rows: number | null;
  readonly blocks: number | null;
}

const added = (one: number | null, other: number | null): number | null => (other === null ? one : (one ?? 0) + other);

function sums(plan: Plan, measures: PlanMeasures, nameOf: (node: PlanNode) => string): PlanSum[] {
  const found = new Map<string, PlanSum>();
  for (const node of plan.nodes) {
    const name = nameOf(node);
    const of = measures.nodes[node.id];
    if (name === '' || !of) continue;
    const sum = found.get(name);
    found.set(name, {
      name,
      count: (sum?.count ?? 0) + 1,
      exclusiveMs: added(sum?.exclusiveMs ?? null, of.exclusiveMs),
      exclusiveCost: added(sum?.exclusiveCost ?? null, of.exclusiveCost),
      share: Math.min(1, (sum?.share ?? 0) + (of.timeShare ?? of.costShare ?? 0)),
      rows: added(sum?.rows ?? null, totalRows(node)),
      blocks: added(sum?.blocks ?? null, of.exclusiveBlocks),
    });
  }
  return [...found.values()].sort((a, b) => b.share - a.share || a.name.localeCompare(b.name));
}

/** By kind of node, and by relation read or written, the costliest first. */
export function planStatistics(plan: Plan, measures: PlanMeasures): { kinds: PlanSum[]; relations: PlanSum[] } {
  return {
    kinds: sums(plan, measures, ({ title }) => title),
    relations: sums(plan, measures, ({ schema, relation }) => (schema === '' ? relation : `${schema}.${relation}`)),
  };
}
