import { Select, Switch } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { SSL_MODES } from '../../../shared/model/server';
import { FileField, useFieldProps } from './fields';
import { useBoundFields, useForm } from './form-context';
import classes from './servers.module.css';

export interface SslTabProps {
  /** What the open connection negotiated; empty when there is none. */
  readonly negotiated: string;
}

const CERTIFICATES = ['crt', 'pem', 'cer'];

/** Encryption, and who must prove who they are. */
export function SslTab({ negotiated }: SslTabProps) {
  const { t } = useTranslation('servers');
  const bound = useBoundFields();
  const { form, setSsl } = useForm();
  const { ssl } = form.server;
  const off = ssl.mode === 'disable';
  const mode = useFieldProps({
    field: 'ssl.mode',
    label: t('fields.ssl_mode'),
    description: t(`sslModes.${ssl.mode}`),
  });
  return (
    <div className={classes.grid}>
      <Select
        {...mode}
        data={[...SSL_MODES]}
        value={ssl.mode}
        onChange={(value) => setSsl({ mode: SSL_MODES.find((each) => each === value) ?? 'prefer' })}
      />
      <FileField {...bound.ssl('rootCert')} description={t('help.rootCert')} extensions={CERTIFICATES} disabled={off} />
      <FileField {...bound.ssl('cert')} extensions={CERTIFICATES} disabled={off} span={6} />
      <FileField {...bound.ssl('key')} extensions={['key', 'pem']} disabled={off} span={6} />
      <FileField {...bound.ssl('crl')} extensions={['crl', 'pem']} disabled={off} span={6} />
      <Switch
        className={classes.switchField ?? ''}
        label={t('fields.ssl_sni')}
        description={t('help.sni')}
        checked={ssl.sni}
        disabled={off}
        onChange={(event) => setSsl({ sni: event.currentTarget.checked })}
      />
      {negotiated === '' ? null : (
        <p className={classes.span12}>
          {t('ssl.negotiated')} <span className="mono selectable">{negotiated}</span>
        </p>
      )}
    </div>
  );
}
