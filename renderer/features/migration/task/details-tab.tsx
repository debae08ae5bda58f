import { useTranslation } from 'react-i18next';
import type { MigrationOptions } from '../../../../shared/model/migration';
import type { EndpointView, MigrationJobDetail } from '../../../../shared/model/migration-api';
import { formatBytes, formatRate, formatTime, formatUtc } from '../../../ui/bytes';
import { Card, Fact, Facts } from './card';
import { ChosenObjects } from './chosen-objects';
import classes from './details-tab.module.css';
import { tagText } from './model';

/** What was set: both servers, options, objects. Never a password. */
export function DetailsTab({ job }: { readonly job: MigrationJobDetail }) {
  const { t } = useTranslation('migration');
  return (
    <div className={classes.cards}>
      <SideCard side={job.source} title={t('task.details.source')} />
      <SideCard side={job.target} title={t('task.details.target')} />
      <TaskCard job={job} />
      {job.options === null ? null : <OptionsCard options={job.options} />}
      {job.options === null ? null : (
        <div className={classes.wide}>
          <Card title={t('task.details.objects')}>
            <ChosenObjects objects={job.options.objects} />
          </Card>
        </div>
      )}
    </div>
  );
}

function SideCard({ side, title }: { readonly side: EndpointView | null; readonly title: string }) {
  const { t } = useTranslation('migration');
  if (side === null) {
    return (
      <Card title={title}>
        <p className={classes.quiet}>{t('list.notSet')}</p>
      </Card>
    );
  }
  const tunnel = side.ssh?.enabled === true ? side.ssh : null;
  return (
    <Card title={title}>
      <Facts>
        <Fact label={t('task.details.access')}>
          {t(`task.access.${side.accessType}`, { defaultValue: side.accessType })}
        </Fact>
        {side.instanceId === '' ? (
          <Fact label={t('task.details.host')}>
            <span className="mono">{`${side.host}:${side.port}`}</span>
          </Fact>
        ) : (
          <Fact label={t('task.details.instance')}>
            <span className="mono">{side.instanceId}</span>
          </Fact>
        )}
        {side.region === '' ? null : <Fact label={t('task.details.region')}>{side.region}</Fact>}
        <Fact label={t('task.details.user')}>
          <span className="mono">{side.user}</span>
        </Fact>
        <Fact label={t('task.details.password')}>
          {t(side.hasPassword ? 'task.details.stored' : 'task.details.noPassword')}
        </Fact>
        <Fact label={t('task.details.database')}>
          <span className="mono">{side.database}</span>
        </Fact>
        <Fact label="SSL">{side.ssl.mode}</Fact>
        {tunnel === null ? null : (
          <Fact label={t('task.details.tunnel')}>
            <span className="mono">{`${tunnel.user}@${tunnel.host}:${tunnel.port}`}</span>
          </Fact>
        )}
      </Facts>
    </Card>
  );
}

function TaskCard({ job }: { readonly job: MigrationJobDetail }) {
  const { t, i18n } = useTranslation('migration');
  const moment = (label: string, at: number | null) =>
    at === null ? null : (
      <Fact label={label} hover={formatUtc(at)}>
        {formatTime(at, i18n.language)}
      </Fact>
    );
  return (
    <Card title={t('task.details.task')}>
      <Facts>
        <Fact label={t('task.details.type')}>{t(`task.types.${job.type}`)}</Fact>
        <Fact label={t('task.details.size')}>{t(`wizard.sizes.${job.size}`, { defaultValue: job.size })}</Fact>
        <Fact label={t('list.columns.run')}>{t(`task.runModes.${job.runMode}`)}</Fact>
        {moment(t('list.columns.created'), job.createdAt)}
        {moment(t('task.details.scheduled'), job.scheduledAt)}
        {moment(t('task.details.checked'), job.checkedAt)}
        {moment(t('task.details.started'), job.startedAt)}
        {moment(t('task.details.ended'), job.endedAt)}
        <Fact label={t('task.details.retry')}>
          {job.retryMinutes === 0 ? t('task.details.noRetry') : t('task.details.retryFor', { count: job.retryMinutes })}
        </Fact>
        <Fact label={t('list.columns.tags')}>
          {job.tags.length === 0 ? t('task.details.noTags') : job.tags.map(tagText).join(', ')}
        </Fact>
      </Facts>
    </Card>
  );
}

function OptionsCard({ options }: { readonly options: MigrationOptions }) {
  const { t } = useTranslation('migration');
  const yes = (value: boolean) => t(value ? 'task.details.yes' : 'task.details.no');
  const jobs = (value: number) => (value === 0 ? t('task.details.automatic') : String(value));
  return (
    <Card title={t('task.details.options')}>
      <Facts>
        <Fact label={t('task.speed.copyJobs')}>{jobs(options.copyJobs)}</Fact>
        <Fact label={t('task.speed.indexJobs')}>{jobs(options.indexJobs)}</Fact>
        <Fact label={t('task.details.limit')}>
          {options.bytesPerSecond === 0 ? t('task.speed.unlimited') : formatRate(options.bytesPerSecond)}
        </Fact>
        <Fact label={t('task.details.split')}>
          {options.splitAbove === 0 ? t('task.details.never') : formatBytes(options.splitAbove)}
        </Fact>
        <Fact label={t('task.details.existing')}>{t(`task.existing.${options.existingRows}`)}</Fact>
        <Fact label={t('task.details.owners')}>{yes(options.keepOwners)}</Fact>
        <Fact label={t('task.details.privileges')}>{yes(options.keepPrivileges)}</Fact>
        <Fact label="ANALYZE">{yes(options.analyze)}</Fact>
        <Fact label={t('task.details.tune')}>{yes(options.tuneTarget)}</Fact>
        {options.type === 'fullAndIncrement' ? <FollowFacts options={options} /> : null}
      </Facts>
    </Card>
  );
}

/** How its source is followed. */
function FollowFacts({ options }: { readonly options: MigrationOptions }) {
  const { t } = useTranslation('migration');
  const bytes = (value: number) => (value === 0 ? t('task.details.never') : formatBytes(value));
  return (
    <>
      <Fact label={t('wizard.advanced.followDdl')}>
        {t(options.followDdl ? 'task.details.yes' : 'task.details.no')}
      </Fact>
      <Fact label={t('wizard.advanced.onDrift')}>{t(`wizard.advanced.drift.${options.onDrift}`)}</Fact>
      <Fact label={t('wizard.advanced.applyJobs')}>{options.applyJobs}</Fact>
      <Fact label={t('wizard.advanced.walAlarm')}>{bytes(options.walAlarm)}</Fact>
      <Fact label={t('wizard.advanced.walCeiling')}>{bytes(options.walCeiling)}</Fact>
    </>
  );
}
