import { Checkbox, Skeleton, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../../api';
import { formatCount } from '../../../ui/bytes';
import { ErrorPanel } from '../../../ui/error-panel';
import { useAsked } from '../use-asked';
import { keyOf, type TableName } from './compare-model';
import classes from './table-choice.module.css';

/** Tables that are listed at once; others are found by their names. */
const LISTED = 100;

export interface TableChoiceProps {
  readonly jobId: string;
  readonly chosen: readonly TableName[];
  readonly onChange: (chosen: readonly TableName[]) => void;
}

/** Tables of the task to be ticked; what is ticked stays at the top whatever is searched for. */
export function TableChoice({ jobId, chosen, onChange }: TableChoiceProps) {
  const { t, i18n } = useTranslation('migration');
  const [search, setSearch] = useState('');
  const { value, error, again } = useAsked(
    `${jobId} ${search.trim()}`,
    (signal) => api.migration.tables({ id: jobId, search: search.trim(), state: '', offset: 0, limit: LISTED }, signal),
    search === '' ? 0 : 200,
  );
  const keys = new Set(chosen.map(keyOf));
  const others = (value?.tables ?? []).filter((table) => !keys.has(keyOf(table)));
  const count = (figure: number) => formatCount(figure, i18n.language);
  const line = (table: TableName) => (
    <Checkbox
      key={keyOf(table)}
      className={classes.line ?? ''}
      label={`${table.schema}.${table.name}`}
      description={table.database}
      checked={keys.has(keyOf(table))}
      onChange={(event) =>
        onChange(
          event.currentTarget.checked ? [...chosen, table] : chosen.filter((each) => keyOf(each) !== keyOf(table)),
        )
      }
    />
  );
  return (
    <div className={classes.choice}>
      <TextInput
        aria-label={t('task.objects.search')}
        placeholder={t('task.objects.search')}
        leftSection={<IconSearch size={16} stroke={1.5} aria-hidden />}
        value={search}
        maxLength={200}
        onChange={(event) => setSearch(event.currentTarget.value)}
        // Enter would start the comparison with what is ticked by then.
        onKeyDown={(event) => {
          if (event.key === 'Enter') event.preventDefault();
        }}
      />
      <div className={classes.list} role="group" aria-label={t('compare.dialog.tables')}>
        {chosen.map(line)}
        {others.map(line)}
        {value === null && error === null ? <Skeleton height={48} aria-label={t('task.listReading')} /> : null}
        {error === null ? null : <ErrorPanel title={t('task.listFailed')} error={error} onRetry={again} />}
        {value !== null && chosen.length + others.length === 0 ? (
          <span className={classes.quiet}>{t('task.objects.nothing')}</span>
        ) : null}
        {value !== null && value.total > LISTED ? (
          <span className={classes.quiet}>{t('compare.dialog.more', { figure: count(value.total - LISTED) })}</span>
        ) : null}
      </div>
      <span className={classes.quiet}>
        {t('compare.dialog.chosen', { count: chosen.length, figure: count(chosen.length) })}
      </span>
    </div>
  );
}
