import { useTranslation } from 'react-i18next';
import type { InstanceView } from '../../../shared/model/instance';
import { ConfirmDialog } from '../../ui/confirm-dialog';
import classes from './deed-dialog.module.css';
import type { InstanceDeed } from './model';
import { act } from './store';

export interface Deed {
  readonly deed: InstanceDeed;
  readonly instances: readonly InstanceView[];
}

export interface DeedDialogProps {
  readonly deed: Deed | null;
  readonly onClose: () => void;
}

/** Explains what restarting, isolating, restoring or destroying does, and asks; destroying wants the name typed. */
export function DeedDialog({ deed, onClose }: DeedDialogProps) {
  const { t } = useTranslation('instances');
  const kind = deed?.deed ?? 'restart';
  const instances = deed?.instances ?? [];
  const only = instances.length === 1 ? instances[0] : undefined;
  const words = { count: instances.length, name: only?.name ?? '' };
  return (
    <ConfirmDialog
      opened={deed !== null}
      title={t(`deeds.${kind}.title`, words)}
      deed={t(`deeds.${kind}.deed`, words)}
      danger={kind === 'destroy' || kind === 'isolate'}
      {...(kind === 'destroy' && only !== undefined ? { typeToConfirm: only.name } : {})}
      onConfirm={() => {
        // The list shows the expected status from here on, and the error if it is refused.
        void act(
          kind,
          instances.map(({ id }) => id),
        );
      }}
      onClose={onClose}
    >
      <p>{t(`deeds.${kind}.text`, words)}</p>
      <ul className={classes.names}>
        {instances.map((instance) => (
          <li key={instance.id}>
            {instance.name} <span className={classes.id}>{instance.id}</span>
          </li>
        ))}
      </ul>
    </ConfirmDialog>
  );
}
