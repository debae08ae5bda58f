import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { IconPlus, IconRefresh } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { serves, writes, type TabProps } from './model';
import classes from './tab.module.css';

interface TabHeaderProps {
  readonly status: TabProps['status'];
  /** What the tab is about. */
  readonly lead: string;
  /** What the button makes. */
  readonly deed: string;
  readonly onRefresh: () => void;
  readonly onCreate: () => void;
}

/** The head of a tab that lists things of an instance: looked at again while it can be read, added to while it can be written. */
export function TabHeader({ status, lead, deed, onRefresh, onCreate }: TabHeaderProps) {
  const { t } = useTranslation('accounts');
  const readable = serves(status);
  return (
    <header className={classes.header}>
      <p>{lead}</p>
      <div className={classes.actions}>
        <Tooltip label={t('refresh')}>
          <ActionIcon size="lg" variant="default" aria-label={t('refresh')} disabled={!readable} onClick={onRefresh}>
            <IconRefresh size={16} stroke={1.5} />
          </ActionIcon>
        </Tooltip>
        <Tooltip label={t(readable ? 'notRunning.full' : 'notRunning.title')} disabled={writes(status)}>
          <Button leftSection={<IconPlus size={16} stroke={1.5} />} disabled={!writes(status)} onClick={onCreate}>
            {deed}
          </Button>
        </Tooltip>
      </div>
    </header>
  );
}
