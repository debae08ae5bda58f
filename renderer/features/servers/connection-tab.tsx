import { useTranslation } from 'react-i18next';
import type { ConnectionText } from '../../../shared/model/connection-text';
import { NumberField, TextField } from './fields';
import { useForm } from './form-context';
import { PasteField } from './paste-field';
import { SecretField } from './secret-field';
import classes from './servers.module.css';

export interface ConnectionTabProps {
  readonly hasPassword: boolean;
  /** What the last paste said; null before one. */
  readonly pasted: ConnectionText;
  readonly onPaste: (text: NonNullable<ConnectionText>) => void;
}

/** Where the server is and who logs in. */
export function ConnectionTab({ hasPassword, pasted, onPaste }: ConnectionTabProps) {
  const { t } = useTranslation('servers');
  const { form, set, setServer } = useForm();
  const { server } = form;
  const byService = server.service.trim() !== '';
  return (
    <div className={classes.grid}>
      <PasteField pasted={pasted} onPaste={onPaste} />
      <TextField
        field="host"
        label={t('fields.host')}
        required={!byService}
        span={9}
        placeholder={t('examples.host')}
        value={server.host}
        onChange={(host) => setServer({ host })}
      />
      <NumberField
        field="port"
        label={t('fields.port')}
        required={!byService}
        span={3}
        value={server.port}
        onChange={(port) => setServer({ port })}
      />
      <TextField
        field="database"
        label={t('fields.database')}
        required={!byService}
        span={6}
        value={server.database}
        onChange={(database) => setServer({ database })}
      />
      <TextField
        field="user"
        label={t('fields.user')}
        required={!byService}
        span={6}
        value={server.user}
        onChange={(user) => setServer({ user })}
      />
      <SecretField
        field="password"
        label={t('fields.password')}
        saveLabel={t('fields.savePassword')}
        stored={hasPassword}
        value={form.password}
        save={form.savePassword}
        clear={form.clearPassword}
        onChange={({ value, save, clear }) =>
          set({
            ...(value === undefined ? {} : { password: value }),
            ...(save === undefined ? {} : { savePassword: save }),
            ...(clear === undefined ? {} : { clearPassword: clear }),
          })
        }
      />
      <TextField
        field="role"
        label={t('fields.role')}
        description={t('help.role')}
        span={6}
        value={server.role}
        onChange={(role) => setServer({ role })}
      />
      <TextField
        field="service"
        label={t('fields.service')}
        description={t('help.service')}
        span={6}
        value={server.service}
        onChange={(service) => setServer({ service })}
      />
    </div>
  );
}
