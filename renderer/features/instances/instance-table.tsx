import { Checkbox, Table, UnstyledButton } from '@mantine/core';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import type { InstanceView } from '../../../shared/model/instance';
import { MiddleEllipsis } from '../../ui/middle-ellipsis';
import type { Column } from './columns';
import { ColumnCell } from './column-cell';
import classes from './instance-table.module.css';
import type { InstanceAction } from './model';
import { RowActions } from './row-actions';

export interface InstanceTableProps {
  readonly list: readonly InstanceView[];
  readonly columns: readonly Column[];
  readonly selected: ReadonlySet<string>;
  readonly onSelect: (selected: ReadonlySet<string>) => void;
  /** Both stay the same functions, so that only rows that changed are drawn again. */
  readonly onToggle: (id: string) => void;
  readonly onAction: (action: InstanceAction, id: string) => void;
}

export function InstanceTable({ list, columns, selected, onSelect, onToggle, onAction }: InstanceTableProps) {
  const { t } = useTranslation('instances');
  const chosen = list.filter((instance) => selected.has(instance.id)).length;
  return (
    <div className={classes.scroller} tabIndex={-1}>
      <Table stickyHeader aria-label={t('title')}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th className={classes.check ?? ''}>
              <Checkbox
                aria-label={t('selectAll')}
                checked={chosen > 0 && chosen === list.length}
                indeterminate={chosen > 0 && chosen < list.length}
                onChange={() => onSelect(chosen === list.length ? new Set() : new Set(list.map(({ id }) => id)))}
              />
            </Table.Th>
            <Table.Th>{t('columns.name')}</Table.Th>
            {columns.map((column) => (
              <Table.Th key={column} className={classes.head ?? ''}>
                {t(`columns.${column}`)}
              </Table.Th>
            ))}
            <Table.Th className={classes.last ?? ''}>{t('columns.operations')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {list.map((instance) => (
            <InstanceRow
              key={instance.id}
              instance={instance}
              columns={columns}
              selected={selected.has(instance.id)}
              onToggle={onToggle}
              onAction={onAction}
            />
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}

interface RowProps {
  readonly instance: InstanceView;
  readonly columns: readonly Column[];
  readonly selected: boolean;
  readonly onToggle: (id: string) => void;
  readonly onAction: (action: InstanceAction, id: string) => void;
}

const InstanceRow = memo(function InstanceRow({ instance, columns, selected, onToggle, onAction }: RowProps) {
  const { t } = useTranslation('instances');
  return (
    <Table.Tr data-instance={instance.id} data-status={instance.status} data-selected={selected || undefined}>
      <Table.Td className={classes.check ?? ''}>
        <Checkbox
          aria-label={t('select', { name: instance.name })}
          checked={selected}
          onChange={() => onToggle(instance.id)}
        />
      </Table.Td>
      <Table.Td className={classes.name ?? ''}>
        <UnstyledButton
          className={classes.title ?? ''}
          aria-label={t('manageNamed', { name: instance.name })}
          onClick={() => onAction('manage', instance.id)}
        >
          <MiddleEllipsis text={instance.name} />
        </UnstyledButton>
        <div className={classes.quiet}>
          <MiddleEllipsis text={instance.id} copyable />
        </div>
        <div className={classes.type}>{t(instance.standbyZones.length > 0 ? 'types.ha' : 'types.single')}</div>
      </Table.Td>
      {columns.map((column) => (
        <Table.Td key={column} data-column={column}>
          <ColumnCell column={column} instance={instance} />
        </Table.Td>
      ))}
      <Table.Td className={classes.last ?? ''}>
        <RowActions instance={instance} onAction={(action) => onAction(action, instance.id)} />
      </Table.Td>
    </Table.Tr>
  );
});
