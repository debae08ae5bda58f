import { UnstyledButton } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { costliest } from '../../../../shared/model/plan/measures';
import { totalRows } from '../../../../shared/model/plan/plan-node';
import { visibleText } from '../../../ui/visible-text';
import {
  measuresOf,
  planBlocks,
  planCost,
  planRows,
  planShare,
  planTime,
  shareOf,
  type PlanScene,
} from './plan-figures';
import classes from './plan-summary.module.css';

const COSTLY = 3;

/** The plan in one line: its times, what it read, and where most of it goes. */
export function PlanSummary({ scene }: { readonly scene: PlanScene }) {
  const { t, i18n } = useTranslation('explain');
  const { plan, measures, onSelect } = scene;
  const { language } = i18n;
  const { blocks } = plan.root;
  const rows = totalRows(plan.root);
  const costly = costliest(plan, measures, COSTLY);
  const triggers = plan.triggers.reduce((sum, { ms }) => sum + (ms ?? 0), 0);
  return (
    <div className={classes.strip}>
      <dl className={classes.figures}>
        {plan.executionMs === null ? null : <Figure name={t('summary.execution')}>{planTime(plan.executionMs)}</Figure>}
        {plan.planningMs === null ? null : <Figure name={t('summary.planning')}>{planTime(plan.planningMs)}</Figure>}
        {plan.jit?.totalMs == null ? null : <Figure name={t('summary.jit')}>{planTime(plan.jit.totalMs)}</Figure>}
        {triggers === 0 ? null : <Figure name={t('summary.triggers')}>{planTime(triggers)}</Figure>}
        {plan.executionMs !== null || measures.totalCost === null ? null : (
          <Figure name={t('summary.cost')}>{planCost(measures.totalCost, language)}</Figure>
        )}
        {rows === null ? (
          plan.root.planRows === null ? null : (
            <Figure name={t('summary.expected')}>{planRows(plan.root.planRows, language)}</Figure>
          )
        ) : (
          <Figure name={t('summary.rows')}>{planRows(rows, language)}</Figure>
        )}
        {blocks && plan.analyzed ? (
          <>
            <Figure name={t('summary.hit')}>{planBlocks(blocks.sharedHit + blocks.localHit, language)}</Figure>
            <Figure name={t('summary.read')}>{planBlocks(blocks.sharedRead + blocks.localRead, language)}</Figure>
            {blocks.tempWritten === 0 ? null : (
              <Figure name={t('summary.temp')}>{planBlocks(blocks.tempWritten, language)}</Figure>
            )}
          </>
        ) : null}
      </dl>
      <div className={classes.costly}>
        {costly.length === 0 ? null : <span className={classes.name}>{t('summary.costliest')}</span>}
        {costly.map((node) => (
          <UnstyledButton
            key={node.id}
            className={classes.link ?? ''}
            title={visibleText(`${node.title} ${node.target}`)}
            onClick={() => onSelect(node.id)}
          >
            {node.title} {planShare(shareOf(measuresOf(measures, node)) ?? 0)}
          </UnstyledButton>
        ))}
      </div>
    </div>
  );
}

const Figure = ({ name, children }: { readonly name: string; readonly children: ReactNode }) => (
  <div className={classes.figure}>
    <dt className={classes.name}>{name}</dt>
    <dd className={classes.value}>{children}</dd>
  </div>
);
