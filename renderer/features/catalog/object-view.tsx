import { ActionIcon, Button, Skeleton, Tabs, Tooltip } from '@mantine/core';
import { IconPlayerPlay, IconRefresh, IconTerminal } from '@tabler/icons-react';
import { useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ObjectRef } from '../../../shared/model/catalog';
import { displayName, hasDdl, hasRows, selectScript } from '../../../shared/model/catalog-rules';
import type { ServerView } from '../../../shared/model/server';
import { api, listen } from '../../api/index';
import { CopyButton } from '../../ui/copy-button';
import { ErrorPanel } from '../../ui/error-panel';
import { ObjectIcon } from '../../ui/object-icon';
import { SqlViewer } from '../../ui/sql-editor/sql-viewer';
import { useLive } from '../../ui/use-live';
import { useCommand, useOnCommand, useTab, useTabTitle } from '../../ui/workbench';
import { objectTitle } from './model';
import { ObjectPropertiesView } from './object-properties';
import classes from './object-view.module.css';
import { useLoaded } from './use-loaded';

export interface ObjectViewProps {
  readonly serverId: string;
  readonly database: string;
  readonly object: ObjectRef;
}

/** One object of a server: its properties and the statements that make it anew. */
export function ObjectView({ serverId, database, object }: ObjectViewProps) {
  const { t } = useTranslation('catalog');
  const run = useCommand();
  const [shown, setShown] = useState('properties');
  const server = useServer(serverId);
  const { active, setStatus } = useTab();
  useTabTitle(objectTitle(object.name, database, server?.name ?? ''));
  useEffect(() => {
    if (!server) return;
    const { name, environment, status } = server;
    setStatus({ server: name, database, user: status.user, environment, transaction: '' });
  }, [server, database, setStatus]);

  // The same object in new wrapping must not be read again.
  const key = JSON.stringify(object);
  const readProperties = useCallback(
    (signal: AbortSignal) =>
      api.catalog.properties({ serverId, database, object: JSON.parse(key) as ObjectRef }, signal),
    [serverId, database, key],
  );
  const readDdl = useCallback(
    (signal: AbortSignal) => api.catalog.ddl({ serverId, database, object: JSON.parse(key) as ObjectRef }, signal),
    [serverId, database, key],
  );
  const properties = useLoaded(shown === 'properties', readProperties);
  const ddl = useLoaded(shown === 'sql', readDdl);
  const reload = shown === 'sql' ? ddl.reload : properties.reload;
  useOnCommand('refresh-tree', () => {
    if (active) reload();
  });
  const openQuery = (sql: string, atOnce: boolean): void =>
    run({ do: 'open-query', serverId, database, sql, run: atOnce });

  return (
    <div className={classes.view} data-testid="object-view">
      <header className={classes.header}>
        <span className={classes.icon}>
          <ObjectIcon kind={object.kind} />
        </span>
        <h1 className={classes.name} title={displayName(object)}>
          {displayName(object)}
        </h1>
        <span className={classes.kind}>{t(`kinds.${object.kind}`)}</span>
        <CopyButton text={displayName(object)} label={t('menu.copyName')} />
        {hasRows(object.kind) ? (
          <Tooltip label={t('menu.selectRows', { count: 100 })}>
            <ActionIcon
              aria-label={t('menu.selectRows', { count: 100 })}
              onClick={() => openQuery(selectScript(object, 100), true)}
            >
              <IconPlayerPlay size={16} stroke={1.5} />
            </ActionIcon>
          </Tooltip>
        ) : null}
        <Tooltip label={t('menu.refresh')}>
          <ActionIcon aria-label={t('menu.refresh')} onClick={reload}>
            <IconRefresh size={16} stroke={1.5} />
          </ActionIcon>
        </Tooltip>
      </header>
      <Tabs className={classes.tabs} value={shown} onChange={(value) => setShown(value ?? 'properties')}>
        <Tabs.List>
          <Tabs.Tab value="properties">{t('tabs.properties')}</Tabs.Tab>
          {hasDdl(object.kind) ? <Tabs.Tab value="sql">{t('tabs.sql')}</Tabs.Tab> : null}
        </Tabs.List>
        <Tabs.Panel value="properties" className={classes.panel}>
          <Outcome error={properties.error} onRetry={properties.reload} ready={properties.value !== null}>
            {properties.value ? <ObjectPropertiesView properties={properties.value} /> : null}
          </Outcome>
        </Tabs.Panel>
        {hasDdl(object.kind) ? (
          <Tabs.Panel value="sql" className={classes.panel}>
            <Outcome error={ddl.error} onRetry={ddl.reload} ready={ddl.value !== null}>
              {ddl.value ? (
                <div className={classes.sql}>
                  <div className={classes.sqlBar}>
                    <CopyButton text={ddl.value.sql} label={t('copySql')} />
                    <Button
                      size="xs"
                      variant="subtle"
                      leftSection={<IconTerminal size={16} stroke={1.5} />}
                      onClick={() => openQuery(ddl.value?.sql ?? '', false)}
                    >
                      {t('openInQueryTool')}
                    </Button>
                  </div>
                  <div className={classes.sqlText}>
                    <SqlViewer text={ddl.value.sql} label={t('tabs.sql')} />
                  </div>
                </div>
              ) : null}
            </Outcome>
          </Tabs.Panel>
        ) : null}
      </Tabs>
    </div>
  );
}

const readServers = async () => (await api.servers.list({})).servers;
const followServers = (changed: () => void) => listen('servers', 'changed', changed);

/** The server as it is now; null until it is known. */
function useServer(serverId: string): ServerView | null {
  return useLive(readServers, followServers)?.find((each) => each.id === serverId) ?? null;
}

interface OutcomeProps {
  readonly error: unknown;
  readonly ready: boolean;
  readonly onRetry: () => void;
  readonly children: React.ReactNode;
}

/** What was read, or in its place the error or a skeleton. */
function Outcome({ error, ready, onRetry, children }: OutcomeProps) {
  if (error !== null) {
    return (
      <div className={classes.pad}>
        <ErrorPanel error={error} onRetry={onRetry} />
      </div>
    );
  }
  if (ready) return children;
  return (
    <div className={classes.skeleton} aria-busy>
      {['60%', '40%', '50%', '30%', '45%'].map((width) => (
        <Skeleton key={width} height={12} width={width} />
      ))}
    </div>
  );
}
