import { Skeleton } from '@mantine/core';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { ErrorPanel } from '../../ui/error-panel';
import { useTab, useTabTitle } from '../../ui/workbench';
import { CreateForm } from './create-form';
import classes from './create-instance-view.module.css';
import { loadOptions, useFreshInstances, useInstances } from './store';

/** The purchase page: everything an instance is made of, and at the right what will run. */
export function CreateInstanceView() {
  const { t } = useTranslation('instances');
  const { options, optionsError, controlPlane } = useInstances();
  useTabTitle(t('buy.title'));
  // What the instances there are take of the machine is part of the summary.
  useFreshInstances(useTab().visible);
  useEffect(() => void loadOptions(), []);
  if (optionsError !== null && options === null) {
    return (
      <div className={classes.page}>
        <ErrorPanel
          title={t(controlPlane.state === 'failed' ? 'controlPlane.failed' : 'buy.optionsFailed')}
          error={optionsError}
          onRetry={() => void loadOptions()}
        />
      </div>
    );
  }
  if (options === null) {
    return (
      <div className={classes.page} role="status" aria-label={t('controlPlane.starting')}>
        <Skeleton height={24} width={200} />
        <Skeleton height={32} mt="lg" />
        <Skeleton height={32} mt="lg" />
        <Skeleton height={120} mt="lg" />
      </div>
    );
  }
  return <CreateForm options={options} />;
}
