import { Skeleton } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Finding } from '../../../../shared/model/migration';
import { CHECK_STEPS, type FindingLevel } from '../../../../shared/model/migration-words';
import { api } from '../../../api';
import { formatTime, formatUtc } from '../../../ui/bytes';
import { ChoiceGroup } from '../../../ui/choice-group';
import { EmptyState } from '../../../ui/empty-state';
import { ErrorPanel } from '../../../ui/error-panel';
import { StatusPill, type Tone } from '../../../ui/status-pill';
import classes from './checks-tab.module.css';

const TONES: Readonly<Record<FindingLevel, Tone>> = { pass: 'ok', info: 'info', warning: 'warn', failed: 'error' };
const SHOWN = ['notable', 'all'] as const;

export interface ChecksTabProps {
  readonly id: string;
  /** Milliseconds since the epoch; null before the first check. */
  readonly checkedAt: number | null;
}

interface Known {
  readonly findings: readonly Finding[] | null;
  readonly skipped: readonly string[];
  readonly error: unknown;
}

/** What the last checks found, group by group. */
export function ChecksTab({ id, checkedAt }: ChecksTabProps) {
  const { t, i18n } = useTranslation('migration');
  const [known, setKnown] = useState<Known>({ findings: null, skipped: [], error: null });
  const [shown, setShown] = useState<(typeof SHOWN)[number]>('notable');
  useEffect(() => {
    const gone = new AbortController();
    api.migration.findings({ id }, gone.signal).then(
      (found) => setKnown({ ...found, error: null }),
      (error: unknown) => {
        if (!gone.signal.aborted) setKnown((before) => ({ ...before, error }));
      },
    );
    return () => gone.abort();
  }, [id, checkedAt]);
  const { findings, skipped, error } = known;
  if (error !== null) return <ErrorPanel title={t('task.checks.failed')} error={error} />;
  if (findings === null) return <Skeleton height={160} aria-label={t('task.listReading')} />;
  if (findings.length === 0) return <EmptyState title={t('task.checks.none')} text={t('task.checks.noneText')} />;
  const notable = findings.filter(({ level }) => level === 'warning' || level === 'failed');
  const list = shown === 'all' ? findings : notable;
  return (
    <div className={classes.tab}>
      <div className={classes.bar}>
        <ChoiceGroup
          label={t('task.checks.shown')}
          choices={[
            { value: 'notable', label: t('task.checks.notable'), note: String(notable.length) },
            { value: 'all', label: t('task.checks.all'), note: String(findings.length) },
          ]}
          value={shown}
          onChange={(next) => setShown(SHOWN.find((each) => each === next) ?? 'all')}
        />
        {checkedAt === null ? null : (
          <span className={classes.quiet} title={formatUtc(checkedAt)}>
            {t('task.checks.at', { time: formatTime(checkedAt, i18n.language) })}
          </span>
        )}
      </div>
      {list.length === 0 ? <EmptyState title={t('task.checks.clear')} /> : null}
      {CHECK_STEPS.map((step) => {
        const inStep = list.filter((finding) => finding.step === step);
        if (inStep.length === 0) return null;
        return (
          <section key={step} className={classes.group} aria-label={t(`task.checks.steps.${step}`)}>
            <h2>
              {t(`task.checks.steps.${step}`)}
              {skipped.includes(step) ? <span className={classes.quiet}> {t('task.checks.skipped')}</span> : null}
            </h2>
            <ul className={classes.list}>
              {inStep.map((finding) => (
                <li
                  key={`${finding.check} ${finding.side} ${finding.database}`}
                  className={classes.finding}
                  data-check={finding.check}
                  data-level={finding.level}
                >
                  <StatusPill tone={TONES[finding.level]}>{t(`task.checks.levels.${finding.level}`)}</StatusPill>
                  <div className={classes.text}>
                    <div>
                      {finding.title}
                      <span className={classes.quiet}>
                        {' '}
                        {[t(`task.checks.sides.${finding.side}`), finding.database]
                          .filter((part) => part !== '')
                          .join(' · ')}
                      </span>
                    </div>
                    <div>{finding.found}</div>
                    {finding.effect === '' ? null : <div>{finding.effect}</div>}
                    {finding.remedy === '' ? null : <div className={classes.quiet}>{finding.remedy}</div>}
                  </div>
                </li>
              ))}
            </ul>
          </section>
        );
      })}
    </div>
  );
}
