import type { TFunction } from 'i18next';
import { misestimate, NO_MEASURES, type NodeMeasures, type PlanMeasures } from '../../../../shared/model/plan/measures';
import { neverRan, type Plan, type PlanNode } from '../../../../shared/model/plan/plan-node';
import { formatBytes, formatCount, formatDuration } from '../../../ui/bytes';

/** Figures of plans as a person reads them. */

/** Milliseconds with as many digits as tell something: plans have parts of a millisecond. */
export function planTime(ms: number): string {
  if (ms >= 999.5) return formatDuration(ms);
  return `${ms >= 100 ? ms.toFixed(0) : ms >= 10 ? ms.toFixed(1) : ms >= 0.1 ? ms.toFixed(2) : ms.toFixed(3)} ms`;
}

export const planCost = (cost: number, language: string): string =>
  new Intl.NumberFormat(language, { minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(cost);

export const planRows = (rows: number, language: string): string => formatCount(Math.round(rows), language);

export function planShare(share: number): string {
  if (share > 0 && share < 0.01) return '< 1 %';
  return `${Math.round(share * 100)} %`;
}

/** Blocks of 8 kB with what they come to. */
export const planBlocks = (blocks: number, language: string): string =>
  blocks === 0 ? '0' : `${formatCount(blocks, language)} · ${formatBytes(blocks * 8192)}`;

/** How much of the whole a node takes: what its mark says. */
export type Heat = 'none' | 'some' | 'much' | 'most';
export function heatOf(share: number | null): Heat {
  if (share === null || share <= 0.1) return 'none';
  return share > 0.9 ? 'most' : share > 0.5 ? 'much' : 'some';
}

/** How far an estimate is off. */
export function offOf(factor: number | null): Heat {
  if (factor === null || factor < 10) return 'none';
  return factor >= 1000 ? 'most' : factor >= 100 ? 'much' : 'some';
}

/** `120 × more` or `fewer` than expected; empty when the estimate is about right. */
export function offText(measures: NodeMeasures, t: TFunction<'explain'>, language: string): string {
  const factor = misestimate(measures);
  if (factor === null || factor < 10) return '';
  const key = (measures.estimate ?? 1) > 1 ? 'off.more' : 'off.fewer';
  return t(key, { factor: formatCount(Math.round(factor), language) });
}

/** The part of the whole that a node takes itself, by time where there was a run. */
export const shareOf = ({ timeShare, costShare }: NodeMeasures): number | null => timeShare ?? costShare;

/** Fields that say best what a node without a relation is about; the first that it has. */
const TELLING = ['Hash Cond', 'Merge Cond', 'Join Filter', 'Sort Key', 'Group Key', 'Cache Key', 'One-Time Filter'];

/** What stands under a node's name: what it works on, else by what it joins, sorts or groups. */
export function nodeDetail({ target, fields }: PlanNode): string {
  if (target !== '') return target;
  const value = TELLING.map((name) => fields[name]).find((each) => each !== undefined);
  if (typeof value === 'string') return value;
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string').join(', ') : '';
}

/** Everything that the views of one plan share. */
export interface PlanScene {
  readonly plan: Plan;
  readonly measures: PlanMeasures;
  readonly selected: number | null;
  readonly onSelect: (id: number) => void;
}

export const measuresOf = (measures: PlanMeasures, node: PlanNode): NodeMeasures =>
  measures.nodes[node.id] ?? NO_MEASURES;

/** A node in one line, for those who don't see it drawn. */
export function spokenNode(node: PlanNode, measures: NodeMeasures, t: TFunction<'explain'>, language: string): string {
  const parts = [node.target === '' ? node.title : t('spoken.on', { title: node.title, target: node.target })];
  if (neverRan(node)) parts.push(t('never'));
  const share = shareOf(measures);
  if (measures.exclusiveMs !== null) parts.push(planTime(measures.exclusiveMs));
  if (share !== null) parts.push(planShare(share));
  const rows = measures.rows ?? node.planRows;
  if (rows !== null) parts.push(t('spoken.rows', { count: Math.round(rows), text: planRows(rows, language) }));
  const off = offText(measures, t, language);
  if (off !== '') parts.push(off);
  return parts.join(', ');
}
