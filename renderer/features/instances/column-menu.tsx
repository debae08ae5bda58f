import { ActionIcon, Menu, Tooltip } from '@mantine/core';
import { IconCheck, IconColumns3 } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { COLUMNS, type Column } from './columns';

export interface ColumnMenuProps {
  readonly columns: readonly Column[];
  readonly onChange: (columns: readonly Column[]) => void;
}

/** Which columns the list shows. */
export function ColumnMenu({ columns, onChange }: ColumnMenuProps) {
  const { t } = useTranslation('instances');
  return (
    <Menu position="bottom-end" closeOnItemClick={false}>
      <Menu.Target>
        <Tooltip label={t('columnChoice')}>
          <ActionIcon size="lg" variant="default" aria-label={t('columnChoice')}>
            <IconColumns3 size={16} stroke={1.5} />
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>
        {COLUMNS.map((column) => {
          const shown = columns.includes(column);
          return (
            <Menu.Item
              key={column}
              role="menuitemcheckbox"
              aria-checked={shown}
              rightSection={shown ? <IconCheck size={16} stroke={1.5} aria-hidden /> : null}
              onClick={() => onChange(COLUMNS.filter((each) => (each === column ? !shown : columns.includes(each))))}
            >
              {t(`columns.${column}`)}
            </Menu.Item>
          );
        })}
      </Menu.Dropdown>
    </Menu>
  );
}
