import { ActionIcon, Button, MultiSelect, Skeleton, Table } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SecurityGroupView } from '../../../../shared/model/security-rules';
import { api } from '../../../api';
import { ErrorPanel } from '../../../ui/error-panel';
import { presentError } from '../../../ui/error-presenter';
import { RuleList } from '../../../ui/security-rules/rule-list';
import { RulePreviewForm } from '../../../ui/security-rules/rule-preview-form';
import { useCommand, useTab } from '../../../ui/workbench';
import { useNetworks } from '../use-networks';
import type { DetailProps } from './detail-props';
import { moved } from './order';
import { Section } from './section';
import classes from './security-tab.module.css';
import { SmallButton } from './small-button';

/** Which security groups decide who may connect, in which order, and what that comes to. */
export function SecurityTab({ detail, onDone }: DetailProps) {
  const { t } = useTranslation('instances');
  const run = useCommand();
  const { plane, id, region } = detail;
  const { groups, error, reload } = useNetworks(plane, region, useTab().visible);
  const [draft, setDraft] = useState<readonly string[] | null>(null);
  const [busy, setBusy] = useState(false);
  const bound = draft ?? detail.securityGroupIds;
  const changed = draft !== null && draft.join() !== detail.securityGroupIds.join();
  const nameOf = (groupId: string) => groups?.find((group) => group.id === groupId)?.name ?? groupId;
  const inOrder = bound.flatMap((groupId) => groups?.filter((group) => group.id === groupId) ?? []);
  const rules = inOrder.flatMap((group) => group.inbound.map((rule) => ({ ...rule, group: group.name })));

  const save = async () => {
    setBusy(true);
    try {
      await api.networks.bind({ plane, instanceId: id, groupIds: [...bound] });
      onDone();
      reload();
    } catch (thrown) {
      presentError(thrown);
    }
    setBusy(false);
  };

  if (error !== null && groups === null) {
    return <ErrorPanel title={t('security.failed')} error={error} onRetry={reload} />;
  }
  return (
    <div className={classes.tab}>
      <Section
        title={t('security.bound')}
        actions={
          <SmallButton onClick={() => run({ do: 'show-networks', plane })}>{t('buy.manageNetworks')}</SmallButton>
        }
      >
        <p className={classes.note}>{t('security.note')}</p>
        {groups === null ? (
          <Skeleton height={96} />
        ) : (
          <>
            <GroupTable bound={bound} groups={groups} onChange={setDraft} />
            <div className={classes.bar}>
              <MultiSelect
                aria-label={t('security.add')}
                placeholder={t('security.add')}
                className={classes.add ?? ''}
                data={groups
                  .filter((group) => !bound.includes(group.id))
                  .map((group) => ({ value: group.id, label: group.name }))}
                value={[]}
                onChange={(added) => setDraft([...bound, ...added])}
                nothingFoundMessage={t('security.noMore')}
                searchable
              />
              <Button disabled={!changed || bound.length === 0} loading={busy} onClick={() => void save()}>
                {t('security.save')}
              </Button>
              <Button variant="default" disabled={!changed} onClick={() => setDraft(null)}>
                {t('security.reset')}
              </Button>
            </div>
          </>
        )}
      </Section>
      <Section title={t('security.merged')}>
        <p className={classes.note}>{t('security.mergedNote')}</p>
        <RuleList label={t('security.merged')} rules={rules} />
      </Section>
      <Section title={t('security.preview')}>
        <RulePreviewForm
          ask={(source) => api.networks.preview({ plane, region, groupIds: [...bound], source, port: detail.port })}
          nameOf={nameOf}
        />
      </Section>
    </div>
  );
}

interface GroupTableProps {
  readonly bound: readonly string[];
  readonly groups: readonly SecurityGroupView[];
  readonly onChange: (bound: readonly string[]) => void;
}

function GroupTable({ bound, groups, onChange }: GroupTableProps) {
  const { t } = useTranslation('instances');
  return (
    <Table aria-label={t('security.bound')}>
      <Table.Thead>
        <Table.Tr>
          {(['priority', 'group', 'remark', 'rules'] as const).map((column) => (
            <Table.Th key={column}>{t(`security.columns.${column}`)}</Table.Th>
          ))}
          <Table.Th />
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {bound.map((groupId, at) => {
          const group = groups.find((each) => each.id === groupId);
          const name = group?.name ?? groupId;
          return (
            <Table.Tr key={groupId} data-group={groupId}>
              <Table.Td>{at + 1}</Table.Td>
              <Table.Td>
                {name} <span className={classes.note}>{groupId}</span>
              </Table.Td>
              <Table.Td>{group?.remark}</Table.Td>
              <Table.Td>{group?.inbound.length}</Table.Td>
              <Table.Td className={classes.order ?? ''}>
                <ActionIcon
                  aria-label={t('security.up', { name })}
                  disabled={at === 0}
                  onClick={() => onChange(moved(bound, at, -1))}
                >
                  <IconArrowUp size={16} stroke={1.5} />
                </ActionIcon>
                <ActionIcon
                  aria-label={t('security.down', { name })}
                  disabled={at === bound.length - 1}
                  onClick={() => onChange(moved(bound, at, 1))}
                >
                  <IconArrowDown size={16} stroke={1.5} />
                </ActionIcon>
                <ActionIcon
                  aria-label={t('security.remove', { name })}
                  disabled={bound.length === 1}
                  onClick={() => onChange(bound.filter((each) => each !== groupId))}
                >
                  <IconTrash size={16} stroke={1.5} />
                </ActionIcon>
              </Table.Td>
            </Table.Tr>
          );
        })}
      </Table.Tbody>
    </Table>
  );
}
