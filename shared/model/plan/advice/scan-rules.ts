import { quoteIdent, quoteQualified } from '../../quote';
import { comparedColumns, isInvolved, joinedColumns, wrappedColumns } from '../filter-columns';
import { misestimate } from '../measures';
import { fieldNumber, fieldText, type PlanNode } from '../plan-node';
import type { Advice, AdviceRules, AdviceScope } from './advice';

/** Rules about how rows are found. */

/** Rows that a scan reads before an index pays. */
const LARGE = 10_000;
/** The part of the read rows that may stay. */
const FEW = 0.1;
/** The part of the time that a node must take before it is spoken of. */
const WEIGHT = 0.1;
const OFTEN = 100;
const FAR_OFF = 10;

const tableOf = (node: PlanNode): string => quoteQualified(node.schema, node.relation);
const createIndex = (node: PlanNode, columns: readonly string[]): string =>
  `CREATE INDEX ON ${tableOf(node)} (${columns.map(quoteIdent).join(', ')});`;

/** What a scan read and what it kept, over all loops; null when it says nothing of a filter. */
function filtered({ of }: AdviceScope, node: PlanNode): { read: number; kept: number; condition: string } | null {
  const condition = fieldText(node, 'Filter');
  const measured = of(node);
  if (condition === '' || measured.rows === null || node.relation === '') return null;
  return { read: measured.rows + measured.removed, kept: measured.rows, condition };
}

/** Rows that a scan reads each time it runs, all processes together. */
const perRun = (scope: AdviceScope, node: PlanNode, rows: number): number =>
  (rows / Math.max(1, node.actual?.loops ?? 1)) * scope.of(node).processes;

function seqScan(scope: AdviceScope, node: PlanNode): Advice[] {
  if (node.type !== 'Seq Scan' || scope.share(node) < WEIGHT) return [];
  const found = filtered(scope, node);
  if (!found || found.kept > found.read * FEW || perRun(scope, node, found.read) < LARGE) return [];
  if (isInvolved(found.condition)) return [];
  const values = { table: node.relation, read: Math.round(found.read), kept: Math.round(found.kept) };
  const columns = comparedColumns(found.condition);
  if (columns.length > 0) {
    return [
      {
        rule: 'seq-scan-filter',
        node: node.id,
        values: { ...values, columns: columns.join(', ') },
        sql: createIndex(node, columns),
      },
    ];
  }
  const [expression] = wrappedColumns(found.condition);
  if (expression === undefined) return [];
  // These give the same for the same whatever the session's settings: an index may hold them.
  const fit = /^\(*(?:lower|upper|btrim|abs)\(/.test(expression) && !expression.includes("''");
  return [
    {
      rule: 'function-filter',
      node: node.id,
      values: { ...values, expression },
      sql: fit ? `CREATE INDEX ON ${tableOf(node)} ((${expression}));` : '',
    },
  ];
}

function indexScan(scope: AdviceScope, node: PlanNode): Advice[] {
  const isIndex = ['Index Scan', 'Index Only Scan', 'Bitmap Heap Scan'].includes(node.type);
  if (!isIndex || scope.share(node) < WEIGHT) return [];
  const found = filtered(scope, node);
  if (!found || found.kept > found.read * FEW || found.read < LARGE || isInvolved(found.condition)) return [];
  const columns = comparedColumns(found.condition);
  if (columns.length === 0) return [];
  const known = comparedColumns(fieldText(node, 'Index Cond') || fieldText(node, 'Recheck Cond'));
  const index = node.index || node.children.find((child) => child.index !== '')?.index || '';
  return [
    {
      rule: 'index-filter',
      node: node.id,
      values: {
        table: node.relation,
        index,
        read: Math.round(found.read),
        kept: Math.round(found.kept),
        columns: columns.join(', '),
      },
      sql: known.length > 0 ? createIndex(node, [...new Set([...known, ...columns])]) : '',
    },
  ];
}

function loopScan(scope: AdviceScope, node: PlanNode): Advice[] {
  if (node.type !== 'Nested Loop') return [];
  const inner = node.children.find(({ relationship }) => relationship === 'Inner');
  const loops = inner?.actual?.loops ?? 0;
  if (inner?.type !== 'Seq Scan' || loops < OFTEN || scope.wholeShare(inner) < 0.2) return [];
  const found = scope.of(inner);
  const read = ((found.rows ?? 0) + found.removed) / loops;
  const filter = fieldText(inner, 'Filter');
  const joins = [filter, fieldText(node, 'Join Filter')];
  // A table of a page or so is read fastest as a whole.
  if (read < 200 || joins.some(isInvolved)) return [];
  const columns = filter === '' ? [] : joinedColumns(filter);
  return [
    {
      rule: 'loop-scan',
      node: inner.id,
      values: { table: inner.relation, loops: Math.round(loops), read: Math.round(read) },
      sql: columns.length > 0 && inner.relation !== '' ? createIndex(inner, columns) : '',
    },
  ];
}

/** A wrong estimate is spoken of where it begins: what stands above it is wrong because of it. */
function estimates(scope: AdviceScope, node: PlanNode): Advice[] {
  const factor = misestimate(scope.of(node)) ?? 1;
  const rows = node.actual?.rows ?? 0;
  const most = Math.max(rows, node.planRows ?? 0);
  const parent = scope.parents.get(node.id);
  if (factor < FAR_OFF || most < 1000 || !parent || scope.wholeShare(parent) < WEIGHT) return [];
  if (node.children.some((child) => (misestimate(scope.of(child)) ?? 1) >= FAR_OFF / 2)) return [];
  const values = { expected: Math.round(node.planRows ?? 0), rows: Math.round(rows), factor: Math.round(factor) };
  const isJoin = /Join|Nested Loop/.test(node.type);
  if (isJoin) return [{ rule: 'misestimate-join', node: node.id, values, sql: '' }];
  const condition = [fieldText(node, 'Filter'), fieldText(node, 'Index Cond'), fieldText(node, 'Recheck Cond')]
    .filter((part) => part !== '')
    .map((part) => `(${part})`)
    .join(' AND ');
  // Without a condition the planner knows how many rows a table has; on another one's values it depends.
  if (node.relation === '' || !node.type.endsWith('Scan') || condition === '') return [];
  if (joinedColumns(condition).length > 0) return [];
  const columns = comparedColumns(condition);
  const statistics =
    columns.length > 1 ? `\nCREATE STATISTICS ON ${columns.map(quoteIdent).join(', ')} FROM ${tableOf(node)};` : '';
  return [
    {
      rule: 'misestimate-scan',
      node: node.id,
      values: { ...values, table: node.relation },
      sql: named(`ANALYZE ${tableOf(node)};`, statistics, node, columns),
    },
  ];
}

/** Before 16 statistics must have a name; a name is right everywhere. */
function named(analyze: string, statistics: string, node: PlanNode, columns: readonly string[]): string {
  if (statistics === '') return analyze;
  const name = quoteQualified(node.schema, `${node.relation}_${columns.join('_')}`.slice(0, 58));
  return `${statistics.trim().replace('STATISTICS ON', () => `STATISTICS ${name} ON`)}\n${analyze}`;
}

function heapFetches(scope: AdviceScope, node: PlanNode): Advice[] {
  if (node.type !== 'Index Only Scan' || scope.share(node) < WEIGHT) return [];
  const fetches = fieldNumber(node, 'Heap Fetches');
  const rows = scope.of(node).rows ?? 0;
  if (fetches < 1000 || fetches < rows * 0.3 || node.relation === '') return [];
  return [
    {
      rule: 'heap-fetches',
      node: node.id,
      values: { table: node.relation, fetches, rows: Math.round(rows) },
      sql: `VACUUM ${tableOf(node)};`,
    },
  ];
}

function partitions(scope: AdviceScope, node: PlanNode): Advice[] {
  if (node.type !== 'Append' && node.type !== 'Merge Append') return [];
  if ('Subplans Removed' in node.fields && fieldNumber(node, 'Subplans Removed') > 0) return [];
  const scans = node.children.filter(
    (child) => child.relationship === 'Member' && child.relation !== '' && (child.actual?.loops ?? 0) > 0,
  );
  if (scans.length < 8 || scans.length < node.children.length || scope.wholeShare(node) < WEIGHT) return [];
  const conditional = scans.every((scan) => fieldText(scan, 'Filter') !== '' || fieldText(scan, 'Index Cond') !== '');
  const giving = scans.filter((scan) => (scope.of(scan).rows ?? 0) > 0).length;
  if (!conditional || giving === 0 || giving > scans.length / 4 || scope.of(node).cutShort) return [];
  return [{ rule: 'partitions', node: node.id, values: { scanned: scans.length, giving }, sql: '' }];
}

export const scanRules: AdviceRules = (scope) =>
  scope.plan.nodes.flatMap((node) => [
    ...seqScan(scope, node),
    ...indexScan(scope, node),
    ...loopScan(scope, node),
    ...estimates(scope, node),
    ...heapFetches(scope, node),
    ...partitions(scope, node),
  ]);
