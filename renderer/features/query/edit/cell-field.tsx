import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { IconArrowsMaximize, IconListSearch } from '@tabler/icons-react';
import { useLayoutEffect, useRef, useState, type FocusEvent, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { EditColumn, NewValue } from '../../../../shared/model/edit';
import { takesEmptyText } from '../../../../shared/model/edit-paste';
import { visibleText } from '../../../ui/visible-text';
import { useKeysHint } from '../keys-hint';
import { withBreaksOf } from './cell-kinds';
import classes from './edit.module.css';

/** Where the keyboard goes after a cell was written. */
export type Move = 'stay' | 'down' | 'left' | 'right';

export interface CellFieldProps {
  readonly column: EditColumn;
  readonly initial: NewValue;
  /** What was typed to begin with; null: the value is changed rather than replaced. */
  readonly typed: string | null;
  readonly onCommit: (value: NewValue, move: Move) => void;
  readonly onCancel: () => void;
  /** The person wants more room. */
  readonly onLarge: (value: NewValue) => void;
  /** Undefined: the column refers to nothing. */
  readonly onLookup?: (() => void) | undefined;
}

/** The field in which a cell is written, with NULL, the empty text and DEFAULT as choices of their own. */
export function CellField({ column, initial, typed, onCommit, onCancel, onLarge, onLookup }: CellFieldProps) {
  const { t } = useTranslation('data');
  const hint = useKeysHint();
  const [value, setValue] = useState<NewValue>(typed ?? initial);
  const field = useRef<HTMLTextAreaElement>(null);
  const over = useRef(false);
  const text = typeof value === 'string' ? value : '';
  useLayoutEffect(() => {
    // The field is not in its place yet.
    field.current?.focus({ preventScroll: true });
    const end = field.current?.value.length ?? 0;
    field.current?.setSelectionRange(typed === null ? 0 : end, end);
  }, [typed]);

  const commit = (next: NewValue, move: Move) => {
    if (over.current) return;
    over.current = true;
    onCommit(next, move);
  };
  const cancel = () => {
    over.current = true;
    onCancel();
  };
  const choose = (next: NewValue) => {
    setValue(next);
    field.current?.focus();
  };

  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    event.stopPropagation();
    if (event.nativeEvent.isComposing) return;
    const control = event.ctrlKey || event.metaKey;
    if (event.key === 'Enter' && event.altKey) {
      const { selectionStart, selectionEnd } = event.currentTarget;
      setValue(`${text.slice(0, selectionStart)}\n${text.slice(selectionEnd)}`);
    } else if (event.key === 'Enter') commit(value, 'down');
    else if (event.key === 'Tab') commit(value, event.shiftKey ? 'left' : 'right');
    else if (event.key === 'Escape') cancel();
    else if (control && event.key === '0') choose(null);
    else if (control && event.key.toLowerCase() === 'd' && column.hasDefault) choose({ default: true });
    else if (event.key === 'F2') onLarge(value);
    else if (event.key === 'F4' && onLookup) onLookup();
    else return;
    event.preventDefault();
  };
  const onBlur = (event: FocusEvent<HTMLDivElement>) => {
    if (!event.currentTarget.contains(event.relatedTarget)) commit(value, 'stay');
  };

  const wordFor = (): string => {
    if (value === null) return 'NULL';
    return typeof value === 'string' ? t('cell.empty') : 'DEFAULT';
  };
  return (
    <div className={classes.field} onBlur={onBlur}>
      <textarea
        ref={field}
        className={classes.input}
        aria-label={t('cell.label', { column: visibleText(column.name) })}
        placeholder={wordFor()}
        rows={Math.min(8, text.split('\n').length)}
        spellCheck={false}
        value={text}
        onChange={(event) => setValue(withBreaksOf(initial, event.currentTarget.value))}
        onKeyDown={onKeyDown}
      />
      <div className={classes.fieldTools}>
        {column.nullable ? (
          <Tooltip label={hint(t('cell.null'), '', 'mod+0')}>
            <Button size="compact-xs" variant="default" aria-pressed={value === null} onClick={() => choose(null)}>
              NULL
            </Button>
          </Tooltip>
        ) : null}
        {takesEmptyText(column) ? (
          <Button size="compact-xs" variant="default" aria-pressed={value === ''} onClick={() => choose('')}>
            {t('cell.empty')}
          </Button>
        ) : null}
        {column.hasDefault ? (
          <Tooltip label={hint(t('cell.default'), '', 'mod+d')}>
            <Button
              size="compact-xs"
              variant="default"
              aria-pressed={typeof value === 'object' && value !== null}
              onClick={() => choose({ default: true })}
            >
              DEFAULT
            </Button>
          </Tooltip>
        ) : null}
        {onLookup ? (
          <Tooltip label={hint(t('cell.lookup'), '', 'f4')}>
            <ActionIcon size="xs" aria-label={t('cell.lookup')} onClick={onLookup}>
              <IconListSearch size={14} stroke={1.5} aria-hidden />
            </ActionIcon>
          </Tooltip>
        ) : null}
        <Tooltip label={hint(t('cell.large'), '', 'f2')}>
          <ActionIcon size="xs" aria-label={t('cell.large')} onClick={() => onLarge(value)}>
            <IconArrowsMaximize size={14} stroke={1.5} aria-hidden />
          </ActionIcon>
        </Tooltip>
      </div>
    </div>
  );
}
