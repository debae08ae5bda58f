import { ActionIcon, Button, Skeleton, Tooltip } from '@mantine/core';
import { IconNetwork, IconPlus, IconRefresh, IconServer2 } from '@tabler/icons-react';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { LOCAL_PLANE } from '../../../shared/model/plane';
import { api } from '../../api';
import { EmptyState } from '../../ui/empty-state';
import { ErrorPanel } from '../../ui/error-panel';
import { presentError } from '../../ui/error-presenter';
import { useCommand, useTab, useTabActions, useTabTitle } from '../../ui/workbench';
import { useTip } from '../../ui/tip';
import { BatchBar } from './batch-bar';
import { ColumnMenu } from './column-menu';
import { readColumns, saveColumns } from './columns';
import { ControlPlaneNotice } from './control-plane-notice';
import { InstanceDialogs, type Asked } from './instance-dialogs';
import { InstanceFilters } from './instance-filters';
import { InstanceTable } from './instance-table';
import classes from './instances-view.module.css';
import { filterInstances, NO_FILTER, withExpectations, type InstanceAction } from './model';
import { PlaneSwitch } from '../../ui/plane-switch';
import { planeOf, usePlanes } from './planes';
import { readPreference, writePreference } from './preferences';
import { refresh, useFreshInstances, useInstances, usePlaneState } from './store';

/** The list of instances of a control plane. */
export function InstancesView() {
  const { t } = useTranslation('instances');
  const run = useCommand();
  const { visible } = useTab();
  useTabTitle(t('title'));
  const planes = usePlanes();
  const [wanted, setWanted] = useState(() => readPreference('plane') ?? LOCAL_PLANE);
  const plane = planeOf(wanted, planes);
  useFreshInstances(plane, visible);
  const controlPlane = useInstances((state) => state.controlPlane);
  const { list, listError, expected } = usePlaneState(plane);
  const [filter, setFilter] = useState(NO_FILTER);
  const [columns, setColumns] = useState(readColumns);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [asked, setAsked] = useState<Asked | null>(null);
  const all = useMemo(() => withExpectations(list ?? [], expected), [list, expected]);
  const shown = useMemo(() => filterInstances(all, filter), [all, filter]);
  const chosen = shown.filter((instance) => selected.has(instance.id));
  const latest = useRef(all);
  useEffect(() => {
    latest.current = all;
  });

  const onAction = useCallback(
    (action: InstanceAction, id: string) => {
      const connect = async () => {
        const { serverId } = await api.instances.register({ plane, id });
        run({ do: 'connect-server', serverId });
      };
      if (action === 'connect') connect().catch(presentError);
      else if (action === 'manage') run({ do: 'show-instance', plane, id });
      else setAsked({ action, instances: latest.current.filter((instance) => instance.id === id) });
    },
    [plane, run],
  );
  const onToggle = useCallback((id: string) => {
    setSelected((before) => {
      const next = new Set(before);
      if (!next.delete(id)) next.add(id);
      return next;
    });
  }, []);
  const create = () => run({ do: 'create-instance', plane });
  const showNetworks = () => run({ do: 'show-networks', plane });
  const reread = () => void refresh(plane);
  useTabActions([
    { id: 'instances.refresh', label: t('refresh'), keys: 'f5', run: reread },
    { id: 'instances.networks', label: t('networks'), run: showNetworks },
  ]);
  const tip = useTip();
  const stopped = plane === LOCAL_PLANE && (controlPlane.state === 'failed' || controlPlane.state === 'stopped');

  return (
    <div className={classes.view}>
      <header className={classes.header}>
        <h1>{t('title')}</h1>
        <div className={classes.actions}>
          <PlaneSwitch
            planes={planes}
            plane={plane}
            onChange={(next) => {
              writePreference('plane', next);
              setWanted(next);
              setSelected(new Set());
              setFilter(NO_FILTER);
            }}
          />
          <Tooltip label={t('networks')}>
            <ActionIcon size="lg" variant="default" aria-label={t('networks')} onClick={showNetworks}>
              <IconNetwork size={16} stroke={1.5} />
            </ActionIcon>
          </Tooltip>
          <ColumnMenu
            columns={columns}
            onChange={(next) => {
              saveColumns(next);
              setColumns(next);
            }}
          />
          <Tooltip label={tip(t('refresh'), 'instances.refresh', 'f5')}>
            <ActionIcon size="lg" variant="default" aria-label={t('refresh')} onClick={reread}>
              <IconRefresh size={16} stroke={1.5} />
            </ActionIcon>
          </Tooltip>
          <Button leftSection={<IconPlus size={16} stroke={1.5} />} onClick={create}>
            {t('create')}
          </Button>
        </div>
      </header>
      {plane === LOCAL_PLANE ? <ControlPlaneNotice state={controlPlane} known={list !== null} /> : null}
      {listError === null ? null : (
        <ErrorPanel title={t('listFailed')} error={listError} onRetry={() => void refresh(plane)} />
      )}
      {list === null && !stopped && listError === null ? <ListSkeleton /> : null}
      {list !== null && list.length === 0 ? (
        <EmptyState
          icon={<IconServer2 size={32} stroke={1.5} />}
          title={t('empty.title')}
          text={t('empty.text')}
          action={<Button onClick={create}>{t('create')}</Button>}
          link={
            <Button variant="subtle" onClick={() => run({ do: 'show-help', topic: 'instances' })}>
              {t('empty.link')}
            </Button>
          }
        />
      ) : null}
      {all.length === 0 ? null : (
        <>
          <InstanceFilters list={all} filter={filter} onChange={setFilter} />
          <BatchBar
            chosen={chosen}
            onRestart={(instances) => setAsked({ action: 'restart', instances })}
            onLabels={(instances) => setAsked({ action: 'labels', instances })}
            onClear={() => setSelected(new Set())}
          />
          {shown.length === 0 ? (
            <EmptyState
              title={t('nothingFound')}
              action={
                <Button variant="default" onClick={() => setFilter(NO_FILTER)}>
                  {t('filters.clear')}
                </Button>
              }
            />
          ) : (
            <InstanceTable
              list={shown}
              columns={columns}
              selected={selected}
              onSelect={setSelected}
              onToggle={onToggle}
              onAction={onAction}
            />
          )}
        </>
      )}
      <InstanceDialogs asked={asked} onClose={() => setAsked(null)} />
    </div>
  );
}

function ListSkeleton() {
  const { t } = useTranslation('instances');
  return (
    <div className={classes.skeleton} role="status" aria-label={t('reading')}>
      {[1, 2, 3].map((row) => (
        <Skeleton key={row} height={32} />
      ))}
    </div>
  );
}
