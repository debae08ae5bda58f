import { Autocomplete, Button, Select, TextInput } from '@mantine/core';
import { IconBookmark, IconExternalLink } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { SavedQuery } from '../../../shared/model/library';
import type { ServerView } from '../../../shared/model/server';
import { api } from '../../api';
import { followServers, readServers } from '../../api/servers';
import { useLive } from '../../ui/use-live';
import { visibleText } from '../../ui/visible-text';
import { useCommand, useTabActions } from '../../ui/workbench';
import { BELOW, FormDeeds, SqlField, useEntry, useSaving } from './form-parts';
import classes from './library-view.module.css';
import { LibrarySection, type FormProps } from './library-section';
import { followSaved, readSaved } from './lists';

const NEW: Omit<SavedQuery, 'id' | 'changedAt'> = { name: '', folder: '', sql: '', serverId: null, database: '' };
const NO_QUERIES: readonly SavedQuery[] = [];
const NO_SERVERS: readonly ServerView[] = [];

/** Saved queries: by folder, with what they are bound to. */
export function SavedSection() {
  const { t } = useTranslation('library');
  const saved = useLive(readSaved, followSaved);
  return (
    <LibrarySection
      label={t('sections.saved')}
      items={saved}
      noteOf={({ folder }) => folder}
      searched={({ name, folder, sql }) => `${name}\n${folder}\n${sql}`}
      newLabel={t('saved.new')}
      empty={{
        title: t('saved.empty.title'),
        text: t('saved.empty.text'),
        icon: <IconBookmark size={32} stroke={1.5} />,
      }}
      Form={SavedForm}
    />
  );
}

function SavedForm({ item, onDirty, onDone }: FormProps<SavedQuery>) {
  const { t } = useTranslation('library');
  const run = useCommand();
  const all = useLive(readSaved, followSaved) ?? NO_QUERIES;
  const servers = useLive(readServers, followServers) ?? NO_SERVERS;
  const folders = [...new Set(all.map(({ folder }) => folder))].filter((each) => each !== '').toSorted();
  const { entry: query, dirty, change, settled } = useEntry(item ?? NEW, onDirty);
  const saving = useSaving();
  const save = async () => {
    const { name, folder, sql, serverId, database } = query;
    const saved = await saving.save(() =>
      api.library.saveQuery({ id: item?.id ?? '', name: name.trim(), folder, sql, serverId, database }),
    );
    if (saved === null) return;
    settled();
    onDone(saved.id);
  };
  const bound = servers.find(({ id }) => id === query.serverId);
  const server = bound ?? servers.find(({ status }) => status.connected) ?? servers[0];
  const open = () => {
    if (server === undefined) return;
    const database = bound === undefined || query.database === '' ? server.database : query.database;
    run({ do: 'open-query', serverId: server.id, database, sql: query.sql });
  };
  const openLabel = t('openOn', { server: visibleText(server?.name ?? '') });
  useTabActions([{ id: 'library.open', label: openLabel, disabled: server === undefined, run: open }]);
  return (
    <>
      <div className={classes.fields}>
        <TextInput
          label={t('fields.name')}
          value={query.name}
          maxLength={200}
          error={saving.taken === 'name' ? t('saveQuery.taken') : undefined}
          onChange={(event) => change({ name: event.currentTarget.value })}
        />
        <Autocomplete
          label={t('fields.folder')}
          description={t('fields.folderHint')}
          inputWrapperOrder={BELOW}
          data={folders}
          value={query.folder}
          maxLength={1000}
          onChange={(folder) => change({ folder })}
        />
        <Select
          label={t('fields.server')}
          placeholder={t('fields.anyServer')}
          data={servers.map(({ id, name }) => ({ value: id, label: visibleText(name) }))}
          value={query.serverId}
          clearable
          onChange={(serverId) => change({ serverId, ...(serverId === null ? { database: '' } : {}) })}
        />
        <TextInput
          label={t('fields.database')}
          value={query.database}
          maxLength={63}
          disabled={query.serverId === null}
          onChange={(event) => change({ database: event.currentTarget.value })}
        />
      </div>
      <SqlField label={t('fields.sql')} hint="" text={query.sql} onChange={(sql) => change({ sql })} />
      <FormDeeds
        name={item?.name ?? ''}
        dirty={dirty}
        complete={query.name.trim() !== ''}
        saving={saving}
        onSave={() => void save()}
        onRemove={async () => {
          await api.library.removeQuery({ id: item?.id ?? '' });
          onDone();
        }}
      >
        {server === undefined ? null : (
          <Button
            variant="default"
            leftSection={<IconExternalLink size={16} stroke={1.5} aria-hidden />}
            onClick={open}
          >
            {openLabel}
          </Button>
        )}
      </FormDeeds>
    </>
  );
}
