import type { Root } from 'react-dom/client';
import { useTranslation } from 'react-i18next';
import { api } from '../api';
import { ErrorPanel } from '../ui/error-panel';
import { App, Frame } from './app';
import classes from './error-boundary.module.css';
import { languageOf, startTranslations } from './i18n';
import { readLayout } from './layout';
import { schemeOf } from './live-settings';
import { useShell } from './store';

/** Reads what the first picture depends on (settings, language), then shows the window. */
export async function start(root: Root): Promise<void> {
  try {
    const [info, settings] = await Promise.all([api.app.info({}), api.settings.get({})]);
    const language = languageOf(settings.language, info.locale);
    await Promise.all([startTranslations(language), api.app.setLanguage({ language })]);
    const { sidePanel } = readLayout(settings.layout);
    useShell.setState({ info, settings, language, scheme: schemeOf(settings.theme), sidePanel });
    root.render(<App />);
  } catch (error) {
    await startTranslations(languageOf('system', navigator.language));
    useShell.setState({ scheme: schemeOf('system') });
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
