import { ActionIcon, Popover, Tooltip } from '@mantine/core';
import { IconInfoCircle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { connectionStrings } from '../../../shared/model/connection-strings';
import type { ServerDefinition } from '../../../shared/model/server';
import { CopyButton } from '../../ui/copy-button';
import classes from './servers.module.css';

export interface ConnectionInfoProps {
  readonly server: ServerDefinition;
}

/** What is typed as a URI, a psql command and a keyword string, each to copy. Never with a password. */
export function ConnectionInfo({ server }: ConnectionInfoProps) {
  const { t } = useTranslation('servers');
  const strings = connectionStrings(server);
  return (
    <Popover width={560} position="top-start" trapFocus returnFocus>
      <Popover.Target>
        <Tooltip label={t('info.label')}>
          <ActionIcon size="lg" aria-label={t('info.label')}>
            <IconInfoCircle size={16} stroke={1.5} />
          </ActionIcon>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown>
        <dl className={classes.strings}>
          {(['uri', 'psql', 'keywords'] as const).map((form) => (
            <div key={form}>
              <dt>{t(`info.${form}`)}</dt>
              <dd>
                <code className="selectable">{strings[form]}</code>
                <CopyButton text={strings[form]} label={t('info.copy', { form: t(`info.${form}`) })} />
              </dd>
            </div>
          ))}
        </dl>
        <p className={classes.muted}>{t('info.noPassword')}</p>
      </Popover.Dropdown>
    </Popover>
  );
}
