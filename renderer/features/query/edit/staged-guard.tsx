import { useCallback, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ConfirmDialog } from '../../../ui/confirm-dialog';
import { stagedIn } from './edit-store';

export interface StagedGuard {
  /** Does it, after a question when staged changes would be lost by it; `loses` tells whose: without it, those of all the session's results. */
  guard(deed: () => void, loses?: (resultId: string) => boolean): void;
  readonly dialog: ReactNode;
}

/** Asks before something drops what is staged: results go, and their changes with them. */
export function useStagedGuard(sessionId: string | null): StagedGuard {
  const { t } = useTranslation('data');
  const [waiting, setWaiting] = useState<{ readonly deed: () => void; readonly count: number } | null>(null);
  const guard = useCallback(
    (deed: () => void, loses?: (resultId: string) => boolean) => {
      const count = sessionId === null ? 0 : stagedIn(sessionId, loses);
      if (count === 0) deed();
      else setWaiting({ deed, count });
    },
    [sessionId],
  );
  return {
    guard,
    dialog: (
      <ConfirmDialog
        opened={waiting !== null}
        title={t('guard.title', { count: waiting?.count ?? 0 })}
        deed={t('guard.deed')}
        danger
        onConfirm={() => waiting?.deed()}
        onClose={() => setWaiting(null)}
      >
        {t('guard.text')}
      </ConfirmDialog>
    ),
  };
}
