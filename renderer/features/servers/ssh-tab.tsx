import { Button, Input, SegmentedControl, Switch } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { FileField, NumberField, TextField } from './fields';
import { useForm } from './form-context';
import { SecretField } from './secret-field';
import classes from './servers.module.css';

export interface SshTabProps {
  readonly hasSshPassword: boolean;
}

/** The way through another host. */
export function SshTab({ hasSshPassword }: SshTabProps) {
  const { t } = useTranslation('servers');
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
          <TextField
            field="ssh.host"
            label={t('fields.ssh_host')}
            required
            span={9}
            value={ssh.host}
            onChange={(host) => setSsh({ host, hostKey: '' })}
          />
          <NumberField
            field="ssh.port"
            label={t('fields.ssh_port')}
            required
            span={3}
            value={ssh.port}
            onChange={(port) => setSsh({ port, hostKey: '' })}
          />
          <TextField
            field="ssh.user"
            label={t('fields.ssh_user')}
            required
            span={6}
            value={ssh.user}
            onChange={(user) => setSsh({ user })}
          />
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
            <FileField
              field="ssh.identityFile"
              label={t('fields.ssh_identityFile')}
              extensions={['pem', 'key']}
              required
              value={ssh.identityFile}
              onChange={(identityFile) => setSsh({ identityFile })}
            />
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
          <NumberField
            field="ssh.keepAlive"
            label={t('fields.ssh_keepAlive')}
            description={t('help.sshKeepAlive')}
            span={6}
            suffix=" s"
            value={ssh.keepAlive}
            onChange={(keepAlive) => setSsh({ keepAlive })}
          />
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
