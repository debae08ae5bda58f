import { useTranslation } from 'react-i18next';
import type { InstanceView } from '../../../shared/model/instance';
import { formatClock, formatDay, formatUtc } from '../../ui/bytes';
import { CopyButton } from '../../ui/copy-button';
import { ProgressBar } from '../../ui/progress-bar';
import { StatusPill } from '../../ui/status-pill';
import classes from './column-cell.module.css';
import type { Column } from './columns';
import { projectName, stepText } from './labels';
import { zoneName, zoneNumber } from '../../ui/place-names';
import { addressOf, publicAddressOf, tagText, toneOf } from './model';

/** What one column of the list tells of an instance. */
export function ColumnCell({ column, instance }: { readonly column: Column; readonly instance: InstanceView }) {
  const { t, i18n } = useTranslation('instances');
  switch (column) {
    case 'status':
      return <StatusCell instance={instance} />;
    case 'zone':
      return (
        <>
          <div className={classes.figures}>{zoneName(t, instance.zone, instance.region)}</div>
          {[...new Set(instance.standbyZones)].map((zone) => (
            <div key={zone} className={classes.quiet}>
              {t('standbyIn', { zone: zoneNumber(t, zone, instance.region) })}
            </div>
          ))}
        </>
      );
    case 'configuration':
      return (
        <div className={classes.figures}>
          <div>{t('configuration', { cpu: instance.cpu, memory: instance.memoryGb })}</div>
          <div>{t('storage', { storage: instance.storageGb })}</div>
        </div>
      );
    case 'version':
      return <span className={classes.figures}>{instance.version}</span>;
    case 'billing':
      return <span className={classes.figures}>{t('summary.billingValue')}</span>;
    case 'address':
      return <Address text={addressOf(instance)} label={t('copyAddress')} none={t('noAddress')} />;
    case 'public':
      return <Address text={publicAddressOf(instance)} label={t('copyPublicAddress')} none={t('publicOff')} />;
    case 'project':
      return <span className={classes.figures}>{projectName(t, instance.projectId)}</span>;
    case 'tags':
      return (
        <div className={classes.tags}>
          {instance.tags.map((tag) => (
            <span key={tag.key} className={classes.tag}>
              {tagText(tag)}
            </span>
          ))}
        </div>
      );
    case 'created':
      return (
        <div className={classes.figures} title={formatUtc(instance.createdAt)}>
          <div>{formatDay(instance.createdAt, i18n.language)}</div>
          <div>{formatClock(instance.createdAt, i18n.language)}</div>
        </div>
      );
  }
}

/** The word, and while an operation runs its step and how far it is. */
function StatusCell({ instance }: { readonly instance: InstanceView }) {
  const { t } = useTranslation('instances');
  return (
    <div className={classes.status}>
      <StatusPill tone={toneOf(instance.status)}>{t(`statuses.${instance.status}`)}</StatusPill>
      {instance.step === '' ? null : <div className={classes.quiet}>{stepText(t, instance)}</div>}
      {instance.progress === null ? null : (
        <ProgressBar fraction={instance.progress / 100} label={t('progressOf', { name: instance.name })} />
      )}
      {instance.problem === '' ? null : <div className={classes.problem}>{instance.problem}</div>}
    </div>
  );
}

function Address({ text, label, none }: { readonly text: string; readonly label: string; readonly none: string }) {
  if (text === '') return <span className={classes.quiet}>{none}</span>;
  return (
    <span className={classes.address}>
      <span className="mono selectable">{text}</span>
      <CopyButton text={text} label={label} />
    </span>
  );
}
