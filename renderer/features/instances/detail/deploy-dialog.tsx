import { Skeleton } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../../api';
import { ChoiceGroup } from '../../../ui/choice-group';
import { ConfirmDialog } from '../../../ui/confirm-dialog';
import { FormRow } from '../../../ui/form-row';
import dialog from '../dialogs.module.css';
import { deploymentOf, zonesOf } from '../form';
import { zoneName } from '../../../ui/place-names';
import { useOptions, withExpected } from '../store';
import { AT_ONCE, isWhenComplete, WhenChoice } from '../when-choice';
import type { DetailProps } from './detail-props';

/** Other zones for primary and standby, or a standby more or less. */
export function DeployDialog({ detail, onDone, onClose }: DetailProps & { readonly onClose: () => void }) {
  const { t } = useTranslation('instances');
  const { plane, id, region } = detail;
  const options = useOptions(plane);
  const before = { zone: detail.zone, standbyZone: detail.standbyZones[0] ?? null };
  const [place, setPlace] = useState(before);
  const [when, setWhen] = useState(AT_ONCE);
  const changed = place.zone !== before.zone || place.standbyZone !== before.standbyZone;
  const moves = place.zone !== before.zone;
  const zones =
    options === null
      ? []
      : zonesOf(region, options).map(({ code }) => ({ value: code, label: zoneName(t, code, region) }));
  return (
    <ConfirmDialog
      opened
      width={640}
      title={t('deploy.title', { name: detail.name })}
      deed={t('deploy.deed')}
      danger={before.standbyZone !== null && place.standbyZone === null}
      ready={changed && isWhenComplete(when)}
      onConfirm={async () => {
        const call = () => api.instances.deploy({ plane, id, ...place, when });
        if (when.at === 'now') await withExpected(detail, 'deployment changing', call);
        else await call();
        onDone();
      }}
      onClose={onClose}
    >
      {options === null ? (
        <Skeleton height={120} />
      ) : (
        <div className={dialog.fields}>
          <FormRow label={t('buy.primaryZone')}>
            <ChoiceGroup
              label={t('buy.primaryZone')}
              choices={zones}
              value={place.zone}
              onChange={(zone) => setPlace({ ...place, zone })}
            />
          </FormRow>
          <FormRow label={t('buy.standbyZone')}>
            <ChoiceGroup
              label={t('buy.standbyZone')}
              choices={[...zones, { value: '', label: t('deploy.none') }]}
              value={place.standbyZone ?? ''}
              onChange={(zone) => setPlace({ ...place, standbyZone: zone === '' ? null : zone })}
            />
            <p className={dialog.note}>{t(`deploy.notes.${deploymentOf(place)}`)}</p>
          </FormRow>
          {moves ? <WhenChoice value={when} onChange={setWhen} /> : null}
          <p className={dialog.note}>{t(moves ? 'deploy.moves' : 'deploy.stays')}</p>
        </div>
      )}
    </ConfirmDialog>
  );
}
