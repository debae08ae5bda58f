import { Button, Checkbox, Modal, PasswordInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SecretStatus } from '../../../shared/model/settings';
import { api } from '../../api';
import { ErrorPanel } from '../../ui/error-panel';
import { showNotice } from '../../ui/notice';
import { masterPasswordProblem, MASTER_PASSWORD_MIN, type SecretMode } from './model';
import classes from './settings-view.module.css';

export interface SecretModeDialogProps {
  readonly mode: SecretMode;
  readonly status: SecretStatus;
  readonly onClose: () => void;
}

/** Asks what a change of the place of passwords needs: a new master password, and consent where stored passwords fall. */
export function SecretModeDialog({ mode, status, onClose }: SecretModeDialogProps) {
  const { t } = useTranslation('settings');
  const [password, setPassword] = useState('');
  const [again, setAgain] = useState('');
  const [left, setLeft] = useState({ password: false, again: false });
  const [discard, setDiscard] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const withPassword = mode === 'master-password';
  const problem = withPassword ? masterPasswordProblem(password, again) : null;
  const lost = status.locked && status.stored > 0;
  const ready = problem === null && (!lost || discard);

  const change = async () => {
    setBusy(true);
    setError(null);
    try {
      const discardStored = lost && discard;
      if (mode === 'master-password')
        await api.settings.keepUnderMasterPassword({ masterPassword: password, discardStored });
      else if (mode === 'keychain') await api.settings.keepInKeychain({ discardStored });
      else await api.settings.keepInSession({});
      showNotice(t('secrets.changed'));
      onClose();
    } catch (thrown) {
      setError(thrown);
      setBusy(false);
    }
  };
  return (
    <Modal opened onClose={onClose} title={t(`secrets.dialogs.${mode}.title`)} size={480}>
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          setLeft({ password: true, again: true });
          if (ready && !busy) void change();
        }}
      >
        <p>{t(`secrets.dialogs.${mode}.text`)}</p>
        {withPassword ? (
          <>
            <PasswordInput
              data-autofocus
              label={t('secrets.newPassword')}
              description={t('secrets.rules.about', { min: MASTER_PASSWORD_MIN })}
              value={password}
              onChange={(event) => setPassword(event.currentTarget.value)}
              onBlur={() => setLeft((now) => ({ ...now, password: password !== '' }))}
              error={
                left.password && problem === 'short'
                  ? t('secrets.rules.short', { min: MASTER_PASSWORD_MIN })
                  : undefined
              }
              autoComplete="off"
            />
            <PasswordInput
              label={t('secrets.again')}
              value={again}
              onChange={(event) => setAgain(event.currentTarget.value)}
              onBlur={() => setLeft((now) => ({ ...now, again: again !== '' }))}
              error={left.again && problem === 'different' ? t('secrets.rules.different') : undefined}
              autoComplete="off"
            />
          </>
        ) : null}
        {lost ? (
          <Checkbox
            label={t('secrets.discard', { count: status.stored })}
            checked={discard}
            onChange={(event) => setDiscard(event.currentTarget.checked)}
          />
        ) : null}
        {error === null ? null : <ErrorPanel error={error} />}
        <div className={classes.formActions}>
          <Button variant="default" onClick={onClose}>
            {t('cancel')}
          </Button>
          <Button type="submit" loading={busy} disabled={!ready} color={lost ? 'error' : 'accent'}>
            {lost ? t('secrets.discardDeed', { count: status.stored }) : t(`secrets.dialogs.${mode}.deed`)}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
