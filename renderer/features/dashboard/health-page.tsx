import { Skeleton } from '@mantine/core';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import type { DatabaseHealth, IndexHealth, TableHealth } from '../../../shared/model/dashboard';
import { formatBytes, formatCount, formatDuration, formatPercent, formatTime } from '../../ui/bytes';
import { StatusPill, type Tone } from '../../ui/status-pill';
import { visibleText } from '../../ui/visible-text';
import { useScene } from './dashboard-context';
import { DataTable, type DataColumn } from './data-table';
import { LookError } from './look-error';
import classes from './pages.module.css';
import { askHealth } from './questions';
import { useLook } from './use-look';

/** Sizes are added up file by file: not more often than this, in milliseconds. */
const LEAST_MS = 30_000;
/** Transactions that can be told apart; from here on the server refuses to write. */
const WRAPAROUND = 2_000_000_000;

/** How urgent the age of a database is: beyond what the server cleans up by itself, and near to where it stops. */
const ageTone = (age: number, freezeAge: number): Tone =>
  age > WRAPAROUND / 2 ? 'error' : age > freezeAge * 1.1 ? 'warn' : 'ok';

const agoText = (ms: number | null): string => (ms === null ? '–' : formatDuration(ms));

/** Sizes of databases, how near they are to a wraparound, and what vacuum and indexes have to do. */
export function HealthPage({ open }: { readonly open: boolean }) {
  const { t, i18n } = useTranslation('dashboard');
  const { database } = useScene();
  const { value, error, again } = useLook(open, askHealth, LEAST_MS);
  const number = (count: number): string => formatCount(count, i18n.language);
  if (value === null) {
    return (
      <div className={classes.sections}>
        <LookError error={error} onRetry={again} />
        {error === null ? <Skeleton height={200} /> : null}
      </div>
    );
  }
  const columns = healthColumns(t, i18n.language, value.freezeAge);
  return (
    <div className={classes.sections}>
      <LookError error={error} onRetry={again} />
      <section className={classes.section}>
        <h2>{t('health.databases')}</h2>
        <p className={classes.note}>
          {t('health.freeze', { age: number(value.freezeAge) })}
          {value.oldestTransactionMs === null
            ? ''
            : ` ${t('health.oldest', { time: formatDuration(value.oldestTransactionMs) })}`}
        </p>
        <DataTable
          label={t('health.databases')}
          rows={value.databases}
          columns={columns.databases}
          keyOf={(row) => row.name}
        />
      </section>
      <section className={classes.section}>
        <h2>{t('health.tables', { database })}</h2>
        {value.tables.length === 0 ? (
          <p className={classes.note}>{t('health.noTables')}</p>
        ) : (
          <DataTable
            label={t('health.tables', { database })}
            rows={value.tables}
            columns={columns.tables}
            keyOf={qualified}
          />
        )}
      </section>
      <section className={classes.section}>
        <h2>{t('health.unused', { database })}</h2>
        <p className={classes.note}>
          {value.unusedIndexes.length === 0
            ? t('health.noUnused')
            : value.countedSince === null
              ? t('health.unusedText')
              : t('health.unusedSince', { time: formatTime(value.countedSince, i18n.language) })}
        </p>
        {value.unusedIndexes.length === 0 ? null : (
          <DataTable
            label={t('health.unused', { database })}
            rows={value.unusedIndexes}
            columns={columns.indexes}
            keyOf={qualified}
          />
        )}
      </section>
    </div>
  );
}

const qualified = (row: { readonly schema: string; readonly name: string }): string =>
  visibleText(`${row.schema}.${row.name}`);

function healthColumns(t: TFunction<'dashboard'>, language: string, freezeAge: number) {
  const number = (count: number): string => formatCount(count, language);
  const databases: readonly DataColumn<DatabaseHealth>[] = [
    {
      key: 'name',
      label: t('sessions.columns.database'),
      cell: (row) => visibleText(row.name),
      sort: (row) => row.name,
    },
    {
      key: 'bytes',
      label: t('health.size'),
      numeric: true,
      cell: (row) => (row.bytes === null ? t('notPermitted') : formatBytes(row.bytes)),
      sort: (row) => row.bytes,
    },
    {
      key: 'connections',
      label: t('health.connections'),
      numeric: true,
      cell: (row) => number(row.connections),
      sort: (row) => row.connections,
    },
    {
      key: 'hitRatio',
      label: t('figures.hitRatio'),
      numeric: true,
      cell: (row) => (row.hitRatio === null ? '–' : formatPercent(row.hitRatio)),
      sort: (row) => row.hitRatio,
    },
    {
      key: 'xidAge',
      label: t('health.age'),
      numeric: true,
      cell: (row) => (
        <StatusPill tone={ageTone(row.xidAge, freezeAge)}>
          {t('health.ageOf', { age: number(row.xidAge), share: formatPercent(row.xidAge / WRAPAROUND) })}
        </StatusPill>
      ),
      sort: (row) => row.xidAge,
    },
    {
      key: 'multixactAge',
      label: t('health.multixactAge'),
      numeric: true,
      cell: (row) => number(row.multixactAge),
      sort: (row) => row.multixactAge,
    },
  ];
  const tables: readonly DataColumn<TableHealth>[] = [
    {
      key: 'name',
      label: t('health.table'),
      cell: (row) => <span title={qualified(row)}>{qualified(row)}</span>,
      sort: qualified,
    },
    { key: 'dead', label: t('health.dead'), numeric: true, cell: (row) => number(row.dead), sort: (row) => row.dead },
    { key: 'live', label: t('health.live'), numeric: true, cell: (row) => number(row.live), sort: (row) => row.live },
    {
      key: 'share',
      label: t('health.deadShare'),
      numeric: true,
      cell: (row) => formatPercent(row.dead / Math.max(1, row.dead + row.live)),
      sort: (row) => row.dead / Math.max(1, row.dead + row.live),
    },
    {
      key: 'bytes',
      label: t('health.size'),
      numeric: true,
      cell: (row) => formatBytes(row.bytes),
      sort: (row) => row.bytes,
    },
    {
      key: 'vacuumed',
      label: t('health.vacuumed'),
      numeric: true,
      cell: (row) => agoText(row.vacuumedMs),
      sort: (row) => row.vacuumedMs,
    },
    {
      key: 'analyzed',
      label: t('health.analyzed'),
      numeric: true,
      cell: (row) => agoText(row.analyzedMs),
      sort: (row) => row.analyzedMs,
    },
  ];
  const indexes: readonly DataColumn<IndexHealth>[] = [
    {
      key: 'name',
      label: t('health.index'),
      cell: (row) => <span title={qualified(row)}>{qualified(row)}</span>,
      sort: qualified,
    },
    { key: 'table', label: t('health.table'), cell: (row) => visibleText(row.table), sort: (row) => row.table },
    {
      key: 'bytes',
      label: t('health.size'),
      numeric: true,
      cell: (row) => formatBytes(row.bytes),
      sort: (row) => row.bytes,
    },
  ];
  return { databases, tables, indexes };
}
