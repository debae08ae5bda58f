import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { NetworkView } from '../../../../shared/model/instance';
import { api } from '../../../api';
import { ConfirmDialog } from '../../../ui/confirm-dialog';
import { CopyButton } from '../../../ui/copy-button';
import { useCommand } from '../../../ui/workbench';
import dialog from '../dialogs.module.css';
import { allows, publicAddressOf } from '../model';
import { useOptions } from '../store';
import type { AskingProps } from './detail-props';
import { NetworkDialog } from './network-dialog';
import { Fact, Facts, Section } from './section';
import { SmallButton } from './small-button';

/** Most private addresses of an instance. */
const MOST_NETWORKS = 2;

type Open = { readonly what: 'add' | 'open' | 'close' } | { readonly what: 'remove'; readonly network: NetworkView };

/** By which addresses it is reached, and who else may be let in. */
export function AddressSection({ detail, onDone }: AskingProps) {
  const { t } = useTranslation('instances');
  const run = useCommand();
  const options = useOptions(detail.plane);
  const [open, setOpen] = useState<Open | null>(null);
  const { plane, id, networks } = detail;
  const serving = allows('addresses', detail);
  const publicAddress = publicAddressOf(detail);
  const canBePublic = options?.regions.find(({ code }) => code === detail.region)?.publicAddress ?? false;
  const close = () => setOpen(null);
  return (
    <Section
      title={t('addresses.title')}
      actions={<SmallButton onClick={() => run({ do: 'show-networks', plane })}>{t('addresses.networks')}</SmallButton>}
    >
      <Facts>
        {networks.map((network, at) => (
          <Fact
            key={network.host}
            label={t(at === 0 ? 'columns.address' : 'addresses.second')}
            action={
              networks.length > 1 ? (
                <SmallButton
                  label={t('addresses.removeNamed', { host: network.host })}
                  disabled={!serving}
                  onClick={() => setOpen({ what: 'remove', network })}
                >
                  {t('addresses.remove')}
                </SmallButton>
              ) : null
            }
          >
            <span className="mono">{`${network.host}:${network.port}`}</span>
            <CopyButton text={`${network.host}:${network.port}`} label={t('copyAddress')} />
          </Fact>
        ))}
        {networks[0] === undefined ? null : (
          <Fact
            label={t('buy.network')}
            action={
              networks.length < MOST_NETWORKS ? (
                <SmallButton disabled={!serving} onClick={() => setOpen({ what: 'add' })}>
                  {t('addresses.add')}
                </SmallButton>
              ) : null
            }
          >
            {networks.map(({ vpcId, subnetId }) => `${vpcId} / ${subnetId}`).join(', ')}
          </Fact>
        )}
        <Fact
          label={t('columns.public')}
          action={
            publicAddress !== '' ? (
              <SmallButton
                disabled={!serving}
                label={t('addresses.disablePublic')}
                onClick={() => setOpen({ what: 'close' })}
              >
                {t('addresses.disable')}
              </SmallButton>
            ) : canBePublic ? (
              <SmallButton
                disabled={!serving}
                label={t('addresses.enablePublic')}
                onClick={() => setOpen({ what: 'open' })}
              >
                {t('addresses.enable')}
              </SmallButton>
            ) : null
          }
        >
          {publicAddress === '' ? (
            t(canBePublic || options === null ? 'publicOff' : 'addresses.notInRegion')
          ) : (
            <>
              <span className="mono">{publicAddress}</span>
              <CopyButton text={publicAddress} label={t('copyPublicAddress')} />
            </>
          )}
        </Fact>
      </Facts>
      {open?.what === 'add' ? <NetworkDialog detail={detail} onDone={onDone} onClose={close} /> : null}
      {open?.what === 'remove' ? (
        <ConfirmDialog
          opened
          danger
          title={t('addresses.removeTitle', { host: open.network.host })}
          deed={t('addresses.removeDeed')}
          onConfirm={async () => {
            const { vpcId, subnetId, host } = open.network;
            await api.instances.removeNetwork({ plane, id, network: { vpcId, subnetId, host } });
            onDone();
          }}
          onClose={close}
        >
          <p>{t('addresses.removeText')}</p>
        </ConfirmDialog>
      ) : null}
      {open?.what === 'open' ? (
        <ConfirmDialog
          opened
          danger
          title={t('addresses.openTitle', { name: detail.name })}
          deed={t('addresses.openDeed')}
          onConfirm={async () => {
            await api.instances.openPublic({ plane, id });
            onDone();
          }}
          onClose={close}
        >
          <div className={dialog.fields}>
            <p className={dialog.warning}>{t('addresses.openWarning')}</p>
            <p>{t('addresses.openText')}</p>
          </div>
        </ConfirmDialog>
      ) : null}
      {open?.what === 'close' ? (
        <ConfirmDialog
          opened
          title={t('addresses.closeTitle', { name: detail.name })}
          deed={t('addresses.closeDeed')}
          onConfirm={async () => {
            await api.instances.closePublic({ plane, id });
            onDone();
          }}
          onClose={close}
        >
          <p>{t('addresses.closeText')}</p>
        </ConfirmDialog>
      ) : null}
    </Section>
  );
}
