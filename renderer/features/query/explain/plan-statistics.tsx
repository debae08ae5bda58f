import { Box } from '@mantine/core';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { planStatistics, type PlanSum } from '../../../../shared/model/plan/plan-statistics';
import { visibleText } from '../../../ui/visible-text';
import { heatOf, planBlocks, planCost, planRows, planShare, planTime, type PlanScene } from './plan-figures';
import classes from './plan-statistics.module.css';

/** What kinds of nodes, and what relations, take of the whole. */
export function PlanStatistics({ scene }: { readonly scene: PlanScene }) {
  const { t } = useTranslation('explain');
  const { kinds, relations } = useMemo(() => planStatistics(scene.plan, scene.measures), [scene.plan, scene.measures]);
  return (
    <Box className={classes.page ?? ''} tabIndex={0} role="region" aria-label={t('views.statistics')}>
      <Sums name={t('statistics.kind')} sums={kinds} />
      {relations.length === 0 ? null : <Sums name={t('statistics.relation')} sums={relations} />}
    </Box>
  );
}

function Sums({ name, sums }: { readonly name: string; readonly sums: readonly PlanSum[] }) {
  const { t, i18n } = useTranslation('explain');
  const { language } = i18n;
  const timed = sums.some(({ exclusiveMs }) => exclusiveMs !== null);
  const weight = ({ exclusiveMs, exclusiveCost }: PlanSum): string => {
    if (exclusiveMs !== null) return planTime(exclusiveMs);
    return exclusiveCost === null ? '' : planCost(exclusiveCost, language);
  };
  return (
    <table className={classes.table} aria-label={name}>
      <thead>
        <tr>
          <th scope="col">{name}</th>
          <th scope="col">{t('statistics.count')}</th>
          <th scope="col">{t(timed ? 'columns.exclusive' : 'columns.cost')}</th>
          <th scope="col">{t('columns.share')}</th>
          <th scope="col">{t('columns.rows')}</th>
          <th scope="col">{t('columns.buffers')}</th>
        </tr>
      </thead>
      <tbody>
        {sums.map((sum) => (
          <tr key={sum.name}>
            <th scope="row" title={visibleText(sum.name)}>
              {visibleText(sum.name)}
            </th>
            <td>{planRows(sum.count, language)}</td>
            <td>{weight(sum)}</td>
            <td data-heat={heatOf(sum.share)}>{planShare(sum.share)}</td>
            <td>{sum.rows === null ? '' : planRows(sum.rows, language)}</td>
            <td>{sum.blocks === null ? '' : planBlocks(sum.blocks, language)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
