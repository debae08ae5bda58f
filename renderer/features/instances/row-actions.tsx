import { ActionIcon, Button, Menu } from '@mantine/core';
import {
  IconAdjustmentsHorizontal,
  IconArchive,
  IconArchiveOff,
  IconArrowsExchange,
  IconDots,
  IconPencil,
  IconRotateClockwise,
  IconTag,
  IconTrash,
} from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { InstanceView } from '../../../shared/model/instance';
import { allows, type InstanceAction } from './model';
import classes from './row-actions.module.css';

const MORE: readonly { readonly action: InstanceAction; readonly icon: typeof IconTrash }[] = [
  { action: 'adjust', icon: IconAdjustmentsHorizontal },
  { action: 'restart', icon: IconRotateClockwise },
  { action: 'switch', icon: IconArrowsExchange },
  { action: 'rename', icon: IconPencil },
  { action: 'labels', icon: IconTag },
  { action: 'isolate', icon: IconArchive },
  { action: 'restore', icon: IconArchiveOff },
  { action: 'destroy', icon: IconTrash },
];

export interface MoreActionsProps {
  readonly instance: InstanceView;
  /** Actions that stand elsewhere already. */
  readonly without?: readonly InstanceAction[];
  readonly onAction: (action: InstanceAction) => void;
  readonly variant?: 'subtle' | 'default';
}

/** What else can be done with an instance; only what its status allows is offered. */
export function MoreActions({ instance, without = [], onAction, variant = 'subtle' }: MoreActionsProps) {
  const { t } = useTranslation('instances');
  const more = MORE.filter(({ action }) => !without.includes(action) && allows(action, instance));
  if (more.length === 0) return null;
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon
          aria-label={t('actions.more', { name: instance.name })}
          variant={variant}
          size={variant === 'default' ? 'lg' : 'md'}
        >
          <IconDots size={16} stroke={1.5} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {more.map(({ action, icon: Icon }) => (
          <Menu.Item
            key={action}
            leftSection={<Icon size={16} stroke={1.5} />}
            {...(action === 'destroy' ? { color: 'error' } : {})}
            onClick={() => onAction(action)}
          >
            {t(`actions.${action}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

export interface RowActionsProps {
  readonly instance: InstanceView;
  readonly onAction: (action: InstanceAction) => void;
}

/** *Connect* and *Manage* in sight, *Adjust configuration* where there is room, the rest behind *More*. */
export function RowActions({ instance, onAction }: RowActionsProps) {
  const { t } = useTranslation('instances');
  const button = (action: InstanceAction, className = '') =>
    allows(action, instance) ? (
      <Button
        size="xs"
        variant="subtle"
        className={`${classes.button ?? ''} ${className}`}
        onClick={() => onAction(action)}
      >
        {t(`actions.${action}`)}
      </Button>
    ) : null;
  return (
    <div className={classes.actions}>
      {button('connect')}
      {button('manage')}
      {button('adjust', classes.roomy ?? '')}
      <MoreActions instance={instance} onAction={onAction} />
    </div>
  );
}
