import { Select, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ObjectOutcome, TableProgress } from '../../../../shared/model/migration';
import { api } from '../../../api';
import { formatBytes, formatCount, formatDuration, formatRate } from '../../../ui/bytes';
import { ChoiceGroup } from '../../../ui/choice-group';
import { EmptyState } from '../../../ui/empty-state';
import { MiddleEllipsis } from '../../../ui/middle-ellipsis';
import { StatusPill } from '../../../ui/status-pill';
import { TONE_OF_TABLE, tookMs } from './model';
import { nameOf, TONE_OF_OUTCOME } from './outcome-model';
import classes from './objects-tab.module.css';
import { PulledTable } from './pulled-table';
import { rateOf, standingOfTable } from './table-model';

const TABLE_STATES = ['waiting', 'copying', 'indexing', 'done', 'failed'] as const;
const OUTCOMES = ['done', 'failed', 'skipped'] as const;

export interface ObjectsTabProps {
  readonly id: string;
  /** Grows with every reading of the task. */
  readonly readings: number;
  readonly now: number;
  /** Whether rows travel: without, only the statements are of interest. */
  readonly copies: boolean;
  /** Whether a worker is at it; what it has begun is not finished otherwise. */
  readonly atWork: boolean;
}

/** Every table with its progress, and everything else that travels, one by one. */
export function ObjectsTab({ id, readings, now, copies, atWork }: ObjectsTabProps) {
  const { t } = useTranslation('migration');
  const [shown, setShown] = useState(copies ? 'tables' : 'others');
  const [search, setSearch] = useState('');
  const [state, setState] = useState<string | null>(null);
  const tables = shown === 'tables';
  return (
    <div className={classes.tab}>
      <div className={classes.bar}>
        <ChoiceGroup
          label={t('task.objects.shown')}
          choices={(['tables', 'others'] as const).map((value) => ({ value, label: t(`task.objects.${value}`) }))}
          value={shown}
          onChange={(next) => {
            setShown(next);
            setState(null);
          }}
        />
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
          aria-label={t('task.objects.state')}
          placeholder={t('task.objects.allStates')}
          data={
            tables
              ? TABLE_STATES.map((value) => ({ value, label: t(`task.tableStates.${value}`) }))
              : OUTCOMES.map((value) => ({ value, label: t(`task.outcomes.${value}`) }))
          }
          value={state}
          onChange={setState}
          clearable
        />
      </div>
      {tables ? (
        <Tables id={id} search={search} state={state ?? ''} readings={readings} now={now} atWork={atWork} />
      ) : (
        <Others id={id} search={search} outcome={state ?? ''} readings={readings} />
      )}
    </div>
  );
}

interface TablesProps {
  readonly id: string;
  readonly atWork: boolean;
  readonly search: string;
  readonly state: string;
  readonly readings: number;
  readonly now: number;
}

function Tables({ id, search, state, readings, now, atWork }: TablesProps) {
  const { t, i18n } = useTranslation('migration');
  const read = useCallback(
    async (offset: number, limit: number, signal: AbortSignal) => {
      const { total, tables } = await api.migration.tables({ id, search: search.trim(), state, offset, limit }, signal);
      return { total, rows: tables };
    },
    [id, search, state],
  );
  const count = (value: number) => formatCount(value, i18n.language);
  const share = (done: number, total: number) => (total === 0 ? '' : `${count(done)}/${count(total)}`);
  const cells = (table: TableProgress) => {
    const standing = standingOfTable(table, atWork);
    const rate = standing === 'halted' ? null : rateOf(table, now);
    const took = standing === 'halted' ? null : tookMs(table.startedAt, table.endedAt, now);
    return [
      <StatusPill key="state" tone={standing === 'halted' ? 'warn' : TONE_OF_TABLE[standing]}>
        {t(`task.tableStates.${standing}`)}
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
      <span key="bytes" title={t('task.objects.onDisk', { bytes: formatBytes(table.totalBytes) })}>
        {formatBytes(table.bytes)}
      </span>,
      rate === null ? '' : formatRate(rate),
      table.parts > 1 ? share(table.partsDone, table.parts) : '',
      share(table.indexesDone, table.indexes),
      took === null ? '' : formatDuration(took),
    ];
  };
  return (
    <PulledTable<TableProgress>
      label={t('task.objects.tables')}
      columns={[
        { key: 'state', title: t('task.objects.columns.state') },
        { key: 'name', title: t('task.objects.columns.name') },
        { key: 'rows', title: t('task.objects.columns.rows'), numeric: true },
        { key: 'bytes', title: t('task.objects.columns.bytes'), numeric: true },
        { key: 'rate', title: t('task.objects.columns.rate'), numeric: true },
        { key: 'parts', title: t('task.objects.columns.parts'), numeric: true },
        { key: 'indexes', title: t('task.objects.columns.indexes'), numeric: true },
        { key: 'took', title: t('task.objects.columns.took'), numeric: true },
      ]}
      grid={classes.tables}
      read={read}
      stamp={readings}
      cells={cells}
      state={(table) => table.state}
      empty={<EmptyState title={t(search === '' && state === '' ? 'task.objects.noTables' : 'task.objects.nothing')} />}
    />
  );
}

interface OthersProps {
  readonly id: string;
  readonly search: string;
  readonly outcome: string;
  readonly readings: number;
}

function Others({ id, search, outcome, readings }: OthersProps) {
  const { t } = useTranslation('migration');
  const read = useCallback(
    async (offset: number, limit: number, signal: AbortSignal) => {
      const wanted = { id, search: search.trim(), outcome, offset, limit };
      const { total, objects } = await api.migration.objects(wanted, signal);
      return { total, rows: objects };
    },
    [id, search, outcome],
  );
  const cells = (object: ObjectOutcome) => [
    <StatusPill key="outcome" tone={TONE_OF_OUTCOME[object.outcome]}>
      {t(`task.outcomes.${object.outcome}`)}
    </StatusPill>,
    <span key="kind" className={classes.quiet}>
      {object.kind}
    </span>,
    <div key="named">
      <div className={classes.name}>
        <MiddleEllipsis text={nameOf(object)} tail={10} copyable />
        <span className={classes.quiet}>{object.database}</span>
      </div>
      {object.reason === '' ? null : <div className={classes.reason}>{object.reason}</div>}
    </div>,
  ];
  return (
    <PulledTable<ObjectOutcome>
      label={t('task.objects.others')}
      columns={[
        { key: 'outcome', title: t('task.objects.columns.state') },
        { key: 'kind', title: t('task.objects.columns.kind') },
        { key: 'name', title: t('task.objects.columns.name') },
      ]}
      grid={classes.others}
      read={read}
      stamp={readings}
      cells={cells}
      state={(object) => object.outcome}
      empty={
        <EmptyState title={t(search === '' && outcome === '' ? 'task.objects.noObjects' : 'task.objects.nothing')} />
      }
    />
  );
}
