import { useTranslation } from 'react-i18next';
import { ConfirmDialog } from '../ui/confirm-dialog';
import classes from './close-dialog.module.css';
import { closeTabNow } from './dock-api';
import { useShell } from './store';

const NOTHING: readonly string[] = [];

/** Asks before a tab with unsaved work is closed. */
export function CloseDialog() {
  const { t } = useTranslation('app');
  const closing = useShell((state) => state.closing);
  const title = useShell((state) => (closing === null ? '' : (state.tabs[closing]?.title ?? '')));
  const why = useShell((state) => (closing === null ? NOTHING : (state.tabs[closing]?.why ?? NOTHING)));
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
      {why.length > 1 ? (
        <ul className={classes.reasons}>
          {why.map((reason) => (
            <li key={reason}>{reason}</li>
          ))}
        </ul>
      ) : (
        (why[0] ?? t('tabs.closeDirtyText'))
      )}
    </ConfirmDialog>
  );
}
