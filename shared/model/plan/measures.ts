import { totalRows, type Plan, type PlanBlocks, type PlanNode } from './plan-node';

/** What is worked out of a plan for one node. Times in milliseconds of the clock: work that processes share is divided among them. */
export interface NodeMeasures {
  /** With its children; null without a run or with TIMING off. */
  readonly inclusiveMs: number | null;
  /** Without them. */
  readonly exclusiveMs: number | null;
  /** Of the whole plan's time, 0 … 1. */
  readonly timeShare: number | null;
  /** In the planner's units, over all loops it expects. */
  readonly inclusiveCost: number | null;
  readonly exclusiveCost: number | null;
  /** Of the whole plan's cost, 0 … 1. */
  readonly costShare: number | null;
  /** Rows of all loops and processes. */
  readonly rows: number | null;
  /** Rows of one loop, expected and found: above 1 there were more than expected, below fewer; null when that can't be told. */
  readonly estimate: number | null;
  /** Blocks read or found, children not counted: shared, local and temporary. */
  readonly exclusiveBlocks: number | null;
  /** Rows that a filter threw away, over all loops. */
  readonly removed: number;
  /** It may have been stopped before its end, so that fewer rows than expected mean nothing. */
  readonly cutShort: boolean;
  /** Processes that shared its work. */
  readonly processes: number;
}

/** Of a node that nothing was measured of. */
export const NO_MEASURES: NodeMeasures = {
  inclusiveMs: null,
  exclusiveMs: null,
  timeShare: null,
  inclusiveCost: null,
  exclusiveCost: null,
  costShare: null,
  rows: null,
  estimate: null,
  exclusiveBlocks: null,
  removed: 0,
  cutShort: false,
  processes: 1,
};

export interface PlanMeasures {
  /** By node id. */
  readonly nodes: readonly NodeMeasures[];
  /** Of the plan, without planning: what shares are parts of; null without a run or with TIMING off. */
  readonly totalMs: number | null;
  readonly totalCost: number | null;
}

/** Blocks touched: a temporary block written is read again, so that reads alone would tell half. */
export const touchedBlocks = (blocks: PlanBlocks): number =>
  blocks.sharedHit + blocks.sharedRead + blocks.localHit + blocks.localRead + blocks.tempRead + blocks.tempWritten;

/** Processes that work at each node: a Gather's child ran once in each of them for each time the Gather ran. */
function processesOf(plan: Plan): number[] {
  const processes = plan.nodes.map(() => 1);
  const walk = (node: PlanNode, count: number): void => {
    processes[node.id] = count;
    const gathers = node.type === 'Gather' || node.type === 'Gather Merge';
    for (const child of node.children) {
      const shared = gathers && child.relationship === 'Outer' && node.actual && child.actual;
      walk(child, shared ? Math.max(1, (child.actual?.loops ?? 1) / Math.max(1, node.actual?.loops ?? 1)) : count);
    }
  };
  walk(plan.root, 1);
  return processes;
}

const isInitPlan = (node: PlanNode): boolean => node.relationship === 'InitPlan';
const CTE = /^CTE (.*)$/s;

/** A part of a node's figures that stands within the figures of another. */
interface Charge {
  readonly of: number;
  readonly part: number;
}

/** The name under which expressions use what an InitPlan found: `$0`, from 17 on `(InitPlan 1)`. */
function resultNames({ subplan }: PlanNode): readonly string[] {
  const returned = /\(returns (.*)\)/.exec(subplan)?.[1]?.split(',') ?? [];
  return returned.length > 0 ? returned : [`(${subplan})`];
}

const mentions = (node: PlanNode, names: readonly string[]): boolean =>
  Object.values(node.fields).some((value) => {
    const text = typeof value === 'string' ? value : Array.isArray(value) ? value.join(' ') : '';
    return names.some((name) => {
      const at = text.indexOf(name);
      return at >= 0 && !/[0-9]/.test(text[at + name.length] ?? '');
    });
  });

function subtree(node: PlanNode): PlanNode[] {
  return [node, ...node.children.filter((child) => !isInitPlan(child)).flatMap(subtree)];
}

/**
 * Within which nodes' figures each node's figures stand. Mostly the parent's; a CTE runs when it is scanned, and what another InitPlan found is
 * worked out by the node that asks first, wherever the plan shows it.
 */
function chargesOf(plan: Plan, figure: readonly number[]): { charges: Charge[][]; loose: number[] } {
  const charges: Charge[][] = plan.nodes.map(() => []);
  const loose: number[] = [];
  const at = (node: PlanNode): number => figure[node.id] ?? 0;
  const scans = new Map<string, PlanNode[]>();
  for (const node of plan.nodes) {
    if (node.cte === '' || node.type === 'WorkTable Scan') continue;
    scans.set(node.cte, [...(scans.get(node.cte) ?? []), node]);
  }
  for (const node of plan.nodes) {
    for (const child of node.children) if (!isInitPlan(child)) charges[node.id]?.push({ of: child.id, part: 1 });
  }
  const own = (node: PlanNode): number =>
    at(node) - (charges[node.id] ?? []).reduce((sum, { of, part }) => sum + (figure[of] ?? 0) * part, 0);
  for (const node of plan.nodes) {
    for (const child of node.children.filter(isInitPlan)) {
      const cte = CTE.exec(child.subplan)?.[1];
      if (cte !== undefined) {
        const readers = scans.get(cte) ?? [];
        const sum = readers.reduce((all, reader) => all + at(reader), 0);
        // A CTE that changes rows runs to its end although nobody reads it.
        if (sum < at(child) * 0.9) loose.push(child.id);
        else
          for (const reader of readers) {
            charges[reader.id]?.push({ of: child.id, part: sum === 0 ? 0 : at(reader) / sum });
          }
        continue;
      }
      const names = resultNames(child);
      const asking = subtree(node).filter((each) => mentions(each, names));
      const payer = [...asking, node].find((each) => own(each) >= at(child) * 0.9) ?? node;
      charges[payer.id]?.push({ of: child.id, part: 1 });
    }
  }
  return { charges, loose };
}

/** Each figure without what stands within it of other nodes; never below 0: the server rounds. `total` is what all of them come to. */
function exclusiveOf(plan: Plan, figure: readonly number[]): { exclusive: number[]; total: number } {
  const { charges, loose } = chargesOf(plan, figure);
  const exclusive = figure.map((value, id) =>
    Math.max(
      0,
      (charges[id] ?? []).reduce((left, { of, part }) => left - (figure[of] ?? 0) * part, value),
    ),
  );
  return { exclusive, total: loose.reduce((sum, id) => sum + (figure[id] ?? 0), figure[plan.root.id] ?? 0) };
}

/**
 * Costs with children, over all loops that the planner expects: it tells those of one loop. What a parent does not pay is not counted: a Limit
 * stops its child early, and a Memoize spares loops.
 */
function costsOf(plan: Plan): number[] | null {
  if (plan.root.totalCost === null) return null;
  const costs = plan.nodes.map(() => 0);
  const walk = (node: PlanNode, cost: number): void => {
    costs[node.id] = cost;
    const scale = node.totalCost ? cost / node.totalCost : 0;
    let left = cost;
    const outer = node.children.find(({ relationship }) => relationship === 'Outer');
    for (const child of node.children) {
      const loops = node.type === 'Nested Loop' && child.relationship === 'Inner' ? (outer?.planRows ?? 1) : 1;
      const taken = Math.min(left, (child.totalCost ?? 0) * Math.max(1, loops) * scale);
      left -= taken;
      walk(child, taken);
    }
  };
  walk(plan.root, plan.root.totalCost);
  return costs;
}

/** Nodes that take all of their child's rows before they give the first. */
const takesAll = (node: PlanNode): boolean =>
  ['Sort', 'Hash', 'Bitmap Heap Scan', 'BitmapAnd', 'BitmapOr', 'ModifyTable'].includes(node.type) ||
  (node.type === 'Aggregate' && node.fields['Strategy'] !== 'Sorted');

function cutShortOf(plan: Plan): boolean[] {
  const cut = plan.nodes.map(() => false);
  const walk = (node: PlanNode, stopped: boolean): void => {
    cut[node.id] = stopped;
    const join = node.fields['Join Type'];
    const halfJoin = join === 'Semi' || join === 'Anti' || node.fields['Inner Unique'] === true;
    for (const child of node.children) {
      const asked = child.relationship === 'SubPlan' || isInitPlan(child);
      const byJoin =
        node.type === 'Merge Join' || (node.type === 'Nested Loop' && child.relationship === 'Inner' && halfJoin);
      walk(child, asked || byJoin || node.type === 'Limit' || (stopped && !takesAll(node)));
    }
  };
  walk(plan.root, false);
  return cut;
}

/** A difference of a row or so is no wrong estimate, whatever the quotient. */
const leastOne = (rows: number): number => Math.max(1, rows);

export const removedRows = (node: PlanNode): number => {
  const loops = node.actual?.loops ?? 0;
  return ['Rows Removed by Filter', 'Rows Removed by Join Filter'].reduce((sum, key) => {
    const value = node.fields[key];
    return sum + (typeof value === 'number' ? value * loops : 0);
  }, 0);
};

/** Everything that views, comparison and advice work out of a plan. */
export function measure(plan: Plan): PlanMeasures {
  const processes = processesOf(plan);
  const timed = plan.root.actual?.totalMs != null;
  const times = plan.nodes.map(({ actual, id }) =>
    actual ? ((actual.totalMs ?? 0) * actual.loops) / (processes[id] ?? 1) : 0,
  );
  const time = timed ? exclusiveOf(plan, times) : null;
  const blocks = plan.root.blocks
    ? exclusiveOf(
        plan,
        plan.nodes.map((node) => (node.blocks ? touchedBlocks(node.blocks) : 0)),
      )
    : null;
  const costs = costsOf(plan);
  const cut = cutShortOf(plan);
  const totalCost = plan.root.totalCost;
  const nodes = plan.nodes.map((node): NodeMeasures => {
    const { id, actual, planRows } = node;
    const exclusiveMs = time?.exclusive[id] ?? null;
    const childCosts = node.children.reduce((sum, child) => sum + (costs?.[child.id] ?? 0), 0);
    const exclusiveCost = costs ? Math.max(0, (costs[id] ?? 0) - childCosts) : null;
    const ran = actual !== null && actual.loops > 0 && planRows !== null;
    const isBitmap = node.type === 'BitmapAnd' || node.type === 'BitmapOr' || node.type === 'Hash';
    return {
      inclusiveMs: timed ? (times[id] ?? 0) : null,
      exclusiveMs,
      timeShare: exclusiveMs === null || !time || time.total === 0 ? null : Math.min(1, exclusiveMs / time.total),
      inclusiveCost: costs?.[id] ?? null,
      exclusiveCost,
      costShare: exclusiveCost === null || !totalCost ? null : Math.min(1, exclusiveCost / totalCost),
      rows: totalRows(node),
      estimate: ran && !isBitmap ? leastOne(actual.rows) / leastOne(planRows) : null,
      exclusiveBlocks: blocks?.exclusive[id] ?? null,
      removed: removedRows(node),
      cutShort: cut[id] ?? false,
      processes: processes[id] ?? 1,
    };
  });
  return { nodes, totalMs: time?.total ?? null, totalCost };
}

/** How far an estimate is off, as a factor of 1 or more; null when it can't be told or means nothing. */
export function misestimate({ estimate, cutShort }: NodeMeasures): number | null {
  if (estimate === null || (cutShort && estimate < 1)) return null;
  return estimate >= 1 ? estimate : 1 / estimate;
}

/** The nodes that cost the most themselves: by time where there was a run, else by cost; those of no weight are left out. */
export function costliest(plan: Plan, measures: PlanMeasures, count: number): readonly PlanNode[] {
  const share = ({ id }: PlanNode): number => {
    const of = measures.nodes[id];
    return of?.timeShare ?? of?.costShare ?? 0;
  };
  return plan.nodes
    .filter((node) => share(node) >= 0.01)
    .toSorted((a, b) => share(b) - share(a))
    .slice(0, count);
}

/** The nodes from the root to where most of the time, or cost, goes: at each step the child with the largest part. */
export function costlyPath(plan: Plan, measures: PlanMeasures): ReadonlySet<number> {
  const path = new Set<number>();
  const whole = ({ id }: PlanNode): number => {
    const of = measures.nodes[id];
    return of?.inclusiveMs ?? of?.inclusiveCost ?? 0;
  };
  const target = costliest(plan, measures, 1)[0];
  const walk = (node: PlanNode): boolean => {
    if (node === target || node.children.toSorted((a, b) => whole(b) - whole(a)).some(walk)) {
      path.add(node.id);
      return true;
    }
    return false;
  };
  walk(plan.root);
  return path;
}
