import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { checkAccountPassword } from '../../../shared/model/account-rules';
import { api } from '../../api';
import { ConfirmDialog } from '../../ui/confirm-dialog';
import { showNotice } from '../../ui/notice';
import { PasswordField } from './password-field';
import classes from './tab.module.css';

export interface PasswordDialogProps {
  readonly plane: string;
  readonly id: string;
  readonly name: string;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

/** A new password for an account; the old one ends at once. */
export function PasswordDialog({ plane, id, name, onClose, onDone }: PasswordDialogProps) {
  const { t } = useTranslation('accounts');
  const [password, setPassword] = useState('');
  return (
    <ConfirmDialog
      opened
      title={t('password.title', { name })}
      deed={t('password.deed')}
      ready={checkAccountPassword(password) === null}
      onConfirm={async () => {
        await api.accounts.resetPassword({ plane, id, name, password });
        showNotice(t('password.done', { name }));
        onDone();
      }}
      onClose={onClose}
    >
      <div className={classes.fields}>
        <p>{t('password.text')}</p>
        <PasswordField focused label={t('fields.newPassword')} value={password} onChange={setPassword} />
      </div>
    </ConfirmDialog>
  );
}
