import { useTranslation } from 'react-i18next';
import type { AccountView } from '../../../shared/model/account';
import { api } from '../../api';
import { ConfirmDialog } from '../../ui/confirm-dialog';
import { showNotice } from '../../ui/notice';
import type { AccountDeed } from './account-row';
import { CreateAccountDialog } from './create-account-dialog';
import { PasswordDialog } from './password-dialog';
import { PrivilegesDialog } from './privileges-dialog';

export type AskedAccount = { readonly do: 'create' } | { readonly do: AccountDeed; readonly account: AccountView };

export interface AccountDialogsProps {
  readonly plane: string;
  readonly id: string;
  /** Of the server; 0 while it is not known. */
  readonly major: number;
  readonly adminUser: string;
  readonly asked: AskedAccount | null;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

/** The dialog that was asked for, if any. */
export function AccountDialogs({ plane, id, major, adminUser, asked, onClose, onDone }: AccountDialogsProps) {
  const { t } = useTranslation('accounts');
  if (asked === null) return null;
  const one = { plane, id };
  if (asked.do === 'create') return <CreateAccountDialog {...one} onClose={onClose} onDone={onDone} />;
  const { account } = asked;
  const { name } = account;
  switch (asked.do) {
    case 'password':
      return <PasswordDialog {...one} name={name} onClose={onClose} onDone={onDone} />;
    case 'privileges':
      return (
        <PrivilegesDialog
          {...one}
          account={account}
          major={major}
          isFirst={name === adminUser}
          onClose={onClose}
          onDone={onDone}
        />
      );
    case 'lock':
    case 'unlock':
    case 'remove': {
      const deed = asked.do;
      return (
        <ConfirmDialog
          opened
          danger={deed === 'remove'}
          title={t(`${deed}.title`, { name })}
          deed={t(`${deed}.deed`, { name })}
          onConfirm={async () => {
            await api.accounts[deed]({ ...one, name });
            showNotice(t(`${deed}.done`, { name }));
            onDone();
          }}
          onClose={onClose}
        >
          <p>{t(`${deed}.text`, { name })}</p>
        </ConfirmDialog>
      );
    }
  }
}
