import { Button, Select } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { errorInfo } from '../../../shared/errors';
import type { ServerView } from '../../../shared/model/server';
import { ErrorPanel } from '../../ui/error-panel';
import { useCommand } from '../../ui/workbench';
import classes from './import-wizard.module.css';
import type { DatabaseName, Loaded } from './use-wizard';

export interface ServerPickerProps {
  readonly label: string;
  readonly servers: readonly ServerView[] | null;
  readonly value: string;
  readonly onChange: (serverId: string) => void;
}

/** One of the registered servers, or the way to register one. */
export function ServerPicker({ label, servers, value, onChange }: ServerPickerProps) {
  const { t } = useTranslation('transfer');
  const run = useCommand();
  return (
    <div className={classes.withButton}>
      <Select
        className={classes.narrow ?? ''}
        w="100%"
        label={label}
        placeholder={servers?.length === 0 ? t('server.none') : t('server.choose')}
        data={(servers ?? []).map((server) => ({
          value: server.id,
          label: server.status.version === '' ? server.name : `${server.name} — ${server.status.version}`,
        }))}
        value={value === '' ? null : value}
        onChange={(id) => onChange(id ?? '')}
        searchable
        allowDeselect={false}
        disabled={servers === null}
      />
      <Button
        variant="subtle"
        leftSection={<IconPlus size={16} stroke={1.5} />}
        onClick={() => run({ do: 'register-server' })}
      >
        {t('server.register')}
      </Button>
    </div>
  );
}

/** Why the databases of a server can't be listed, with the way to connect. */
export function DatabasesProblem({
  server,
  databases,
}: {
  readonly server: ServerView;
  readonly databases: Loaded<readonly DatabaseName[]>;
}) {
  const { t } = useTranslation('transfer');
  const run = useCommand();
  if (databases.error === null) return null;
  const needsPerson = /^(authentication|secrets-locked|tunnel)$/.test(errorInfo(databases.error).code);
  return (
    <>
      <ErrorPanel title={t('server.failed', { name: server.name })} error={databases.error} onRetry={databases.again} />
      {needsPerson ? (
        <div>
          <Button variant="default" onClick={() => run({ do: 'connect-server', serverId: server.id })}>
            {t('server.connect')}
          </Button>
        </div>
      ) : null}
    </>
  );
}
