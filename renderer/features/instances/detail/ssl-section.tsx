import { Select } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { InstanceDetail } from '../../../../shared/model/instance';
import { api } from '../../../api';
import { formatTime, formatUtc } from '../../../ui/bytes';
import { ConfirmDialog } from '../../../ui/confirm-dialog';
import { presentError } from '../../../ui/error-presenter';
import { showNotice } from '../../../ui/notice';
import dialog from '../dialogs.module.css';
import { allows } from '../model';
import type { AskingProps, DetailProps } from './detail-props';
import { Fact, Facts, Section } from './section';
import { SmallButton } from './small-button';

/** What the dialog is opened for: on and off, or another certificate. */
type Ask = 'enable' | 'disable' | 'change';

/** Every address that clients come by; the certificate names one of them in particular. */
const addressesOf = ({ networks, publicHost }: InstanceDetail): string[] => [
  ...networks.map(({ host }) => host),
  ...(publicHost === '' ? [] : [publicHost]),
];

/** Whether connections can be encrypted, for which address the certificate is, and the authority that clients check it by. */
export function SslSection({ detail, onDone }: AskingProps) {
  const { t, i18n } = useTranslation('instances');
  const [open, setOpen] = useState<Ask | null>(null);
  const { plane, id, ssl } = detail;
  const ready = allows('ssl', detail);
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
          disabled={!ready}
          onClick={() => setOpen(ssl.enabled ? 'disable' : 'enable')}
        >
          {t(ssl.enabled ? 'addresses.disable' : 'addresses.enable')}
        </SmallButton>
      }
    >
      <Facts>
        <Fact label={t('ssl.state')}>{t(ssl.enabled ? 'basic.on' : 'basic.off')}</Fact>
        {ssl.enabled ? (
          <>
            <Fact
              label={t('ssl.address')}
              action={
                <SmallButton label={t('ssl.changeLabel')} disabled={!ready} onClick={() => setOpen('change')}>
                  {t('ssl.change')}
                </SmallButton>
              }
            >
              <span className="mono">{ssl.connectAddress}</span>
            </Fact>
            {ssl.validUntil === null ? null : (
              <Fact
                label={t('ssl.validUntil')}
                action={
                  <SmallButton label={t('ssl.renewLabel')} disabled={!ready} onClick={() => setOpen('change')}>
                    {t('ssl.renew')}
                  </SmallButton>
                }
              >
                <span title={formatUtc(ssl.validUntil)}>{formatTime(ssl.validUntil, i18n.language)}</span>
              </Fact>
            )}
            <Fact
              label={t('ssl.authority')}
              action={<SmallButton onClick={() => void save().catch(presentError)}>{t('ssl.saveDeed')}</SmallButton>}
            >
              {`${id}-ca.pem`}
            </Fact>
          </>
        ) : null}
      </Facts>
      {open === null ? null : <SslDialog ask={open} detail={detail} onDone={onDone} onClose={() => setOpen(null)} />}
    </Section>
  );
}

interface SslDialogProps extends DetailProps {
  readonly ask: Ask;
  readonly onClose: () => void;
}

function SslDialog({ ask, detail, onDone, onClose }: SslDialogProps) {
  const { t } = useTranslation('instances');
  const { plane, id, ssl } = detail;
  const addresses = addressesOf(detail);
  const kept = addresses.find((each) => each === ssl.connectAddress);
  const [address, setAddress] = useState<string | null>(kept ?? addresses[0] ?? null);
  const enabled = ask !== 'disable';
  return (
    <ConfirmDialog
      opened
      title={t(`ssl.${ask}Title`, { name: detail.name })}
      deed={t(`ssl.${ask}Deed`)}
      danger={!enabled}
      ready={!enabled || address !== null}
      onConfirm={async () => {
        await api.instances.setSsl({ plane, id, enabled, connectAddress: enabled ? (address ?? '') : '' });
        onDone();
      }}
      onClose={onClose}
    >
      <div className={dialog.fields}>
        <p>{t(`ssl.${ask}Text`)}</p>
        {enabled ? <Select label={t('ssl.address')} data={addresses} value={address} onChange={setAddress} /> : null}
      </div>
    </ConfirmDialog>
  );
}
