import { Button, Skeleton } from '@mantine/core';
import { IconArrowBackUp, IconCheck } from '@tabler/icons-react';
import type { TFunction } from 'i18next';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PreparedRow } from '../../../shared/model/dashboard';
import { endPrepared } from '../../../shared/model/dashboard-statements';
import { formatDuration } from '../../ui/bytes';
import { EmptyState } from '../../ui/empty-state';
import { visibleText } from '../../ui/visible-text';
import { DataTable, type DataColumn } from './data-table';
import { LookError } from './look-error';
import classes from './pages.module.css';
import { StatementsDialog } from './statements-dialog';
import { askPrepared } from './questions';
import { useLook } from './use-look';

interface Asked {
  readonly row: PreparedRow;
  readonly deed: 'commit' | 'rollback';
}

/** Transactions that were prepared for a commit in two phases and not ended since. */
export function PreparedPage({ open }: { readonly open: boolean }) {
  const { t } = useTranslation('dashboard');
  const { value, error, again } = useLook(open, askPrepared);
  const [asked, setAsked] = useState<Asked | null>(null);
  const columns = useMemo(() => preparedColumns(t, setAsked), [t]);
  return (
    <div className={classes.page}>
      <LookError error={error} onRetry={again} />
      {value === null ? (
        error === null ? (
          <Skeleton height={120} />
        ) : null
      ) : value.length === 0 ? (
        <EmptyState title={t('prepared.none')} text={t('prepared.noneText')} />
      ) : (
        <DataTable
          label={t('pages.prepared')}
          rows={value}
          columns={columns}
          keyOf={(row) => `${row.database} ${row.gid}`}
        />
      )}
      {asked ? (
        <StatementsDialog
          title={t(`prepared.${asked.deed}.title`)}
          text={t(`prepared.${asked.deed}.text`, {
            gid: visibleText(asked.row.gid),
            owner: visibleText(asked.row.owner),
            database: visibleText(asked.row.database),
          })}
          deed={t(`prepared.${asked.deed}.deed`)}
          statements={[endPrepared(asked.row.gid, asked.deed)]}
          database={asked.row.database}
          onClose={() => setAsked(null)}
          onDone={again}
        />
      ) : null}
    </div>
  );
}

function preparedColumns(t: TFunction<'dashboard'>, onAsk: (asked: Asked) => void): readonly DataColumn<PreparedRow>[] {
  const plain = (key: 'gid' | 'owner' | 'database' | 'transaction'): DataColumn<PreparedRow> => ({
    key,
    label: t(`prepared.${key}`),
    cell: (row) => <span title={visibleText(row[key])}>{visibleText(row[key])}</span>,
    sort: (row) => row[key],
  });
  const deed = (row: PreparedRow, kind: Asked['deed'], Icon: typeof IconCheck) => (
    <Button
      size="xs"
      variant="default"
      leftSection={<Icon size={16} stroke={1.5} />}
      aria-label={t(`prepared.${kind}.of`, { gid: visibleText(row.gid) })}
      onClick={() => onAsk({ row, deed: kind })}
    >
      {t(`prepared.${kind}.short`)}
    </Button>
  );
  return [
    plain('gid'),
    plain('owner'),
    plain('database'),
    plain('transaction'),
    {
      key: 'age',
      label: t('prepared.age'),
      numeric: true,
      cell: (row) => formatDuration(row.ageMs),
      sort: (row) => row.ageMs,
    },
    {
      key: 'deeds',
      label: t('deeds'),
      cell: (row) => (
        <span className={classes.rowDeeds}>
          {deed(row, 'commit', IconCheck)}
          {deed(row, 'rollback', IconArrowBackUp)}
        </span>
      ),
    },
  ];
}
