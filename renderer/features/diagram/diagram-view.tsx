import { Skeleton } from '@mantine/core';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { ObjectRef } from '../../../shared/model/catalog';
import { isDirty } from '../../../shared/model/diagram-history';
import { ErrorPanel } from '../../ui/error-panel';
import { followServers, readServers } from '../../api/servers';
import { useLive } from '../../ui/use-live';
import { useTab, useTabTitle } from '../../ui/workbench';
import { DiagramStart, SchemaChoice } from './diagram-start';
import classes from './diagram-view.module.css';
import { DiagramWork } from './diagram-work';
import { createDiagramTab } from './store';
import { useDiagramDeeds } from './use-diagram-deeds';
import { useDiagramSource } from './use-diagram-source';

export interface DiagramViewProps {
  readonly serverId?: string;
  readonly database?: string;
  readonly objects?: readonly ObjectRef[];
}

const NO_OBJECTS: readonly ObjectRef[] = [];

/** Tables and what ties them together, as a drawing. */
export function DiagramView({ serverId, database, objects = NO_OBJECTS }: DiagramViewProps) {
  const { t } = useTranslation('diagram');
  const [tab] = useState(createDiagramTab);
  useEffect(() => () => tab.close(), [tab]);
  const given = useMemo(
    () => (serverId !== undefined && database !== undefined ? { serverId, database } : null),
    [serverId, database],
  );
  const source = useDiagramSource(tab, given, objects);
  const { phase } = source;
  const file = useStore(tab.store, (state) => state.file);
  const dirty = useStore(tab.store, (state) => isDirty(state.history));
  const server = useLive(readServers, followServers)?.find(({ id }) => id === source.database?.serverId);
  const { setDirty, setStatus } = useTab();
  const name = file?.name.replace(/\.howdah-diagram$/, '') ?? nameOf(objects) ?? source.database?.database ?? '';

  useTabTitle(name === '' ? t('untitled') : t('title', { name }));
  useEffect(() => setDirty(dirty), [setDirty, dirty]);
  useEffect(() => {
    if (!source.database) return;
    setStatus({
      server: server?.name ?? '',
      database: source.database.database,
      user: '',
      environment: server?.environment ?? 'none',
      transaction: '',
    });
  }, [setStatus, server, source.database]);

  // What failed for want of a connection works once the person has connected.
  const connected = server?.status.connected === true;
  const wasConnected = useRef(connected);
  useEffect(() => {
    if (connected && !wasConnected.current && phase.is === 'failed') source.retry();
    wasConnected.current = connected;
  }, [connected, phase, source]);

  const deeds = useDiagramDeeds({
    tab,
    name: name === '' ? 'diagram' : name,
    database: source.database,
    begin: source.begin,
  });

  switch (phase.is) {
    case 'start':
      return (
        <div className={classes.view}>
          <DiagramStart
            onEmpty={() => source.begin()}
            onOpen={() => deeds.onDeed('open')}
            onDatabase={(chosenServer, chosen) =>
              void source.read({ serverId: chosenServer, database: chosen }, { schemas: [], tables: [] })
            }
          />
        </div>
      );
    case 'reading':
      return (
        <div className={classes.waiting} role="status" aria-label={t('reading')}>
          {[0, 1, 2, 3, 4, 5].map((each) => (
            <Skeleton key={each} height={160} />
          ))}
        </div>
      );
    case 'schemas':
      return (
        <div className={classes.view}>
          <SchemaChoice
            database={source.database?.database ?? ''}
            schemas={phase.schemas}
            onChoose={(schemas) => {
              if (source.database) void source.read(source.database, { schemas, tables: [] });
            }}
          />
        </div>
      );
    case 'failed':
      return (
        <div className={classes.failed}>
          <ErrorPanel error={phase.error} title={t('failed')} onRetry={source.retry} />
        </div>
      );
    case 'drawing':
      return <DiagramWork tab={tab} hasDatabase={source.database !== null} deeds={deeds} />;
  }
}

/** What a diagram of one schema or one table is called. */
function nameOf(objects: readonly ObjectRef[]): string | null {
  const [only, ...more] = objects;
  return only && more.length === 0 ? only.name : null;
}
