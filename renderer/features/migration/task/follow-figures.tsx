import { useTranslation } from 'react-i18next';
import type { DatabaseFollow, FollowProgress } from '../../../../shared/model/migration';
import { formatCount, formatRate } from '../../../ui/bytes';
import classes from './figures.module.css';
import { secondsText } from './follow-model';

type Counted = 'transactions' | 'inserted' | 'updated' | 'deleted' | 'truncated' | 'drifted';

/** What is told only when there is any. */
const SELDOM: ReadonlySet<Counted> = new Set(['truncated', 'drifted']);
const COUNTED: readonly Counted[] = ['transactions', 'inserted', 'updated', 'deleted', 'truncated', 'drifted'];

const sum = (databases: readonly DatabaseFollow[], what: Counted): number =>
  databases.reduce((total, each) => total + each[what], 0);

/** What went through, and how fast it comes and goes. */
export function FollowFigures({ follow }: { readonly follow: FollowProgress }) {
  const { t, i18n } = useTranslation('migration');
  const count = (value: number) => formatCount(Math.round(value), i18n.language);
  const quiet = Math.min(...follow.databases.map(({ quietSeconds }) => quietSeconds));
  const figures = [
    { key: 'in', value: t('task.figures.rowsPerSecond', { rows: count(follow.rowsInPerSecond) }) },
    { key: 'out', value: t('task.figures.rowsPerSecond', { rows: count(follow.rowsOutPerSecond) }) },
    { key: 'bytesIn', value: formatRate(follow.bytesInPerSecond) },
    ...COUNTED.map((key) => ({ key, total: sum(follow.databases, key) }))
      .filter(({ key, total }) => total > 0 || !SELDOM.has(key))
      .map(({ key, total }) => ({ key, value: count(total) })),
    ...(Number.isFinite(quiet) && quiet >= 1 ? [{ key: 'quiet', value: secondsText(Math.floor(quiet)) }] : []),
  ];
  return (
    <dl className={classes.figures}>
      {figures.map(({ key, value }) => (
        <div key={key} data-figure={`follow-${key}`}>
          <dt>{t(`task.follow.figures.${key}`)}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
