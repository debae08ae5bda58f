import { Checkbox, Skeleton } from '@mantine/core';
import type { TFunction } from 'i18next';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { LockRow } from '../../../shared/model/dashboard';
import { lockTargetText } from '../../../shared/model/dashboard-blocking';
import { formatDuration } from '../../ui/bytes';
import { EmptyState } from '../../ui/empty-state';
import { StatusPill } from '../../ui/status-pill';
import { visibleText } from '../../ui/visible-text';
import { DataTable, type DataColumn } from './data-table';
import { LookError } from './look-error';
import classes from './pages.module.css';
import { askLocks } from './questions';
import { SearchField } from './search-field';
import { useLook } from './use-look';

/** Every lock that is held or wanted, but those of the session that looks. */
export function Locks({ open }: { readonly open: boolean }) {
  const { t } = useTranslation('dashboard');
  const { value, error, again } = useLook(open, askLocks);
  const [text, setText] = useState('');
  const [wantedOnly, setWantedOnly] = useState(false);
  const rows = useMemo(() => {
    const sought = text.trim().toLowerCase();
    return (value ?? []).filter((lock) => {
      if (wantedOnly && lock.granted) return false;
      const parts = [String(lock.pid ?? ''), lock.user, lock.application, lock.mode, lock.type, lock.database];
      return [...parts, lock.holder, lockTargetText(lock)].some(
        (part) => part?.toLowerCase().includes(sought) === true,
      );
    });
  }, [value, text, wantedOnly]);
  const columns = useMemo(() => lockColumns(t), [t]);
  return (
    <>
      <div className={classes.bar}>
        <SearchField open={open} label={t('search')} value={text} onChange={setText} />
        <Checkbox
          label={t('locks.wantedOnly')}
          checked={wantedOnly}
          onChange={(event) => setWantedOnly(event.currentTarget.checked)}
        />
        <span className={classes.note}>{t('locks.count', { count: rows.length })}</span>
      </div>
      <LookError error={error} onRetry={again} />
      {value === null ? (
        error === null ? (
          <Skeleton height={200} />
        ) : null
      ) : rows.length === 0 ? (
        <EmptyState title={t('locks.none')} />
      ) : (
        <DataTable
          label={t('blocking.views.locks')}
          rows={rows}
          columns={columns}
          keyOf={(lock) =>
            `${lock.holder} ${lock.pid} ${lock.type} ${lock.mode} ${lock.granted} ${lockTargetText(lock)} ${lock.database}`
          }
        />
      )}
    </>
  );
}

function lockColumns(t: TFunction<'dashboard'>): readonly DataColumn<LockRow>[] {
  const plain = (key: 'user' | 'application' | 'type' | 'mode' | 'database' | 'holder'): DataColumn<LockRow> => ({
    key,
    label: t(`locks.${key}`),
    cell: (lock) => visibleText(lock[key] ?? '–'),
    sort: (lock) => lock[key],
  });
  return [
    {
      key: 'pid',
      label: t('sessions.columns.pid'),
      numeric: true,
      cell: (lock) => lock.pid ?? t('blocking.prepared'),
      sort: (lock) => lock.pid,
    },
    plain('user'),
    plain('application'),
    plain('type'),
    {
      key: 'target',
      label: t('locks.target'),
      cell: (lock) => <span title={visibleText(lockTargetText(lock))}>{visibleText(lockTargetText(lock))}</span>,
      sort: lockTargetText,
    },
    plain('mode'),
    {
      key: 'granted',
      label: t('locks.state'),
      cell: (lock) => (
        <StatusPill tone={lock.granted ? 'ok' : 'warn'}>{t(lock.granted ? 'locks.held' : 'locks.wanted')}</StatusPill>
      ),
      sort: (lock) => (lock.granted ? 1 : 0),
    },
    {
      key: 'waitMs',
      label: t('locks.since'),
      numeric: true,
      cell: (lock) => (lock.waitMs === null ? '–' : formatDuration(lock.waitMs)),
      sort: (lock) => lock.waitMs,
    },
    plain('database'),
    plain('holder'),
  ];
}
