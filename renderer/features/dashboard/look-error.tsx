import { useTranslation } from 'react-i18next';
import { ErrorPanel } from '../../ui/error-panel';

/** Why the last look failed; what was seen before stays below it. */
export function LookError({ error, onRetry }: { readonly error: unknown; readonly onRetry: () => void }) {
  const { t } = useTranslation('dashboard');
  return error === null ? null : <ErrorPanel title={t('lookFailed')} error={error} onRetry={onRetry} />;
}
