import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { useEffect, useLayoutEffect, useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api';
import { ClipboardContext } from '../ui/clipboard';
import { presentError } from '../ui/error-presenter';
import { cssVariablesResolver, themeNamed } from '../ui/theme';
import { ErrorBoundary } from './error-boundary';
import { ErrorToasts } from './error-toasts';
import { Shell } from './shell';
import { useShell } from './store';
import { reopenWindows } from './this-window';
import { styleNonce } from './page-policy';
import { useLiveSettings } from './live-settings';

const copy = (text: string) => {
  api.app.copy({ text }).catch(presentError);
};

/** Theme, clipboard, toasts: what every part of the window stands on. */
export function Frame({ children }: { readonly children: ReactNode }) {
  const { t } = useTranslation('app');
  const scheme = useShell((state) => state.scheme);
  const contrast = useShell((state) => state.contrast);
  const editorSize = useShell((state) => state.settings.query.editorFontSize);
  useLayoutEffect(() => {
    const { dataset, style } = document.documentElement;
    dataset['contrast'] = contrast;
    style.setProperty('--editor-size', `${editorSize}px`);
    dataset['editorSize'] = String(editorSize);
  }, [contrast, editorSize]);
  const theme = useMemo(() => themeNamed({ close: t('ui.close'), showPassword: t('ui.showPassword') }), [t]);
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariablesResolver}
      forceColorScheme={scheme}
      getStyleNonce={() => styleNonce}
    >
      <ClipboardContext value={copy}>
        <Notifications position="bottom-right" limit={4} />
        <ErrorBoundary>{children}</ErrorBoundary>
      </ClipboardContext>
    </MantineProvider>
  );
}

export function App() {
  useLiveSettings();
  useEffect(() => {
    document.documentElement.dataset['ready'] = 'true';
    reopenWindows().catch(presentError);
  }, []);
  return (
    <Frame>
      <ErrorToasts />
      <Shell />
    </Frame>
  );
}
