import { Skeleton } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { checkStorage, STORAGE_STEP } from '../../../shared/model/instance-rules';
import { api } from '../../api';
import { ConfirmDialog } from '../../ui/confirm-dialog';
import { ErrorPanel } from '../../ui/error-panel';
import { FormRow } from '../../ui/form-row';
import { ClassTable } from './class-table';
import type { DialogProps } from './dialog-props';
import classes from './dialogs.module.css';
import { FigureRow } from './figure-row';
import { loadOptions, useOptions, usePlaneState, withExpected } from './store';
import { useClasses } from './use-classes';
import { AT_ONCE, isWhenComplete, WhenChoice } from './when-choice';

/** Another specification, another disk, and when. */
export function AdjustDialog({ instance, onClose, onDone }: DialogProps) {
  const { t } = useTranslation('instances');
  const { plane, id } = instance;
  const options = useOptions(plane);
  const sold = useClasses(options, instance.zone, instance.major);
  const { optionsError } = usePlaneState(plane);
  const [wish, setWish] = useState({ classCode: instance.classCode, storageGb: instance.storageGb });
  const [when, setWhen] = useState(AT_ONCE);
  const chosen = sold.find(({ code }) => code === wish.classCode);
  const failure = checkStorage(wish.storageGb, {
    min: chosen?.minStorageGb ?? STORAGE_STEP,
    max: chosen?.maxStorageGb ?? wish.storageGb,
  });
  const otherClass = wish.classCode !== instance.classCode;
  const changed = otherClass || wish.storageGb !== instance.storageGb;
  return (
    <ConfirmDialog
      opened
      width={640}
      title={t('adjust.title', { name: instance.name })}
      deed={t('adjust.deed')}
      ready={changed && failure === null && isWhenComplete(when)}
      onConfirm={async () => {
        const call = () => api.instances.adjust({ plane, id, ...wish, when });
        if (when.at === 'now') await withExpected(instance, 'expanding', call);
        else await call();
        onDone();
      }}
      onClose={onClose}
    >
      <div className={classes.fields}>
        {optionsError === null || options !== null ? null : (
          <ErrorPanel title={t('buy.optionsFailed')} error={optionsError} onRetry={() => void loadOptions(plane)} />
        )}
        <FormRow label={t('buy.specification')}>
          {options === null ? (
            <Skeleton height={160} />
          ) : (
            <ClassTable
              label={t('buy.specification')}
              choices={sold}
              value={wish.classCode}
              current={instance.classCode}
              onChange={({ code }) => setWish({ ...wish, classCode: code })}
            />
          )}
        </FormRow>
        <FigureRow
          id="adjust-disk"
          label={t('buy.disk')}
          suffix=" GB"
          step={STORAGE_STEP}
          min={chosen?.minStorageGb ?? STORAGE_STEP}
          max={chosen?.maxStorageGb ?? wish.storageGb}
          value={wish.storageGb}
          error={
            failure === null ? undefined : t(`rules.${failure.rule}`, { ...failure.values, example: failure.example })
          }
          onChange={(storageGb) => setWish({ ...wish, storageGb })}
          onLeave={() => undefined}
        >
          <p className={classes.note}>{t('adjust.diskNow', { storage: instance.storageGb })}</p>
        </FigureRow>
        <WhenChoice value={when} onChange={setWhen} />
        <p className={classes.note}>
          {t(
            !otherClass ? 'adjust.diskOnly' : instance.standbyZones.length > 0 ? 'adjust.switches' : 'adjust.restarts',
          )}
        </p>
      </div>
    </ConfirmDialog>
  );
}
