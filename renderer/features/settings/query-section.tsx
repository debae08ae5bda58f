import { NumberInput, Select, Switch, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { QuerySettings } from '../../../shared/model/settings';
import { SettingRow, SettingSection } from './setting-row';
import classes from './settings-view.module.css';
import { saveSettings, useSettings } from './store';

type Name = keyof QuerySettings;
type Of<Value> = { readonly [K in Name]: QuerySettings[K] extends Value ? K : never }[Name];

function save(change: Partial<QuerySettings>): void {
  const now = useSettings.getState().settings?.query;
  if (now !== undefined) saveSettings({ query: { ...now, ...change } });
}

/** How query tabs run, write and show. */
export function QuerySections({ query }: { readonly query: QuerySettings }) {
  const { t } = useTranslation('settings');
  return (
    <>
      <SettingSection title={t('query.running')}>
        <SwitchRow name="autocommit" query={query} words="transaction commit" />
        <ChoiceRow name="onError" query={query} choices={['stop', 'continue']} words="error script" />
        <ChoiceRow name="confirm" query={query} choices={['production', 'always', 'never']} words="guard drop delete" />
        <NumberRow name="historySize" query={query} least={0} most={1_000_000} words="history" />
      </SettingSection>
      <SettingSection title={t('query.editor')}>
        <SwitchRow name="completeAsTyped" query={query} words="autocomplete suggest" />
        <NumberRow name="editorFontSize" query={query} least={8} most={32} step={0.5} words="font text" />
        <ChoiceRow name="keywordCase" query={query} choices={['upper', 'lower', 'preserve']} words="format" />
        <NumberRow name="indent" query={query} least={1} most={16} words="format spaces" />
      </SettingSection>
      <SettingSection title={t('query.results')}>
        <NullTextRow query={query} />
        <NumberRow name="dataLimit" query={query} least={0} most={1_000_000_000} words="view data limit" />
      </SettingSection>
    </>
  );
}

interface RowProps<N extends Name> {
  readonly name: N;
  readonly query: QuerySettings;
  readonly words: string;
}

function SwitchRow({ name, query, words }: RowProps<Of<boolean>>) {
  const { t } = useTranslation('settings');
  return (
    <SettingRow label={t(`query.${name}`)} text={t(`query.${name}Text`)} words={words}>
      <Switch
        aria-label={t(`query.${name}`)}
        checked={query[name]}
        onChange={(event) => save({ [name]: event.currentTarget.checked })}
      />
    </SettingRow>
  );
}

type ChoiceName = 'onError' | 'confirm' | 'keywordCase';

function ChoiceRow({ name, query, choices, words }: RowProps<ChoiceName> & { readonly choices: readonly string[] }) {
  const { t } = useTranslation('settings');
  return (
    <SettingRow label={t(`query.${name}`)} text={t(`query.${name}Text`)} words={words}>
      <Select
        className={classes.value ?? ''}
        aria-label={t(`query.${name}`)}
        data={choices.map((value) => ({ value, label: t(`query.${name}s.${value}`) }))}
        value={query[name]}
        onChange={(value) => {
          if (value !== null) save({ [name]: value });
        }}
      />
    </SettingRow>
  );
}

interface NumberRowProps extends RowProps<Of<number>> {
  readonly least: number;
  readonly most: number;
  readonly step?: number;
}

/** Saved when the field is left, not with every key: half a number is none. */
function NumberRow({ name, query, words, least, most, step = 1 }: NumberRowProps) {
  const { t } = useTranslation('settings');
  const [typed, setTyped] = useState<string | number | null>(null);
  const value = Number(typed ?? query[name]);
  const good = typed !== '' && Number.isFinite(value) && value >= least && value <= most;
  const leave = () => {
    if (good && value !== query[name]) save({ [name]: step === 1 ? Math.round(value) : value });
    if (good) setTyped(null);
  };
  return (
    <SettingRow label={t(`query.${name}`)} text={t(`query.${name}Text`)} words={words}>
      <NumberInput
        className={classes.value ?? ''}
        aria-label={t(`query.${name}`)}
        min={least}
        max={most}
        step={step}
        thousandSeparator=","
        value={typed ?? query[name]}
        error={good ? null : t('query.range', { least: least.toLocaleString(), most: most.toLocaleString() })}
        onChange={setTyped}
        onBlur={leave}
        onKeyDown={(event) => event.key === 'Enter' && leave()}
      />
    </SettingRow>
  );
}

function NullTextRow({ query }: { readonly query: QuerySettings }) {
  const { t } = useTranslation('settings');
  const [typed, setTyped] = useState<string | null>(null);
  const leave = () => {
    if (typed !== null && typed !== query.nullText) save({ nullText: typed });
    setTyped(null);
  };
  return (
    <SettingRow label={t('query.nullText')} text={t('query.nullTextText')} words="null empty">
      <TextInput
        className={classes.value ?? ''}
        aria-label={t('query.nullText')}
        maxLength={20}
        value={typed ?? query.nullText}
        onChange={(event) => setTyped(event.currentTarget.value)}
        onBlur={leave}
        onKeyDown={(event) => event.key === 'Enter' && leave()}
      />
    </SettingRow>
  );
}
