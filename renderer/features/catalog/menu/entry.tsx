import { Menu } from '@mantine/core';
import type { Icon } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import classes from '../explorer.module.css';

export interface EntryProps {
  readonly icon: Icon;
  readonly label: string;
  readonly keys?: string;
  readonly danger?: boolean;
  readonly onClick: () => void;
}

/** One line of a context menu. */
export function Entry({ icon: Shown, label, keys, danger = false, onClick }: EntryProps) {
  return (
    <Menu.Item
      leftSection={<Shown size={16} stroke={1.5} />}
      rightSection={keys === undefined ? undefined : <span className={classes.muted}>{keys}</span>}
      {...(danger ? { color: 'error' } : {})}
      onClick={onClick}
    >
      {label}
    </Menu.Item>
  );
}

/** A line that opens further lines. */
export function SubMenu({
  icon: Shown,
  label,
  children,
}: {
  readonly icon: Icon;
  readonly label: string;
  readonly children: ReactNode;
}) {
  return (
    <Menu.Sub>
      <Menu.Sub.Target>
        <Menu.Sub.Item leftSection={<Shown size={16} stroke={1.5} />}>{label}</Menu.Sub.Item>
      </Menu.Sub.Target>
      <Menu.Sub.Dropdown className={classes.subMenu ?? ''}>{children}</Menu.Sub.Dropdown>
    </Menu.Sub>
  );
}
