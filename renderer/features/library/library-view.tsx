import { Tabs } from '@mantine/core';
import { useState, type ComponentType } from 'react';
import { useTranslation } from 'react-i18next';
import { useTabActions, useTabTitle } from '../../ui/workbench';
import { DraftsSection } from './drafts-section';
import classes from './library-view.module.css';
import { MacrosSection } from './macros-section';
import { SavedSection } from './saved-section';
import { SnippetsSection } from './snippets-section';

const SECTIONS: readonly { readonly name: string; readonly Section: ComponentType }[] = [
  { name: 'saved', Section: SavedSection },
  { name: 'snippets', Section: SnippetsSection },
  { name: 'macros', Section: MacrosSection },
  { name: 'drafts', Section: DraftsSection },
];

/** Saved queries, snippets, macros, and texts of tabs that are gone. */
export function LibraryView() {
  const { t } = useTranslation('library');
  useTabTitle(t('title'));
  const [section, setSection] = useState('saved');
  useTabActions(
    SECTIONS.map(({ name }) => ({
      id: `library.show-${name}`,
      label: t('offers.section', { section: t(`sections.${name}`) }),
      run: () => setSection(name),
    })),
  );
  return (
    <Tabs
      value={section}
      onChange={(value) => setSection(value ?? 'saved')}
      keepMounted={false}
      className={classes.view ?? ''}
    >
      <Tabs.List aria-label={t('title')}>
        {SECTIONS.map(({ name }) => (
          <Tabs.Tab key={name} value={name}>
            {t(`sections.${name}`)}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {SECTIONS.map(({ name, Section }) => (
        <Tabs.Panel key={name} value={name} className={classes.panel ?? ''}>
          <Section />
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}
