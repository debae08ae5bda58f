import { Button, Radio } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../api';
import { presentError } from '../../ui/error-presenter';
import { showNotice } from '../../ui/notice';
import { StatusPill } from '../../ui/status-pill';
import { SECRET_MODES, type SecretMode } from './model';
import { SecretModeDialog } from './secret-mode-dialog';
import { SettingRow, SettingSection } from './setting-row';
import classes from './settings-view.module.css';
import { useSettings } from './store';

/** Where passwords are kept, and how to change that. */
export function SecretsSection() {
  const { t } = useTranslation('settings');
  const secrets = useSettings((state) => state.secrets);
  const [changing, setChanging] = useState<SecretMode | null>(null);
  if (secrets === null) return null;
  const lock = () => {
    api.settings
      .lock({})
      .then(() => showNotice(t('secrets.lockedNow')))
      .catch(presentError);
  };
  return (
    <SettingSection title={t('secrets.title')}>
      <SettingRow label={t('secrets.where')} text={t('secrets.whereText')} words={t('secrets.words')} wide>
        <Radio.Group
          value={secrets.mode}
          onChange={(mode) => setChanging(SECRET_MODES.find((m) => m === mode) ?? null)}
        >
          <div className={classes.choices}>
            {SECRET_MODES.map((mode) => (
              <Radio
                key={mode}
                value={mode}
                disabled={mode === 'keychain' && !secrets.keychainAvailable && secrets.mode !== 'keychain'}
                label={t(`secrets.modes.${mode}`)}
                description={
                  mode === 'keychain'
                    ? secrets.keychainAvailable
                      ? t('secrets.texts.keychain', { backend: secrets.backend || t('secrets.thisDesktop') })
                      : t('secrets.noKeychain')
                    : t(`secrets.texts.${mode}`)
                }
              />
            ))}
          </div>
        </Radio.Group>
      </SettingRow>
      <SettingRow
        label={t('secrets.state')}
        text={t('secrets.stored', { count: secrets.stored })}
        words={t('secrets.words')}
      >
        <StatusPill tone={secrets.locked ? 'warn' : 'ok'}>
          {secrets.locked ? t('secrets.locked') : t('secrets.usable')}
        </StatusPill>
        {secrets.locked ? (
          <Button variant="default" onClick={() => useSettings.setState({ unlocking: true })}>
            {t('secrets.unlock')}
          </Button>
        ) : null}
        {secrets.mode === 'master-password' && !secrets.locked ? (
          <>
            <Button variant="default" onClick={() => setChanging('master-password')}>
              {t('secrets.change')}
            </Button>
            <Button variant="default" onClick={lock}>
              {t('secrets.lock')}
            </Button>
          </>
        ) : null}
      </SettingRow>
      {changing === null ? null : (
        <SecretModeDialog mode={changing} status={secrets} onClose={() => setChanging(null)} />
      )}
    </SettingSection>
  );
}
