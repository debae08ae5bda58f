import { Drawer, Skeleton } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { RowDifference, TableCompare } from '../../../../shared/model/migration-api';
import { api } from '../../../api';
import { formatCount } from '../../../ui/bytes';
import { CopyButton } from '../../../ui/copy-button';
import { EmptyState } from '../../../ui/empty-state';
import { ErrorPanel } from '../../../ui/error-panel';
import { StatusPill } from '../../../ui/status-pill';
import { useAsked } from '../use-asked';
import { keyText, TONE_OF_DIFFERENCE } from './compare-model';
import classes from './differences-drawer.module.css';

export interface DifferencesDrawerProps {
  readonly id: string;
  readonly compareId: string;
  readonly table: TableCompare;
  readonly onClose: () => void;
}

/** The rows of one table that are not alike on both sides. */
export function DifferencesDrawer({ id, compareId, table, onClose }: DifferencesDrawerProps) {
  const { t, i18n } = useTranslation('migration');
  const { database, schema, name } = table;
  const { value, error, again } = useAsked(`${compareId} ${database} ${schema} ${name}`, (signal) =>
    api.migration.differences({ id, compareId, database, schema, name }, signal),
  );
  const count = (figure: number) => formatCount(figure, i18n.language);
  return (
    <Drawer
      opened
      position="right"
      size={720}
      title={t('compare.differences.title', { name: `${schema}.${name}` })}
      closeButtonProps={{ 'aria-label': t('compare.differences.close') }}
      onClose={onClose}
    >
      <div className={classes.body}>
        <p className={classes.quiet}>
          {value === null || value.length >= table.differences
            ? t('compare.differences.lead', { count: table.differences, figure: count(table.differences), database })
            : t('compare.differences.leadSome', {
                count: table.differences,
                figure: count(table.differences),
                listed: count(value.length),
                database,
              })}
        </p>
        {error === null ? null : <ErrorPanel title={t('task.listFailed')} error={error} onRetry={again} />}
        {value === null && error === null ? <Skeleton height={160} aria-label={t('task.listReading')} /> : null}
        {value?.length === 0 ? (
          <EmptyState title={t('compare.differences.unnamed')} text={t('compare.differences.unnamedText')} />
        ) : null}
        <ul className={classes.rows} aria-label={t('compare.columns.differences')}>
          {(value ?? []).map((row, at) => (
            <Difference key={`${at} ${keyText(row.key)}`} row={row} />
          ))}
        </ul>
      </div>
    </Drawer>
  );
}

function Difference({ row }: { readonly row: RowDifference }) {
  const { t } = useTranslation('migration');
  const key = keyText(row.key);
  return (
    <li className={classes.row} data-difference={row.kind}>
      <div className={classes.head}>
        <StatusPill tone={TONE_OF_DIFFERENCE[row.kind]}>{t(`compare.differences.kinds.${row.kind}`)}</StatusPill>
        <span className={`mono ${classes.key ?? ''}`}>{key}</span>
        <CopyButton text={key} label={t('compare.differences.copyKey')} />
      </div>
      {row.columns.length === 0 ? null : (
        <table className={classes.values}>
          <thead>
            <tr>
              <th scope="col">{t('compare.differences.column')}</th>
              <th scope="col">{t('task.details.source')}</th>
              <th scope="col">{t('task.details.target')}</th>
            </tr>
          </thead>
          <tbody>
            {row.columns.map(({ column, source, target }) => (
              <tr key={column}>
                <th scope="row">{column}</th>
                <Value text={source} />
                <Value text={target} />
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </li>
  );
}

/** A value as the server writes it; NULL is told apart from the word. */
function Value({ text }: { readonly text: string | null }) {
  return (
    <td className="mono" data-null={text === null || undefined}>
      {text ?? 'NULL'}
    </td>
  );
}
