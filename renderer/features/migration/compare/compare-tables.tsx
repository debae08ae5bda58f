import { Button, Select, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CompareView, TableCompare } from '../../../../shared/model/migration-api';
import { COMPARE_RESULTS } from '../../../../shared/model/migration-words';
import { api } from '../../../api';
import { formatCount, formatDuration } from '../../../ui/bytes';
import { EmptyState } from '../../../ui/empty-state';
import { MiddleEllipsis } from '../../../ui/middle-ellipsis';
import { StatusPill } from '../../../ui/status-pill';
import { tookMs } from '../task/model';
import { PulledTable } from '../task/pulled-table';
import { hasCounts, isComparing, TONE_OF_RESULT } from './compare-model';
import classes from './compare-tables.module.css';

export interface CompareTablesProps {
  readonly id: string;
  readonly compare: CompareView;
  /** Grows while there may be something new. */
  readonly stamp: number;
  readonly now: number;
  readonly onOpen: (table: TableCompare) => void;
}

/** What a comparison says of each table. */
export function CompareTables({ id, compare, stamp, now, onOpen }: CompareTablesProps) {
  const { t, i18n } = useTranslation('migration');
  const [search, setSearch] = useState('');
  const [result, setResult] = useState<string | null>(null);
  const compareId = compare.id;
  const read = useCallback(
    async (offset: number, limit: number, signal: AbortSignal) => {
      const wanted = { id, compareId, search: search.trim(), result: result ?? '', offset, limit };
      const { total, tables } = await api.migration.compareTables(wanted, signal);
      return { total, rows: tables };
    },
    [id, compareId, search, result],
  );
  const count = (value: number) => formatCount(value, i18n.language);
  const cells = (table: TableCompare) => {
    const took = tookMs(table.startedAt, table.endedAt ?? (isComparing(compare) ? null : compare.endedAt), now);
    return [
      <StatusPill key="result" tone={TONE_OF_RESULT[table.result]}>
        {t(`compare.results.${table.result}`)}
      </StatusPill>,
      <div key="named">
        <div className={classes.name}>
          <MiddleEllipsis text={`${table.schema}.${table.name}`} tail={10} copyable />
          <span className={classes.quiet}>{table.database}</span>
        </div>
        {table.reason === '' ? null : <div className={classes.reason}>{table.reason}</div>}
      </div>,
      <span key="rows" title={t('task.objects.aboutRows', { rows: count(table.estimatedRows) })}>
        {count(table.rows)}
      </span>,
      hasCounts(table) ? `${count(table.sourceRows ?? 0)} / ${count(table.targetRows ?? 0)}` : '',
      table.chunks > 1 ? `${count(table.chunksDone)}/${count(table.chunks)}` : '',
      table.differences === 0 ? (
        ''
      ) : (
        <Button
          key="differences"
          size="compact-xs"
          variant="default"
          aria-label={t('compare.differences.showOf', {
            count: table.differences,
            figure: count(table.differences),
            name: `${table.schema}.${table.name}`,
          })}
          onClick={() => onOpen(table)}
        >
          {t('compare.differences.show', { count: table.differences, figure: count(table.differences) })}
        </Button>
      ),
      took === null ? '' : formatDuration(took),
    ];
  };
  return (
    <>
      <div className={classes.bar}>
        <TextInput
          className={classes.search ?? ''}
          aria-label={t('task.objects.search')}
          placeholder={t('task.objects.search')}
          leftSection={<IconSearch size={16} stroke={1.5} aria-hidden />}
          value={search}
          maxLength={200}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
        <Select
          aria-label={t('compare.result')}
          placeholder={t('compare.allResults')}
          data={COMPARE_RESULTS.map((value) => ({ value, label: t(`compare.results.${value}`) }))}
          value={result}
          onChange={setResult}
          clearable
        />
      </div>
      <PulledTable<TableCompare>
        label={t('compare.tables')}
        columns={[
          { key: 'result', title: t('compare.columns.result') },
          { key: 'name', title: t('task.objects.columns.name') },
          { key: 'rows', title: t('compare.columns.compared'), numeric: true },
          { key: 'counts', title: t('compare.columns.counts'), numeric: true },
          { key: 'chunks', title: t('task.objects.columns.parts'), numeric: true },
          { key: 'differences', title: t('compare.columns.differences'), numeric: true },
          { key: 'took', title: t('task.objects.columns.took'), numeric: true },
        ]}
        grid={classes.tables}
        read={read}
        stamp={stamp}
        cells={cells}
        state={(table) => table.result}
        empty={
          <EmptyState title={t(search === '' && result === null ? 'task.objects.noTables' : 'task.objects.nothing')} />
        }
      />
    </>
  );
}
