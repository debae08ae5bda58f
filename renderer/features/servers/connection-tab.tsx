import { useTranslation } from 'react-i18next';
import type { ConnectionText } from '../../../shared/model/connection-text';
import { NumberField, TextField } from './fields';
import { useBoundFields, useForm } from './form-context';
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
  const bound = useBoundFields();
  const { form, set } = useForm();
  const { server } = form;
  const byService = server.service.trim() !== '';
  return (
    <div className={classes.grid}>
      <PasteField pasted={pasted} onPaste={onPaste} />
      <TextField {...bound.server('host')} required={!byService} span={9} placeholder={t('examples.host')} />
      <NumberField {...bound.server('port')} required={!byService} span={3} />
      <TextField {...bound.server('database')} required={!byService} span={6} />
      <TextField {...bound.server('user')} required={!byService} span={6} />
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
      <TextField {...bound.server('role')} description={t('help.role')} span={6} />
      <TextField {...bound.server('service')} description={t('help.service')} span={6} />
    </div>
  );
}
