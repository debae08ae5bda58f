import { Table, UnstyledButton } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { MigrationJobView } from '../../../../shared/model/migration-api';
import { MiddleEllipsis } from '../../../ui/middle-ellipsis';
import { CreatedCell, RunCell, SidesCell, StatusCell, TagsCell } from './job-cells';
import classes from './job-table.module.css';
import { RowActions, type RowAction } from './row-actions';

const COLUMNS = ['status', 'sides', 'run', 'created'] as const;

export interface JobTableProps {
  readonly jobs: readonly MigrationJobView[];
  readonly onAction: (action: RowAction, job: MigrationJobView) => void;
}

/** Migration tasks as rows: what, how far, from where to where, when. */
export function JobTable({ jobs, onAction }: JobTableProps) {
  const { t } = useTranslation('migration');
  return (
    <div className={classes.scroller} tabIndex={-1}>
      <Table aria-label={t('list.title')}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('list.columns.name')}</Table.Th>
            {COLUMNS.map((column) => (
              <Table.Th key={column} className={classes.head ?? ''} data-column={column}>
                {t(`list.columns.${column}`)}
              </Table.Th>
            ))}
            <Table.Th className={classes.last ?? ''}>{t('list.columns.operations')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {jobs.map((job) => (
            <Table.Tr key={job.id} data-job={job.id} data-status={job.status} data-isolated={job.isolated || undefined}>
              <Table.Td className={classes.name ?? ''}>
                <UnstyledButton
                  className={classes.title ?? ''}
                  aria-label={t('list.openNamed', { name: job.name })}
                  onClick={() => onAction('open', job)}
                >
                  <MiddleEllipsis text={job.name} />
                </UnstyledButton>
                <div className={classes.quiet}>
                  <MiddleEllipsis text={job.id} copyable />
                </div>
                <div className={classes.quiet}>{t(`task.types.${job.type}`)}</div>
                <TagsCell job={job} />
              </Table.Td>
              <Table.Td>
                <StatusCell job={job} />
              </Table.Td>
              <Table.Td>
                <SidesCell job={job} />
              </Table.Td>
              <Table.Td data-column="run">
                <RunCell job={job} />
              </Table.Td>
              <Table.Td data-column="created">
                <CreatedCell job={job} />
              </Table.Td>
              <Table.Td className={classes.last ?? ''}>
                <RowActions job={job} onAction={(action) => onAction(action, job)} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}
