import { Skeleton } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { LOCAL_PLANE } from '../../../shared/model/plane';
import { ErrorPanel } from '../../ui/error-panel';
import { useTab, useTabTitle } from '../../ui/workbench';
import { CreateForm } from './create-form';
import classes from './create-instance-view.module.css';
import { PlaneSwitch } from '../../ui/plane-switch';
import { planeOf, usePlanes } from './planes';
import { loadOptions, useFreshInstances, useInstances, usePlaneState } from './store';

/** The purchase page: everything an instance is made of, and at the right what will run. */
export function CreateInstanceView({ plane: given }: { readonly plane: string | undefined }) {
  const { t } = useTranslation('instances');
  const planes = usePlanes();
  const [wanted, setWanted] = useState(given ?? LOCAL_PLANE);
  const plane = planeOf(wanted, planes);
  const controlPlane = useInstances((state) => state.controlPlane);
  const { options, optionsError } = usePlaneState(plane);
  useTabTitle(t('buy.title'));
  // What the instances there are take of the machine is part of the summary.
  useFreshInstances(plane, useTab().visible);
  useEffect(() => void loadOptions(plane), [plane]);
  const failed = plane === LOCAL_PLANE && controlPlane.state === 'failed';
  return (
    <div className={classes.page}>
      <header className={classes.header}>
        <div>
          <h1>{t('buy.title')}</h1>
          <p className={classes.lead}>{t(plane === LOCAL_PLANE ? 'buy.lead' : 'buy.leadCloud')}</p>
        </div>
        <PlaneSwitch planes={planes} plane={plane} onChange={setWanted} />
      </header>
      {optionsError !== null && options === null ? (
        <ErrorPanel
          title={t(failed ? 'controlPlane.failed' : 'buy.optionsFailed')}
          error={optionsError}
          onRetry={() => void loadOptions(plane)}
        />
      ) : null}
      {options === null && optionsError === null ? (
        <div role="status" aria-label={t('controlPlane.starting')}>
          <Skeleton height={32} mt="lg" />
          <Skeleton height={32} mt="lg" />
          <Skeleton height={120} mt="lg" />
        </div>
      ) : null}
      {options === null ? null : <CreateForm key={plane} options={options} />}
    </div>
  );
}
