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

/** Most that can be done side by side, as the contract says. */
const MOST_JOBS = 16;
const MIB = 1024 * 1024;

/** What is typed; empty fields are empty texts, as the number fields have them. */
interface Draft {
  readonly copyJobs: number | string;
  readonly indexJobs: number | string;
  /** MiB a second. */
  readonly limit: number | string;
}

export interface SpeedCardProps {
  readonly job: MigrationJobDetail;
  readonly progress: MigrationProgress;
  readonly onDone: () => void;
}

const isJobs = (value: number | string): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= MOST_JOBS;
const isLimit = (value: number | string): value is number => typeof value === 'number' && value >= 0;

/** How much of both servers the task may use; changed while it runs. */
export function SpeedCard({ job, progress, onDone }: SpeedCardProps) {
  const { t } = useTranslation('migration');
  const bytesPerSecond = job.options?.bytesPerSecond ?? 0;
  const current: Draft = {
    copyJobs: progress.copyJobs,
    indexJobs: progress.indexJobs,
    limit: Math.round((bytesPerSecond / MIB) * 100) / 100,
  };
  const [draft, setDraft] = useState<Draft | null>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const { copyJobs, indexJobs, limit } = draft ?? current;
  const allowed = job.actions.includes('limit');
  const valid = isJobs(copyJobs) && isJobs(indexJobs) && isLimit(limit);
  const changed = copyJobs !== current.copyJobs || indexJobs !== current.indexJobs || limit !== current.limit;

  const apply = async () => {
    if (!valid) return;
    setBusy(true);
    setError(null);
    try {
      await api.migration.limit({ id: job.id, copyJobs, indexJobs, bytesPerSecond: Math.round(limit * MIB) });
      setDraft(null);
      showNotice(t('task.speed.applied'));
      onDone();
    } catch (thrown) {
      setError(thrown);
    }
    setBusy(false);
  };
  const edit = (part: Partial<Draft>) => setDraft({ copyJobs, indexJobs, limit, ...part });
  const problem = (fine: boolean) => (fine ? undefined : t('task.speed.rule', { most: MOST_JOBS }));

  return (
    <Card title={t('task.speed.title')}>
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          void apply();
        }}
      >
        <NumberInput
          label={t('task.speed.copyJobs')}
          min={1}
          max={MOST_JOBS}
          allowDecimal={false}
          allowNegative={false}
          disabled={!allowed}
          value={copyJobs}
          onChange={(value) => edit({ copyJobs: value })}
          error={problem(isJobs(copyJobs))}
        />
        <NumberInput
          label={t('task.speed.indexJobs')}
          min={1}
          max={MOST_JOBS}
          allowDecimal={false}
          allowNegative={false}
          disabled={!allowed}
          value={indexJobs}
          onChange={(value) => edit({ indexJobs: value })}
          error={problem(isJobs(indexJobs))}
        />
        <NumberInput
          className={classes.limit ?? ''}
          label={t('task.speed.limit')}
          description={
            bytesPerSecond === 0
              ? t('task.speed.unlimited')
              : t('task.speed.limited', { rate: formatRate(bytesPerSecond) })
          }
          min={0}
          allowNegative={false}
          disabled={!allowed}
          value={limit}
          onChange={(value) => edit({ limit: value })}
          error={isLimit(limit) ? undefined : t('task.speed.limitRule')}
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
