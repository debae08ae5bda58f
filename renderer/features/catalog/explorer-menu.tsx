import { Menu } from '@mantine/core';
import { IconEdit, IconFolderPlus, IconPlus, IconRefresh, IconTrash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { ServerGroup, ServerView } from '../../../shared/model/server';
import { useCommand } from '../../ui/workbench';
import classes from './explorer.module.css';
import { Entry } from './menu/entry';
import { FavouriteEntries } from './menu/favourite-entries';
import { FolderEntries } from './menu/folder-entries';
import { ObjectEntries } from './menu/object-entries';
import { ServerEntries } from './menu/server-entries';
import type { ExplorerLine } from './model';
import { expand, refresh, setFilter, useExplorer } from './store';

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
}

/** The context menu of a line: only what works for it. */
export function ExplorerMenu({ target, onClose, onAsk }: ExplorerMenuProps) {
  return (
    <Menu opened onClose={onClose} position="bottom-start" offset={0} returnFocus={false}>
      <Menu.Target>
        <span className={classes.anchor} style={{ left: target.x, top: target.y }} />
      </Menu.Target>
      <Menu.Dropdown>
        <Entries target={target} onClose={onClose} onAsk={onAsk} />
      </Menu.Dropdown>
    </Menu>
  );
}

function Entries({ target: { line }, onAsk }: ExplorerMenuProps) {
  const { t } = useTranslation('catalog');
  const run = useCommand();
  const { content, key } = line;
  const servers = useExplorer((state) => state.servers);
  const versionOf = (serverId: string): number => servers?.find(({ id }) => id === serverId)?.status.versionNum ?? 0;
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
        <FolderEntries
          folder={content.folder}
          place={content.place}
          version={versionOf(content.place.serverId)}
          onFilter={() => {
            expand(key, content);
            setFilter({ text: '', scope: key });
          }}
          onRefresh={() => void refresh(key)}
        />
      );
    case 'favourites':
      return null;
    case 'favourite': {
      const { serverId, database } = content.place;
      return (
        <FavouriteEntries serverId={serverId} database={database} object={content.ref} version={versionOf(serverId)} />
      );
    }
    case 'object': {
      const { ref, note, mark } = content.node;
      const { serverId, database, parent } = content.place;
      return (
        <ObjectEntries
          serverId={serverId}
          database={ref.kind === 'database' ? ref.name : database}
          object={ref}
          note={note}
          mark={mark}
          version={versionOf(serverId)}
          parent={parent}
          withOpen
          onRefresh={line.expandable ? () => void refresh(key) : undefined}
        />
      );
    }
    default:
      return <Entry icon={IconRefresh} label={t('menu.refresh')} onClick={() => void refresh(key)} />;
  }
}
