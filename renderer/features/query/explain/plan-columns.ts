import type { TFunction } from 'i18next';
import { misestimate, type NodeMeasures } from '../../../../shared/model/plan/measures';
import { fieldNumber, type PlanNode } from '../../../../shared/model/plan/plan-node';
import { heatOf, offOf, planBlocks, planCost, planRows, planShare, planTime, type Heat } from './plan-figures';

/** Columns of the tree and the table. */
export const PLAN_COLUMNS = [
  'exclusive',
  'share',
  'inclusive',
  'rows',
  'expected',
  'off',
  'loops',
  'removed',
  'cost',
  'buffers',
  'read',
  'temp',
  'workers',
] as const;
export type PlanColumn = (typeof PLAN_COLUMNS)[number];

export const TREE_COLUMNS: readonly PlanColumn[] = ['exclusive', 'share', 'rows', 'off', 'buffers'];
export const USUAL_COLUMNS: readonly PlanColumn[] = [
  'exclusive',
  'share',
  'inclusive',
  'rows',
  'expected',
  'off',
  'loops',
  'buffers',
];

export interface PlanCell {
  /** What it is sorted by; null sorts last. */
  readonly value: number | null;
  readonly text: string;
  readonly heat: Heat;
}

const read = ({ blocks }: PlanNode): number | null => (blocks ? blocks.sharedRead + blocks.localRead : null);
const temp = ({ blocks }: PlanNode): number | null => (blocks ? blocks.tempWritten : null);

/** What a node has in a column. */
export function planCell(
  column: PlanColumn,
  node: PlanNode,
  measures: NodeMeasures,
  t: TFunction<'explain'>,
  language: string,
): PlanCell {
  const cell = (value: number | null, format: (value: number) => string, heat: Heat = 'none'): PlanCell => ({
    value,
    text: value === null ? '' : format(value),
    heat,
  });
  const rows = (value: number) => planRows(value, language);
  const blocks = (value: number) => planBlocks(value, language);
  const share = measures.timeShare ?? measures.costShare;
  switch (column) {
    case 'exclusive':
      return cell(measures.exclusiveMs, planTime, heatOf(measures.timeShare));
    case 'share':
      return cell(share, planShare, heatOf(share));
    case 'inclusive':
      return cell(measures.inclusiveMs, planTime);
    case 'rows':
      return cell(measures.rows, rows);
    case 'expected':
      return cell(node.planRows, rows);
    case 'off': {
      const factor = misestimate(measures);
      const more = (measures.estimate ?? 1) >= 1;
      return cell(
        factor,
        (value) =>
          value < 1.5
            ? '≈'
            : t(more ? 'off.shortMore' : 'off.shortFewer', { factor: value < 10 ? value.toFixed(1) : rows(value) }),
        offOf(factor),
      );
    }
    case 'loops':
      return cell(node.actual?.loops ?? null, rows);
    case 'removed':
      return cell(node.actual ? measures.removed : null, rows);
    case 'cost':
      return cell(measures.exclusiveCost, (value) => planCost(value, language));
    case 'buffers':
      return cell(measures.exclusiveBlocks, blocks);
    case 'read':
      return cell(read(node), blocks);
    case 'temp':
      return cell(temp(node), blocks);
    case 'workers':
      return cell(
        'Workers Planned' in node.fields ? fieldNumber(node, 'Workers Launched') : null,
        (value) => `${value} / ${fieldNumber(node, 'Workers Planned')}`,
      );
  }
}
