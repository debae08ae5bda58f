import { Checkbox, Table } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { InstanceView } from '../../../shared/model/instance';
import { formatClock, formatDay, formatUtc } from '../../ui/bytes';
import { CopyButton } from '../../ui/copy-button';
import { MiddleEllipsis } from '../../ui/middle-ellipsis';
import { StatusPill } from '../../ui/status-pill';
import classes from './instance-table.module.css';
import { zoneName } from './labels';
import { addressOf, tagText, toneOf, type InstanceAction } from './model';
import { RowActions } from './row-actions';

export interface InstanceTableProps {
  readonly list: readonly InstanceView[];
  readonly selected: ReadonlySet<string>;
  readonly onSelect: (selected: ReadonlySet<string>) => void;
  readonly onAction: (action: InstanceAction, id: string) => void;
}

const COLUMNS = ['name', 'status', 'zone', 'configuration', 'version', 'address', 'created', 'operations'] as const;

export function InstanceTable({ list, selected, onSelect, onAction }: InstanceTableProps) {
  const { t } = useTranslation('instances');
  const chosen = list.filter((instance) => selected.has(instance.id)).length;
  const toggle = (id: string) => {
    const next = new Set(selected);
    if (!next.delete(id)) next.add(id);
    onSelect(next);
  };
  return (
    <Table.ScrollContainer minWidth={860} className={classes.scroller ?? ''}>
      <Table stickyHeader aria-label={t('title')}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th className={classes.check ?? ''}>
              <Checkbox
                aria-label={t('selectAll')}
                checked={chosen > 0 && chosen === list.length}
                indeterminate={chosen > 0 && chosen < list.length}
                onChange={() => onSelect(chosen === list.length ? new Set() : new Set(list.map(({ id }) => id)))}
              />
            </Table.Th>
            {COLUMNS.map((column) => (
              <Table.Th key={column} className={column === 'operations' ? (classes.last ?? '') : ''}>
                {t(`columns.${column}`)}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {list.map((instance) => (
            <InstanceRow
              key={instance.id}
              instance={instance}
              selected={selected.has(instance.id)}
              onToggle={() => toggle(instance.id)}
              onAction={(action) => onAction(action, instance.id)}
            />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

interface RowProps {
  readonly instance: InstanceView;
  readonly selected: boolean;
  readonly onToggle: () => void;
  readonly onAction: (action: InstanceAction) => void;
}

function InstanceRow({ instance, selected, onToggle, onAction }: RowProps) {
  const { t, i18n } = useTranslation('instances');
  const address = addressOf(instance);
  return (
    <Table.Tr data-instance={instance.id} data-status={instance.status} data-selected={selected || undefined}>
      <Table.Td className={classes.check ?? ''}>
        <Checkbox aria-label={t('select', { name: instance.name })} checked={selected} onChange={onToggle} />
      </Table.Td>
      <Table.Td className={classes.name ?? ''}>
        <div className={classes.title}>
          <MiddleEllipsis text={instance.name} />
        </div>
        <div className={classes.quiet}>
          <MiddleEllipsis text={instance.id} copyable />
        </div>
        {instance.tags.length === 0 ? null : (
          <div className={classes.tags}>
            {instance.tags.map((tag) => (
              <span key={tag.key} className={classes.tag}>
                {tagText(tag)}
              </span>
            ))}
          </div>
        )}
      </Table.Td>
      <Table.Td>
        <StatusPill tone={toneOf(instance.status)}>{t(`statuses.${instance.status}`)}</StatusPill>
        {instance.problem === '' ? null : <div className={classes.problem}>{instance.problem}</div>}
      </Table.Td>
      <Table.Td>{zoneName(t, instance.zone, instance.region)}</Table.Td>
      <Table.Td className={classes.figures ?? ''}>
        <div>{t('configuration', { cpu: instance.cpu, memory: instance.memoryGb })}</div>
        <div>{t('storage', { storage: instance.storageGb })}</div>
      </Table.Td>
      <Table.Td className={classes.figures ?? ''}>{instance.version}</Table.Td>
      <Table.Td>
        {address === '' ? (
          <span className={classes.quiet}>{t('noAddress')}</span>
        ) : (
          <span className={classes.address}>
            <span className="mono selectable">{address}</span>
            <CopyButton text={address} label={t('copyAddress')} />
          </span>
        )}
      </Table.Td>
      <Table.Td title={formatUtc(instance.createdAt)} className={classes.figures ?? ''}>
        <div>{formatDay(instance.createdAt, i18n.language)}</div>
        <div>{formatClock(instance.createdAt, i18n.language)}</div>
      </Table.Td>
      <Table.Td className={classes.last ?? ''}>
        <RowActions instance={instance} onAction={onAction} />
      </Table.Td>
    </Table.Tr>
  );
}
