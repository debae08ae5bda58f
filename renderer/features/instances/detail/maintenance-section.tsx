import { Checkbox, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { WEEKDAYS, type InstanceDetail } from '../../../../shared/model/instance';
import { api } from '../../../api';
import { ChoiceGroup } from '../../../ui/choice-group';
import { ConfirmDialog } from '../../../ui/confirm-dialog';
import { FormRow } from '../../../ui/form-row';
import dialog from '../dialogs.module.css';
import type { AskingProps, DetailProps } from './detail-props';
import classes from './maintenance-section.module.css';
import { Fact, Facts, Section } from './section';
import { SmallButton } from './small-button';

const HOURS = [1, 2, 3, 4] as const;

/** When operations that wait for it may interrupt. */
export function MaintenanceSection({ detail, onDone }: AskingProps) {
  const { t } = useTranslation('instances');
  const [open, setOpen] = useState(false);
  const { weekdays, start, duration } = detail.maintenance;
  return (
    <Section
      title={t('maintenance.title')}
      actions={
        <SmallButton label={t('maintenance.change')} onClick={() => setOpen(true)}>
          {t('basic.edit')}
        </SmallButton>
      }
    >
      <Facts>
        <Fact label={t('maintenance.days')}>
          {weekdays.length === WEEKDAYS.length
            ? t('maintenance.daily')
            : WEEKDAYS.filter((day) => weekdays.includes(day))
                .map((day) => t(`weekdays.${day}`))
                .join(', ')}
        </Fact>
        <Fact label={t('maintenance.time')}>{t('maintenance.timeValue', { start, count: duration })}</Fact>
      </Facts>
      {open ? <MaintenanceDialog detail={detail} onDone={onDone} onClose={() => setOpen(false)} /> : null}
    </Section>
  );
}

function MaintenanceDialog({ detail, onDone, onClose }: DetailProps & { readonly onClose: () => void }) {
  const { t } = useTranslation('instances');
  const { plane, id } = detail;
  const [window, setWindow] = useState<InstanceDetail['maintenance']>(detail.maintenance);
  return (
    <ConfirmDialog
      opened
      width={560}
      title={t('maintenance.dialog', { name: detail.name })}
      deed={t('maintenance.deed')}
      ready={window.weekdays.length > 0 && window.start !== ''}
      onConfirm={async () => {
        await api.instances.setMaintenance({ plane, id, ...window, weekdays: [...window.weekdays] });
        onDone();
      }}
      onClose={onClose}
    >
      <div className={dialog.fields}>
        <FormRow label={t('maintenance.days')}>
          <div className={classes.days}>
            {WEEKDAYS.map((day) => (
              <Checkbox
                key={day}
                label={t(`weekdays.${day}`)}
                checked={window.weekdays.includes(day)}
                onChange={(event) => {
                  const chosen = event.currentTarget.checked;
                  setWindow({
                    ...window,
                    weekdays: WEEKDAYS.filter((each) => (each === day ? chosen : window.weekdays.includes(each))),
                  });
                }}
              />
            ))}
          </div>
        </FormRow>
        <FormRow label={t('maintenance.start')} htmlFor="maintenance-start">
          <TextInput
            id="maintenance-start"
            type="time"
            className={dialog.narrow ?? ''}
            value={window.start}
            onChange={(event) => setWindow({ ...window, start: event.currentTarget.value })}
          />
        </FormRow>
        <FormRow label={t('maintenance.duration')}>
          <ChoiceGroup
            label={t('maintenance.duration')}
            choices={HOURS.map((hours) => ({ value: String(hours), label: t('maintenance.hours', { count: hours }) }))}
            value={String(window.duration)}
            onChange={(hours) => setWindow({ ...window, duration: Number(hours) })}
          />
        </FormRow>
        <p className={dialog.note}>{t('maintenance.note')}</p>
      </div>
    </ConfirmDialog>
  );
}
