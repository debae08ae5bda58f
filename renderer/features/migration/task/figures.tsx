import { useTranslation } from 'react-i18next';
import type { MigrationProgress } from '../../../../shared/model/migration';
import type { MigrationJobDetail } from '../../../../shared/model/migration-api';
import { formatBytes, formatCount, formatDuration, formatRate, formatTime, formatUtc } from '../../../ui/bytes';
import { Card } from './card';
import classes from './figures.module.css';
import { isCopied } from './follow-model';
import { isAtWork, tookMs } from './model';
import { RateChart } from './rate-chart';
import type { Sample } from './rate-history';

export interface FiguresProps {
  readonly job: MigrationJobDetail;
  readonly progress: MigrationProgress;
  readonly samples: readonly Sample[];
  readonly now: number;
}

interface Figure {
  readonly key: string;
  readonly value: string;
  readonly hover?: string;
}

/** Fewer make no picture. */
const LEAST_SAMPLES = 4;

/** Events after which the times of the steps tell of the last part of the run only. */
const BROKEN_OFF: ReadonlySet<string> = new Set(['continued', 'resumed', 'goes-on', 'restarted', 'worker-lost']);

/** The rate of the last seconds while it runs, the mean of the copy once it is over; null when it was not copied in one go. */
function ratesOf(job: MigrationJobDetail, progress: MigrationProgress, now: number) {
  const copy = progress.steps.find(({ step }) => step === 'copy');
  if (job.status === 'manualPaused') return { mean: false, bytes: 0, rows: 0 };
  if (job.status === 'running' && copy?.endedAt == null) {
    return { mean: false, bytes: progress.bytesPerSecond, rows: progress.rowsPerSecond };
  }
  if (job.events.some(({ kind }) => BROKEN_OFF.has(kind))) return null;
  const seconds = (tookMs(copy?.startedAt ?? null, copy?.endedAt ?? job.endedAt, now) ?? 0) / 1000;
  const per = (total: number) => (seconds > 0 ? total / seconds : 0);
  return { mean: true, bytes: per(progress.totals.bytes), rows: per(progress.totals.rows) };
}

/** How fast, how far, how long still: the two rates large, with the last minutes as a chart. */
export function Figures({ job, progress, samples, now }: FiguresProps) {
  const { t, i18n } = useTranslation('migration');
  const { totals, estimateSeconds, snapshotSince } = progress;
  const count = (value: number) => formatCount(Math.round(value), i18n.language);
  const of = (done: number, total: number) => t('task.figures.of', { done: count(done), total: count(total) });
  const copies = job.options?.type !== 'structure';
  const isWhole = totals.tablesDone === totals.tables;
  const rates = ratesOf(job, progress, now);
  const isDrawn =
    samples.length >= LEAST_SAMPLES &&
    (!isCopied(progress) || samples.some(({ bytesPerSecond, rowsPerSecond }) => bytesPerSecond + rowsPerSecond > 0));
  const took = tookMs(job.startedAt, job.endedAt, now);
  const figures: Figure[] = [];
  if (copies) {
    figures.push(
      {
        key: 'copied',
        value: isWhole
          ? formatBytes(totals.bytes)
          : t('task.figures.of', { done: formatBytes(totals.bytes), total: formatBytes(totals.totalBytes) }),
        hover: t('task.figures.copiedHint'),
      },
      { key: 'rows', value: count(totals.rows) },
      { key: 'tables', value: of(totals.tablesDone, totals.tables) },
    );
  }
  figures.push({ key: 'objects', value: of(totals.objectsDone, totals.objects) });
  if (copies) figures.push({ key: 'indexes', value: of(totals.indexesDone, totals.indexes) });
  if (took !== null) figures.push({ key: 'duration', value: formatDuration(took) });
  if (copies && job.status === 'running' && !isCopied(progress)) {
    figures.push({
      key: 'estimate',
      value: estimateSeconds === null ? t('task.figures.unknown') : formatDuration(estimateSeconds * 1000),
    });
  }
  if (snapshotSince !== null && isAtWork(job)) {
    figures.push({
      key: 'snapshot',
      value: formatDuration(now - snapshotSince),
      hover: `${t('task.figures.snapshotHint')} ${formatTime(snapshotSince, i18n.language)} · ${formatUtc(snapshotSince)}`,
    });
  }
  return (
    <Card title={t('task.figures.title')}>
      <div className={classes.body}>
        {copies && (rates !== null || isDrawn) ? (
          <div className={classes.rates}>
            {rates === null ? null : (
              <div className={classes.pair}>
                <div className={classes.large}>
                  <span className={classes.value} data-figure="bytes-rate">
                    {formatRate(rates.bytes)}
                  </span>
                  <span className={classes.quiet}>{t(rates.mean ? 'task.figures.mean' : 'task.figures.rate')}</span>
                </div>
                <div className={classes.large}>
                  <span className={classes.value} data-figure="rows-rate">
                    {t('task.figures.rowsPerSecond', { rows: count(rates.rows) })}
                  </span>
                  <span className={classes.quiet}>
                    {t(rates.mean ? 'task.figures.meanRows' : 'task.figures.rateRows')}
                  </span>
                </div>
              </div>
            )}
            {isDrawn ? (
              <div className={classes.chart}>
                <RateChart
                  samples={samples}
                  now={job.status === 'running' && !isCopied(progress) ? now : (samples.at(-1)?.at ?? now)}
                />
              </div>
            ) : null}
          </div>
        ) : null}
        <dl className={classes.figures}>
          {figures.map(({ key, value, hover }) => (
            <div key={key} data-figure={key} title={hover}>
              <dt>{t(`task.figures.${key}`)}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      </div>
    </Card>
  );
}
