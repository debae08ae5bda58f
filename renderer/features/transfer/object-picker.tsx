import { ActionIcon, Checkbox, Skeleton, TextInput } from '@mantine/core';
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatBytes, formatCount } from '../../ui/bytes';
import classes from './object-picker.module.css';
import { chosenBytes, pickLines, toggleSchema, toggleTable, type SourceObject } from './object-choice';

export interface ObjectPickerProps {
  /** Null while they are asked for. */
  readonly objects: readonly SourceObject[] | null;
  readonly schemas: readonly string[];
  readonly tables: readonly string[];
  readonly onChange: (schemas: string[], tables: string[]) => void;
}

/** Height of a line in pixels, as `--row`. */
const LINE = 24;

/** Schemas and their tables with sizes, to be ticked. */
export function ObjectPicker({ objects, schemas, tables, onChange }: ObjectPickerProps) {
  const { t, i18n } = useTranslation('transfer');
  const [filter, setFilter] = useState('');
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const choice = useMemo(() => ({ schemas, tables }), [schemas, tables]);
  const lines = useMemo(() => pickLines(objects ?? [], choice, filter, closed), [objects, choice, filter, closed]);
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => LINE,
    overscan: 20,
  });
  if (objects === null) return <Skeleton height={240} />;
  const change = (next: { schemas: string[]; tables: string[] }) => onChange(next.schemas, next.tables);
  return (
    <div className={classes.picker}>
      <TextInput
        aria-label={t('objects.filter')}
        placeholder={t('objects.filter')}
        value={filter}
        onChange={(event) => setFilter(event.currentTarget.value)}
      />
      <div ref={scroller} className={classes.list} tabIndex={-1}>
        {lines.length === 0 ? <p className={classes.nothing}>{t('objects.nothing')}</p> : null}
        <div className={classes.canvas} style={{ height: rows.getTotalSize() }}>
          {rows.getVirtualItems().map((row) => {
            const line = lines[row.index];
            if (line === undefined) return null;
            const isOpen = !closed.has(line.schema);
            const Fold = isOpen ? IconChevronDown : IconChevronRight;
            return (
              <div
                key={line.key}
                className={classes.line}
                data-table={line.table !== null || undefined}
                style={{ transform: `translateY(${row.start}px)` }}
              >
                {line.table === null ? (
                  <ActionIcon
                    aria-label={t('objects.fold', { name: line.schema })}
                    aria-expanded={isOpen}
                    onClick={() => {
                      const next = new Set(closed);
                      if (!next.delete(line.schema)) next.add(line.schema);
                      setClosed(next);
                    }}
                  >
                    <Fold size={16} stroke={1.5} />
                  </ActionIcon>
                ) : null}
                <Checkbox
                  className={classes.name ?? ''}
                  label={line.table ?? line.schema}
                  checked={line.state === 'all'}
                  indeterminate={line.state === 'some'}
                  onChange={() =>
                    change(
                      line.table === null
                        ? toggleSchema(choice, line.schema)
                        : toggleTable(choice, objects, line.schema, line.table),
                    )
                  }
                />
                <span className={classes.figure}>
                  {line.rows > 0
                    ? t('objects.rows', { count: line.rows, rows: formatCount(line.rows, i18n.language) })
                    : ''}
                </span>
                <span className={classes.figure}>{formatBytes(line.bytes)}</span>
              </div>
            );
          })}
        </div>
      </div>
      <div className={classes.sum} role="status">
        {t('objects.sum', {
          schemas: t('objects.schemas', { count: schemas.length }),
          tables: t('objects.tables', { count: tables.length }),
          size: formatBytes(chosenBytes(objects, choice)),
        })}
      </div>
      {tables.length > 0 ? <div className={classes.sum}>{t('objects.note')}</div> : null}
    </div>
  );
}
