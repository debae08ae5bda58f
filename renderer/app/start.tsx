import type { Root } from 'react-dom/client';
import { useTranslation } from 'react-i18next';
import { DEFAULT_SETTINGS } from '../../shared/model/settings';
import { api } from '../api';
import { ErrorPanel } from '../ui/error-panel';
import { App, Frame } from './app';
import classes from './error-boundary.module.css';
import { languageOf, startTranslations } from './i18n';
import { readLayout } from './layout';
import { lookOf } from './live-settings';
import { useShell } from './store';
import { savedLayout, takeArrivals } from './this-window';

/** Reads what the first picture depends on (settings, language), then shows the window. */
export async function start(root: Root): Promise<void> {
  try {
    const [info, settings, { main, tabs }] = await Promise.all([
      api.app.info({}),
      api.settings.get({}),
      takeArrivals(),
    ]);
    const language = languageOf(settings.language, info.locale);
    await Promise.all([startTranslations(language), api.app.setLanguage({ language })]);
    useShell.setState({ info, settings, language, mainWindow: main, arrivals: tabs, ...lookOf(settings) });
    const layout = readLayout(savedLayout());
    // A tab that has a window of its own has the whole of it.
    const open = layout.sidePanel.open && (tabs.length === 0 || layout.dock !== null);
    useShell.setState({ sidePanel: { ...layout.sidePanel, open } });
    root.render(<App />);
  } catch (error) {
    await startTranslations(languageOf('system', navigator.language));
    useShell.setState(lookOf(DEFAULT_SETTINGS));
    root.render(
      <Frame>
        <StartFailed error={error} onRetry={() => void start(root)} />
      </Frame>,
    );
  }
}

function StartFailed({ error, onRetry }: { readonly error: unknown; readonly onRetry: () => void }) {
  const { t } = useTranslation('app');
  return (
    <div className={classes.stopped}>
      <h1>{t('startup.failed')}</h1>
      <p>{t('startup.failedText')}</p>
      <ErrorPanel error={error} onRetry={onRetry} />
    </div>
  );
}
