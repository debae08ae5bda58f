import { Checkbox, Table, UnstyledButton } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { memo, useLayoutEffect, useRef, useState, type Ref } from 'react';
import { useTranslation } from 'react-i18next';
import type { InstanceView } from '../../../shared/model/instance';
import { MiddleEllipsis } from '../../ui/middle-ellipsis';
import type { Column } from './columns';
import { ColumnCell } from './column-cell';
import classes from './instance-table.module.css';
import type { InstanceAction } from './model';
import { RowActions } from './row-actions';

/** Height of a row without problems in pixels; the others are measured. */
const ROW = 65;
/** Rows drawn beyond what can be seen. */
const BEYOND = 6;

export interface InstanceTableProps {
  readonly list: readonly InstanceView[];
  readonly columns: readonly Column[];
  readonly selected: ReadonlySet<string>;
  readonly onSelect: (selected: ReadonlySet<string>) => void;
  /** Both stay the same functions, so that only rows that changed are drawn again. */
  readonly onToggle: (id: string) => void;
  readonly onAction: (action: InstanceAction, id: string) => void;
}

/** The instances as rows; only those in sight are drawn, so that fifty cost no more than ten. */
export function InstanceTable({ list, columns, selected, onSelect, onToggle, onAction }: InstanceTableProps) {
  const { t } = useTranslation('instances');
  const chosen = list.filter((instance) => selected.has(instance.id)).length;
  const body = useRef<HTMLTableSectionElement>(null);
  const [top, setTop] = useState(0);
  // The whole view scrolls, not the table.
  const viewOf = () => body.current?.closest<HTMLElement>('[data-view]') ?? null;
  useLayoutEffect(() => {
    const view = viewOf();
    if (view === null || body.current === null) return;
    setTop(body.current.getBoundingClientRect().top - view.getBoundingClientRect().top + view.scrollTop);
  }, []);
  const rows = useVirtualizer({
    count: list.length,
    getScrollElement: viewOf,
    getItemKey: (at) => list[at]?.id ?? at,
    estimateSize: () => ROW,
    overscan: BEYOND,
    scrollMargin: top,
  });
  const drawn = rows.getVirtualItems();
  const before = (drawn[0]?.start ?? top) - top;
  const after = rows.getTotalSize() - ((drawn.at(-1)?.end ?? top) - top);
  return (
    <div className={classes.scroller} tabIndex={-1}>
      <Table aria-label={t('title')} aria-rowcount={list.length + 1}>
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
        <Table.Tbody ref={body}>
          <Gap height={before} />
          {drawn.map(({ index, key }) => {
            const instance = list[index];
            return instance === undefined ? null : (
              <InstanceRow
                key={key}
                ref={rows.measureElement}
                at={index}
                instance={instance}
                columns={columns}
                selected={selected.has(instance.id)}
                onToggle={onToggle}
                onAction={onAction}
              />
            );
          })}
          <Gap height={after} />
        </Table.Tbody>
      </Table>
    </div>
  );
}

/** Stands for the rows that are not drawn. */
function Gap({ height }: { readonly height: number }) {
  if (height <= 0) return null;
  return (
    <Table.Tr aria-hidden className={classes.gap ?? ''}>
      <Table.Td style={{ height }} />
    </Table.Tr>
  );
}

interface RowProps {
  readonly ref: Ref<HTMLTableRowElement>;
  /** Position in the whole list. */
  readonly at: number;
  readonly instance: InstanceView;
  readonly columns: readonly Column[];
  readonly selected: boolean;
  readonly onToggle: (id: string) => void;
  readonly onAction: (action: InstanceAction, id: string) => void;
}

const InstanceRow = memo(function InstanceRow({ ref, at, instance, columns, selected, onToggle, onAction }: RowProps) {
  const { t } = useTranslation('instances');
  return (
    <Table.Tr
      ref={ref}
      data-index={at}
      aria-rowindex={at + 2}
      data-instance={instance.id}
      data-status={instance.status}
      data-selected={selected || undefined}
    >
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
        <div className={classes.type}>{t(instance.standbyZones.length > 0 ? 'types.haShort' : 'types.single')}</div>
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
