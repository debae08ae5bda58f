import { useEffect } from 'react';
import type { Settings } from '../../shared/model/settings';
import { api, listen } from '../api';
import { presentError } from '../ui/error-presenter';
import { runCommand } from './commands';
import { languageOf, switchLanguage } from './i18n';
import { useShell } from './store';

const systemDark = () => matchMedia('(prefers-color-scheme: dark)');

/** The scheme a setting means on this machine now. */
export function schemeOf(setting: Settings['theme']): 'light' | 'dark' {
  if (setting !== 'system') return setting;
  return systemDark().matches ? 'dark' : 'light';
}

async function follow(settings: Settings): Promise<void> {
  const { info, language } = useShell.getState();
  const wanted = languageOf(settings.language, info?.locale ?? 'en');
  useShell.setState({ settings, scheme: schemeOf(settings.theme) });
  if (wanted === language) return;
  await switchLanguage(wanted);
  useShell.setState({ language: wanted });
  await api.app.setLanguage({ language: wanted });
}

/** Keeps theme and language in step with the settings, the system, and takes commands of the application menu. */
export function useLiveSettings(): void {
  useEffect(() => {
    const media = systemDark();
    const onSystem = () => useShell.setState(({ settings }) => ({ scheme: schemeOf(settings.theme) }));
    media.addEventListener('change', onSystem);
    const stops = [
      listen('settings', 'changed', (settings) => void follow(settings).catch(presentError)),
      listen('app', 'command', runCommand),
    ];
    return () => {
      media.removeEventListener('change', onSystem);
      for (const stop of stops) stop();
    };
  }, []);
}
