import { Table } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { SecurityRule } from '../../../shared/model/security-rules';
import { StatusPill } from '../status-pill';

export interface ListedRule extends SecurityRule {
  /** Name of the group it comes from. */
  readonly group: string;
}

/** Rules in the order they are looked at, with the group each comes from; what none of them fits is dropped. */
export function RuleList({ label, rules }: { readonly label: string; readonly rules: readonly ListedRule[] }) {
  const { t } = useTranslation('networks');
  return (
    <Table aria-label={label}>
      <Table.Thead>
        <Table.Tr>
          {(['number', 'action', 'source', 'protocol', 'ports', 'group', 'remark'] as const).map((column) => (
            <Table.Th key={column}>{t(`rules.${column}`)}</Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rules.map((rule, at) => (
          <Table.Tr key={at}>
            <Table.Td>{at + 1}</Table.Td>
            <Table.Td>
              <StatusPill tone={rule.action === 'ACCEPT' ? 'ok' : 'error'}>{t(`actions.${rule.action}`)}</StatusPill>
            </Table.Td>
            <Table.Td className="mono">{rule.source}</Table.Td>
            <Table.Td>{rule.protocol}</Table.Td>
            <Table.Td className="mono">{rule.ports}</Table.Td>
            <Table.Td>{rule.group}</Table.Td>
            <Table.Td>{rule.remark}</Table.Td>
          </Table.Tr>
        ))}
        <Table.Tr>
          <Table.Td>{rules.length + 1}</Table.Td>
          <Table.Td>
            <StatusPill tone="error">{t('actions.DROP')}</StatusPill>
          </Table.Td>
          <Table.Td colSpan={5}>{t('rules.rest')}</Table.Td>
        </Table.Tr>
      </Table.Tbody>
    </Table>
  );
}
