import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ConfirmDialog } from '../../../ui/confirm-dialog';
import { stagedIn } from './edit-store';

export interface StagedGuard {
  /** Does it, after a question when staged changes of the session's results would be lost by it. */
  guard(deed: () => void): void;
  readonly dialog: ReactNode;
}

/** Asks before a run drops what is staged: results of the run before go, and their changes with them. */
export function useStagedGuard(sessionId: string | null): StagedGuard {
  const { t } = useTranslation('data');
  const [waiting, setWaiting] = useState<(() => void) | null>(null);
  const count = sessionId === null ? 0 : stagedIn(sessionId);
  return {
    guard(deed) {
      if (sessionId === null || stagedIn(sessionId) === 0) deed();
      else setWaiting(() => deed);
    },
    dialog: (
      <ConfirmDialog
        opened={waiting !== null}
        title={t('guard.title', { count })}
        deed={t('guard.deed')}
        danger
        onConfirm={() => waiting?.()}
        onClose={() => setWaiting(null)}
      >
        {t('guard.text')}
      </ConfirmDialog>
    ),
  };
}
