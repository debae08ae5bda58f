import { Skeleton } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { waitShares } from '../../../shared/model/dashboard-rates';
import { formatPercent } from '../../ui/bytes';
import { ChoiceGroup } from '../../ui/choice-group';
import { EmptyState } from '../../ui/empty-state';
import { LookError } from './look-error';
import classes from './pages.module.css';
import { waitText, waitWords } from './session-words';
import type { Activity } from './use-activity';

/** Minutes that are looked back. */
const SPANS = [1, 5, 15] as const;

/** What active sessions waited for, by how often that was seen. */
export function WaitsPage({ activity }: { readonly activity: Activity }) {
  const { t } = useTranslation('dashboard');
  const [by, setBy] = useState<'type' | 'event'>('event');
  const [minutes, setMinutes] = useState(5);
  const { samples, error } = activity;
  const last = samples.at(-1);
  const since = last === undefined ? 0 : last.at - minutes * 60_000;
  const shares = waitShares(samples, since, by);
  const looks = samples.filter(({ at }) => at >= since).length;
  return (
    <div className={classes.page}>
      <div className={classes.bar}>
        <ChoiceGroup
          label={t('waits.by')}
          value={by}
          choices={(['event', 'type'] as const).map((value) => ({ value, label: t(`waits.${value}`) }))}
          onChange={(value) => setBy(value === 'type' ? 'type' : 'event')}
        />
        <ChoiceGroup
          label={t('activity.span')}
          value={String(minutes)}
          choices={SPANS.map((span) => ({ value: String(span), label: t('activity.minutes', { count: span }) }))}
          onChange={(value) => setMinutes(Number(value))}
        />
        <span className={classes.note}>{t('waits.looks', { count: looks })}</span>
      </div>
      <LookError error={error} onRetry={activity.again} />
      {last === undefined && error === null ? <Skeleton height={200} /> : null}
      {last !== undefined && shares.length === 0 ? (
        <EmptyState title={t('waits.none')} text={t('waits.noneText')} />
      ) : (
        <ul className={classes.bars}>
          {shares.map(({ type, event, sessions, share }) => (
            <li key={`${type} ${event}`} className={classes.wait} data-wait={`${type}:${event}`}>
              <span className={classes.waitName}>{waitText(t, type, event)}</span>
              <span className={classes.waitBar}>
                <span className={classes.waitFill} style={{ width: `${Math.max(0.5, share * 100)}%` }} />
              </span>
              <span className="numeric">{formatPercent(share)}</span>
              <span className="numeric">{t('waits.sessions', { text: sessions.toFixed(2) })}</span>
              <span className={classes.note}>{waitWords(t, type, event)}</span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
