import { Button, Input, SegmentedControl, Switch } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { FileField, NumberField, TextField } from './fields';
import { useBoundFields, useForm } from './form-context';
import { SecretField } from './secret-field';
import classes from './servers.module.css';

export interface SshTabProps {
  readonly hasSshPassword: boolean;
}

/** The way through another host. */
export function SshTab({ hasSshPassword }: SshTabProps) {
  const { t } = useTranslation('servers');
  const bound = useBoundFields();
  const { form, set, setSsh } = useForm();
  const { ssh } = form.server;
  return (
    <div className={classes.grid}>
      <Switch
        className={classes.span12 ?? ''}
        label={t('fields.ssh_enabled')}
        description={t('help.ssh')}
        checked={ssh.enabled}
        onChange={(event) => setSsh({ enabled: event.currentTarget.checked })}
      />
      {ssh.enabled ? (
        <>
          <TextField {...bound.ssh('host')} required span={9} onChange={(host) => setSsh({ host, hostKey: '' })} />
          <NumberField {...bound.ssh('port')} required span={3} onChange={(port) => setSsh({ port, hostKey: '' })} />
          <TextField {...bound.ssh('user')} required span={6} />
          <div className={classes.span6}>
            <Input.Label labelElement="div" id="ssh-auth">
              {t('fields.ssh_auth')}
            </Input.Label>
            <SegmentedControl
              aria-labelledby="ssh-auth"
              fullWidth
              data={[
                { value: 'password', label: t('ssh.password') },
                { value: 'identity', label: t('ssh.identity') },
              ]}
              value={ssh.auth}
              onChange={(auth) => setSsh({ auth: auth === 'identity' ? 'identity' : 'password' })}
            />
          </div>
          {ssh.auth === 'identity' ? (
            <FileField {...bound.ssh('identityFile')} extensions={['pem', 'key']} required />
          ) : null}
          <SecretField
            field="sshPassword"
            label={ssh.auth === 'identity' ? t('ssh.passphrase') : t('fields.sshPassword')}
            saveLabel={ssh.auth === 'identity' ? t('ssh.savePassphrase') : t('fields.saveSshPassword')}
            stored={hasSshPassword}
            value={form.sshPassword}
            save={form.saveSshPassword}
            clear={form.clearSshPassword}
            onChange={({ value, save, clear }) =>
              set({
                ...(value === undefined ? {} : { sshPassword: value }),
                ...(save === undefined ? {} : { saveSshPassword: save }),
                ...(clear === undefined ? {} : { clearSshPassword: clear }),
              })
            }
          />
          <NumberField {...bound.ssh('keepAlive')} description={t('help.sshKeepAlive')} span={6} suffix=" s" />
          <div className={classes.span6}>
            <Input.Label labelElement="div">{t('fields.ssh_hostKey')}</Input.Label>
            {ssh.hostKey === '' ? (
              <p className={classes.muted}>{t('ssh.noHostKey')}</p>
            ) : (
              <>
                <p className={`mono selectable ${classes.breakable}`}>SHA256:{ssh.hostKey}</p>
                <Button size="xs" variant="default" onClick={() => setSsh({ hostKey: '' })}>
                  {t('ssh.forgetHostKey')}
                </Button>
              </>
            )}
          </div>
        </>
      ) : null}
    </div>
  );
}
