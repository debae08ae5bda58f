import { ActionIcon, Button, Skeleton, Tooltip } from '@mantine/core';
import { IconPlus, IconRefresh, IconServer2 } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '../../ui/empty-state';
import { ErrorPanel } from '../../ui/error-panel';
import { presentError } from '../../ui/error-presenter';
import { useCommand, useTab, useTabTitle } from '../../ui/workbench';
import { api } from '../../api';
import { BatchBar } from './batch-bar';
import { ControlPlaneNotice } from './control-plane-notice';
import { DeedDialog, type Deed } from './deed-dialog';
import { InstanceFilters } from './instance-filters';
import { InstanceTable } from './instance-table';
import classes from './instances-view.module.css';
import { filterInstances, NO_FILTER, withExpectations, type InstanceAction } from './model';
import { refresh, useFreshInstances, useInstances } from './store';

/** The list of instances of the control plane. */
export function InstancesView() {
  const { t } = useTranslation('instances');
  const run = useCommand();
  const { visible } = useTab();
  useTabTitle(t('title'));
  useFreshInstances(visible);
  const { controlPlane, list, listError, expected } = useInstances();
  const [filter, setFilter] = useState(NO_FILTER);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [deed, setDeed] = useState<Deed | null>(null);
  const all = useMemo(() => withExpectations(list ?? [], expected), [list, expected]);
  const shown = useMemo(() => filterInstances(all, filter), [all, filter]);
  const chosen = shown.filter((instance) => selected.has(instance.id));

  const connect = async (id: string) => {
    const { serverId } = await api.instances.register({ id });
    run({ do: 'connect-server', serverId });
  };
  const onAction = (action: InstanceAction, id: string) => {
    if (action === 'connect') connect(id).catch(presentError);
    else setDeed({ deed: action, instances: all.filter((instance) => instance.id === id) });
  };
  const create = () => run({ do: 'create-instance' });

  return (
    <div className={classes.view}>
      <header className={classes.header}>
        <h1>{t('title')}</h1>
        <div className={classes.actions}>
          <Tooltip label={t('refresh')}>
            <ActionIcon size="lg" variant="default" aria-label={t('refresh')} onClick={() => void refresh()}>
              <IconRefresh size={16} stroke={1.5} />
            </ActionIcon>
          </Tooltip>
          <Button leftSection={<IconPlus size={16} stroke={1.5} />} onClick={create}>
            {t('create')}
          </Button>
        </div>
      </header>
      <ControlPlaneNotice state={controlPlane} known={list !== null} />
      {listError === null ? null : (
        <ErrorPanel title={t('listFailed')} error={listError} onRetry={() => void refresh()} />
      )}
      {list === null && controlPlane.state !== 'failed' && controlPlane.state !== 'stopped' && listError === null ? (
        <ListSkeleton />
      ) : null}
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
            onRestart={(instances) => setDeed({ deed: 'restart', instances })}
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
            <InstanceTable list={shown} selected={selected} onSelect={setSelected} onAction={onAction} />
          )}
        </>
      )}
      <DeedDialog deed={deed} onClose={() => setDeed(null)} />
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
