import { ActionIcon, Button, Menu } from '@mantine/core';
import { IconArchive, IconArchiveOff, IconDots, IconRotateClockwise, IconTrash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { InstanceView } from '../../../shared/model/instance';
import { allows, type InstanceAction, type InstanceDeed } from './model';
import classes from './row-actions.module.css';

const MORE: readonly { readonly deed: InstanceDeed; readonly icon: typeof IconTrash }[] = [
  { deed: 'restart', icon: IconRotateClockwise },
  { deed: 'isolate', icon: IconArchive },
  { deed: 'restore', icon: IconArchiveOff },
  { deed: 'destroy', icon: IconTrash },
];

export interface RowActionsProps {
  readonly instance: InstanceView;
  readonly onAction: (action: InstanceAction) => void;
}

/** *Connect* in sight, the rest behind *More*; only what the status allows is offered. */
export function RowActions({ instance, onAction }: RowActionsProps) {
  const { t } = useTranslation('instances');
  const more = MORE.filter(({ deed }) => allows(deed, instance.status));
  return (
    <div className={classes.actions}>
      {allows('connect', instance.status) ? (
        <Button size="xs" variant="default" onClick={() => onAction('connect')}>
          {t('actions.connect')}
        </Button>
      ) : null}
      {more.length === 0 ? null : (
        <Menu position="bottom-end">
          <Menu.Target>
            <ActionIcon aria-label={t('actions.more', { name: instance.name })}>
              <IconDots size={16} stroke={1.5} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            {more.map(({ deed, icon: Icon }) => (
              <Menu.Item
                key={deed}
                leftSection={<Icon size={16} stroke={1.5} />}
                {...(deed === 'destroy' ? { color: 'error' } : {})}
                onClick={() => onAction(deed)}
              >
                {t(`actions.${deed}`)}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
    </div>
  );
}
