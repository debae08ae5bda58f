import { useTranslation } from 'react-i18next';
import { ConfirmDialog } from '../../../ui/confirm-dialog';
import { doDeed } from './deeds';
import type { DialogProps } from './dialog-props';
import type { Deed } from './model';

/** Says what a deed does to the task and to both servers, and asks; destroying wants the name typed. */
export function DeedDialog({ job, deed, onClose, onDone }: DialogProps & { readonly deed: Exclude<Deed, 'start'> }) {
  const { t } = useTranslation('migration');
  return (
    <ConfirmDialog
      opened
      title={t(`action.ask.${deed}.title`, { name: job.name })}
      deed={t(`action.ask.${deed}.deed`, { name: job.name })}
      danger={deed === 'finish' || deed === 'stop' || deed === 'isolate' || deed === 'destroy'}
      {...(deed === 'destroy' ? { typeToConfirm: job.name } : {})}
      onConfirm={async () => {
        await doDeed(deed, job.id);
        onDone();
      }}
      onClose={onClose}
    >
      <p>{t(`action.ask.${deed}.text`)}</p>
    </ConfirmDialog>
  );
}
