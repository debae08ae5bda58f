import { Button, Modal, PasswordInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { errorInfo, type ErrorInfo } from '../../../shared/errors';
import { api } from '../../api';
import { ErrorPanel } from '../../ui/error-panel';
import { useCommand } from '../../ui/workbench';
import { AppError } from '../../../shared/errors';
import { followSettings, useSettings } from './store';
import classes from './settings-view.module.css';

/**
 * Asks for the master password when stored passwords are locked: at the start, and when a call needed one (`offerUnlock`). Mounted once
 * by the shell.
 */
export function UnlockDialog() {
  const { t } = useTranslation('settings');
  const { secrets, unlocking } = useSettings();
  useEffect(() => void followSettings(), []);
  const close = () => useSettings.setState({ unlocking: false });
  return (
    <Modal opened={unlocking} onClose={close} title={t('unlock.title')} size={480}>
      {secrets?.hasMasterPassword === true ? <UnlockForm onDone={close} /> : <NoWayIn onDone={close} />}
    </Modal>
  );
}

function UnlockForm({ onDone }: { readonly onDone: () => void }) {
  const { t } = useTranslation('settings');
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ErrorInfo | null>(null);
  const unlock = async () => {
    setBusy(true);
    setError(null);
    try {
      await api.settings.unlock({ masterPassword: password });
      onDone();
    } catch (thrown) {
      setError(errorInfo(thrown));
      setBusy(false);
    }
  };
  const wrong = error?.field === 'masterPassword';
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (password !== '' && !busy) void unlock();
      }}
    >
      <p>{t('unlock.text')}</p>
      <PasswordInput
        data-autofocus
        label={t('masterPassword')}
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
        error={wrong ? t('unlock.wrong') : undefined}
        autoComplete="off"
      />
      {error !== null && !wrong ? <ErrorPanel error={new AppError(error)} /> : null}
      <div className={classes.formActions}>
        <Button variant="default" onClick={onDone}>
          {t('unlock.later')}
        </Button>
        <Button type="submit" loading={busy} disabled={password === ''}>
          {t('unlock.deed')}
        </Button>
      </div>
    </form>
  );
}

/** Locked by a keychain that is not there: no password can help, the settings can. */
function NoWayIn({ onDone }: { readonly onDone: () => void }) {
  const { t } = useTranslation('settings');
  const run = useCommand();
  const backend = useSettings((state) => state.secrets?.backend ?? '');
  return (
    <div className={classes.form}>
      <p>{t('unlock.keychainGone', { backend })}</p>
      <div className={classes.formActions}>
        <Button variant="default" onClick={onDone}>
          {t('unlock.later')}
        </Button>
        <Button
          data-autofocus
          onClick={() => {
            onDone();
            run({ do: 'show-settings' });
          }}
        >
          {t('unlock.settings')}
        </Button>
      </div>
    </div>
  );
}
