import { Menu } from '@mantine/core';
import {
  IconArrowRight,
  IconCopy,
  IconDatabaseImport,
  IconEdit,
  IconFlag,
  IconFolderPlus,
  IconFolderSymlink,
  IconGauge,
  IconPlayerPause,
  IconPlayerPlay,
  IconPlug,
  IconPlugOff,
  IconPlus,
  IconRefresh,
  IconReload,
  IconTerminal,
  IconTerminal2,
  IconTrash,
} from '@tabler/icons-react';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import type { ObjectAction } from '../../../../shared/model/command';
import type { ServerView } from '../../../../shared/model/server';
import { api } from '../../../api/index';
import { presentError } from '../../../ui/error-presenter';
import { useCommand, useKeysText } from '../../../ui/workbench';
import type { Question } from '../explorer-menu';
import { openWhenConnected, refresh, useExplorer } from '../store';
import { useLoaded } from '../use-loaded';
import { formsUnder } from './creatable';
import { CreateEntries } from './create-entries';
import { Entry, SubMenu } from './entry';

/** What works on the server as a whole: on a standby its replay, on a primary a restore point. */
function ServerActions({ serverId }: { readonly serverId: string }) {
  const { t } = useTranslation('objects');
  const run = useCommand();
  const read = useCallback(
    (signal: AbortSignal) => api.catalog.session({ serverId, database: '' }, signal),
    [serverId],
  );
  const session = useLoaded(true, read).value;
  const entry = (action: ObjectAction, icon: typeof IconFlag) => (
    <Entry
      icon={icon}
      label={t(`actions.${action}.menu`)}
      onClick={() => run({ do: 'act-on-objects', action, serverId, database: '', objects: [] })}
    />
  );
  return (
    <>
      {entry('reload-configuration', IconReload)}
      {session === null ? null : session.standby ? (
        <>
          {entry('pause-replay', IconPlayerPause)}
          {entry('resume-replay', IconPlayerPlay)}
        </>
      ) : (
        entry('restore-point', IconFlag)
      )}
    </>
  );
}

/** Everything that can be done with a server. */
export function ServerEntries({
  server,
  lineKey,
  onAsk,
}: {
  readonly server: ServerView;
  readonly lineKey: string;
  readonly onAsk: (question: Question) => void;
}) {
  const { t } = useTranslation('catalog');
  const run = useCommand();
  const keysText = useKeysText();
  const groups = useExplorer((state) => state.groups);
  const { id: serverId } = server;
  const move = (groupId: string | null): void => {
    api.servers.move({ id: serverId, groupId }).catch(presentError);
  };
  const elsewhere = groups.filter((group) => group.id !== server.groupId);
  return (
    <>
      {server.status.connected ? (
        <>
          <Entry
            icon={IconTerminal}
            label={t('menu.queryTool')}
            onClick={() => run({ do: 'open-query', serverId, database: server.database })}
          />
          <Entry
            icon={IconGauge}
            label={t('menu.dashboard')}
            onClick={() => run({ do: 'show-dashboard', serverId, database: server.database })}
          />
          <Entry
            icon={IconTerminal2}
            label={t('menu.psql')}
            onClick={() => run({ do: 'open-terminal', serverId, database: server.database })}
          />
          <CreateEntries
            serverId={serverId}
            database=""
            parent={null}
            forms={formsUnder('server', '', server.status.versionNum)}
          />
          <ServerActions serverId={serverId} />
          <Entry icon={IconDatabaseImport} label={t('menu.import')} onClick={() => run({ do: 'import', serverId })} />
          <Entry
            icon={IconRefresh}
            label={t('menu.refresh')}
            keys={keysText('refresh-tree')}
            onClick={() => void refresh(lineKey)}
          />
          <Entry
            icon={IconPlugOff}
            label={t('menu.disconnect')}
            onClick={() => {
              api.servers.disconnect({ id: serverId }).catch(presentError);
            }}
          />
        </>
      ) : (
        <Entry
          icon={IconPlug}
          label={t('menu.connect')}
          keys="Enter"
          onClick={() => {
            openWhenConnected(serverId);
            run({ do: 'connect-server', serverId });
          }}
        />
      )}
      <Menu.Divider />
      <Entry icon={IconEdit} label={t('menu.edit')} onClick={() => run({ do: 'edit-server', serverId })} />
      <Entry
        icon={IconCopy}
        label={t('menu.duplicate')}
        onClick={() => {
          api.servers.duplicate({ id: serverId }).catch(presentError);
        }}
      />
      {elsewhere.length === 0 && server.groupId === null ? null : (
        <SubMenu icon={IconFolderSymlink} label={t('menu.moveToGroup')}>
          {server.groupId === null ? null : (
            <Entry icon={IconArrowRight} label={t('menu.noGroup')} onClick={() => move(null)} />
          )}
          {elsewhere.map((group) => (
            <Entry key={group.id} icon={IconArrowRight} label={group.name} onClick={() => move(group.id)} />
          ))}
        </SubMenu>
      )}
      <Menu.Divider />
      <Entry
        icon={IconPlus}
        label={t('menu.registerServer')}
        onClick={() => run({ do: 'register-server', groupId: server.groupId })}
      />
      <Entry
        icon={IconFolderPlus}
        label={t('menu.createGroup')}
        onClick={() => run({ do: 'create-group', parentId: server.groupId })}
      />
      <Menu.Divider />
      <Entry icon={IconTrash} danger label={t('menu.remove')} onClick={() => onAsk({ ask: 'remove-server', server })} />
    </>
  );
}
