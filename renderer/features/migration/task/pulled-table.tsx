import { Skeleton } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ErrorPanel } from '../../../ui/error-panel';
import classes from './pulled-table.module.css';
import { usePages, type ReadRows } from './use-pages';

/** Height of a plain row in pixels; rows that need more are measured. */
const ROW = 28;

export interface TableColumn {
  readonly key: string;
  readonly title: string;
  readonly numeric?: boolean;
}

export interface PulledTableProps<T> {
  readonly label: string;
  readonly columns: readonly TableColumn[];
  /** Class that gives header and rows their `grid-template-columns`. */
  readonly grid: string | undefined;
  readonly read: ReadRows<T>;
  readonly stamp: number;
  /** One cell for each column, in their order. */
  readonly cells: (row: T) => readonly ReactNode[];
  /** Attributes of a row for its state. */
  readonly state: (row: T) => string;
  /** Stands instead of the table when there is no row. */
  readonly empty: ReactNode;
}

/** A table of any length: only the rows in sight are read and drawn. */
export function PulledTable<T>({ label, columns, grid, read, stamp, cells, state, empty }: PulledTableProps<T>) {
  const { t } = useTranslation('migration');
  const { total, row, error, look } = usePages(read, stamp);
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: total ?? 0,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 12,
  });
  const drawn = rows.getVirtualItems();
  const first = drawn[0]?.index ?? 0;
  const last = drawn.at(-1)?.index ?? 0;
  useEffect(() => look(first, last), [look, first, last]);

  if (error !== null && total === null) return <ErrorPanel title={t('task.listFailed')} error={error} />;
  if (total === null) return <Skeleton height={160} aria-label={t('task.listReading')} />;
  if (total === 0) return empty;
  return (
    <div ref={scroller} className={classes.scroller} role="table" aria-label={label} aria-rowcount={total + 1}>
      <div className={`${classes.head ?? ''} ${grid ?? ''}`} role="row" aria-rowindex={1}>
        {columns.map((column) => (
          <span
            key={column.key}
            role="columnheader"
            data-column={column.key}
            className={column.numeric === true ? 'numeric' : ''}
          >
            {column.title}
          </span>
        ))}
      </div>
      <div className={classes.canvas} role="rowgroup" style={{ height: rows.getTotalSize() }}>
        {drawn.map(({ index, start }) => {
          const each = row(index);
          return (
            <div
              key={index}
              ref={rows.measureElement}
              data-index={index}
              className={`${classes.row ?? ''} ${grid ?? ''}`}
              role="row"
              aria-rowindex={index + 2}
              data-state={each === undefined ? undefined : state(each)}
              style={{ transform: `translateY(${start}px)` }}
            >
              {each === undefined ? (
                <span role="cell">
                  <Skeleton height={12} width={160} />
                </span>
              ) : (
                cells(each).map((cell, at) => (
                  <span
                    key={columns[at]?.key}
                    role="cell"
                    data-column={columns[at]?.key}
                    className={`${classes.cell ?? ''} ${columns[at]?.numeric === true ? 'numeric' : ''}`}
                  >
                    {cell}
                  </span>
                ))
              )}
            </div>
          );
        })}
      </div>
    </div>
  );
}
