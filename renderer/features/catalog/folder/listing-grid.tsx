import { UnstyledButton } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconSquare, IconSquareCheckFilled } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useId, useRef, useState, type KeyboardEvent, type MouseEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { ListingRow } from '../../../../shared/model/catalog';
import { ObjectIcon } from '../../../ui/object-icon';
import { formatCell, isFigure } from '../property-format';
import { between, rowKey, type Sorting } from './listing-model';
import classes from './folder-view.module.css';

/** Pixels; the same as `--row`. */
const ROW_HEIGHT = 24;
const CHECK_WIDTH = 32;

export interface ListingGridProps {
  readonly label: string;
  /** Keys of `catalog.columns` with their place in the cells, in the order shown. */
  readonly columns: readonly { readonly key: string; readonly at: number; readonly width: number }[];
  readonly rows: readonly ListingRow[];
  readonly chosen: ReadonlySet<string>;
  readonly sorting: Sorting | null;
  readonly onSort: (column: string) => void;
  readonly onChoose: (keys: ReadonlySet<string>) => void;
  readonly onOpen: (row: ListingRow) => void;
  readonly onDelete: () => void;
}

/**
 * Rows that can be chosen and opened; only those in view are drawn. Arrows walk, Space chooses, Shift extends, Ctrl+A takes all, Enter opens,
 * Delete drops what is chosen.
 */
export function ListingGrid(props: ListingGridProps) {
  const { label, columns, rows, chosen, sorting, onChoose } = props;
  const { t, i18n } = useTranslation('catalog');
  const { t: words } = useTranslation('objects');
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState(0);
  const anchor = useRef(0);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 12,
  });
  const width = columns.reduce((sum, column) => sum + column.width, CHECK_WIDTH);
  const template = `${CHECK_WIDTH}px ${columns.map((column) => `${column.width}px`).join(' ')}`;
  const yesOrNo = (value: boolean): string => t(value ? 'yes' : 'no');

  const toggle = (index: number): void => {
    const row = rows[index];
    if (!row) return;
    const key = rowKey(row);
    const next = new Set(chosen);
    if (!next.delete(key)) next.add(key);
    anchor.current = index;
    onChoose(next);
  };
  const extend = (to: number): void => {
    const keys = between(anchor.current, to).flatMap((index) => {
      const row = rows[index];
      return row ? [rowKey(row)] : [];
    });
    onChoose(new Set(keys));
  };
  const all = (): void => onChoose(chosen.size === rows.length ? new Set() : new Set(rows.map(rowKey)));
  const walk = (to: number, extending: boolean): void => {
    const index = Math.max(0, Math.min(rows.length - 1, to));
    setActive(index);
    virtual.scrollToIndex(index, { align: 'auto' });
    if (extending) extend(index);
    else anchor.current = index;
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    // Buttons of the header keep their keys.
    if (event.target !== scroller.current) return;
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / ROW_HEIGHT) - 2);
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: active + 1,
      ArrowUp: active - 1,
      PageDown: active + page,
      PageUp: active - page,
      Home: 0,
      End: rows.length - 1,
    };
    const to = steps[event.key];
    const row = rows[active];
    if (to !== undefined) walk(to, event.shiftKey);
    else if (event.key === ' ') toggle(active);
    else if (event.key === 'Enter' && row) props.onOpen(row);
    else if (event.key === 'Delete' && chosen.size > 0) props.onDelete();
    else if (event.key.toLowerCase() === 'a' && (event.ctrlKey || event.metaKey)) all();
    else return;
    event.preventDefault();
  };
  /** One listener for all rows: what was hit says itself which row and which part it is. */
  const onClick = (event: MouseEvent): void => {
    if (!(event.target instanceof Element)) return;
    const index = Number(event.target.closest<HTMLElement>('[data-index]')?.dataset['index'] ?? -1);
    const row = rows[index];
    if (!row) return;
    setActive(index);
    if (event.target.closest('[data-part=check]')) toggle(index);
    else if (event.target.closest('[data-part=name]')) props.onOpen(row);
    else if (event.shiftKey) extend(index);
    else if (event.ctrlKey || event.metaKey) toggle(index);
    else anchor.current = index;
  };

  return (
    <div
      ref={scroller}
      className={classes.grid}
      role="grid"
      tabIndex={0}
      aria-label={label}
      aria-rowcount={rows.length + 1}
      aria-colcount={columns.length + 1}
      aria-multiselectable
      aria-activedescendant={rows.length === 0 ? undefined : `${id}-${active}`}
      onKeyDown={onKeyDown}
      onClick={onClick}
    >
      <div className={classes.head} role="row" aria-rowindex={1} style={{ gridTemplateColumns: template, width }}>
        <span role="columnheader" className={classes.check}>
          <UnstyledButton aria-label={words('folder.all')} className={classes.checkAll ?? ''} onClick={all}>
            {rows.length > 0 && chosen.size === rows.length ? (
              <IconSquareCheckFilled size={16} stroke={1.5} aria-hidden />
            ) : (
              <IconSquare size={16} stroke={1.5} aria-hidden />
            )}
          </UnstyledButton>
        </span>
        {columns.map(({ key }) => {
          const sorted = sorting?.column === key;
          const Arrow = sorted && sorting.descending ? IconArrowDown : IconArrowUp;
          return (
            <span
              key={key}
              role="columnheader"
              className={classes.title}
              data-align={isFigure(key) ? 'right' : undefined}
              aria-sort={sorted ? (sorting.descending ? 'descending' : 'ascending') : 'none'}
            >
              <UnstyledButton className={classes.sort ?? ''} onClick={() => props.onSort(key)}>
                {t(`columns.${key}`)}
                {sorted ? <Arrow size={14} stroke={1.5} aria-hidden /> : null}
              </UnstyledButton>
            </span>
          );
        })}
      </div>
      <div role="rowgroup" className={classes.space} style={{ height: virtual.getTotalSize(), width }}>
        {virtual.getVirtualItems().map(({ index, start }) => {
          const row = rows[index];
          if (!row) return null;
          const isChosen = chosen.has(rowKey(row));
          return (
            <div
              key={rowKey(row)}
              id={`${id}-${index}`}
              className={classes.row}
              role="row"
              aria-rowindex={index + 2}
              aria-selected={isChosen}
              data-active={index === active}
              style={{ gridTemplateColumns: template, transform: `translateY(${start}px)` }}
              data-index={index}
              onDoubleClick={() => props.onOpen(row)}
            >
              <span
                role="gridcell"
                className={classes.check}
                aria-label={words(isChosen ? 'folder.chosen' : 'folder.notChosen')}
                data-part="check"
              >
                {isChosen ? (
                  <IconSquareCheckFilled size={16} stroke={1.5} aria-hidden />
                ) : (
                  <IconSquare size={16} stroke={1.5} aria-hidden />
                )}
              </span>
              {columns.map(({ key, at }, place) => {
                const text = formatCell(key, row.cells[at] ?? '', i18n.language, yesOrNo);
                return (
                  <span
                    key={key}
                    role="gridcell"
                    className={classes.cell}
                    title={text}
                    data-align={isFigure(key) ? 'right' : undefined}
                  >
                    {place === 0 ? (
                      <span className={classes.name} data-part="name">
                        <ObjectIcon kind={row.ref.kind} mark={row.mark} />
                        <span className={classes.nameText}>{text}</span>
                      </span>
                    ) : (
                      text
                    )}
                  </span>
                );
              })}
            </div>
          );
        })}
      </div>
    </div>
  );
}
