import { useTranslation } from 'react-i18next';
import { ConfirmDialog } from '../../../ui/confirm-dialog';
import { ErrorPanel } from '../../../ui/error-panel';
import { productionServer } from '../model';
import { useServers } from '../use-servers';
import { useFindings } from '../wizard/use-wizard';
import { openAlarms } from '../wizard/verify-model';
import { doDeed } from './deeds';
import type { DialogProps } from './dialog-props';
import classes from './dialogs.module.css';
import { addressOf } from './model';

/** Says where from, where to and which alarms nobody has accepted, and starts; into production the server's name is typed. */
export function StartDialog({ job, onClose, onDone }: DialogProps) {
  const { t } = useTranslation('migration');
  const { source, target } = job;
  const servers = useServers();
  const { value, error, reload } = useFindings(job.id);
  const alarms = value === null ? 0 : openAlarms(value.findings, value.skipped);
  const production = productionServer(target, servers ?? []);
  return (
    <ConfirmDialog
      opened
      title={t('action.ask.start.title', { name: job.name })}
      deed={alarms > 0 ? t('action.ask.start.spite', { count: alarms }) : t('action.ask.start.deed')}
      danger={production !== null}
      ready={servers !== null && value !== null}
      {...(production === null ? {} : { typeToConfirm: production.name })}
      onConfirm={async () => {
        await doDeed('start', job.id);
        onDone();
      }}
      onClose={onClose}
    >
      <p>{t('action.ask.start.text')}</p>
      {source === null || target === null ? null : (
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
      {alarms === 0 ? null : <p className={classes.alarms}>{t('action.ask.start.alarms', { count: alarms })}</p>}
      {production === null ? null : (
        <p className={classes.alarms}>{t('action.ask.start.production', { name: production.name })}</p>
      )}
      {error === null || value !== null ? null : (
        <ErrorPanel title={t('task.checks.failed')} error={error} onRetry={reload} />
      )}
    </ConfirmDialog>
  );
}
