import { ActionIcon, Button, Menu, Table } from '@mantine/core';
import { IconDots, IconKey, IconLock, IconLockOpen, IconTrash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { AccountView } from '../../../shared/model/account';
import { formatTime, formatUtc } from '../../ui/bytes';
import { MiddleEllipsis } from '../../ui/middle-ellipsis';
import { StatusPill } from '../../ui/status-pill';
import { accountTone } from './model';
import { RemarkCell } from './remark-cell';
import classes from './tab.module.css';

/** What can be asked for an account that is there. */
export type AccountDeed = 'privileges' | 'password' | 'lock' | 'unlock' | 'remove';

export interface AccountRowProps {
  readonly account: AccountView;
  /** It came with the instance: it cannot be deleted. */
  readonly isFirst: boolean;
  readonly mayWrite: boolean;
  readonly onRemark: (remark: string) => Promise<void>;
  readonly onAsk: (deed: AccountDeed) => void;
}

export function AccountRow({ account, isFirst, mayWrite, onRemark, onAsk }: AccountRowProps) {
  const { t } = useTranslation('accounts');
  const { name, type, status } = account;
  return (
    <Table.Tr data-account={name} data-status={status}>
      <Table.Td>
        <span className={classes.name}>
          <MiddleEllipsis text={name} copyable />
        </span>
        {isFirst ? <div className={classes.quiet}>{t('first')}</div> : null}
      </Table.Td>
      <Table.Td className={classes.figures ?? ''} title={account.roles.join(', ')}>
        {t(`types.${type}`)}
      </Table.Td>
      <Table.Td>
        <StatusPill tone={accountTone(status)}>{t(`statuses.${status}`)}</StatusPill>
      </Table.Td>
      <Table.Td>
        <RemarkCell name={name} remark={account.remark} onSave={onRemark} />
      </Table.Td>
      <Time at={account.createdAt} none={t('madeInSql')} />
      <Time at={account.passwordUpdatedAt} none="—" />
      <Table.Td className={classes.last ?? ''}>
        <div className={classes.rowActions}>
          <Button size="xs" variant="subtle" disabled={!mayWrite} onClick={() => onAsk('privileges')}>
            {t('actions.privileges')}
          </Button>
          <Menu position="bottom-end">
            <Menu.Target>
              <ActionIcon aria-label={t('actions.more', { name })}>
                <IconDots size={16} stroke={1.5} />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item leftSection={<IconKey size={16} stroke={1.5} />} onClick={() => onAsk('password')}>
                {t('actions.password')}
              </Menu.Item>
              {status === 'locked' ? (
                <Menu.Item leftSection={<IconLockOpen size={16} stroke={1.5} />} onClick={() => onAsk('unlock')}>
                  {t('actions.unlock')}
                </Menu.Item>
              ) : (
                <Menu.Item leftSection={<IconLock size={16} stroke={1.5} />} onClick={() => onAsk('lock')}>
                  {t('actions.lock')}
                </Menu.Item>
              )}
              <Menu.Item
                color="error"
                leftSection={<IconTrash size={16} stroke={1.5} />}
                disabled={isFirst || !mayWrite}
                title={isFirst ? t('firstStays') : undefined}
                onClick={() => onAsk('remove')}
              >
                {t('actions.remove')}
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        </div>
      </Table.Td>
    </Table.Tr>
  );
}

function Time({ at, none }: { readonly at: number | null; readonly none: string }) {
  const { i18n } = useTranslation('accounts');
  return at === null ? (
    <Table.Td className={`${classes.figures ?? ''} ${classes.quiet ?? ''}`}>{none}</Table.Td>
  ) : (
    <Table.Td className={classes.figures ?? ''} title={formatUtc(at)}>
      {formatTime(at, i18n.language)}
    </Table.Td>
  );
}
