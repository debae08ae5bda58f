import { measure, type NodeMeasures } from './measures';
import type { Plan, PlanNode } from './plan-node';

/** One line of a comparison: a node of either plan, or both when they do the same to the same. */
export interface PlanPair {
  readonly before: PlanNode | null;
  readonly after: PlanNode | null;
  /** Nodes above it. */
  readonly depth: number;
  /** The same relation read in another way, or the same rows joined in another way. */
  readonly changed: boolean;
}

export interface PlanComparison {
  /** In the order of the plan after, what only the plan before has where it stood. */
  readonly pairs: readonly PlanPair[];
  readonly before: readonly NodeMeasures[];
  readonly after: readonly NodeMeasures[];
}

/** What a node reads or makes, whatever the way: nodes that share it are tried first. */
const subject = (node: PlanNode): string => `${node.schema}\u0001${node.relation || node.cte}\u0001${node.alias}`;
const isScan = (node: PlanNode): boolean => node.relation !== '' || node.cte !== '';
const isJoin = (node: PlanNode): boolean => /Join|Nested Loop/.test(node.type);
/** Helpers between a join and what it reads: they come and go with the way of joining. */
const isHelper = (node: PlanNode): boolean =>
  ['Hash', 'Sort', 'Incremental Sort', 'Materialize', 'Memoize', 'Gather', 'Gather Merge'].includes(node.type);

/** Scans below a node, which say what it is about. */
function reads(node: PlanNode, found: Map<number, ReadonlySet<string>>): ReadonlySet<string> {
  const known = found.get(node.id);
  if (known) return known;
  const set = new Set<string>(isScan(node) ? [subject(node)] : []);
  for (const child of node.children) for (const each of reads(child, found)) set.add(each);
  found.set(node.id, set);
  return set;
}

function likeness(a: PlanNode, b: PlanNode, ofA: ReadonlySet<string>, ofB: ReadonlySet<string>): number {
  if (isScan(a) !== isScan(b) || isHelper(a) !== isHelper(b)) return 0;
  if (isScan(a)) return subject(a) !== subject(b) ? 0 : a.type === b.type && a.index === b.index ? 3 : 2;
  const same = a.type === b.type;
  if (!same && !(isJoin(a) && isJoin(b))) return 0;
  const shared = [...ofA].filter((each) => ofB.has(each)).length;
  const part = ofA.size + ofB.size === 0 ? 1 : (2 * shared) / (ofA.size + ofB.size);
  return part === 0 ? 0 : part + (same ? 1 : 0) + (a.subplan === b.subplan ? 0.1 : 0);
}

/** Which node of the plan after each node of the plan before is. */
function matches(before: Plan, after: Plan): Map<number, PlanNode> {
  const [readsBefore, readsAfter] = [new Map<number, ReadonlySet<string>>(), new Map<number, ReadonlySet<string>>()];
  const found = new Map<number, PlanNode>();
  const taken = new Set<number>();
  const candidates: { a: PlanNode; b: PlanNode; like: number }[] = [];
  const byKind = new Map<string, PlanNode[]>();
  const kind = (node: PlanNode): string => (isScan(node) ? subject(node) : isJoin(node) ? 'join' : node.type);
  for (const node of after.nodes) byKind.set(kind(node), [...(byKind.get(kind(node)) ?? []), node]);
  for (const a of before.nodes) {
    // Many nodes of one kind (the members of a large Append) stand in order: those far apart are not each other's.
    const near = (byKind.get(kind(a)) ?? []).filter((b) => before.nodes.length < 300 || Math.abs(a.id - b.id) < 100);
    for (const b of near) {
      const like = likeness(a, b, reads(a, readsBefore), reads(b, readsAfter));
      if (like > 0.5) candidates.push({ a, b, like: like - Math.abs(a.id - b.id) / 100_000 });
    }
  }
  for (const { a, b } of candidates.sort((one, other) => other.like - one.like)) {
    if (found.has(a.id) || taken.has(b.id)) continue;
    found.set(a.id, b);
    taken.add(b.id);
  }
  return found;
}

/** Puts two plans of one question beside each other: nodes are matched by what they read. */
export function comparePlans(before: Plan, after: Plan): PlanComparison {
  const found = matches(before, after);
  const partner = new Map([...found].map(([id, node]) => [node.id, before.nodes[id] ?? null] as const));
  const pairs: PlanPair[] = [];
  const told = new Set<number>();
  const lost = (node: PlanNode, depth: number): void => {
    if (found.has(node.id) || told.has(node.id)) return;
    told.add(node.id);
    pairs.push({ before: node, after: null, depth, changed: true });
    for (const child of node.children) lost(child, depth + 1);
  };
  const walk = (node: PlanNode, depth: number): void => {
    const old = partner.get(node.id) ?? null;
    const changed = old === null || old.title !== node.title || old.target !== node.target;
    pairs.push({ before: old, after: node, depth, changed });
    if (old) for (const child of old.children) lost(child, depth + 1);
    for (const child of node.children) walk(child, depth + 1);
  };
  lost(before.root, 0);
  walk(after.root, 0);
  for (const node of before.nodes) lost(node, 0);
  return { pairs, before: measure(before).nodes, after: measure(after).nodes };
}
