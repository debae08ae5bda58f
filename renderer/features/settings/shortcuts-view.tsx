import { Button, TextInput } from '@mantine/core';
import { IconRestore, IconSearch } from '@tabler/icons-react';
import i18next from 'i18next';
import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ACTION_AREAS, shortcutText } from '../../../shared/model/keymap';
import { scopesOf, TAB_ACTION_CATALOGUE } from '../../../shared/model/tab-actions';
import { useTabTitle, type TabActionOffer } from '../../ui/workbench';
import { matchesSearch } from './model';
import { isMac } from '../../ui/platform';
import { ShortcutRow } from './shortcut-row';
import { keysOf, type Bindable } from './shortcuts-model';
import classes from './shortcuts-view.module.css';
import { followSettings, saveSettings, useSettings } from './store';

export interface ShortcutsViewProps {
  /** What views have offered in this window so far. */
  readonly tabActions: readonly TabActionOffer[];
}

/** Every action with its keys, by what it is about; keys are recorded by pressing them. */
export function ShortcutsView({ tabActions }: ShortcutsViewProps) {
  const { t } = useTranslation('settings');
  const { t: words } = useTranslation('app');
  const choices = useSettings((state) => state.settings?.shortcuts);
  const [search, setSearch] = useState('');
  useEffect(() => void followSettings(), []);
  useTabTitle(t('shortcuts.title'));
  const all = useMemo((): readonly Bindable[] => {
    const shell = ACTION_AREAS.flatMap(({ area, actions }) =>
      actions.map((id) => ({ id, label: words(`commands.${id}`), area, scopes: [], usual: undefined })),
    );
    const known = Object.entries(TAB_ACTION_CATALOGUE).map(([id, { label, keys = [] }]) => {
      return { id, label: i18next.t(label), area: 'inTab', scopes: scopesOf(id), usual: keys };
    });
    const offered = tabActions
      .filter(({ id }) => TAB_ACTION_CATALOGUE[id] === undefined)
      .map(({ id, label, keys = [] }) => ({ id, label, area: 'inTab', scopes: scopesOf(id), usual: keys }));
    return [...shell, ...known, ...offered];
  }, [tabActions, words]);
  if (choices === undefined) return null;
  const shown = all.filter((each) => {
    const keys = keysOf(each, choices).map((own) => shortcutText(own, isMac));
    return matchesSearch(search.trim(), each.label, ...keys);
  });
  const areas = [...new Set(shown.map(({ area }) => area))];
  return (
    <div className={classes.page}>
      <header className={classes.head}>
        <h1>{t('shortcuts.title')}</h1>
        <TextInput
          className={classes.search ?? ''}
          aria-label={t('shortcuts.search')}
          placeholder={t('shortcuts.search')}
          leftSection={<IconSearch size={16} stroke={1.5} aria-hidden />}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
          onKeyDown={(event) => event.key === 'Escape' && setSearch('')}
        />
        <Button
          variant="default"
          leftSection={<IconRestore size={16} stroke={1.5} aria-hidden />}
          disabled={Object.keys(choices).length === 0}
          onClick={() => saveSettings({ shortcuts: {} })}
        >
          {t('shortcuts.resetAll')}
        </Button>
      </header>
      <p className={classes.quiet}>{t('shortcuts.about')}</p>
      {areas.map((area) => (
        <section key={area} aria-label={t(`shortcuts.areas.${area}`)}>
          <h2>{t(`shortcuts.areas.${area}`)}</h2>
          <ul className={classes.list}>
            {shown
              .filter((each) => each.area === area)
              .map((each) => (
                <ShortcutRow key={each.id} action={each} all={all} choices={choices} />
              ))}
          </ul>
        </section>
      ))}
      {shown.length === 0 ? <p className={classes.quiet}>{t('shortcuts.nothing', { search })}</p> : null}
    </div>
  );
}
