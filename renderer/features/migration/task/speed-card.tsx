import { Button, NumberInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { MigrationProgress } from '../../../../shared/model/migration';
import type { MigrationJobDetail } from '../../../../shared/model/migration-api';
import { api } from '../../../api';
import { formatRate } from '../../../ui/bytes';
import { ErrorPanel } from '../../../ui/error-panel';
import { showNotice } from '../../../ui/notice';
import { Card } from './card';
import classes from './speed-card.module.css';
import { isJobs, isLimit, MOST_JOBS, speedChange, speedOf, type SpeedDraft } from './speed-model';

export interface SpeedCardProps {
  readonly job: MigrationJobDetail;
  readonly progress: MigrationProgress;
  readonly onDone: () => void;
}

/** How much of both servers the task may use; changed while it runs. */
export function SpeedCard({ job, progress, onDone }: SpeedCardProps) {
  const { t } = useTranslation('migration');
  const bytesPerSecond = job.options?.bytesPerSecond ?? 0;
  const told = speedOf(job.options ?? { copyJobs: 0, indexJobs: 0, bytesPerSecond: 0 });
  const [draft, setDraft] = useState<SpeedDraft | null>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const shown = draft ?? told;
  const allowed = job.actions.includes('limit');
  const valid =
    isJobs(shown.copyJobs, told.copyJobs) && isJobs(shown.indexJobs, told.indexJobs) && isLimit(shown.limit);
  const change = speedChange(told, shown);
  const changed = Object.keys(change).length > 0;

  const apply = async () => {
    if (!valid || !changed) return;
    setBusy(true);
    setError(null);
    try {
      await api.migration.limit({ id: job.id, ...change });
      setDraft(null);
      showNotice(t('task.speed.applied'));
      onDone();
    } catch (thrown) {
      setError(thrown);
    }
    setBusy(false);
  };
  const edit = (part: Partial<SpeedDraft>) => setDraft({ ...shown, ...part });

  return (
    <Card title={t('task.speed.title')}>
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          void apply();
        }}
      >
        <JobsField
          name="copyJobs"
          value={shown.copyJobs}
          told={told.copyJobs}
          used={job.status === 'running' ? progress.copyJobs : null}
          disabled={!allowed}
          onChange={(copyJobs) => edit({ copyJobs })}
        />
        <JobsField
          name="indexJobs"
          value={shown.indexJobs}
          told={told.indexJobs}
          used={job.status === 'running' ? progress.indexJobs : null}
          disabled={!allowed}
          onChange={(indexJobs) => edit({ indexJobs })}
        />
        <NumberInput
          className={classes.limit ?? ''}
          label={t('task.speed.limit')}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          description={
            bytesPerSecond === 0
              ? t('task.speed.unlimited')
              : t('task.speed.limited', { rate: formatRate(bytesPerSecond) })
          }
          min={0}
          allowNegative={false}
          disabled={!allowed}
          value={shown.limit}
          onChange={(value) => edit({ limit: value })}
          error={isLimit(shown.limit) ? undefined : t('task.speed.limitRule')}
        />
        {error === null ? null : <ErrorPanel error={error} />}
        <div className={classes.actions}>
          {allowed ? (
            <>
              <Button type="submit" size="xs" disabled={!changed || !valid} loading={busy}>
                {t('task.speed.apply')}
              </Button>
              <Button size="xs" variant="default" disabled={draft === null} onClick={() => setDraft(null)}>
                {t('task.speed.reset')}
              </Button>
            </>
          ) : (
            <span className={classes.quiet}>{t('task.speed.notNow')}</span>
          )}
        </div>
      </form>
    </Card>
  );
}

interface JobsFieldProps {
  readonly name: 'copyJobs' | 'indexJobs';
  readonly value: number | string;
  readonly told: number | string;
  /** What the worker uses now; null while none runs. */
  readonly used: number | null;
  readonly disabled: boolean;
  readonly onChange: (value: number | string) => void;
}

/** What was told, and what is really used while the task runs. */
function JobsField({ name, value, told, used, disabled, onChange }: JobsFieldProps) {
  const { t } = useTranslation('migration');
  return (
    <NumberInput
      label={t(`task.speed.${name}`)}
      description={used === null ? undefined : t('task.speed.used', { jobs: used })}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      placeholder={t('task.details.automatic')}
      min={1}
      max={MOST_JOBS}
      allowDecimal={false}
      allowNegative={false}
      disabled={disabled}
      value={value}
      onChange={onChange}
      error={isJobs(value, told) ? undefined : t('task.speed.rule', { most: MOST_JOBS })}
    />
  );
}
