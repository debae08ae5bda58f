import { SegmentedControl, Select, Switch, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { LANGUAGES, THEMES, type Settings } from '../../../shared/model/settings';
import { FoldersSection } from './folders-section';
import { PlanesSection } from './planes-section';
import { SecretsSection } from './secrets-section';
import { SearchContext, SettingRow, SettingSection } from './setting-row';
import classes from './settings-view.module.css';
import { followSettings, saveSettings, useSettings } from './store';
import { ToolsSection } from './tools-section';

/** Everything that can be set, with a search over it. A change is saved at once. */
export function SettingsView() {
  const { t } = useTranslation('settings');
  const settings = useSettings((state) => state.settings);
  const [query, setQuery] = useState('');
  const [shown, setShown] = useState<ReadonlySet<string>>(new Set());
  useEffect(() => void followSettings(), []);
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
    <div className={classes.page}>
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
        <SecretsSection />
        <PlanesSection />
        <ToolsSection />
        <FoldersSection />
      </SearchContext>
      {shown.size === 0 ? <p className={classes.text}>{t('nothing', { query })}</p> : null}
    </div>
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
    </SettingSection>
  );
}
