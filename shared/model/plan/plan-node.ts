/** Any value of a JSON document. */
export type Json = string | number | boolean | null | readonly Json[] | JsonRecord;
export interface JsonRecord {
  readonly [key: string]: Json;
}

export const isJsonRecord = (value: Json | undefined): value is JsonRecord =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const numberIn = (record: JsonRecord, key: string): number | null => {
  const value = record[key];
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
};
export const textIn = (record: JsonRecord, key: string): string => {
  const value = record[key];
  return typeof value === 'string' ? value : '';
};

/** What a node did, as averages of one loop; `loops` is 0 when it never ran. Times in milliseconds, null when they were not measured. */
export interface PlanActual {
  readonly startupMs: number | null;
  readonly totalMs: number | null;
  readonly rows: number;
  readonly loops: number;
}

/** Blocks of all loops and all processes together, children included; times in milliseconds, 0 when they were not measured. */
export interface PlanBlocks {
  readonly sharedHit: number;
  readonly sharedRead: number;
  readonly sharedDirtied: number;
  readonly sharedWritten: number;
  readonly localHit: number;
  readonly localRead: number;
  readonly localDirtied: number;
  readonly localWritten: number;
  readonly tempRead: number;
  readonly tempWritten: number;
  readonly readMs: number;
  readonly writeMs: number;
}

/** Write-ahead log of a node and its children. */
export interface PlanWal {
  readonly records: number;
  readonly fullPages: number;
  readonly bytes: number;
}

/** One worker process at a node. */
export interface PlanWorker {
  readonly number: number;
  readonly actual: PlanActual | null;
  readonly blocks: PlanBlocks | null;
  /** Everything the server said of it. */
  readonly fields: JsonRecord;
}

export interface PlanNode {
  /** Its place in the plan as it is written, from 0: a parent stands before its children. */
  readonly id: number;
  /** `Node Type` of the server. */
  readonly type: string;
  /** What the server's text format would call it, without what it works on: `Parallel Hash Left Join`. */
  readonly title: string;
  /** What it works on: `orders o`, `orders_pkey on orders`; empty when there is nothing to name. */
  readonly target: string;
  /** How it serves its parent: Outer, Inner, Member, Subquery, InitPlan, SubPlan; empty at the root. */
  readonly relationship: string;
  /** `CTE recent`, `InitPlan 1 (returns $0)`; empty otherwise. */
  readonly subplan: string;
  readonly schema: string;
  readonly relation: string;
  readonly alias: string;
  readonly index: string;
  readonly cte: string;
  /** In the planner's units, of one loop; null with COSTS off. */
  readonly startupCost: number | null;
  readonly totalCost: number | null;
  /** Rows of one loop that the planner expected. */
  readonly planRows: number | null;
  /** Bytes of a row that the planner expected. */
  readonly planWidth: number | null;
  /** Null when the statement was not run. */
  readonly actual: PlanActual | null;
  readonly blocks: PlanBlocks | null;
  readonly wal: PlanWal | null;
  readonly workers: readonly PlanWorker[];
  /** Everything the server said of it but children and workers, in its order: also what this program does not know. */
  readonly fields: JsonRecord;
  readonly children: readonly PlanNode[];
}

export interface PlanTrigger {
  readonly name: string;
  readonly constraint: string;
  readonly relation: string;
  /** Milliseconds of all calls; null when they were not measured. */
  readonly ms: number | null;
  readonly calls: number;
}

export interface PlanJit {
  readonly functions: number;
  /** Milliseconds of all parts; null when they were not measured. */
  readonly totalMs: number | null;
  readonly fields: JsonRecord;
}

/** A statement's plan as EXPLAIN gave it. */
export interface Plan {
  readonly root: PlanNode;
  /** All nodes; `nodes[id]` is the node of that id. */
  readonly nodes: readonly PlanNode[];
  readonly analyzed: boolean;
  /** Milliseconds; null when they were not told. */
  readonly planningMs: number | null;
  readonly executionMs: number | null;
  readonly planningBlocks: PlanBlocks | null;
  /** Of the planner, kilobytes. */
  readonly planningMemory: { readonly used: number; readonly allocated: number } | null;
  readonly serialization: {
    readonly ms: number | null;
    readonly kilobytes: number;
    readonly format: string;
  } | null;
  readonly triggers: readonly PlanTrigger[];
  readonly jit: PlanJit | null;
  /** Settings that are not as built in. */
  readonly settings: readonly { readonly name: string; readonly value: string }[];
  /** The statement, when the text told it (auto_explain); empty otherwise. */
  readonly statement: string;
  /** What else the server said. */
  readonly others: JsonRecord;
}

/** The node's parent; null for the root. */
export const parentsOf = (plan: Plan): ReadonlyMap<number, PlanNode> =>
  new Map(plan.nodes.flatMap((node) => node.children.map((child) => [child.id, node] as const)));

/** Number of processes that a field tells of, e.g. `Workers Launched`. */
export const fieldNumber = (node: PlanNode, key: string): number => numberIn(node.fields, key) ?? 0;
export const fieldText = (node: PlanNode, key: string): string => textIn(node.fields, key);

/** How often a node ran and came to nothing but rows, over all loops; null when the statement was not run. */
export const totalRows = ({ actual }: PlanNode): number | null => (actual ? actual.rows * actual.loops : null);

export const neverRan = ({ actual }: PlanNode): boolean => actual?.loops === 0;
