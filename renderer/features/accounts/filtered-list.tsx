import { TextInput } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './tab.module.css';

export interface FilteredListProps<T extends { readonly name: string }> {
  readonly list: readonly T[];
  readonly children: (shown: readonly T[]) => ReactNode;
}

/** So few names need no filter. */
const FEW = 15;
/** So many rows are drawn at once; a filter finds the others. */
const SHOWN_MAX = 200;

/** A list with a filter once it is long. */
export function FilteredList<T extends { readonly name: string }>({ list, children }: FilteredListProps<T>) {
  const { t } = useTranslation('accounts');
  const [filter, setFilter] = useState('');
  if (list.length <= FEW) return children(list);
  const wanted = filter.trim().toLowerCase();
  const found = list.filter(({ name }) => name.toLowerCase().includes(wanted));
  const cut = found.length > SHOWN_MAX;
  return (
    <>
      <div className={classes.header}>
        <TextInput
          className={classes.filter ?? ''}
          aria-label={t('listFilter.label')}
          placeholder={t('listFilter.label')}
          value={filter}
          onChange={(event) => setFilter(event.currentTarget.value)}
          autoComplete="off"
          spellCheck={false}
        />
        <p role="status">{cut ? t('listFilter.first', { shown: SHOWN_MAX, count: found.length }) : null}</p>
      </div>
      {found.length === 0 ? <p className={classes.quiet}>{t('listFilter.none')}</p> : null}
      {found.length === 0 ? null : children(cut ? found.slice(0, SHOWN_MAX) : found)}
    </>
  );
}
