import { ActionIcon, Button, Checkbox, Select, TextInput, Tooltip } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SettingRow } from '../../../shared/model/dashboard';
import {
  needsRestart,
  settingScopes,
  settingStatements,
  type SettingScope,
} from '../../../shared/model/dashboard-statements';
import { api } from '../../api';
import { SqlViewer } from '../../ui/sql-editor/sql-viewer';
import { useLive } from '../../ui/use-live';
import { visibleText } from '../../ui/visible-text';
import { useScene } from './dashboard-context';
import classes from './pages.module.css';
import { StatementsDialog } from './statements-dialog';

export interface SettingPanelProps {
  readonly setting: SettingRow;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

/** `4096 kB`; a unit of several is multiplied: `16384 × 8kB`. */
const withUnit = (value: string | null, unit: string | null): string | null =>
  value === null || value === '' || unit === null ? value : `${value} ${/^\d/.test(unit) ? '× ' : ''}${unit}`;

const FIXED = () => () => undefined;

/** One setting with its explanation, and a change of it as SQL. */
export function SettingPanel({ setting, onClose, onDone }: SettingPanelProps) {
  const { t } = useTranslation('dashboard');
  const { serverId, database } = useScene();
  const scopes = settingScopes(setting);
  const [of, setOf] = useState<SettingScope['of']>('server');
  const [name, setName] = useState('');
  const [value, setValue] = useState(setting.shown);
  const [reload, setReload] = useState(true);
  const [asked, setAsked] = useState<'set' | 'reset' | null>(null);
  const readNames = useCallback(async (): Promise<readonly string[]> => {
    if (of === 'server') return [];
    if (of === 'database') return (await api.servers.databases({ id: serverId })).map((each) => each.name);
    const roles = await api.catalog.choices({ serverId, database, source: 'roles', of: '' });
    return roles.map((each) => each.value);
  }, [of, serverId, database]);
  const names = useLive(readNames, FIXED) ?? [];
  const chosenName = name === '' && of === 'database' ? database : name;
  const scope: SettingScope = of === 'server' ? { of, reload } : { of, name: chosenName };
  const ready = of === 'server' || chosenName !== '';
  const statements = ready ? settingStatements(setting.name, asked === 'reset' ? null : value, scope) : [];
  const fact = (key: string, text: string | null) =>
    text === null || text === '' ? null : (
      <div className={classes.fact}>
        <dt>{t(`settings.facts.${key}`)}</dt>
        <dd className="selectable">{visibleText(text)}</dd>
      </div>
    );
  const choices = setting.type === 'bool' ? ['on', 'off'] : setting.choices;
  return (
    <aside className={classes.panel} aria-label={setting.name}>
      <div className={classes.panelHead}>
        <strong>{setting.name}</strong>
        <Tooltip label={t('close')}>
          <ActionIcon aria-label={t('close')} onClick={onClose}>
            <IconX size={16} stroke={1.5} />
          </ActionIcon>
        </Tooltip>
      </div>
      <p>{`${setting.summary} ${setting.details}`.trim()}</p>
      <dl className={classes.facts}>
        {fact('value', setting.shown)}
        {fact('builtIn', withUnit(setting.builtIn, setting.unit))}
        {fact('unit', setting.unit)}
        {fact('range', setting.least === null ? null : `${setting.least} – ${setting.most ?? ''}`)}
        {fact('choices', setting.choices.join(', '))}
        {fact('category', setting.category)}
        {fact('source', setting.source)}
        {fact('file', setting.file === null ? null : `${setting.file}:${setting.line ?? ''}`)}
        {fact('context', t(`settings.contexts.${setting.context}`, { defaultValue: setting.context }))}
      </dl>
      {scopes.length === 0 ? (
        <p className={classes.note}>{t('settings.fixed')}</p>
      ) : (
        <>
          <h2>{t('settings.change')}</h2>
          {scopes.length > 1 ? (
            <Select
              label={t('settings.scope')}
              data={scopes.map((each) => ({ value: each, label: t(`settings.scopes.${each}`) }))}
              value={of}
              onChange={(next) => {
                setOf(scopes.find((each) => each === next) ?? 'server');
                setName('');
              }}
            />
          ) : null}
          {of === 'server' ? null : (
            <Select
              label={t(`settings.scopes.${of}`)}
              data={[...new Set([...names, ...(chosenName === '' ? [] : [chosenName])])]}
              value={chosenName === '' ? null : chosenName}
              onChange={(next) => setName(next ?? '')}
              searchable
            />
          )}
          {choices.length > 0 ? (
            <Select
              label={t('settings.newValue')}
              data={[...new Set([...choices, value])]}
              value={value}
              onChange={(next) => setValue(next ?? '')}
            />
          ) : (
            <TextInput
              label={t('settings.newValue')}
              value={value}
              onChange={(event) => setValue(event.currentTarget.value)}
              spellCheck={false}
            />
          )}
          {of === 'server' ? (
            <Checkbox
              label={t('settings.reload')}
              checked={reload}
              onChange={(event) => setReload(event.currentTarget.checked)}
            />
          ) : null}
          {needsRestart(setting) ? <p className={classes.hint}>{t('settings.restart')}</p> : null}
          {ready ? (
            <div className={classes.sql}>
              <SqlViewer text={statements.map(({ sql }) => `${sql};`).join('\n')} label={t('sql')} />
            </div>
          ) : null}
          <div className={classes.deeds}>
            <Button size="xs" disabled={!ready} onClick={() => setAsked('set')}>
              {t('settings.set.short')}
            </Button>
            <Button size="xs" variant="default" disabled={!ready} onClick={() => setAsked('reset')}>
              {t('settings.reset.short')}
            </Button>
          </div>
        </>
      )}
      {asked ? (
        <StatementsDialog
          title={t(`settings.${asked}.title`, { name: setting.name })}
          text={t(`settings.when.${of}`)}
          deed={t(`settings.${asked}.deed`, { name: setting.name })}
          statements={statements}
          database={database}
          onClose={() => setAsked(null)}
          onDone={onDone}
        />
      ) : null}
    </aside>
  );
}
