import { Button } from '@mantine/core';
import { IconLayoutDashboard } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '../ui/empty-state';
import { runCommand } from './commands';
import classes from './views.module.css';

/** What the dock shows without tabs. */
export function NoTab() {
  const { t } = useTranslation('app');
  return (
    <div className={classes.view}>
      <EmptyState
        icon={<IconLayoutDashboard size={32} stroke={1.5} />}
        title={t('tabs.none')}
        text={t('tabs.noneText')}
        action={<Button onClick={() => runCommand({ do: 'show-palette' })}>{t('commands.show-palette')}</Button>}
        link={
          <Button variant="subtle" onClick={() => runCommand({ do: 'show-start' })}>
            {t('commands.show-start')}
          </Button>
        }
      />
    </div>
  );
}
