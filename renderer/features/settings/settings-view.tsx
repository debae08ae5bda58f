import { Button, SegmentedControl, Select, Switch, TextInput } from '@mantine/core';
import { IconKeyboard, IconSearch } from '@tabler/icons-react';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { CONTRASTS, LANGUAGES, THEMES, type Settings } from '../../../shared/model/settings';
import { useCommand, useOnCommand } from '../../ui/workbench';
import { FoldersSection } from './folders-section';
import { PlanesSection } from './planes-section';
import { SecretsSection } from './secrets-section';
import { QuerySections } from './query-section';
import { SETTING_ROWS } from './rows';
import { SearchContext, SettingRow, SettingSection } from './setting-row';
import classes from './settings-view.module.css';
import { followSettings, saveSettings, useSettings } from './store';
import { ToolsSection } from './tools-section';

/** Shows the row of a setting and puts the focus into it. */
function jumpTo(page: HTMLElement, label: string): void {
  const row = [...page.querySelectorAll<HTMLElement>('[role="group"]')].find(
    (each) => each.getAttribute('aria-label') === label,
  );
  row?.scrollIntoView({ block: 'center' });
  row?.querySelector<HTMLElement>('input:not([type="hidden"]), button')?.focus();
}

/** Everything that can be set, with a search over it. A change is saved at once. `row`: the setting to show first. */
export function SettingsView({ row }: { readonly row: string | undefined }) {
  const { t } = useTranslation('settings');
  const settings = useSettings((state) => state.settings);
  const [query, setQuery] = useState('');
  const [shown, setShown] = useState<ReadonlySet<string>>(new Set());
  useEffect(() => void followSettings(), []);
  const page = useRef<HTMLDivElement>(null);
  const jump = useCallback(
    (name: string | undefined) => {
      const wanted = SETTING_ROWS.find((each) => each.name === name);
      if (wanted === undefined || page.current === null) return;
      setQuery('');
      const label = t(wanted.label);
      const { current } = page;
      // The palette gives the focus back to where it was before the row may have it.
      setTimeout(() => jumpTo(current, label), 50);
    },
    [t],
  );
  const known = settings !== null;
  useEffect(() => {
    if (known) jump(row);
  }, [known, jump, row]);
  useOnCommand('show-settings', (command) => {
    if (command.row === row) jump(command.row);
  });
  const found = useCallback((id: string, is: boolean) => {
    setShown((now) => {
      if (now.has(id) === is) return now;
      const next = new Set(now);
      if (is) next.add(id);
      else next.delete(id);
      return next;
    });
  }, []);
  const search = useMemo(() => ({ query: query.trim(), found }), [query, found]);
  if (settings === null) return null;
  return (
    <div className={classes.page} ref={page}>
      <header className={classes.head}>
        <h1>{t('title')}</h1>
        <TextInput
          aria-label={t('search')}
          placeholder={t('search')}
          leftSection={<IconSearch size={16} stroke={1.5} aria-hidden />}
          value={query}
          onChange={(event) => setQuery(event.currentTarget.value)}
          onKeyDown={(event) => event.key === 'Escape' && setQuery('')}
        />
      </header>
      <SearchContext value={search}>
        <Appearance settings={settings} />
        <SettingSection title={t('explorer.title')}>
          <SettingRow
            label={t('explorer.system')}
            text={t('explorer.systemText')}
            words="pg_catalog information_schema"
          >
            <Switch
              aria-label={t('explorer.system')}
              checked={settings.showSystemObjects}
              onChange={(event) => saveSettings({ showSystemObjects: event.currentTarget.checked })}
            />
          </SettingRow>
        </SettingSection>
        <QuerySections query={settings.query} />
        <SecretsSection />
        <PlanesSection />
        <ToolsSection />
        <FoldersSection />
      </SearchContext>
      {shown.size === 0 ? <p className={classes.text}>{t('nothing', { query })}</p> : null}
    </div>
  );
}

function Keys() {
  const { t } = useTranslation('settings');
  const run = useCommand();
  return (
    <SettingRow label={t('shortcuts.title')} text={t('shortcuts.text')} words="keyboard keys hotkeys 快捷键">
      <Button
        variant="default"
        leftSection={<IconKeyboard size={16} stroke={1.5} aria-hidden />}
        onClick={() => run({ do: 'show-shortcuts' })}
      >
        {t('shortcuts.open')}
      </Button>
    </SettingRow>
  );
}

function Appearance({ settings }: { readonly settings: Settings }) {
  const { t } = useTranslation('settings');
  return (
    <SettingSection title={t('appearance.title')}>
      <SettingRow label={t('appearance.theme')} text={t('appearance.themeText')} words="light dark 浅色 深色">
        <SegmentedControl
          size="xs"
          aria-label={t('appearance.theme')}
          data={THEMES.map((value) => ({ value, label: t(`appearance.themes.${value}`) }))}
          value={settings.theme}
          onChange={(theme) => saveSettings({ theme })}
        />
      </SettingRow>
      <SettingRow label={t('appearance.contrast')} text={t('appearance.contrastText')} words="high contrast 对比度">
        <SegmentedControl
          size="xs"
          aria-label={t('appearance.contrast')}
          data={CONTRASTS.map((value) => ({ value, label: t(`appearance.contrasts.${value}`) }))}
          value={settings.contrast}
          onChange={(contrast) => saveSettings({ contrast })}
        />
      </SettingRow>
      <SettingRow
        label={t('appearance.language')}
        text={t('appearance.languageText')}
        words="english 简体中文 language 语言"
      >
        <Select
          aria-label={t('appearance.language')}
          data={LANGUAGES.map((value) => ({ value, label: t(`appearance.languages.${value}`) }))}
          value={settings.language}
          onChange={(value) => {
            const language = LANGUAGES.find((each) => each === value);
            if (language !== undefined) saveSettings({ language });
          }}
        />
      </SettingRow>
      <Keys />
      <SettingRow label={t('notify.label')} text={t('notify.text')} words="notification 通知">
        <Switch
          aria-label={t('notify.label')}
          checked={settings.notifyTasks}
          onChange={(event) => saveSettings({ notifyTasks: event.currentTarget.checked })}
        />
      </SettingRow>
    </SettingSection>
  );
}
