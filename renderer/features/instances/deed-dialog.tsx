import { useTranslation } from 'react-i18next';
import type { InstanceView } from '../../../shared/model/instance';
import { ConfirmDialog } from '../../ui/confirm-dialog';
import classes from './deed-dialog.module.css';
import type { DialogProps } from './dialog-props';
import type { InstanceDeed } from './model';
import { act } from './store';

export interface DeedDialogProps extends DialogProps {
  readonly deed: InstanceDeed;
  readonly instances: readonly InstanceView[];
}

/** Explains what restarting, isolating, restoring or destroying does, and asks; destroying wants the name typed. */
export function DeedDialog({ deed, instances, onClose, onDone }: DeedDialogProps) {
  const { t } = useTranslation('instances');
  const only = instances.length === 1 ? instances[0] : undefined;
  const words = { count: instances.length, name: only?.name ?? '' };
  const takesAway = deed === 'isolate' || deed === 'destroy';
  const protectedOnes = instances.filter(({ deletionProtection }) => takesAway && deletionProtection);
  return (
    <ConfirmDialog
      opened
      title={t(`deeds.${deed}.title`, words)}
      deed={t(`deeds.${deed}.deed`, words)}
      danger={takesAway}
      ready={protectedOnes.length === 0}
      {...(deed === 'destroy' && only !== undefined ? { typeToConfirm: only.name } : {})}
      onConfirm={() => {
        // The list shows the expected status from here on, and the error if it is refused.
        void act(deed, instances).then(onDone);
      }}
      onClose={onClose}
    >
      <p>{t(`deeds.${deed}.text`, words)}</p>
      <ul className={classes.names}>
        {instances.map((each) => (
          <li key={each.id}>
            {each.name} <span className={classes.id}>{each.id}</span>
          </li>
        ))}
      </ul>
      {protectedOnes.length === 0 ? null : (
        <p className={classes.held} role="alert">
          {t('deeds.protected', { names: protectedOnes.map(({ name }) => name).join(', ') })}
        </p>
      )}
    </ConfirmDialog>
  );
}
