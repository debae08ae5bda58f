import { ActionIcon, Button, Menu, Table } from '@mantine/core';
import { IconDatabase, IconDots, IconTrash, IconUser } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DatabaseView } from '../../../shared/model/account';
import { api } from '../../api';
import { formatBytes, formatCount } from '../../ui/bytes';
import { EmptyState } from '../../ui/empty-state';
import { MiddleEllipsis } from '../../ui/middle-ellipsis';
import { useTab } from '../../ui/workbench';
import { DatabaseDialogs, type AskedDatabase } from './database-dialogs';
import { FilteredList } from './filtered-list';
import { serves, writes, type TabProps } from './model';
import classes from './tab.module.css';
import { TabHeader } from './tab-header';
import { TabState } from './tab-state';
import { useLoaded } from './use-loaded';

/** Sizes and connections change by themselves. */
const AGAIN_MS = 5_000;

/** The databases of an instance: whose they are, how large, and who is in them. */
export function DatabasesTab({ plane, instanceId: id, status }: TabProps) {
  const { t } = useTranslation('accounts');
  const { visible } = useTab();
  const [asked, setAsked] = useState<AskedDatabase | null>(null);
  const readable = serves(status);
  const databases = useLoaded(
    readable ? `${plane} ${id}` : null,
    (signal) => api.accounts.databases({ plane, id }, signal),
    visible ? AGAIN_MS : 0,
  );
  const create = () => setAsked({ do: 'create', databases: databases.value ?? [] });
  return (
    <div className={classes.tab}>
      <TabHeader
        status={status}
        lead={t('databases.lead')}
        deed={t('createDatabase.deed')}
        onRefresh={databases.reload}
        onCreate={create}
      />
      <TabState status={status} loaded={databases} reading={t('databases.reading')} failed={t('databases.failed')}>
        {(list: readonly DatabaseView[]) =>
          list.length === 0 ? (
            <EmptyState
              icon={<IconDatabase size={32} stroke={1.5} />}
              title={t('databases.empty')}
              text={t('databases.emptyText')}
              action={<Button onClick={create}>{t('createDatabase.deed')}</Button>}
            />
          ) : (
            <FilteredList list={list}>
              {(shown) => (
                <div className={classes.scroller} tabIndex={-1}>
                  <Table stickyHeader aria-label={t('databases.title')}>
                    <Table.Thead>
                      <Table.Tr>
                        {(['name', 'owner', 'encoding', 'collate'] as const).map((column) => (
                          <Table.Th key={column}>{t(`databases.columns.${column}`)}</Table.Th>
                        ))}
                        <Table.Th className={classes.number ?? ''}>{t('databases.columns.size')}</Table.Th>
                        <Table.Th className={classes.number ?? ''}>{t('databases.columns.connections')}</Table.Th>
                        <Table.Th className={classes.last ?? ''}>{t('columns.operations')}</Table.Th>
                      </Table.Tr>
                    </Table.Thead>
                    <Table.Tbody>
                      {shown.map((database) => (
                        <DatabaseLine
                          key={database.name}
                          database={database}
                          mayWrite={writes(status)}
                          onAsk={(deed) => setAsked({ do: deed, database })}
                        />
                      ))}
                    </Table.Tbody>
                  </Table>
                </div>
              )}
            </FilteredList>
          )
        }
      </TabState>
      <DatabaseDialogs plane={plane} id={id} asked={asked} onClose={() => setAsked(null)} onDone={databases.reload} />
    </div>
  );
}

interface LineProps {
  readonly database: DatabaseView;
  readonly mayWrite: boolean;
  readonly onAsk: (deed: 'owner' | 'drop') => void;
}

/** The database that the control plane itself works in. */
const HOME = 'postgres';

function DatabaseLine({ database, mayWrite, onAsk }: LineProps) {
  const { t, i18n } = useTranslation('accounts');
  const { name, collate, ctype, size, connections, connectionLimit } = database;
  const count = connections === null ? '—' : formatCount(connections, i18n.language);
  return (
    <Table.Tr data-database={name}>
      <Table.Td>
        <span className={classes.name}>
          <MiddleEllipsis text={name} copyable />
        </span>
        {database.allowConnections ? null : <div className={classes.quiet}>{t('databases.closed')}</div>}
      </Table.Td>
      <Table.Td>
        <span className={classes.remark}>
          <MiddleEllipsis text={database.owner} />
        </span>
      </Table.Td>
      <Table.Td className={classes.figures ?? ''}>{database.encoding}</Table.Td>
      <Table.Td className={classes.figures ?? ''}>{collate === ctype ? collate : `${collate} / ${ctype}`}</Table.Td>
      <Table.Td className={classes.number ?? ''}>{size === null ? '—' : formatBytes(size)}</Table.Td>
      <Table.Td className={classes.number ?? ''}>
        {connectionLimit < 0 ? count : t('databases.ofLimit', { count, limit: connectionLimit })}
      </Table.Td>
      <Table.Td className={classes.last ?? ''}>
        {name === HOME ? null : (
          <Menu position="bottom-end">
            <Menu.Target>
              <ActionIcon aria-label={t('databases.more', { name })}>
                <IconDots size={16} stroke={1.5} />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item
                leftSection={<IconUser size={16} stroke={1.5} />}
                disabled={!mayWrite}
                onClick={() => onAsk('owner')}
              >
                {t('owner.action')}
              </Menu.Item>
              <Menu.Item color="error" leftSection={<IconTrash size={16} stroke={1.5} />} onClick={() => onAsk('drop')}>
                {t('drop.action')}
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        )}
      </Table.Td>
    </Table.Tr>
  );
}
