import { Button, Select, TextInput } from '@mantine/core';
import { IconHistory, IconSearch, IconTrash } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { HistoryEntry } from '../../../shared/model/library';
import { api } from '../../api';
import { ConfirmDialog } from '../../ui/confirm-dialog';
import { EmptyState } from '../../ui/empty-state';
import { presentError } from '../../ui/error-presenter';
import { focusSoon } from '../../ui/focus-soon';
import { showNotice } from '../../ui/notice';
import { followServers, readServers } from '../../api/servers';
import { useLive } from '../../ui/use-live';
import { visibleText } from '../../ui/visible-text';
import { useCommand, useTabActions, useTabTitle } from '../../ui/workbench';
import { HistoryDetails } from './history-details';
import { HistoryList } from './history-list';
import classes from './history-view.module.css';
import { useHistory, type HistoryFilter } from './use-history';

const OUTCOMES = ['any', 'done', 'failed'] as const;
const NO_SERVERS: readonly { readonly id: string; readonly name: string }[] = [];

/** Everything that was run, searchable. */
export function HistoryView({ serverId }: { readonly serverId?: string | undefined }) {
  const { t } = useTranslation('library');
  const run = useCommand();
  const servers = useLive(readServers, followServers) ?? NO_SERVERS;
  const [filter, setFilter] = useState<HistoryFilter>({
    text: '',
    serverId: serverId ?? '',
    database: '',
    outcome: 'any',
  });
  const [asked, setAsked] = useState(serverId);
  if (asked !== serverId) {
    setAsked(serverId);
    if (serverId !== undefined) setFilter({ ...filter, serverId });
  }
  const [chosen, setChosen] = useState<string>();
  const [clearing, setClearing] = useState(false);
  const { entries, readMore } = useHistory(filter);
  useTabTitle(t('history.title'));

  const entry = entries?.find(({ id }) => id === chosen) ?? entries?.[0];
  const filtered = filter.text !== '' || filter.serverId !== '' || filter.database !== '' || filter.outcome !== 'any';
  const databases = [...new Set((entries ?? []).map(({ database }) => database))];
  if (filter.database !== '' && !databases.includes(filter.database)) databases.push(filter.database);
  const server = servers.find(({ id }) => id === filter.serverId);
  const open = ({ serverId: on, database, sql }: HistoryEntry) => {
    // A server that isn't registered any more can't be opened on: the person chooses.
    if (servers.some(({ id }) => id === on)) run({ do: 'open-query', serverId: on, database, sql });
    else showNotice(t('history.serverGone'));
  };
  const remove = ({ id }: HistoryEntry) => {
    const at = entries?.findIndex((each) => each.id === id) ?? -1;
    setChosen((entries?.[at + 1] ?? entries?.[at - 1])?.id);
    api.library.removeHistory({ ids: [id] }).catch(presentError);
  };
  const clear = () => api.library.clearHistory(filter.serverId === '' ? {} : { serverId: filter.serverId });

  const search = useRef<HTMLInputElement>(null);
  const nothing = entries === null || entries.length === 0;
  useTabActions([
    { id: 'history.search', label: t('history.search'), run: () => focusSoon(search) },
    { id: 'history.clear', label: t('history.clear'), disabled: nothing, run: () => setClearing(true) },
  ]);

  return (
    <div className={classes.view}>
      <div className={classes.filters} role="search" aria-label={t('history.filters')}>
        <TextInput
          ref={search}
          className={classes.search ?? ''}
          leftSection={<IconSearch size={16} stroke={1.5} aria-hidden />}
          placeholder={t('history.search')}
          aria-label={t('history.search')}
          value={filter.text}
          maxLength={1000}
          onChange={(event) => setFilter({ ...filter, text: event.currentTarget.value })}
        />
        <Select
          className={classes.choice ?? ''}
          aria-label={t('history.server')}
          placeholder={t('history.anyServer')}
          data={servers.map(({ id, name }) => ({ value: id, label: visibleText(name) }))}
          value={filter.serverId === '' ? null : filter.serverId}
          clearable
          onChange={(value) => setFilter({ ...filter, serverId: value ?? '', database: '' })}
        />
        <Select
          className={classes.choice ?? ''}
          aria-label={t('history.database')}
          placeholder={t('history.anyDatabase')}
          data={databases.toSorted()}
          value={filter.database === '' ? null : filter.database}
          clearable
          onChange={(value) => setFilter({ ...filter, database: value ?? '' })}
        />
        <Select
          className={classes.choice ?? ''}
          aria-label={t('history.outcome')}
          data={OUTCOMES.map((value) => ({ value, label: t(`history.outcomes.${value}`) }))}
          value={filter.outcome}
          allowDeselect={false}
          onChange={(value) => setFilter({ ...filter, outcome: OUTCOMES.find((each) => each === value) ?? 'any' })}
        />
        <Button
          variant="default"
          leftSection={<IconTrash size={16} stroke={1.5} aria-hidden />}
          disabled={nothing}
          onClick={() => setClearing(true)}
        >
          {t('history.clear')}
        </Button>
      </div>
      {entries === null ? null : entries.length === 0 ? (
        <EmptyState
          icon={<IconHistory size={32} stroke={1.5} />}
          title={t(filtered ? 'history.nothing.title' : 'history.empty.title')}
          text={t(filtered ? 'history.nothing.text' : 'history.empty.text')}
        />
      ) : (
        <div className={classes.body}>
          <HistoryList
            entries={entries}
            chosen={entry?.id}
            onChoose={setChosen}
            onOpen={open}
            onRemove={remove}
            onEnd={readMore}
          />
          {entry === undefined ? null : <HistoryDetails entry={entry} onOpen={open} onRemove={remove} />}
        </div>
      )}
      <ConfirmDialog
        opened={clearing}
        title={t('history.clearTitle')}
        deed={t('history.clear')}
        danger
        onConfirm={clear}
        onClose={() => setClearing(false)}
      >
        {server === undefined ? t('history.clearAll') : t('history.clearServer', { server: visibleText(server.name) })}
      </ConfirmDialog>
    </div>
  );
}
