import { Button, Select } from '@mantine/core';
import { IconExternalLink, IconFileText, IconTrash } from '@tabler/icons-react';
import { useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DraftInfo } from '../../../shared/model/library';
import { api } from '../../api';
import { formatCount, formatTime } from '../../ui/bytes';
import { ConfirmDialog } from '../../ui/confirm-dialog';
import { EmptyState } from '../../ui/empty-state';
import { presentError } from '../../ui/error-presenter';
import { followServers, readServers } from '../../api/servers';
import { useLive } from '../../ui/use-live';
import { visibleText } from '../../ui/visible-text';
import { useCommand, useTab } from '../../ui/workbench';
import classes from './library-view.module.css';

const icon = { size: 16, stroke: 1.5, 'aria-hidden': true } as const;

/** Texts of tabs that aren't there any more, e.g. of a window that was closed: never deleted by themselves while they are few. */
export function DraftsSection() {
  const { t, i18n } = useTranslation('library');
  const run = useCommand();
  const { visible } = useTab();
  const servers = useLive(readServers, followServers);
  const [drafts, setDrafts] = useState<readonly DraftInfo[] | null>(null);
  const [serverId, setServerId] = useState<string | null>(null);
  const [removing, setRemoving] = useState<DraftInfo | null>(null);
  const read = useCallback(() => api.library.drafts({}).then(setDrafts, presentError), []);
  useEffect(() => {
    if (visible) void read();
  }, [visible, read]);
  if (drafts === null || servers === null) return null;
  if (drafts.length === 0) {
    return (
      <EmptyState
        icon={<IconFileText size={32} stroke={1.5} />}
        title={t('drafts.empty.title')}
        text={t('drafts.empty.text')}
      />
    );
  }
  const connected = servers.filter(({ status }) => status.connected);
  const server = servers.find(({ id }) => id === serverId) ?? connected[0] ?? servers[0];
  const open = (draftId: string) => {
    if (server === undefined) return;
    run({ do: 'open-query', serverId: server.id, database: server.database, draftId });
    setDrafts(drafts.filter(({ id }) => id !== draftId));
  };
  return (
    <div className={classes.drafts}>
      <Select
        className={classes.on ?? ''}
        label={t('drafts.on')}
        data={servers.map(({ id, name }) => ({ value: id, label: visibleText(name) }))}
        value={server?.id ?? null}
        allowDeselect={false}
        onChange={setServerId}
      />
      <ul className={classes.cards} aria-label={t('sections.drafts')}>
        {drafts.map((draft) => (
          <li key={draft.id} className={classes.card}>
            <div className={classes.cardHead}>
              <span className={classes.name}>
                {draft.fileName === '' ? formatTime(draft.at, i18n.language) : visibleText(draft.fileName)}
              </span>
              <span className={classes.note}>
                {t('drafts.length', { count: draft.length, length: formatCount(draft.length, i18n.language) })}
              </span>
              <div className={classes.gap} />
              <Button
                variant="default"
                leftSection={<IconExternalLink {...icon} />}
                disabled={server === undefined}
                onClick={() => open(draft.id)}
              >
                {t('drafts.open')}
              </Button>
              <Button variant="default" leftSection={<IconTrash {...icon} />} onClick={() => setRemoving(draft)}>
                {t('remove')}
              </Button>
            </div>
            <pre className={classes.peek}>{draft.head}</pre>
          </li>
        ))}
      </ul>
      <ConfirmDialog
        opened={removing !== null}
        title={t('drafts.removeTitle')}
        deed={t('remove')}
        danger
        onConfirm={async () => {
          if (removing !== null) await api.library.dropDraft({ id: removing.id });
          await read();
        }}
        onClose={() => setRemoving(null)}
      >
        {t('removal.text')}
      </ConfirmDialog>
    </div>
  );
}
