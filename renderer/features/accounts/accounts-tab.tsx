import { Button, Table } from '@mantine/core';
import { IconUsers } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AccountView } from '../../../shared/model/account';
import { api } from '../../api';
import { EmptyState } from '../../ui/empty-state';
import { useTab } from '../../ui/workbench';
import { AccountDialogs, type AskedAccount } from './account-dialogs';
import { AccountRow } from './account-row';
import { FilteredList } from './filtered-list';
import { serves, writes, type TabProps } from './model';
import classes from './tab.module.css';
import { TabHeader } from './tab-header';
import { TabState } from './tab-state';
import { useLoaded } from './use-loaded';

/** Accounts may be made in SQL at any time. */
const AGAIN_MS = 5_000;

/** The accounts of an instance: who may log in, as what, and what each may do. */
export function AccountsTab({ plane, instanceId: id, status }: TabProps) {
  const { t } = useTranslation('accounts');
  const { visible } = useTab();
  const [asked, setAsked] = useState<AskedAccount | null>(null);
  const readable = serves(status);
  const accounts = useLoaded(
    readable ? `${plane} ${id}` : null,
    (signal) => api.accounts.list({ plane, id }, signal),
    visible ? AGAIN_MS : 0,
  );
  // The version decides what privileges there are; the account that came with the instance stays.
  const instance = useLoaded(readable ? `${plane} ${id}` : null, (signal) =>
    api.instances.detail({ plane, id }, signal),
  );
  const create = () => setAsked({ do: 'create' });
  return (
    <div className={classes.tab}>
      <TabHeader
        status={status}
        lead={t('lead')}
        deed={t('create.deed')}
        onRefresh={accounts.reload}
        onCreate={create}
      />
      <TabState status={status} loaded={accounts} reading={t('reading')} failed={t('failed')}>
        {(list: readonly AccountView[]) =>
          list.length === 0 ? (
            <EmptyState
              icon={<IconUsers size={32} stroke={1.5} />}
              title={t('empty.title')}
              text={t('empty.text')}
              action={<Button onClick={create}>{t('create.deed')}</Button>}
            />
          ) : (
            <FilteredList list={list}>
              {(shown) => (
                <div className={classes.scroller} tabIndex={-1}>
                  <Table stickyHeader aria-label={t('title')}>
                    <Table.Thead>
                      <Table.Tr>
                        {(['name', 'type', 'status', 'remark', 'created', 'password'] as const).map((column) => (
                          <Table.Th key={column}>{t(`columns.${column}`)}</Table.Th>
                        ))}
                        <Table.Th className={classes.last ?? ''}>{t('columns.operations')}</Table.Th>
                      </Table.Tr>
                    </Table.Thead>
                    <Table.Tbody>
                      {shown.map((account) => (
                        <AccountRow
                          key={account.name}
                          account={account}
                          isFirst={account.name === instance.value?.adminUser}
                          mayWrite={writes(status)}
                          onRemark={async (remark) => {
                            await api.accounts.setRemark({ plane, id, name: account.name, remark });
                            accounts.reload();
                          }}
                          onAsk={(deed) => setAsked({ do: deed, account })}
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
      <AccountDialogs
        plane={plane}
        id={id}
        major={instance.value?.major ?? 0}
        adminUser={instance.value?.adminUser ?? ''}
        asked={asked}
        onClose={() => setAsked(null)}
        onDone={accounts.reload}
      />
    </div>
  );
}
