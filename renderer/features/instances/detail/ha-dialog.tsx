import { Checkbox, NumberInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { SYNC_MODES } from '../../../../shared/model/instance';
import { api } from '../../../api';
import { ChoiceGroup } from '../../../ui/choice-group';
import { ConfirmDialog } from '../../../ui/confirm-dialog';
import { FormRow } from '../../../ui/form-row';
import dialog from '../dialogs.module.css';
import type { DetailProps } from './detail-props';
import classes from './ha-dialog.module.css';

const GIB = 1024 ** 3;
/** What a dialog starts from where the control plane does not tell. */
const UNKNOWN = { maxStandbyLag: 10, maxStandbyLatency: GIB, maxSyncStandbyLag: 10, maxSyncStandbyLatency: GIB };

/** Replication, up to when commits wait for the standby, and how far behind it may be to take over. */
export function HaDialog({ detail, onDone, onClose }: DetailProps & { readonly onClose: () => void }) {
  const { t } = useTranslation('instances');
  const { plane, id } = detail;
  const ha = detail.ha ?? UNKNOWN;
  const [syncMode, setSyncMode] = useState(detail.syncMode ?? 'Semi-sync');
  const [take, setTake] = useState({ lag: ha.maxStandbyLag, gib: ha.maxStandbyLatency / GIB });
  const [never, setNever] = useState(ha.maxSyncStandbyLag === null || ha.maxSyncStandbyLatency === null);
  const [wait, setWait] = useState({
    lag: ha.maxSyncStandbyLag ?? 10,
    gib: (ha.maxSyncStandbyLatency ?? GIB) / GIB,
  });
  const save = async () => {
    await api.instances.setHa({
      plane,
      id,
      syncMode,
      maxStandbyLag: take.lag,
      maxStandbyLatency: Math.round(take.gib * GIB),
      maxSyncStandbyLag: never ? null : wait.lag,
      maxSyncStandbyLatency: never ? null : Math.round(wait.gib * GIB),
    });
    onDone();
  };
  return (
    <ConfirmDialog
      opened
      width={600}
      title={t('ha.title', { name: detail.name })}
      deed={t('ha.deed')}
      onConfirm={save}
      onClose={onClose}
    >
      <div className={dialog.fields}>
        <FormRow label={t('buy.syncMode')}>
          <ChoiceGroup
            label={t('buy.syncMode')}
            choices={SYNC_MODES.map((mode) => ({ value: mode, label: t(`syncModes.${mode}`) }))}
            value={syncMode}
            onChange={(value) => setSyncMode(value === 'Async' ? 'Async' : 'Semi-sync')}
          />
          <p className={dialog.note}>{t(`syncNotes.${syncMode}`)}</p>
        </FormRow>
        {syncMode === 'Async' ? null : (
          <FormRow label={t('availability.fallBack')}>
            <Checkbox
              className={classes.never ?? ''}
              label={t('ha.never')}
              description={t('ha.neverNote')}
              checked={never}
              onChange={(event) => setNever(event.currentTarget.checked)}
            />
            {never ? null : <Limits names={['ha.waitLag', 'ha.waitBytes']} value={wait} onChange={setWait} />}
          </FormRow>
        )}
        <FormRow label={t('availability.takeOver')}>
          <Limits names={['ha.takeLag', 'ha.takeBytes']} value={take} onChange={setTake} />
          <p className={dialog.note}>{t('ha.takeNote')}</p>
        </FormRow>
      </div>
    </ConfirmDialog>
  );
}

interface Limit {
  readonly lag: number;
  readonly gib: number;
}

interface LimitsProps {
  /** Translations of the labels: seconds, then bytes. */
  readonly names: readonly [string, string];
  readonly value: Limit;
  readonly onChange: (value: Limit) => void;
}

function Limits({ names, value, onChange }: LimitsProps) {
  const { t } = useTranslation('instances');
  return (
    <div className={classes.limits}>
      <NumberInput
        label={t(names[0])}
        suffix=" s"
        min={1}
        value={value.lag}
        onChange={(lag) => onChange({ ...value, lag: Number(lag) })}
      />
      <NumberInput
        label={t(names[1])}
        suffix=" GiB"
        min={1}
        value={value.gib}
        onChange={(gib) => onChange({ ...value, gib: Number(gib) })}
      />
    </div>
  );
}
