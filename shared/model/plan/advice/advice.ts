import { measure, NO_MEASURES, type NodeMeasures, type PlanMeasures } from '../measures';
import { parentsOf, type Plan, type PlanNode } from '../plan-node';
import { memoryRules } from './memory-rules';
import { runRules } from './run-rules';
import { scanRules } from './scan-rules';

export const ADVICE_RULES = [
  'seq-scan-filter',
  'index-filter',
  'loop-scan',
  'misestimate-scan',
  'misestimate-join',
  'sort-disk',
  'hash-disk',
  'aggregate-disk',
  'temporary',
  'lossy-bitmap',
  'heap-fetches',
  'jit',
  'workers',
  'cte',
  'function-filter',
  'partitions',
  'foreign-key',
  'trigger',
] as const;
export type AdviceRule = (typeof ADVICE_RULES)[number];

/**
 * Something that can be done about a plan. `values` fill the words of the rule: numbers are counts, but for names that end in `Share` (0 … 1),
 * `Ms` (milliseconds) and `Kb` (kilobytes).
 */
export interface Advice {
  readonly rule: AdviceRule;
  /** The node it is about. */
  readonly node: number;
  readonly values: Readonly<Record<string, string | number>>;
  /** A statement to look at; nothing runs it. Empty when there is none. */
  readonly sql: string;
}

/** What a rule looks at. */
export interface AdviceScope {
  readonly plan: Plan;
  readonly measures: PlanMeasures;
  readonly parents: ReadonlyMap<number, PlanNode>;
  of(node: PlanNode): NodeMeasures;
  /** The node's own part of the time, 0 … 1. */
  share(node: PlanNode): number;
  /** The part of the time that it takes with its children, 0 … 1. */
  wholeShare(node: PlanNode): number;
}

export type AdviceRules = (scope: AdviceScope) => readonly Advice[];

/** What can be done about a plan that was run, the costliest nodes first. A plan that was not run tells too little: nothing is said of it. */
export function adviseOn(plan: Plan, measures: PlanMeasures = measure(plan)): readonly Advice[] {
  if (!plan.analyzed || measures.totalMs === null) return [];
  const of = (node: PlanNode): NodeMeasures => measures.nodes[node.id] ?? NO_MEASURES;
  const total = measures.totalMs;
  const scope: AdviceScope = {
    plan,
    measures,
    parents: parentsOf(plan),
    of,
    share: (node) => of(node).timeShare ?? 0,
    wholeShare: (node) => (total === 0 ? 0 : (of(node).inclusiveMs ?? 0) / total),
  };
  const weight = ({ node }: Advice): number => measures.nodes[node]?.timeShare ?? 0;
  return [scanRules, memoryRules, runRules].flatMap((rules) => rules(scope)).toSorted((a, b) => weight(b) - weight(a));
}
