import { Component, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ErrorPanel } from '../ui/error-panel';
import classes from './error-boundary.module.css';

interface Props {
  readonly children: ReactNode;
}

interface State {
  readonly error: unknown;
  readonly failed: boolean;
}

/** Keeps a failure while rendering to the part of the window where it happened. */
export class ErrorBoundary extends Component<Props, State> {
  override state: State = { error: null, failed: false };

  static getDerivedStateFromError(error: unknown): State {
    return { error, failed: true };
  }

  override render(): ReactNode {
    if (!this.state.failed) return this.props.children;
    return <Stopped error={this.state.error} onReload={() => this.setState({ error: null, failed: false })} />;
  }
}

function Stopped({ error, onReload }: { readonly error: unknown; readonly onReload: () => void }) {
  const { t } = useTranslation('app');
  return (
    <div className={classes.stopped}>
      <h1>{t('errors.view')}</h1>
      <p>{t('errors.viewHint')}</p>
      <ErrorPanel error={error} onRetry={onReload} />
    </div>
  );
}
