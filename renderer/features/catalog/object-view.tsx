import { Tabs } from '@mantine/core';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ObjectRef } from '../../../shared/model/catalog';
import { hasDdl } from '../../../shared/model/catalog-rules';
import { api } from '../../api/index';
import { useCommand, useOnCommand, useTab, useTabActions, useTabTitle } from '../../ui/workbench';
import { objectTitle } from './model';
import { ObjectHeader } from './object-header';
import { ObjectPropertiesView } from './object-properties';
import { hasRelations, hasStatistics } from './object-tabs';
import classes from './object-view.module.css';
import { Outcome } from './outcome';
import { RelatedTab } from './related-tab';
import { SqlPanel } from './sql-panel';
import { useLoaded } from './use-loaded';
import { useNode } from './use-node';
import { useServer } from './use-server';

export interface ObjectViewProps {
  readonly serverId: string;
  readonly database: string;
  readonly object: ObjectRef;
}

const DIRECTIONS = ['needs', 'needed-by'] as const;

/** One object of a server: its properties, the statements that make it anew, what is counted of it, and what hangs together with it. */
export function ObjectView({ serverId, database, object: given }: ObjectViewProps) {
  const { t } = useTranslation('catalog');
  const { t: words } = useTranslation('objects');
  const run = useCommand();
  const [shown, setShown] = useState('properties');
  // Grows with every refresh: the tabs of relations read by themselves.
  const [turn, setTurn] = useState(0);
  const server = useServer(serverId);
  const { active, setStatus } = useTab();
  const { kind, oid, sub, schema, name } = given;
  // The same object in new wrapping must not be read again.
  const object = useMemo<ObjectRef>(() => ({ kind, oid, sub, schema, name }), [kind, oid, sub, schema, name]);
  useTabTitle(objectTitle(name, database, server?.name ?? ''));
  useEffect(() => {
    if (!server) return;
    const { name: serverName, environment, status } = server;
    setStatus({ server: serverName, database, user: status.user, environment, transaction: '' });
  }, [server, database, setStatus]);

  const where = useMemo(() => ({ serverId, database, object }), [serverId, database, object]);
  const readProperties = useCallback((signal: AbortSignal) => api.catalog.properties(where, signal), [where]);
  const readDdl = useCallback((signal: AbortSignal) => api.catalog.ddl(where, signal), [where]);
  const readStatistics = useCallback((signal: AbortSignal) => api.catalog.statistics(where, signal), [where]);
  const properties = useLoaded(shown === 'properties', readProperties);
  const ddl = useLoaded(shown === 'sql', readDdl);
  const statistics = useLoaded(shown === 'statistics', readStatistics);
  const found = useNode(serverId, database, object);
  const reload = (): void => {
    found.reload();
    setTurn((last) => last + 1);
    properties.reload();
    ddl.reload();
    statistics.reload();
  };
  useOnCommand('refresh-tree', () => {
    if (active) reload();
    else found.reload();
  });

  const tabs = [
    { value: 'properties', label: t('tabs.properties') },
    ...(hasDdl(kind) ? [{ value: 'sql', label: t('tabs.sql') }] : []),
    ...(hasStatistics(kind) ? [{ value: 'statistics', label: words('tabs.statistics') }] : []),
    ...(hasRelations(kind)
      ? DIRECTIONS.map((direction) => ({ value: direction, label: words(`related.${direction}`) }))
      : []),
  ];
  useTabActions(
    tabs.map(({ value, label }) => ({
      id: `object.show-${value}`,
      label: words('offers.tab', { tab: label }),
      run: () => setShown(value),
    })),
  );

  return (
    <div className={classes.view} data-testid="object-view">
      <ObjectHeader
        serverId={serverId}
        database={database}
        object={object}
        found={found.value}
        version={server?.status.versionNum ?? 0}
        onReload={reload}
      />
      <Tabs
        className={classes.tabs ?? ''}
        value={shown}
        onChange={(value) => setShown(value ?? 'properties')}
        keepMounted={false}
      >
        <Tabs.List>
          {tabs.map(({ value, label }) => (
            <Tabs.Tab key={value} value={value}>
              {label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="properties" className={classes.panel ?? ''}>
          <Outcome error={properties.error} onRetry={properties.reload} ready={properties.value !== null}>
            {properties.value ? <ObjectPropertiesView properties={properties.value} /> : null}
          </Outcome>
        </Tabs.Panel>
        <Tabs.Panel value="sql" className={classes.panel ?? ''}>
          <Outcome error={ddl.error} onRetry={ddl.reload} ready={ddl.value !== null}>
            {ddl.value ? (
              <SqlPanel sql={ddl.value.sql} onOpen={(sql) => run({ do: 'open-query', serverId, database, sql })} />
            ) : null}
          </Outcome>
        </Tabs.Panel>
        <Tabs.Panel value="statistics" className={classes.panel ?? ''}>
          <Outcome error={statistics.error} onRetry={statistics.reload} ready={statistics.value !== null}>
            {statistics.value ? <ObjectPropertiesView properties={statistics.value} /> : null}
          </Outcome>
        </Tabs.Panel>
        {DIRECTIONS.map((direction) => (
          <Tabs.Panel key={direction} value={direction} className={classes.panel ?? ''}>
            <RelatedTab key={turn} serverId={serverId} database={database} object={object} direction={direction} />
          </Tabs.Panel>
        ))}
      </Tabs>
    </div>
  );
}
