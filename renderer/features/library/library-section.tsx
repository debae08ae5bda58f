import { ActionIcon, TextInput, Tooltip } from '@mantine/core';
import { IconPlus, IconSearch } from '@tabler/icons-react';
import { useEffect, useRef, useState, type ComponentType, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ConfirmDialog } from '../../ui/confirm-dialog';
import { EmptyState } from '../../ui/empty-state';
import { focusSoon } from '../../ui/focus-soon';
import { useTip } from '../../ui/tip';
import { visibleText } from '../../ui/visible-text';
import { useTab, useTabActions } from '../../ui/workbench';
import classes from './library-view.module.css';

/** What a form of the library is told and tells. */
export interface FormProps<Item> {
  /** Null: a new one. */
  readonly item: Item | null;
  readonly onDirty: (dirty: boolean) => void;
  /** It was saved, or removed (no id). */
  readonly onDone: (id?: string) => void;
}

export interface LibrarySectionProps<Item extends { readonly id: string; readonly name: string }> {
  readonly label: string;
  /** Null until they are known. */
  readonly items: readonly Item[] | null;
  /** Small text beside a name; items are in its order. */
  readonly noteOf: (item: Item) => string;
  /** What a search looks at. */
  readonly searched: (item: Item) => string;
  readonly newLabel: string;
  readonly empty: { readonly title: string; readonly text: string; readonly icon: ReactNode };
  readonly Form: ComponentType<FormProps<Item>>;
}

const NEW = '';

/** A list with a search at the left, the form of the chosen one at the right. */
export function LibrarySection<Item extends { readonly id: string; readonly name: string }>(
  props: LibrarySectionProps<Item>,
) {
  const { label, items, noteOf, searched, newLabel, empty, Form } = props;
  const { t } = useTranslation('library');
  const { setDirty: setTabDirty } = useTab();
  const [search, setSearch] = useState('');
  const [chosen, setChosen] = useState<string>();
  const [dirty, setDirty] = useState(false);
  const [leaving, setLeaving] = useState<string | null>(null);
  useEffect(() => {
    setTabDirty(dirty);
    return () => setTabDirty(false);
  }, [setTabDirty, dirty]);
  const tip = useTip();
  const field = useRef<HTMLInputElement>(null);
  const choose = (id: string) => {
    setDirty(false);
    setChosen(id);
  };
  const wish = (id: string) => {
    if (dirty) setLeaving(id);
    else choose(id);
  };
  useTabActions([
    { id: 'library.search', label: t('searchIn', { list: label }), run: () => focusSoon(field) },
    { id: 'library.new', label: newLabel, run: () => wish(NEW) },
  ]);
  if (items === null) return null;

  const text = search.trim().toLowerCase();
  const shown = items
    .filter((item) => searched(item).toLowerCase().includes(text))
    .toSorted((one, other) => noteOf(one).localeCompare(noteOf(other)) || one.name.localeCompare(other.name));
  const current = chosen === NEW ? null : (items.find(({ id }) => id === chosen) ?? shown[0]);
  const done = (id?: string) => {
    setDirty(false);
    setChosen(id);
  };
  return (
    <div className={classes.section}>
      <div className={classes.side}>
        <div className={classes.head}>
          <TextInput
            ref={field}
            className={classes.search ?? ''}
            leftSection={<IconSearch size={16} stroke={1.5} aria-hidden />}
            placeholder={t('search')}
            aria-label={t('searchIn', { list: label })}
            value={search}
            onChange={(event) => setSearch(event.currentTarget.value)}
          />
          <Tooltip label={tip(newLabel, 'library.new')}>
            <ActionIcon aria-label={newLabel} onClick={() => wish(NEW)}>
              <IconPlus size={16} stroke={1.5} aria-hidden />
            </ActionIcon>
          </Tooltip>
        </div>
        <ul className={classes.list} aria-label={label}>
          {shown.map((item) => (
            <li key={item.id}>
              <button
                type="button"
                className={classes.item}
                aria-current={item.id === current?.id}
                onClick={() => wish(item.id)}
              >
                <span className={classes.name}>{visibleText(item.name)}</span>
                <span className={classes.note}>{visibleText(noteOf(item))}</span>
              </button>
            </li>
          ))}
        </ul>
      </div>
      {current === undefined ? (
        <EmptyState
          icon={empty.icon}
          title={text === '' ? empty.title : t('noneFound.title')}
          text={text === '' ? empty.text : t('noneFound.text')}
        />
      ) : (
        <div key={current?.id ?? NEW} className={classes.form}>
          <Form item={current} onDirty={setDirty} onDone={done} />
        </div>
      )}
      <ConfirmDialog
        opened={leaving !== null}
        title={t('leave.title')}
        deed={t('leave.deed')}
        danger
        onConfirm={() => choose(leaving ?? NEW)}
        onClose={() => setLeaving(null)}
      >
        {t('leave.text')}
      </ConfirmDialog>
    </div>
  );
}
