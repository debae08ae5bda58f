import { Checkbox, Select, Skeleton } from '@mantine/core';
import type { TFunction } from 'i18next';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SettingRow } from '../../../shared/model/dashboard';
import { EmptyState } from '../../ui/empty-state';
import { StatusPill } from '../../ui/status-pill';
import { visibleText } from '../../ui/visible-text';
import { DataTable, type DataColumn } from './data-table';
import { LookError } from './look-error';
import classes from './pages.module.css';
import { SettingPanel } from './setting-panel';
import { askSettings } from './questions';
import { SearchField } from './search-field';
import { useLook } from './use-look';

/** How the server is set up, and where that comes from. */
export function SettingsPage({ open }: { readonly open: boolean }) {
  const { t } = useTranslation('dashboard');
  // Settings change when somebody changes them: then they are read again.
  const { value, error, again } = useLook(open, askSettings, Infinity);
  const [text, setText] = useState('');
  const [category, setCategory] = useState<string | null>(null);
  const [changedOnly, setChangedOnly] = useState(false);
  const [openName, setOpenName] = useState<string | null>(null);
  const categories = useMemo(() => [...new Set((value ?? []).map((row) => row.category))].toSorted(), [value]);
  const rows = useMemo(() => {
    const sought = text.trim().toLowerCase().split(/\s+/);
    return (value ?? []).filter((row) => {
      if (changedOnly && !row.changed && !row.pendingRestart) return false;
      if (category !== null && row.category !== category) return false;
      const all = `${row.name} ${row.shown} ${row.summary} ${row.details} ${row.category}`.toLowerCase();
      return sought.every((word) => all.includes(word));
    });
  }, [value, text, category, changedOnly]);
  const shown = value?.find(({ name }) => name === openName);
  const pending = value?.filter((row) => row.pendingRestart).length ?? 0;
  const columns = useMemo(() => settingColumns(t), [t]);
  return (
    <div className={classes.split}>
      <div className={classes.main}>
        <div className={classes.bar}>
          <SearchField open={open} label={t('settings.search')} value={text} onChange={setText} />
          <Select
            aria-label={t('settings.category')}
            placeholder={t('settings.everyCategory')}
            data={categories}
            value={category}
            onChange={setCategory}
            allowDeselect
            clearable
            searchable
            w={280}
          />
          <Checkbox
            label={t('settings.changedOnly')}
            checked={changedOnly}
            onChange={(event) => setChangedOnly(event.currentTarget.checked)}
          />
          {value === null ? null : <span className={classes.note}>{t('settings.count', { count: rows.length })}</span>}
        </div>
        <LookError error={error} onRetry={again} />
        {pending > 0 ? <p className={classes.hint}>{t('settings.pendingText', { count: pending })}</p> : null}
        {value === null ? (
          error === null ? (
            <Skeleton height={300} />
          ) : null
        ) : rows.length === 0 ? (
          <EmptyState title={t('settings.none')} text={t('settings.noneText')} />
        ) : (
          <DataTable
            label={t('pages.settings')}
            rows={rows}
            columns={columns}
            keyOf={(row) => row.name}
            openKey={openName}
            onOpen={(row) => setOpenName(row.name)}
          />
        )}
      </div>
      {shown ? (
        <SettingPanel key={shown.name} setting={shown} onClose={() => setOpenName(null)} onDone={again} />
      ) : null}
    </div>
  );
}

const settingColumns = (t: TFunction<'dashboard'>): readonly DataColumn<SettingRow>[] => [
  { key: 'name', label: t('settings.columns.name'), cell: (row) => row.name, sort: (row) => row.name },
  {
    key: 'value',
    label: t('settings.columns.value'),
    cell: (row) => <code title={visibleText(row.shown)}>{visibleText(row.shown) || '–'}</code>,
  },
  {
    key: 'mark',
    label: t('settings.columns.mark'),
    cell: (row) =>
      row.pendingRestart ? (
        <StatusPill tone="warn">{t('settings.pending')}</StatusPill>
      ) : row.changed ? (
        <StatusPill tone="info">{t('settings.changed')}</StatusPill>
      ) : (
        <span className={classes.quiet}>{t('settings.usual')}</span>
      ),
    sort: (row) => (row.pendingRestart ? 0 : row.changed ? 1 : 2),
  },
  { key: 'source', label: t('settings.columns.source'), cell: (row) => row.source, sort: (row) => row.source },
  { key: 'context', label: t('settings.columns.context'), cell: (row) => row.context, sort: (row) => row.context },
  {
    key: 'summary',
    label: t('settings.columns.summary'),
    wide: true,
    cell: (row) => <span title={`${row.summary} ${row.details}`}>{row.summary}</span>,
  },
];
