import { Menu } from '@mantine/core';
import { IconDatabase, IconLanguage, IconMoon, IconServer, IconSun, IconUser } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { CONTRASTS, LANGUAGES, THEMES, type Settings } from '../../shared/model/settings';
import { api } from '../api';
import { MigrationStatus } from '../features/migration/list/migration-status';
import { TasksStatus } from '../features/tasks/tasks-status';
import { presentError } from '../ui/error-presenter';
import { StatusButton } from '../ui/status-button';
import { visibleText } from '../ui/visible-text';
import { Notices } from './notices';
import classes from './status-bar.module.css';
import { useShell } from './store';

const save = (change: Partial<Pick<Settings, 'theme' | 'language' | 'contrast'>>) => {
  api.settings.update(change).catch(presentError);
};

/** The line at the bottom: where the active tab is connected, running tasks, language and theme. */
export function StatusBar() {
  const { t } = useTranslation('app');
  const environment = useShell((state) => statusOf(state)?.environment ?? 'none');
  return (
    <footer className={classes.bar} aria-label={t('status.label')} data-region="status" data-environment={environment}>
      <Connection />
      <div className={classes.gap} />
      <MigrationStatus />
      <TasksStatus />
      <LanguageSwitch />
      <ThemeSwitch />
      <Notices />
    </footer>
  );
}

const statusOf = (state: ReturnType<typeof useShell.getState>) =>
  state.activeTab === null ? null : (state.tabs[state.activeTab]?.status ?? null);

function Connection() {
  const { t } = useTranslation('app');
  const status = useShell(statusOf);
  if (status === null) return <span className={classes.quiet}>{t('status.noConnection')}</span>;
  return (
    <>
      {status.environment === 'none' ? null : (
        <span className={classes.environment}>{t(`environment.${status.environment}`)}</span>
      )}
      <span className={classes.part} title={t('status.server')}>
        <IconServer size={16} stroke={1.5} aria-hidden />
        {visibleText(status.server)}
      </span>
      {status.database === '' ? null : (
        <span className={classes.part} title={t('status.database')}>
          <IconDatabase size={16} stroke={1.5} aria-hidden />
          {visibleText(status.database)}
        </span>
      )}
      {status.user === '' ? null : (
        <span className={classes.part} title={t('status.user')}>
          <IconUser size={16} stroke={1.5} aria-hidden />
          {visibleText(status.user)}
          {status.role === undefined || status.role === '' ? null : ` (${visibleText(status.role)})`}
        </span>
      )}
      {status.autocommit === undefined ? null : (
        <span className={classes.part}>{t(status.autocommit ? 'status.autocommitOn' : 'status.autocommitOff')}</span>
      )}
      {status.transaction === '' ? null : (
        <span className={classes.part} data-transaction={status.transaction}>
          {t(`transaction.${status.transaction}`)}
        </span>
      )}
    </>
  );
}

function LanguageSwitch() {
  const { t } = useTranslation('app');
  const language = useShell((state) => state.language);
  const setting = useShell((state) => state.settings.language);
  return (
    <Menu position="top-end">
      <Menu.Target>
        <StatusButton title={t('status.language')}>
          <IconLanguage size={16} stroke={1.5} aria-hidden />
          {t(`languages.${language}`)}
        </StatusButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.RadioGroup value={setting}>
          {LANGUAGES.map((choice) => (
            <Menu.RadioItem key={choice} value={choice} closeMenuOnClick onClick={() => save({ language: choice })}>
              {t(`languages.${choice}`)}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
      </Menu.Dropdown>
    </Menu>
  );
}

function ThemeSwitch() {
  const { t } = useTranslation('app');
  const scheme = useShell((state) => state.scheme);
  const setting = useShell((state) => state.settings.theme);
  const contrast = useShell((state) => state.settings.contrast);
  const Icon = scheme === 'dark' ? IconMoon : IconSun;
  return (
    <Menu position="top-end">
      <Menu.Target>
        <StatusButton title={t('status.theme')} aria-label={t('status.theme')}>
          <Icon size={16} stroke={1.5} aria-hidden />
        </StatusButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.RadioGroup value={setting}>
          {THEMES.map((choice) => (
            <Menu.RadioItem key={choice} value={choice} closeMenuOnClick onClick={() => save({ theme: choice })}>
              {t(`themes.${choice}`)}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
        <Menu.Divider />
        <Menu.Label>{t('status.contrast')}</Menu.Label>
        <Menu.RadioGroup value={contrast}>
          {CONTRASTS.map((choice) => (
            <Menu.RadioItem key={choice} value={choice} closeMenuOnClick onClick={() => save({ contrast: choice })}>
              {t(`contrasts.${choice}`)}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
      </Menu.Dropdown>
    </Menu>
  );
}
