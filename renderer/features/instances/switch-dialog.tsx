import { Checkbox } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../api';
import { ConfirmDialog } from '../../ui/confirm-dialog';
import type { DialogProps } from './dialog-props';
import classes from './dialogs.module.css';
import { zoneName } from '../../ui/place-names';
import { withExpected } from './store';
import { AT_ONCE, isWhenComplete, WhenChoice } from './when-choice';

/** Primary and standby change places, now or later; `force` does so whatever the lag. */
export function SwitchDialog({ instance, onClose, onDone }: DialogProps) {
  const { t } = useTranslation('instances');
  const [when, setWhen] = useState(AT_ONCE);
  const [forced, setForced] = useState(false);
  const { plane, id, region } = instance;
  const force = forced && when.at === 'now';
  return (
    <ConfirmDialog
      opened
      width={560}
      title={t('switch.title', { name: instance.name })}
      deed={t(when.at === 'now' ? 'switch.deed' : 'switch.later')}
      danger={force}
      ready={isWhenComplete(when)}
      onConfirm={async () => {
        const call = () => api.instances.switchPrimary({ plane, id, force, when });
        if (when.at === 'now') await withExpected(instance, 'primary-switching', call);
        else await call();
        onDone();
      }}
      onClose={onClose}
    >
      <div className={classes.fields}>
        <p>
          {t('switch.text', {
            from: zoneName(t, instance.zone, region),
            to: zoneName(t, instance.standbyZones[0] ?? instance.zone, region),
          })}
        </p>
        <WhenChoice value={when} onChange={setWhen} />
        {when.at === 'now' ? (
          <Checkbox
            label={t('switch.force')}
            description={t('switch.forceNote')}
            checked={forced}
            onChange={(event) => setForced(event.currentTarget.checked)}
          />
        ) : null}
      </div>
    </ConfirmDialog>
  );
}
