import { Skeleton } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import classes from './view-skeleton.module.css';

/** Stands in the place of a view while its code is read. */
export function ViewSkeleton() {
  const { t } = useTranslation('app');
  return (
    <div className={classes.skeleton} role="status" aria-label={t('ui.loading')}>
      <Skeleton height={24} width="30%" />
      <Skeleton height={18} width="80%" />
      <Skeleton height={18} width="70%" />
      <Skeleton height={18} width="75%" />
    </div>
  );
}
