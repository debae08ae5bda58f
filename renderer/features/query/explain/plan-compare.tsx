import { Box } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { comparePlans, type PlanPair } from '../../../../shared/model/plan/compare-plans';
import type { NodeMeasures } from '../../../../shared/model/plan/measures';
import { totalRows, type Plan, type PlanNode } from '../../../../shared/model/plan/plan-node';
import { visibleText } from '../../../ui/visible-text';
import { NodeIcon } from './node-icon';
import classes from './plan-compare.module.css';
import { planBlocks, planCost, planRows, planTime, type PlanScene } from './plan-figures';
import type { KeptPlan } from './plan-store';

const ROW = 24;
const INDENT = 12;
const DEEPEST = 16;
/** A difference below this part of the larger is noise. */
const NOISE = 0.05;

export interface PlanCompareProps {
  readonly before: KeptPlan;
  readonly after: KeptPlan;
  readonly scene: PlanScene;
}

type Change = 'better' | 'worse' | 'same';

function changeOf(before: number | null, after: number | null): Change {
  if (before === null || after === null) return 'same';
  if (Math.abs(after - before) <= NOISE * Math.max(before, after)) return 'same';
  return after < before ? 'better' : 'worse';
}

/** `−40 %`, `+12 %`, `× 25`, `÷ 300`. */
function differenceText(before: number | null, after: number | null, format: (value: number) => string): string {
  if (before === null || after === null) return '';
  if (changeOf(before, after) === 'same') return '≈';
  if (before === 0) return `+ ${format(after)}`;
  const factor = after / before;
  if (factor <= 0.1) return after === 0 ? '−100 %' : `÷ ${Math.round(1 / factor)}`;
  if (factor >= 10) return `× ${factor.toFixed(0)}`;
  const percent = Math.round((factor - 1) * 100);
  return percent < 0 ? `−${-percent} %` : `+${percent} %`;
}

interface Figure {
  readonly name: string;
  readonly before: number | null;
  readonly after: number | null;
  readonly format: (value: number) => string;
}

/** Two plans beside each other: what they come to, and node by node. */
export function PlanCompare({ before, after, scene }: PlanCompareProps) {
  const { t, i18n } = useTranslation('explain');
  const { language } = i18n;
  const old = before.plans[0];
  const comparison = useMemo(() => comparePlans(old, scene.plan), [old, scene.plan]);
  const cost = (value: number) => planCost(value, language);
  const rows = (value: number) => planRows(value, language);
  const blocks = (value: number) => planBlocks(value, language);
  const figure = (name: string, of: (plan: Plan) => number | null, format: Figure['format']): Figure => ({
    name: t(`summary.${name}`),
    before: of(old),
    after: of(scene.plan),
    format,
  });
  const figures = [
    figure('execution', ({ executionMs }) => executionMs, planTime),
    figure('planning', ({ planningMs }) => planningMs, planTime),
    figure('cost', ({ root }) => root.totalCost, cost),
    figure('rows', ({ root }) => totalRows(root), rows),
    figure('hit', ({ root }) => root.blocks?.sharedHit ?? null, blocks),
    figure('read', ({ root }) => root.blocks?.sharedRead ?? null, blocks),
  ].filter((each) => each.before !== null || each.after !== null);
  return (
    <div className={classes.frame}>
      <table className={classes.summary} aria-label={t('compare.summary')}>
        <thead>
          <tr>
            <th scope="col">{t('compare.figure')}</th>
            <th scope="col" title={visibleText(before.title)}>
              {t('compare.before')}
            </th>
            <th scope="col" title={visibleText(after.title)}>
              {t('compare.after')}
            </th>
            <th scope="col">{t('compare.difference')}</th>
          </tr>
        </thead>
        <tbody>
          {figures.map(({ name, before: was, after: is, format }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{was === null ? '' : format(was)}</td>
              <td>{is === null ? '' : format(is)}</td>
              <td data-change={changeOf(was, is)}>{differenceText(was, is, format)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <Pairs pairs={comparison.pairs} before={comparison.before} after={comparison.after} />
    </div>
  );
}

interface PairsProps {
  readonly pairs: readonly PlanPair[];
  readonly before: readonly NodeMeasures[];
  readonly after: readonly NodeMeasures[];
}

function Pairs({ pairs, before, after }: PairsProps) {
  const { t, i18n } = useTranslation('explain');
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: pairs.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 12,
  });
  // Plans that were not run are compared by cost.
  const timed = before.some((each) => each.exclusiveMs !== null) && after.some((each) => each.exclusiveMs !== null);
  const weight = (node: PlanNode | null, of: readonly NodeMeasures[]): number | null =>
    node === null ? null : ((timed ? of[node.id]?.exclusiveMs : of[node.id]?.exclusiveCost) ?? null);
  const text = (value: number | null): string =>
    value === null ? '' : timed ? planTime(value) : planCost(value, i18n.language);
  const rows = (node: PlanNode | null): string => {
    const count = node === null ? null : timed ? totalRows(node) : node.planRows;
    return count === null ? '' : planRows(count, i18n.language);
  };
  return (
    <Box
      ref={scroller}
      className={classes.pairs ?? ''}
      role="table"
      aria-label={t('compare.nodes')}
      aria-rowcount={pairs.length + 1}
      tabIndex={0}
    >
      <div className={classes.heads} role="row">
        {['before', 'after'].map((side) => (
          <div key={side} role="columnheader">
            {t(`compare.${side}`)}
          </div>
        ))}
        {[timed ? 'time' : 'cost', 'rows'].map((what) =>
          ['Before', 'After'].map((side) => (
            <div key={what + side} role="columnheader" className={classes.right}>
              {t(`compare.${what}${side}`)}
            </div>
          )),
        )}
        <div role="columnheader" className={classes.right}>
          {t('compare.difference')}
        </div>
      </div>
      <div className={classes.space} style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => {
          const pair = pairs[item.index];
          if (!pair) return null;
          const [was, is] = [weight(pair.before, before), weight(pair.after, after)];
          return (
            <div
              key={item.key}
              className={classes.row}
              role="row"
              aria-rowindex={item.index + 2}
              data-changed={pair.changed || undefined}
              style={{ transform: `translateY(${item.start}px)` }}
            >
              <NodeName node={pair.before} depth={pair.depth} none={t('compare.absentBefore')} />
              <NodeName node={pair.after} depth={pair.depth} none={t('compare.absentAfter')} />
              <div role="cell" className={classes.right}>
                {text(was)}
              </div>
              <div role="cell" className={classes.right}>
                {text(is)}
              </div>
              <div role="cell" className={classes.right}>
                {rows(pair.before)}
              </div>
              <div role="cell" className={classes.right}>
                {rows(pair.after)}
              </div>
              <div role="cell" className={classes.right} data-change={changeOf(was, is)}>
                {differenceText(was, is, text)}
              </div>
            </div>
          );
        })}
      </div>
    </Box>
  );
}

interface NodeNameProps {
  readonly node: PlanNode | null;
  readonly depth: number;
  /** What is said where the plan has no such node. */
  readonly none: string;
}

function NodeName({ node, depth, none }: NodeNameProps) {
  return (
    <div role="cell" className={classes.name} style={{ paddingLeft: 8 + Math.min(DEEPEST, depth) * INDENT }}>
      {node === null ? (
        <span className={classes.absent}>{none}</span>
      ) : (
        <>
          <NodeIcon type={node.type} />
          <span className={classes.title} title={visibleText(`${node.title} ${node.target}`)}>
            {visibleText(`${node.title} ${node.target}`)}
          </span>
        </>
      )}
    </div>
  );
}
