import { Button, Skeleton } from '@mantine/core';
import { IconZoomOut } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { niceBytesCeiling, niceCeiling } from '../../../shared/model/dashboard-rates';
import { formatPercent, formatRate } from '../../ui/bytes';
import { ChoiceGroup } from '../../ui/choice-group';
import { useTabActions } from '../../ui/workbench';
import { drawCharts, type ChartUnit } from './activity-charts';
import { useScene } from './dashboard-context';
import { LookError } from './look-error';
import classes from './pages.module.css';
import { TimeChart } from './time-chart';
import type { Activity } from './use-activity';

/** Minutes that charts can show. */
const SPANS = [5, 15, 60] as const;

const CEILINGS: Readonly<Record<ChartUnit, (highest: number) => number>> = {
  count: niceCeiling,
  rate: niceCeiling,
  bytes: niceBytesCeiling,
  percent: () => 1,
};

/** What the server did over the last minutes. */
export function ActivityPage({ activity, open }: { readonly activity: Activity; readonly open: boolean }) {
  const { t, i18n } = useTranslation('dashboard');
  const { database, intervalMs } = useScene();
  const { samples, scope, setScope } = activity;
  const [minutes, setMinutes] = useState(5);
  const [cursor, setCursor] = useState<number | null>(null);
  // A part of the time that was drawn over: it stands still while time goes on.
  const [range, setRange] = useState<{ readonly from: number; readonly to: number } | null>(null);
  const zoomOut = () => setRange(null);
  useTabActions([
    { id: 'dashboard.zoom-out', label: t('activity.zoomOut'), disabled: !open || range === null, run: zoomOut },
  ]);
  const charts = useMemo(() => drawCharts(samples, Math.max(3 * intervalMs, 15_000)), [samples, intervalMs]);
  const numbers = useMemo(
    () => new Intl.NumberFormat(i18n.language, { maximumSignificantDigits: 3, notation: 'compact' }),
    [i18n.language],
  );
  const last = samples.at(-1);
  // A history that has just begun fills the charts, from a minute on.
  const from =
    last === undefined ? 0 : Math.max(last.at - minutes * 60_000, Math.min(samples[0]?.at ?? 0, last.at - 60_000));
  const words = (unit: ChartUnit) => (value: number) => {
    if (unit === 'bytes') return formatRate(value);
    if (unit === 'percent') return formatPercent(value);
    return unit === 'rate' ? t('activity.perSecond', { text: numbers.format(value) }) : numbers.format(value);
  };
  return (
    <div className={classes.page}>
      <div className={classes.bar}>
        <ChoiceGroup
          label={t('activity.scope')}
          value={scope}
          choices={[
            { value: 'server', label: t('activity.ofServer') },
            { value: 'database', label: t('activity.ofDatabase', { database }) },
          ]}
          onChange={(value) => setScope(value === 'database' ? 'database' : 'server')}
        />
        <ChoiceGroup
          label={t('activity.span')}
          value={String(minutes)}
          choices={SPANS.map((span) => ({ value: String(span), label: t('activity.minutes', { count: span }) }))}
          onChange={(value) => {
            setMinutes(Number(value));
            setRange(null);
          }}
        />
        {range === null ? null : (
          <Button size="xs" variant="default" leftSection={<IconZoomOut size={16} stroke={1.5} />} onClick={zoomOut}>
            {t('activity.zoomOut')}
          </Button>
        )}
        {last ? (
          <span className={classes.note}>
            {t('activity.connections', {
              count:
                last.sessions.active +
                last.sessions.idle +
                last.sessions.inTransaction +
                last.sessions.waiting +
                last.sessions.hidden,
              limit: last.maxConnections,
            })}
          </span>
        ) : null}
      </div>
      <LookError error={activity.error} onRetry={activity.again} />
      {last === undefined ? (
        activity.error === null ? (
          <Skeleton height={300} />
        ) : null
      ) : (
        <div className={classes.charts}>
          {charts.map(({ plan, lines }) => (
            <TimeChart
              key={plan.key}
              title={
                scope === 'database' && plan.ofServer
                  ? t('activity.wholeServer', { title: t(`charts.${plan.key}`) })
                  : t(`charts.${plan.key}`)
              }
              lines={lines.map((line) => ({ ...line, label: t(`figures.${line.key}`) }))}
              from={range?.from ?? from}
              to={range?.to ?? last.at}
              words={words(plan.unit)}
              ceiling={CEILINGS[plan.unit]}
              cursor={cursor}
              onCursor={setCursor}
              onRange={(start, end) => setRange({ from: start, to: end })}
              withinMs={Math.max(intervalMs, 1000)}
            />
          ))}
        </div>
      )}
    </div>
  );
}
