import { Menu } from '@mantine/core';
import type { Icon } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import classes from './library-menu.module.css';

export interface EntryProps {
  readonly icon?: Icon;
  readonly label: string;
  /** What is told beside it, e.g. its folder. */
  readonly note?: string;
  readonly keys?: string;
  readonly onClick: () => void;
}

/** One line of the menu; a long one is cut. */
export function Entry({ icon: Shown, label, note = '', keys = '', onClick }: EntryProps) {
  return (
    <Menu.Item
      leftSection={Shown === undefined ? undefined : <Shown size={16} stroke={1.5} aria-hidden />}
      rightSection={keys === '' ? undefined : <span className={classes.key}>{keys}</span>}
      onClick={onClick}
    >
      <span className={classes.line} title={label}>
        {label} {note === '' ? null : <span className={classes.note}>{note}</span>}
      </span>
    </Menu.Item>
  );
}

export interface SubMenuProps {
  readonly icon: Icon;
  readonly label: string;
  /** There is nothing in it: it can't be opened. */
  readonly none: boolean;
  readonly children: ReactNode;
}

/** A line that opens further lines. */
export function SubMenu({ icon: Shown, label, none, children }: SubMenuProps) {
  const section = <Shown size={16} stroke={1.5} aria-hidden />;
  if (none) {
    return (
      <Menu.Item leftSection={section} disabled>
        {label}
      </Menu.Item>
    );
  }
  return (
    <Menu.Sub>
      <Menu.Sub.Target>
        <Menu.Sub.Item leftSection={section}>{label}</Menu.Sub.Item>
      </Menu.Sub.Target>
      <Menu.Sub.Dropdown className={classes.sub ?? ''}>{children}</Menu.Sub.Dropdown>
    </Menu.Sub>
  );
}
