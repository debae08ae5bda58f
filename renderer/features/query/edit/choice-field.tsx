import { Select } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { EditColumn, NewValue } from '../../../../shared/model/edit';
import { visibleText } from '../../../ui/visible-text';
import { choicesOf } from './cell-kinds';
import classes from './edit.module.css';

export interface ChoiceFieldProps {
  readonly column: EditColumn;
  readonly initial: NewValue;
  readonly typed: string | null;
  readonly onCommit: (value: NewValue) => void;
  readonly onCancel: () => void;
}

/** One of the values that a boolean or an enum has, NULL and DEFAULT where they are allowed. */
export function ChoiceField({ column, initial, typed, onCommit, onCancel }: ChoiceFieldProps) {
  const { t } = useTranslation('data');
  const choices: readonly { readonly value: NewValue; readonly label: string }[] = [
    ...choicesOf(column),
    ...(column.nullable ? [{ value: null, label: 'NULL' }] : []),
    ...(column.hasDefault ? [{ value: { default: true } as const, label: 'DEFAULT' }] : []),
  ];
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus({ preventScroll: true }), []);
  // Labels may be any text: options go by their place.
  const current = choices.findIndex(({ value }) => value === initial);
  return (
    <Select
      ref={field}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key === 'Escape') onCancel();
      }}
      className={classes.choice ?? ''}
      aria-label={t('cell.label', { column: visibleText(column.name) })}
      data={choices.map(({ label }, at) => ({ value: String(at), label }))}
      value={current < 0 ? null : String(current)}
      {...(typed === null ? {} : { defaultSearchValue: typed })}
      searchable
      selectFirstOptionOnChange
      defaultDropdownOpened
      allowDeselect={false}
      nothingFoundMessage={t('cell.noChoice')}
      comboboxProps={{ width: 220, position: 'bottom-start' }}
      onBlur={onCancel}
      onOptionSubmit={(at) => {
        const chosen = choices[Number(at)];
        if (chosen) onCommit(chosen.value);
      }}
    />
  );
}
