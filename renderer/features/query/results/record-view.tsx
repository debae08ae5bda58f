import { ActionIcon, NumberInput, TextInput } from '@mantine/core';
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isNumberType } from '../../../../shared/model/csv-format';
import type { ResultColumn, ResultState } from '../../../../shared/model/query';
import { formatCount } from '../../../ui/bytes';
import { ErrorPanel } from '../../../ui/error-panel';
import { visibleText } from '../../../ui/visible-text';
import { useNullText } from './null-text';
import classes from './record-view.module.css';
import { useRows } from './use-rows';
import { VirtualLines } from './virtual-lines';

const CELL_LIMIT = 500;
const LINE = 24;

export interface RecordViewProps {
  readonly result: ResultState;
  readonly columns: readonly ResultColumn[];
  readonly row: number;
  /** The column that is chosen; −1 is none. */
  readonly column: number;
  /** Rows with those that were added and are not saved. */
  readonly total: number;
  /** The value in place of the result's, where one was changed or added; undefined elsewhere. */
  readonly valueAt: (row: number, column: number) => string | null | undefined;
  readonly onCell: (row: number, column: number) => void;
  /** Shows the whole value. */
  readonly onOpen: () => void;
}

/** One row as a list of names and values: what is wide is read downwards. */
export function RecordView({ result, columns, row, column, total, valueAt, onCell, onOpen }: RecordViewProps) {
  const { t, i18n } = useTranslation('results');
  const nullText = useNullText();
  const [sought, setSought] = useState('');
  const { rows, error } = useRows(result.resultId, row, 1, CELL_LIMIT);
  const values = rows[0];
  const shown = useMemo(() => {
    const wanted = sought.toLowerCase();
    return columns.flatMap(({ name }, index) => (name.toLowerCase().includes(wanted) ? [index] : []));
  }, [columns, sought]);
  const last = total - 1;
  const go = (to: number) => onCell(Math.min(Math.max(0, to), Math.max(0, last)), Math.max(0, column));
  if (error !== null) return <ErrorPanel error={error} />;
  return (
    <div className={classes.record}>
      <div className={classes.tools}>
        <ActionIcon aria-label={t('record.previous')} disabled={row <= 0} onClick={() => go(row - 1)}>
          <IconChevronLeft size={16} stroke={1.5} />
        </ActionIcon>
        <NumberInput
          size="xs"
          className={classes.number}
          aria-label={t('record.row')}
          hideControls
          allowDecimal={false}
          allowNegative={false}
          value={row + 1}
          onChange={(next) => {
            if (typeof next === 'number' && next >= 1) go(next - 1);
          }}
        />
        <span className={classes.of}>{t('record.of', { text: formatCount(total, i18n.language) })}</span>
        <ActionIcon aria-label={t('record.next')} disabled={row >= last} onClick={() => go(row + 1)}>
          <IconChevronRight size={16} stroke={1.5} />
        </ActionIcon>
        <TextInput
          size="xs"
          className={classes.find}
          aria-label={t('record.find')}
          placeholder={t('record.find')}
          value={sought}
          onChange={(event) => setSought(event.currentTarget.value)}
        />
      </div>
      <VirtualLines
        label={t('record.label')}
        count={shown.length}
        height={LINE}
        shown={shown.indexOf(column)}
        onKeyDown={(event) => {
          const place = shown.indexOf(column);
          const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
          if (step !== undefined) onCell(row, shown[Math.max(0, place + step)] ?? column);
          else if (event.key === 'ArrowLeft') go(row - 1);
          else if (event.key === 'ArrowRight') go(row + 1);
          else if (event.key === 'Enter') onOpen();
          else return;
          event.preventDefault();
        }}
        renderLine={(at) => {
          const index = shown[at] ?? 0;
          const field = columns[index];
          const staged = valueAt(row, index);
          const value = staged === undefined ? values?.[index] : staged;
          if (!field) return null;
          return (
            <button
              type="button"
              tabIndex={-1}
              className={classes.field}
              data-chosen={index === column || undefined}
              onClick={() => onCell(row, index)}
              onDoubleClick={onOpen}
            >
              <span className={classes.name} title={field.name}>
                {visibleText(field.name)}
              </span>
              <span className={classes.type}>{field.typeName}</span>
              {value === undefined ? null : value === null ? (
                <span className={classes.null}>{nullText}</span>
              ) : (
                <span className={classes.value} data-number={isNumberType(field.typeOid) || undefined}>
                  {visibleText(value.slice(0, CELL_LIMIT))}
                </span>
              )}
            </button>
          );
        }}
      />
    </div>
  );
}
