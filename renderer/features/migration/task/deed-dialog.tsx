import { useTranslation } from 'react-i18next';
import { ConfirmDialog } from '../../../ui/confirm-dialog';
import classes from './dialogs.module.css';
import { doDeed } from './deeds';
import type { DialogProps } from './dialog-props';
import { addressOf, type Deed } from './model';

/** Says what a deed does to the task and to both servers, and asks; destroying wants the name typed. */
export function DeedDialog({ job, deed, onClose, onDone }: DialogProps & { readonly deed: Deed }) {
  const { t } = useTranslation('migration');
  const { source, target } = job;
  return (
    <ConfirmDialog
      opened
      title={t(`action.ask.${deed}.title`, { name: job.name })}
      deed={t(`action.ask.${deed}.deed`, { name: job.name })}
      danger={deed === 'stop' || deed === 'isolate' || deed === 'destroy'}
      {...(deed === 'destroy' ? { typeToConfirm: job.name } : {})}
      onConfirm={async () => {
        await doDeed(deed, job.id);
        onDone();
      }}
      onClose={onClose}
    >
      <p>{t(`action.ask.${deed}.text`)}</p>
      {source === null || target === null || deed !== 'start' ? null : (
        <dl className={classes.sides}>
          <div>
            <dt>{t('task.details.source')}</dt>
            <dd className="mono">{addressOf(source)}</dd>
          </div>
          <div>
            <dt>{t('task.details.target')}</dt>
            <dd className="mono">{addressOf(target)}</dd>
          </div>
        </dl>
      )}
    </ConfirmDialog>
  );
}
