import { numberIn, textIn, type JsonRecord, type PlanNode } from '../plan-node';
import type { Advice, AdviceRules, AdviceScope } from './advice';

/** Rules about memory that did not suffice. */

const WEIGHT = 0.05;
/** Rows in memory take more room than on disk, where they are packed. */
const UNPACKED = 2.5;
/** Blocks of 8 kB that are written beside the tables before it is spoken of. */
const MANY_BLOCKS = 1000;

/** Whole megabytes above, in steps that a person would write. */
export function workMemory(kilobytes: number): number {
  const megabytes = Math.ceil(kilobytes / 1024);
  return megabytes <= 16 ? Math.max(4, megabytes) : Math.ceil(megabytes / 16) * 16;
}

const setMemory = (kilobytes: number): string => `SET work_mem = '${workMemory(kilobytes)}MB';`;

/** The node's own fields, and those of its workers, which tell of themselves. */
const tellers = (node: PlanNode): readonly JsonRecord[] => [node.fields, ...node.workers.map(({ fields }) => fields)];

const largest = (node: PlanNode, value: (fields: JsonRecord) => number): number =>
  Math.max(0, ...tellers(node).map(value));

function sortOnDisk(scope: AdviceScope, node: PlanNode): Advice[] {
  const diskKb = largest(node, (fields) =>
    textIn(fields, 'Sort Space Type') === 'Disk' ? (numberIn(fields, 'Sort Space Used') ?? 0) : 0,
  );
  if (diskKb === 0 || scope.share(node) < WEIGHT) return [];
  return [{ rule: 'sort-disk', node: node.id, values: { diskKb }, sql: setMemory(diskKb * UNPACKED) }];
}

function hashOnDisk(scope: AdviceScope, node: PlanNode): Advice[] {
  if (node.type !== 'Hash') return [];
  const batches = largest(node, (fields) => numberIn(fields, 'Hash Batches') ?? 1);
  const memoryKb = largest(node, (fields) => numberIn(fields, 'Peak Memory Usage') ?? 0);
  const join = scope.parents.get(node.id);
  if (batches < 2 || !join || scope.share(join) + scope.share(node) < WEIGHT) return [];
  return [{ rule: 'hash-disk', node: node.id, values: { batches }, sql: setMemory(memoryKb * batches * 1.2) }];
}

function aggregateOnDisk(scope: AdviceScope, node: PlanNode): Advice[] {
  if (node.type !== 'Aggregate') return [];
  const diskKb = largest(node, (fields) => numberIn(fields, 'Disk Usage') ?? 0);
  const memoryKb = largest(node, (fields) => numberIn(fields, 'Peak Memory Usage') ?? 0);
  if (diskKb === 0 || scope.share(node) < WEIGHT) return [];
  const needed = memoryKb + diskKb * UNPACKED;
  return [{ rule: 'aggregate-disk', node: node.id, values: { diskKb }, sql: setMemory(needed) }];
}

/** Rows that are kept for a second reading: these nodes say nothing of the memory they took. */
function keptOnDisk(scope: AdviceScope, node: PlanNode): Advice[] {
  if (!['Materialize', 'CTE Scan', 'Function Scan', 'WindowAgg', 'Recursive Union'].includes(node.type)) return [];
  const children = node.children.reduce((sum, child) => sum + (child.blocks?.tempWritten ?? 0), 0);
  const written = (node.blocks?.tempWritten ?? 0) - children;
  if (written < MANY_BLOCKS || scope.share(node) < WEIGHT) return [];
  const diskKb = written * 8;
  return [{ rule: 'temporary', node: node.id, values: { diskKb }, sql: setMemory(diskKb * UNPACKED) }];
}

function lossyBitmap(scope: AdviceScope, node: PlanNode): Advice[] {
  if (node.type !== 'Bitmap Heap Scan' || scope.share(node) < WEIGHT) return [];
  const lossy = numberIn(node.fields, 'Lossy Heap Blocks') ?? 0;
  const exact = numberIn(node.fields, 'Exact Heap Blocks') ?? 0;
  const rechecked = (numberIn(node.fields, 'Rows Removed by Index Recheck') ?? 0) * (node.actual?.loops ?? 0);
  if (lossy < MANY_BLOCKS || rechecked < 1000) return [];
  return [
    {
      rule: 'lossy-bitmap',
      node: node.id,
      values: { lossy, blocks: lossy + exact, rechecked: Math.round(rechecked) },
      sql: '',
    },
  ];
}

export const memoryRules: AdviceRules = (scope) =>
  scope.plan.nodes.flatMap((node) => [
    ...sortOnDisk(scope, node),
    ...hashOnDisk(scope, node),
    ...aggregateOnDisk(scope, node),
    ...keptOnDisk(scope, node),
    ...lossyBitmap(scope, node),
  ]);
