import { ActionIcon, Button, Table, Tooltip } from '@mantine/core';
import { IconPencil, IconPlus, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { InstanceOptions } from '../../../shared/model/instance';
import type { SubnetView, VpcView } from '../../../shared/model/network';
import { CopyButton } from '../../ui/copy-button';
import { EmptyState } from '../../ui/empty-state';
import { regionName, zoneName } from '../../ui/place-names';
import { NetworkDialogs, type NetworkQuestion } from './network-dialogs';
import classes from './vpcs-tab.module.css';

export interface VpcsTabProps {
  readonly plane: string;
  readonly options: InstanceOptions;
  /** The region that is looked at; null: all. */
  readonly region: string | null;
  readonly vpcs: readonly VpcView[];
  readonly reload: () => Promise<void>;
}

/** Private networks, each with its subnets below it. */
export function VpcsTab({ plane, options, region, vpcs, reload }: VpcsTabProps) {
  const { t } = useTranslation('networks');
  const [question, setQuestion] = useState<NetworkQuestion | null>(null);
  return (
    <div className={classes.tab}>
      <div className={classes.bar}>
        <p className={classes.note}>{t('vpcs.note')}</p>
        <Button
          leftSection={<IconPlus size={16} stroke={1.5} />}
          onClick={() => setQuestion({ ask: 'create-vpc', region: region ?? options.regions[0]?.code ?? '' })}
        >
          {t('vpcs.create')}
        </Button>
      </div>
      {vpcs.length === 0 ? <EmptyState title={t('vpcs.none')} text={t('vpcs.noneText')} /> : null}
      {vpcs.length === 0 ? null : (
        <Table aria-label={t('tabs.vpcs')}>
          <Table.Thead>
            <Table.Tr>
              {(['name', 'place', 'cidr', 'free'] as const).map((column) => (
                <Table.Th key={column} className={column === 'free' ? 'numeric' : ''}>
                  {t(`vpcs.columns.${column}`)}
                </Table.Th>
              ))}
              <Table.Th />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {vpcs.map((vpc) => (
              <VpcRows key={vpc.id} vpc={vpc} onAsk={setQuestion} />
            ))}
          </Table.Tbody>
        </Table>
      )}
      <NetworkDialogs
        plane={plane}
        options={options}
        question={question}
        onClose={() => setQuestion(null)}
        onDone={reload}
      />
    </div>
  );
}

interface RowsProps {
  readonly vpc: VpcView;
  readonly onAsk: (question: NetworkQuestion) => void;
}

function VpcRows({ vpc, onAsk }: RowsProps) {
  const { t } = useTranslation('networks');
  const full = vpc.subnets.length > 0;
  return (
    <>
      <Table.Tr data-vpc={vpc.id} className={classes.vpc ?? ''}>
        <Table.Td>
          <Named what={vpc} />
        </Table.Td>
        <Table.Td>{regionName(t, vpc.region)}</Table.Td>
        <Table.Td className="mono">{vpc.cidr}</Table.Td>
        <Table.Td />
        <Table.Td className={classes.actions ?? ''}>
          <Act
            icon={IconPlus}
            label={t('subnets.createIn', { name: vpc.name })}
            onClick={() => onAsk({ ask: 'create-subnet', vpc })}
          />
          <Act
            icon={IconPencil}
            label={t('rename', { name: vpc.name })}
            onClick={() => onAsk({ ask: 'rename-vpc', vpc })}
          />
          <Act
            icon={IconTrash}
            label={t(vpc.isDefault ? 'keepsDefault' : full ? 'vpcs.full' : 'delete', { name: vpc.name })}
            disabled={vpc.isDefault || full}
            onClick={() => onAsk({ ask: 'delete-vpc', vpc })}
          />
        </Table.Td>
      </Table.Tr>
      {vpc.subnets.map((subnet) => (
        <Table.Tr key={subnet.id} data-subnet={subnet.id}>
          <Table.Td className={classes.subnet ?? ''}>
            <Named what={subnet} />
          </Table.Td>
          <Table.Td>{zoneName(t, subnet.zone, vpc.region)}</Table.Td>
          <Table.Td className="mono">{subnet.cidr}</Table.Td>
          <Table.Td className="numeric">{subnet.availableAddresses}</Table.Td>
          <Table.Td className={classes.actions ?? ''}>
            <Act
              icon={IconPencil}
              label={t('rename', { name: subnet.name })}
              onClick={() => onAsk({ ask: 'rename-subnet', vpc, subnet })}
            />
            <Act
              icon={IconTrash}
              label={t(subnet.isDefault ? 'keepsDefault' : 'delete', { name: subnet.name })}
              disabled={subnet.isDefault}
              onClick={() => onAsk({ ask: 'delete-subnet', vpc, subnet })}
            />
          </Table.Td>
        </Table.Tr>
      ))}
    </>
  );
}

function Named({ what }: { readonly what: Pick<VpcView | SubnetView, 'id' | 'name' | 'isDefault'> }) {
  const { t } = useTranslation('networks');
  return (
    <span className={classes.named}>
      {what.name}
      {what.isDefault ? <span className={classes.mark}>{t('default')}</span> : null}
      <span className={classes.note}>{what.id}</span>
      <CopyButton text={what.id} label={t('copyId', { name: what.name })} />
    </span>
  );
}

interface ActProps {
  readonly icon: typeof IconPlus;
  readonly label: string;
  readonly disabled?: boolean;
  readonly onClick: () => void;
}

function Act({ icon: Icon, label, disabled = false, onClick }: ActProps) {
  return (
    <Tooltip label={label}>
      <ActionIcon
        aria-label={label}
        aria-disabled={disabled}
        data-disabled={disabled}
        onClick={() => (disabled ? undefined : onClick())}
      >
        <Icon size={16} stroke={1.5} />
      </ActionIcon>
    </Tooltip>
  );
}
