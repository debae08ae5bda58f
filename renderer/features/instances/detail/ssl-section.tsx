import { Select } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../../api';
import { ConfirmDialog } from '../../../ui/confirm-dialog';
import { presentError } from '../../../ui/error-presenter';
import { showNotice } from '../../../ui/notice';
import dialog from '../dialogs.module.css';
import { allows } from '../model';
import type { AskingProps, DetailProps } from './detail-props';
import { Fact, Facts, Section } from './section';
import { SmallButton } from './small-button';

/** Whether connections can be encrypted, for which address the certificate is, and the authority that clients check it by. */
export function SslSection({ detail, onDone }: AskingProps) {
  const { t } = useTranslation('instances');
  const [open, setOpen] = useState(false);
  const { plane, id, ssl } = detail;
  const serving = allows('restart', detail);
  const save = async () => {
    const picked = await api.app.pickSaveFile({
      title: t('ssl.save'),
      suggestedName: `${id}-ca.pem`,
      filters: [{ name: 'PEM', extensions: ['pem', 'crt'] }],
    });
    if (picked === null) return;
    await api.instances.saveCertificate({ plane, id, fileToken: picked.token });
    showNotice(t('ssl.saved', { name: picked.name }));
  };
  return (
    <Section
      title={t('ssl.title')}
      actions={
        <SmallButton
          label={t(ssl.enabled ? 'ssl.disableLabel' : 'ssl.enableLabel')}
          disabled={!serving}
          onClick={() => setOpen(true)}
        >
          {t(ssl.enabled ? 'addresses.disable' : 'addresses.enable')}
        </SmallButton>
      }
    >
      <Facts>
        <Fact label={t('ssl.state')}>{t(ssl.enabled ? 'basic.on' : 'basic.off')}</Fact>
        {ssl.enabled ? (
          <>
            <Fact label={t('ssl.address')}>
              <span className="mono">{ssl.connectAddress}</span>
            </Fact>
            <Fact
              label={t('ssl.authority')}
              action={<SmallButton onClick={() => void save().catch(presentError)}>{t('ssl.saveDeed')}</SmallButton>}
            >
              {`${id}-ca.pem`}
            </Fact>
          </>
        ) : null}
      </Facts>
      {open ? <SslDialog detail={detail} onDone={onDone} onClose={() => setOpen(false)} /> : null}
    </Section>
  );
}

function SslDialog({ detail, onDone, onClose }: DetailProps & { readonly onClose: () => void }) {
  const { t } = useTranslation('instances');
  const { plane, id, ssl, networks, publicHost } = detail;
  const addresses = [...networks.map(({ host }) => host), ...(publicHost === '' ? [] : [publicHost])];
  const [address, setAddress] = useState<string | null>(addresses[0] ?? null);
  return (
    <ConfirmDialog
      opened
      title={t(ssl.enabled ? 'ssl.disableTitle' : 'ssl.enableTitle', { name: detail.name })}
      deed={t(ssl.enabled ? 'ssl.disableDeed' : 'ssl.enableDeed')}
      danger={ssl.enabled}
      ready={ssl.enabled || address !== null}
      onConfirm={async () => {
        const enabled = !ssl.enabled;
        await api.instances.setSsl({ plane, id, enabled, connectAddress: enabled ? (address ?? '') : '' });
        onDone();
      }}
      onClose={onClose}
    >
      <div className={dialog.fields}>
        <p>{t(ssl.enabled ? 'ssl.disableText' : 'ssl.enableText')}</p>
        {ssl.enabled ? null : (
          <Select label={t('ssl.address')} data={addresses} value={address} onChange={setAddress} />
        )}
      </div>
    </ConfirmDialog>
  );
}
