import { useTranslation } from 'react-i18next';
import { ConfirmDialog } from '../ui/confirm-dialog';
import { closeTabNow } from './dock-api';
import { useShell } from './store';

/** Asks before a tab with unsaved work is closed. */
export function CloseDialog() {
  const { t } = useTranslation('app');
  const closing = useShell((state) => state.closing);
  const title = useShell((state) => (closing === null ? '' : (state.tabs[closing]?.title ?? '')));
  const why = useShell((state) => (closing === null ? '' : (state.tabs[closing]?.why ?? '')));
  return (
    <ConfirmDialog
      opened={closing !== null}
      title={t('tabs.closeDirtyTitle', { title })}
      deed={t('tabs.closeDirtyDeed')}
      danger
      onConfirm={() => {
        if (closing !== null) closeTabNow(closing);
      }}
      onClose={() => useShell.setState({ closing: null })}
    >
      {why === '' ? t('tabs.closeDirtyText') : why}
    </ConfirmDialog>
  );
}
