import { Button } from '@mantine/core';
import { IconTerminal } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { CopyButton } from '../../ui/copy-button';
import { SqlViewer } from '../../ui/sql-editor/sql-viewer';
import { useCopy } from '../../ui/clipboard';
import { useTabActions } from '../../ui/workbench';
import classes from './object-view.module.css';

export interface SqlPanelProps {
  readonly sql: string;
  readonly onOpen: (sql: string) => void;
}

/** The statements that make an object anew, to read, copy and open. */
export function SqlPanel({ sql: given, onOpen }: SqlPanelProps) {
  const { t } = useTranslation('catalog');
  const sql = given.trimEnd();
  const copy = useCopy();
  const open = () => onOpen(sql);
  useTabActions([
    { id: 'object.copy-sql', label: t('copySql'), run: () => copy(sql) },
    { id: 'object.open-sql', label: t('openInQueryTool'), run: open },
  ]);
  return (
    <div className={classes.sql}>
      <div className={classes.sqlBar}>
        <CopyButton text={sql} label={t('copySql')} />
        <Button size="xs" variant="subtle" leftSection={<IconTerminal size={16} stroke={1.5} />} onClick={open}>
          {t('openInQueryTool')}
        </Button>
      </div>
      <div className={classes.sqlText}>
        <SqlViewer text={sql} label={t('tabs.sql')} />
      </div>
    </div>
  );
}
