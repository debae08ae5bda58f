import { Button, Input, SegmentedControl, Select, Switch, UnstyledButton } from '@mantine/core';
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { SSL_MODES } from '../../../shared/model/server';
import { FileField, PortField, SecretField, TextField, useField, type EndpointFormProps } from './endpoint-fields';
import classes from './endpoint-panel.module.css';
import { ACCESS_TYPES } from './model';

const CERTIFICATES = ['crt', 'pem', 'cer'];

/** A server by its address: how it is reached, who logs in, how it is encrypted. */
export function EndpointHostForm(props: EndpointFormProps) {
  const { draft, onChange } = props;
  const { t } = useTranslation('migration');
  const set = (change: Partial<typeof draft>) => onChange({ ...draft, ...change });
  return (
    <>
      <Select
        {...useField({
          form: props,
          field: 'accessType',
          label: t('endpoint.access'),
          description: t(`endpoint.accessNotes.${draft.accessType}`),
        })}
        data={ACCESS_TYPES.map((value) => ({ value, label: t(`endpoint.accessTypes.${value}`) }))}
        value={draft.accessType}
        onChange={(value) => set({ accessType: ACCESS_TYPES.find((each) => each === value) ?? 'extranet' })}
        allowDeselect={false}
      />
      <TextField
        form={props}
        field="region"
        label={t('endpoint.region')}
        placeholder="ap-guangzhou"
        value={draft.region}
        onChange={(region) => set({ region })}
      />
      <div className={classes.pair}>
        <TextField
          form={props}
          field="host"
          required
          label={t('endpoint.host')}
          placeholder={t('endpoint.hostExample')}
          value={draft.host}
          onChange={(host) => set({ host })}
        />
        <PortField
          form={props}
          field="port"
          required
          label={t('endpoint.port')}
          value={draft.port}
          onChange={(port) => set({ port })}
        />
      </div>
      <AccountFields {...props} />
      <Encryption {...props} />
      <Tunnel {...props} />
    </>
  );
}

/** Account, password and the database one logs in to. */
export function AccountFields(props: EndpointFormProps) {
  const { draft, onChange } = props;
  const { t } = useTranslation('migration');
  return (
    <>
      <TextField
        form={props}
        field="user"
        required
        label={t('endpoint.user')}
        value={draft.user}
        onChange={(user) => onChange({ ...draft, user })}
      />
      <SecretField
        form={props}
        field="password"
        label={t('endpoint.password')}
        stored={draft.hasPassword}
        value={draft.password}
        onChange={(password) => onChange({ ...draft, password })}
      />
      <TextField
        form={props}
        field="database"
        required
        label={t('endpoint.database')}
        description={t('endpoint.databaseNote')}
        value={draft.database}
        onChange={(database) => onChange({ ...draft, database })}
      />
    </>
  );
}

function Encryption(props: EndpointFormProps) {
  const { side, draft, onChange } = props;
  const { t } = useTranslation('migration');
  const { ssl } = draft;
  const [open, setOpen] = useState(ssl.rootCert !== '' || ssl.cert !== '');
  const set = (change: Partial<typeof ssl>) => onChange({ ...draft, ssl: { ...ssl, ...change } });
  const Fold = open ? IconChevronDown : IconChevronRight;
  const id = `${side}-certificates`;
  return (
    <>
      <Select
        {...useField({
          form: props,
          field: 'ssl.mode',
          label: t('servers:fields.ssl_mode'),
          description: t(`servers:sslModes.${ssl.mode}`),
        })}
        data={[...SSL_MODES]}
        value={ssl.mode}
        onChange={(value) => set({ mode: SSL_MODES.find((each) => each === value) ?? 'prefer' })}
        allowDeselect={false}
      />
      {ssl.mode === 'disable' ? null : (
        <div>
          <UnstyledButton
            className={classes.fold ?? ''}
            aria-expanded={open}
            aria-controls={id}
            onClick={() => setOpen(!open)}
          >
            <Fold size={16} stroke={1.5} aria-hidden />
            {t('endpoint.certificates')}
          </UnstyledButton>
          <div id={id} hidden={!open} className={classes.folded}>
            {(['rootCert', 'cert', 'key', 'crl'] as const).map((field) => (
              <FileField
                key={field}
                form={props}
                field={`ssl.${field}`}
                label={t(`servers:fields.ssl_${field}`)}
                extensions={field === 'key' ? ['key', 'pem'] : CERTIFICATES}
                value={ssl[field]}
                onChange={(path) => set({ [field]: path })}
              />
            ))}
          </div>
        </div>
      )}
    </>
  );
}

function Tunnel(props: EndpointFormProps) {
  const { draft, onChange } = props;
  const { t } = useTranslation('migration');
  const { ssh } = draft;
  const set = (change: Partial<typeof ssh>) => onChange({ ...draft, ssh: { ...ssh, ...change } });
  const auth = `${props.side}-ssh-auth`;
  return (
    <>
      <Switch
        label={t('servers:fields.ssh_enabled')}
        description={t('servers:help.ssh')}
        checked={ssh.enabled}
        onChange={(event) => set({ enabled: event.currentTarget.checked })}
      />
      {ssh.enabled ? (
        <div className={classes.folded}>
          <div className={classes.pair}>
            <TextField
              form={props}
              field="ssh.host"
              required
              label={t('servers:fields.ssh_host')}
              value={ssh.host}
              onChange={(host) => set({ host, hostKey: '' })}
            />
            <PortField
              form={props}
              field="ssh.port"
              required
              label={t('servers:fields.ssh_port')}
              value={ssh.port}
              onChange={(port) => set({ port, hostKey: '' })}
            />
          </div>
          <TextField
            form={props}
            field="ssh.user"
            required
            label={t('servers:fields.ssh_user')}
            value={ssh.user}
            onChange={(user) => set({ user })}
          />
          <div>
            <Input.Label labelElement="div" id={auth}>
              {t('servers:fields.ssh_auth')}
            </Input.Label>
            <SegmentedControl
              aria-labelledby={auth}
              fullWidth
              data={[
                { value: 'password', label: t('servers:ssh.password') },
                { value: 'identity', label: t('servers:ssh.identity') },
              ]}
              value={ssh.auth}
              onChange={(value) => set({ auth: value === 'identity' ? 'identity' : 'password' })}
            />
          </div>
          {ssh.auth === 'identity' ? (
            <FileField
              form={props}
              field="ssh.identityFile"
              required
              label={t('servers:fields.ssh_identityFile')}
              extensions={['pem', 'key']}
              value={ssh.identityFile}
              onChange={(identityFile) => set({ identityFile })}
            />
          ) : null}
          <SecretField
            form={props}
            field="sshPassword"
            label={t(ssh.auth === 'identity' ? 'servers:ssh.passphrase' : 'servers:fields.sshPassword')}
            stored={draft.hasSshPassword}
            value={draft.sshPassword}
            onChange={(sshPassword) => onChange({ ...draft, sshPassword })}
          />
          {ssh.hostKey === '' ? null : (
            <div>
              <Input.Label labelElement="div">{t('servers:fields.ssh_hostKey')}</Input.Label>
              <p className={`mono selectable ${classes.breakable}`}>SHA256:{ssh.hostKey}</p>
              <Button size="xs" variant="default" onClick={() => set({ hostKey: '' })}>
                {t('servers:ssh.forgetHostKey')}
              </Button>
            </div>
          )}
        </div>
      ) : null}
    </>
  );
}
