import { Select, Switch } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { SSL_MODES } from '../../../shared/model/server';
import { FileField, useFieldProps } from './fields';
import { useForm } from './form-context';
import classes from './servers.module.css';

export interface SslTabProps {
  /** What the open connection negotiated; empty when there is none. */
  readonly negotiated: string;
}

const CERTIFICATES = ['crt', 'pem', 'cer'];

/** Encryption, and who must prove who they are. */
export function SslTab({ negotiated }: SslTabProps) {
  const { t } = useTranslation('servers');
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
      <FileField
        field="ssl.rootCert"
        label={t('fields.ssl_rootCert')}
        description={t('help.rootCert')}
        extensions={CERTIFICATES}
        disabled={off}
        value={ssl.rootCert}
        onChange={(rootCert) => setSsl({ rootCert })}
      />
      <FileField
        field="ssl.cert"
        label={t('fields.ssl_cert')}
        extensions={CERTIFICATES}
        disabled={off}
        span={6}
        value={ssl.cert}
        onChange={(cert) => setSsl({ cert })}
      />
      <FileField
        field="ssl.key"
        label={t('fields.ssl_key')}
        extensions={['key', 'pem']}
        disabled={off}
        span={6}
        value={ssl.key}
        onChange={(key) => setSsl({ key })}
      />
      <FileField
        field="ssl.crl"
        label={t('fields.ssl_crl')}
        extensions={['crl', 'pem']}
        disabled={off}
        span={6}
        value={ssl.crl}
        onChange={(crl) => setSsl({ crl })}
      />
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
