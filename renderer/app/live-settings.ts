import { useEffect } from 'react';
import type { Settings } from '../../shared/model/settings';
import { api, listen } from '../api';
import { presentError } from '../ui/error-presenter';
import { runCommand } from './commands';
import { languageOf, switchLanguage } from './i18n';
import { useShell } from './store';

const systemDark = () => matchMedia('(prefers-color-scheme: dark)');

const systemContrast = () => matchMedia('(prefers-contrast: more)');

export interface Look {
  readonly scheme: 'light' | 'dark';
  readonly contrast: 'usual' | 'high';
}

/** What the settings mean on this machine now. */
export function lookOf({ theme, contrast }: Pick<Settings, 'theme' | 'contrast'>): Look {
  const dark = theme === 'system' ? systemDark().matches : theme === 'dark';
  const high = contrast === 'high' || systemContrast().matches;
  return { scheme: dark ? 'dark' : 'light', contrast: high ? 'high' : 'usual' };
}

async function follow(settings: Settings): Promise<void> {
  const { info, language } = useShell.getState();
  const wanted = languageOf(settings.language, info?.locale ?? 'en');
  useShell.setState({ settings, ...lookOf(settings) });
  if (wanted === language) return;
  await switchLanguage(wanted);
  useShell.setState({ language: wanted });
  await api.app.setLanguage({ language: wanted });
}

/** Keeps theme and language in step with the settings, the system, and takes commands of the application menu. */
export function useLiveSettings(): void {
  useEffect(() => {
    const asked = [systemDark(), systemContrast()];
    const onSystem = () => useShell.setState(({ settings }) => lookOf(settings));
    for (const media of asked) media.addEventListener('change', onSystem);
    const stops = [
      listen('settings', 'changed', (settings) => void follow(settings).catch(presentError)),
      listen('app', 'command', runCommand),
    ];
    return () => {
      for (const media of asked) media.removeEventListener('change', onSystem);
      for (const stop of stops) stop();
    };
  }, []);
}
