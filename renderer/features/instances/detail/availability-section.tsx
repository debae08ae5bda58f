import { Table } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatBytes } from '../../../ui/bytes';
import { StatusPill } from '../../../ui/status-pill';
import { zoneName } from '../../../ui/place-names';
import { allows } from '../model';
import { DeployDialog } from './deploy-dialog';
import type { AskingProps } from './detail-props';
import { DrillDialog } from './drill-dialog';
import { HaDialog } from './ha-dialog';
import { lagText, NODE_TONES } from './node-text';
import { Fact, Facts, Section } from './section';
import { SmallButton } from './small-button';

type Open = 'ha' | 'deploy' | 'drill';

/** How it survives: replication, nodes with role and lag, switch, other zones, a drill. */
export function AvailabilitySection({ detail, onAsk, onDone }: AskingProps) {
  const { t } = useTranslation('instances');
  const [open, setOpen] = useState<Open | null>(null);
  const hasStandby = detail.nodes.some(({ role }) => role === 'standby');
  const { ha } = detail;
  const props = { detail, onDone, onClose: () => setOpen(null) };
  return (
    <Section
      wide
      title={t('availability.title')}
      actions={
        <>
          {hasStandby ? (
            <>
              <SmallButton disabled={!allows('switch', detail)} onClick={() => onAsk('switch')}>
                {t('actions.switch')}
              </SmallButton>
              <SmallButton disabled={!allows('ha', detail)} onClick={() => setOpen('ha')}>
                {t('availability.change')}
              </SmallButton>
            </>
          ) : null}
          <SmallButton disabled={!allows('deploy', detail)} onClick={() => setOpen('deploy')}>
            {t('availability.deploy')}
          </SmallButton>
          {hasStandby && detail.local ? (
            <SmallButton disabled={!allows('drill', detail)} onClick={() => setOpen('drill')}>
              {t('availability.drill')}
            </SmallButton>
          ) : null}
        </>
      }
    >
      <Facts>
        <Fact label={t('buy.architecture')}>{t(hasStandby ? 'types.ha' : 'types.single')}</Fact>
        {hasStandby ? (
          <>
            <Fact label={t('buy.syncMode')}>{detail.syncMode === null ? '–' : t(`syncModes.${detail.syncMode}`)}</Fact>
            <Fact label={t('availability.takeOver')}>
              {ha === null
                ? '–'
                : t('availability.takeOverValue', {
                    lag: ha.maxStandbyLag,
                    bytes: formatBytes(ha.maxStandbyLatency),
                  })}
            </Fact>
            {detail.syncMode !== 'Semi-sync' || ha === null ? null : (
              <Fact label={t('availability.fallBack')}>
                {ha.maxSyncStandbyLag === null || ha.maxSyncStandbyLatency === null
                  ? t('availability.never')
                  : t('availability.fallBackValue', {
                      lag: ha.maxSyncStandbyLag,
                      bytes: formatBytes(ha.maxSyncStandbyLatency),
                    })}
              </Fact>
            )}
          </>
        ) : null}
      </Facts>
      <Table aria-label={t('availability.nodes')}>
        <Table.Thead>
          <Table.Tr>
            {(['node', 'role', 'zone', 'state', 'replication', 'lag'] as const).map((column) => (
              <Table.Th key={column} className={column === 'lag' ? 'numeric' : ''}>
                {t(`availability.columns.${column}`)}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {detail.nodes.map((node) => (
            <Table.Tr key={node.id} data-node={node.id} data-role={node.role}>
              <Table.Td className="mono">{node.id}</Table.Td>
              <Table.Td>{t(`availability.roles.${node.role}`)}</Table.Td>
              <Table.Td>{zoneName(t, node.zone, detail.region)}</Table.Td>
              <Table.Td>
                <StatusPill tone={NODE_TONES[node.state]}>{t(`availability.states.${node.state}`)}</StatusPill>
                {node.problem === '' ? null : <div>{node.problem}</div>}
              </Table.Td>
              <Table.Td>
                {node.sync === '' ? '–' : t(`availability.sync.${node.sync}`, { defaultValue: node.sync })}
              </Table.Td>
              <Table.Td className="numeric">{lagText(node)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {open === 'ha' ? <HaDialog {...props} /> : null}
      {open === 'deploy' ? <DeployDialog {...props} /> : null}
      {open === 'drill' ? <DrillDialog {...props} /> : null}
    </Section>
  );
}
