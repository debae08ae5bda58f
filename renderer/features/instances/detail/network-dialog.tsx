import { Select, Skeleton, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../../api';
import { ConfirmDialog } from '../../../ui/confirm-dialog';
import { ErrorPanel } from '../../../ui/error-panel';
import dialog from '../dialogs.module.css';
import { zoneName } from '../../../ui/place-names';
import { useNetworks } from '../use-networks';
import type { DetailProps } from './detail-props';

/** A second private address: from which subnet, and which one if that matters. */
export function NetworkDialog({ detail, onDone, onClose }: DetailProps & { readonly onClose: () => void }) {
  const { t } = useTranslation('instances');
  const { plane, id, region } = detail;
  const { vpcs, error, reload } = useNetworks(plane, region, true);
  const [subnetId, setSubnetId] = useState<string | null>(null);
  const [host, setHost] = useState('');
  const taken = detail.networks.map((network) => network.subnetId);
  const subnets = (vpcs ?? []).flatMap((vpc) =>
    vpc.subnets.filter((subnet) => !taken.includes(subnet.id)).map((subnet) => ({ vpc, subnet })),
  );
  const chosen = subnets.find(({ subnet }) => subnet.id === subnetId);
  return (
    <ConfirmDialog
      opened
      title={t('network.title', { name: detail.name })}
      deed={t('network.deed')}
      ready={chosen !== undefined}
      onConfirm={async () => {
        if (chosen === undefined) return;
        const network = { vpcId: chosen.vpc.id, subnetId: chosen.subnet.id, host: host.trim() };
        await api.instances.addNetwork({ plane, id, network });
        onDone();
      }}
      onClose={onClose}
    >
      <div className={dialog.fields}>
        <p className={dialog.note}>{t('network.text')}</p>
        {error === null ? null : <ErrorPanel title={t('buy.networksFailed')} error={error} onRetry={reload} />}
        {vpcs === null ? (
          <Skeleton height={48} />
        ) : (
          <Select
            label={t('buy.subnet')}
            data={subnets.map(({ vpc, subnet }) => ({
              value: subnet.id,
              label: `${vpc.name} / ${subnet.name} (${subnet.cidr}), ${zoneName(t, subnet.zone, region)}`,
            }))}
            value={subnetId}
            onChange={setSubnetId}
            nothingFoundMessage={t('network.none')}
            searchable
          />
        )}
        <TextInput
          label={t('network.host')}
          description={t('network.hostNote')}
          value={host}
          onChange={(event) => setHost(event.currentTarget.value)}
          autoComplete="off"
          spellCheck={false}
        />
      </div>
    </ConfirmDialog>
  );
}
