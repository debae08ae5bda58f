import { Menu } from '@mantine/core';
import {
  IconArrowRight,
  IconCopy,
  IconDatabaseImport,
  IconEdit,
  IconExternalLink,
  IconFilter,
  IconFolderPlus,
  IconFolderSymlink,
  IconPlayerPlay,
  IconPlug,
  IconPlugOff,
  IconPlus,
  IconRefresh,
  IconTerminal,
  IconTrash,
  type Icon,
} from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { hasRows, selectScript } from '../../../shared/model/catalog-rules';
import { quoteQualified } from '../../../shared/model/quote';
import type { ServerGroup, ServerView } from '../../../shared/model/server';
import { api } from '../../api/index';
import { presentError } from '../../ui/error-presenter';
import { useCommand } from '../../ui/workbench';
import { expand, openWhenConnected, refresh, setFilter, useExplorer } from './store';
import classes from './explorer.module.css';
import type { ExplorerLine } from './model';

/** What the menu is open for, and where. */
export interface MenuTarget {
  readonly line: ExplorerLine;
  readonly x: number;
  readonly y: number;
}

/** Something that asks first. */
export type Question =
  | { readonly ask: 'remove-server'; readonly server: ServerView }
  | { readonly ask: 'remove-group'; readonly group: ServerGroup };

export interface ExplorerMenuProps {
  readonly target: MenuTarget;
  readonly onClose: () => void;
  readonly onAsk: (question: Question) => void;
  readonly onCopy: (text: string) => void;
}

interface EntryProps {
  readonly icon: Icon;
  readonly label: string;
  readonly keys?: string;
  readonly danger?: boolean;
  readonly onClick: () => void;
}

function Entry({ icon: Shown, label, keys, danger = false, onClick }: EntryProps) {
  return (
    <Menu.Item
      leftSection={<Shown size={16} stroke={1.5} />}
      rightSection={keys === undefined ? undefined : <span className={classes.muted}>{keys}</span>}
      {...(danger ? { color: 'error' } : {})}
      onClick={onClick}
    >
      {label}
    </Menu.Item>
  );
}

/** The context menu of a line: only what works for it. */
export function ExplorerMenu({ target, onClose, onAsk, onCopy }: ExplorerMenuProps) {
  return (
    <Menu opened onClose={onClose} position="bottom-start" offset={0} returnFocus={false}>
      <Menu.Target>
        <span className={classes.anchor} style={{ left: target.x, top: target.y }} />
      </Menu.Target>
      <Menu.Dropdown>
        <Entries target={target} onClose={onClose} onAsk={onAsk} onCopy={onCopy} />
      </Menu.Dropdown>
    </Menu>
  );
}

function Entries({ target: { line }, onAsk, onCopy }: ExplorerMenuProps) {
  const { t } = useTranslation('catalog');
  const run = useCommand();
  const { content, key } = line;
  const refreshEntry = (
    <Entry icon={IconRefresh} label={t('menu.refresh')} keys="F5" onClick={() => void refresh(key)} />
  );
  switch (content.type) {
    case 'root':
      return (
        <>
          <Entry icon={IconPlus} label={t('menu.registerServer')} onClick={() => run({ do: 'register-server' })} />
          <Entry icon={IconFolderPlus} label={t('menu.createGroup')} onClick={() => run({ do: 'create-group' })} />
        </>
      );
    case 'group': {
      const { id } = content.group;
      return (
        <>
          <Entry
            icon={IconPlus}
            label={t('menu.registerServer')}
            onClick={() => run({ do: 'register-server', groupId: id })}
          />
          <Entry
            icon={IconFolderPlus}
            label={t('menu.createGroup')}
            onClick={() => run({ do: 'create-group', parentId: id })}
          />
          <Menu.Divider />
          <Entry icon={IconEdit} label={t('menu.renameGroup')} onClick={() => run({ do: 'edit-group', groupId: id })} />
          <Entry
            icon={IconTrash}
            danger
            label={t('menu.removeGroup')}
            onClick={() => onAsk({ ask: 'remove-group', group: content.group })}
          />
        </>
      );
    }
    case 'server':
      return <ServerEntries server={content.server} lineKey={key} onAsk={onAsk} />;
    case 'folder':
      return (
        <>
          <Entry
            icon={IconFilter}
            label={t('menu.filter')}
            onClick={() => {
              expand(key, content);
              setFilter({ text: '', scope: key });
            }}
          />
          {refreshEntry}
        </>
      );
    case 'object': {
      const { ref } = content.node;
      const { serverId } = content.place;
      const database = ref.kind === 'database' ? ref.name : content.place.database;
      if (ref.kind === 'database') {
        return (
          <>
            <Entry
              icon={IconTerminal}
              label={t('menu.queryTool')}
              onClick={() => run({ do: 'open-query', serverId, database })}
            />
            <Entry
              icon={IconDatabaseImport}
              label={t('menu.importInto')}
              onClick={() => run({ do: 'import', serverId, database })}
            />
            <Menu.Divider />
            <Entry
              icon={IconExternalLink}
              label={t('menu.open')}
              keys="Enter"
              onClick={() => run({ do: 'show-object', serverId, database, object: ref })}
            />
            <Entry icon={IconCopy} label={t('menu.copyName')} onClick={() => onCopy(ref.name)} />
            {refreshEntry}
          </>
        );
      }
      return (
        <>
          <Entry
            icon={IconExternalLink}
            label={t('menu.open')}
            keys="Enter"
            onClick={() => run({ do: 'show-object', serverId, database, object: ref })}
          />
          {database === '' ? null : (
            <Entry
              icon={IconTerminal}
              label={t('menu.queryTool')}
              onClick={() => run({ do: 'open-query', serverId, database })}
            />
          )}
          {hasRows(ref.kind) ? (
            <Entry
              icon={IconPlayerPlay}
              label={t('menu.selectRows', { count: 100 })}
              onClick={() => run({ do: 'open-query', serverId, database, sql: selectScript(ref, 100), run: true })}
            />
          ) : null}
          <Menu.Divider />
          <Entry
            icon={IconCopy}
            label={t('menu.copyName')}
            onClick={() => onCopy(ref.kind === 'column' ? ref.name : quoteQualified(ref.schema, ref.name))}
          />
          {line.expandable ? refreshEntry : null}
        </>
      );
    }
    default:
      return <Entry icon={IconRefresh} label={t('menu.refresh')} onClick={() => void refresh(key)} />;
  }
}

function ServerEntries({
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
          <Entry icon={IconDatabaseImport} label={t('menu.import')} onClick={() => run({ do: 'import', serverId })} />
          <Entry icon={IconRefresh} label={t('menu.refresh')} keys="F5" onClick={() => void refresh(lineKey)} />
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
        <Menu.Sub>
          <Menu.Sub.Target>
            <Menu.Sub.Item leftSection={<IconFolderSymlink size={16} stroke={1.5} />}>
              {t('menu.moveToGroup')}
            </Menu.Sub.Item>
          </Menu.Sub.Target>
          <Menu.Sub.Dropdown>
            {server.groupId === null ? null : (
              <Entry icon={IconArrowRight} label={t('menu.noGroup')} onClick={() => move(null)} />
            )}
            {elsewhere.map((group) => (
              <Entry key={group.id} icon={IconArrowRight} label={group.name} onClick={() => move(group.id)} />
            ))}
          </Menu.Sub.Dropdown>
        </Menu.Sub>
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
