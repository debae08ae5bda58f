import { ActionIcon, Button, Menu, TextInput, Tooltip, UnstyledButton } from '@mantine/core';
import { IconFilter, IconFolderPlus, IconPlus, IconRefresh, IconSearch, IconServer2, IconX } from '@tabler/icons-react';
import { useEffect, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '../../ui/empty-state';
import { ErrorPanel } from '../../ui/error-panel';
import { Tree } from '../../ui/tree/tree';
import { setTreePlace, useCommand, useOnCommand, type TreePlace } from '../../ui/workbench';
import classes from './explorer.module.css';
import { useFavourites } from './favourites';
import { draggedOf } from './drag-line';
import { commandOfKey } from './explorer-keys';
import { ExplorerLineView, lineName } from './explorer-line';
import { ExplorerMenu, type MenuTarget, type Question } from './explorer-menu';
import { ExplorerQuestion } from './explorer-question';
import { FAVOURITES, visibleLines, type ExplorerLine } from './model';
import {
  collapse,
  expand,
  followServers,
  loadServers,
  openWhenConnected,
  refresh,
  refreshTree,
  setActive,
  setFilter,
  useExplorer,
} from './store';

/** F5 on a leaf reads the folder that holds it. */
const branchOf = (line: ExplorerLine): string =>
  line.expandable ? line.key : line.key.slice(0, line.key.lastIndexOf('/'));

/** The database that a line stands in; null for what is outside of any. */
function databaseOf(line: ExplorerLine | undefined): { readonly serverId: string; readonly database: string } | null {
  if (line?.content.type !== 'folder' && line?.content.type !== 'object') return null;
  const { serverId, database } = line.content.place;
  const isDatabase = line.content.type === 'object' && line.content.node.ref.kind === 'database';
  const name = isDatabase && line.content.type === 'object' ? line.content.node.ref.name : database;
  return name === '' ? null : { serverId, database: name };
}

/** What a line stands for; null for one of no server. */
function placeOf(line: ExplorerLine | undefined): TreePlace | null {
  const content = line?.content;
  switch (content?.type) {
    case 'server':
      return { serverId: content.server.id, database: content.server.database, object: null };
    case 'folder':
      return { serverId: content.place.serverId, database: content.place.database, object: null };
    case 'favourite':
      return { serverId: content.place.serverId, database: content.place.database, object: content.ref };
    case 'object': {
      const { ref } = content.node;
      const { serverId, database } = content.place;
      return { serverId, database: ref.kind === 'database' ? ref.name : database, object: ref };
    }
    default:
      return null;
  }
}

/** The object tree: servers and what is in them. */
export function Explorer() {
  const { t } = useTranslation('catalog');
  const run = useCommand();
  const { servers, groups, listError, expanded, branches, filter, active } = useExplorer();
  const favourites = useFavourites((state) => state.list);
  const [menu, setMenu] = useState<MenuTarget | null>(null);
  const [question, setQuestion] = useState<Question | null>(null);
  // Kept while the filter hides the line.
  const [searched, setSearched] = useState<ReturnType<typeof databaseOf>>(null);
  const filterInput = useRef<HTMLInputElement>(null);
  const treeHost = useRef<HTMLDivElement>(null);
  useEffect(followServers, []);

  const lines = useMemo(
    () => visibleLines({ servers: servers ?? [], groups, expanded, branches, filter, favourites }),
    [servers, groups, expanded, branches, filter, favourites],
  );
  useEffect(() => setTreePlace(placeOf(lines.find(({ key }) => key === active))), [lines, active]);
  const scopeLine = filter.scope === null ? undefined : lines.find((line) => line.key === filter.scope);

  // A folder that was chosen to be filtered wants the text next.
  useEffect(() => {
    if (filter.scope !== null) filterInput.current?.focus();
  }, [filter.scope]);

  const focusTree = (): void => treeHost.current?.querySelector<HTMLElement>('[role=tree]')?.focus();

  // What an entry opened keeps the focus; without one the tree gets it back.
  const closeMenu = (): void => {
    setMenu(null);
    requestAnimationFrame(() => {
      if (document.activeElement === null || document.activeElement === document.body) focusTree();
    });
  };

  const toggle = (line: ExplorerLine): void => {
    const { content, key } = line;
    if (line.expanded) collapse(key);
    else if (content.type === 'server' && !content.server.status.connected) {
      openWhenConnected(content.server.id);
      run({ do: 'connect-server', serverId: content.server.id });
    } else expand(key, content);
  };

  const open = (line: ExplorerLine): void => {
    const { content } = line;
    if (content.type === 'favourite') {
      const { serverId, database } = content.place;
      run({ do: 'show-object', serverId, database, object: content.ref });
    } else if (
      content.type === 'object' &&
      content.node.ref.kind !== 'database' &&
      content.node.ref.kind !== 'schema'
    ) {
      const { serverId, database } = content.place;
      run({ do: 'show-object', serverId, database, object: content.node.ref });
    } else if (content.type === 'failed') retry(content.branch);
    else if (line.expandable) toggle(line);
  };

  const retry = (branch: string): void => {
    const line = lines.find((each) => each.key === branch);
    if (line) expand(branch, line.content);
  };

  // The shell turns F5 into this command: in the tree it means the active line, elsewhere everything.
  useOnCommand('refresh-tree', ({ serverId }) => {
    const inTree = treeHost.current?.contains(document.activeElement) === true;
    const line = inTree && serverId === undefined ? lines.find((each) => each.key === active) : undefined;
    if (line && line.content.type !== 'root' && line.content.type !== 'group' && !line.key.startsWith(FAVOURITES))
      void refresh(branchOf(line));
    else void refreshTree(serverId);
  });

  const onKey = (event: KeyboardEvent): void => {
    const line = lines.find(({ key }) => key === active);
    const asked = line && commandOfKey(event, line);
    if (asked) {
      event.preventDefault();
      event.stopPropagation();
      run(asked);
      return;
    }
    if (event.key === 'Escape' && (filter.text !== '' || filter.scope !== null)) {
      event.preventDefault();
      setFilter({ text: '', scope: null });
    }
  };

  return (
    <div className={classes.explorer} data-testid="explorer">
      <div className={classes.bar}>
        <TextInput
          ref={filterInput}
          className={classes.filter}
          size="xs"
          aria-label={t('filter')}
          placeholder={t('filter')}
          leftSection={<IconSearch size={14} stroke={1.5} />}
          rightSection={
            filter.text === '' ? null : (
              <ActionIcon size="sm" aria-label={t('clearFilter')} onClick={() => setFilter({ ...filter, text: '' })}>
                <IconX size={14} stroke={1.5} />
              </ActionIcon>
            )
          }
          value={filter.text}
          onChange={(event) => setFilter({ ...filter, text: event.currentTarget.value })}
          onKeyDown={(event) => {
            if (event.key === 'Escape') setFilter({ text: '', scope: null });
            if (event.key === 'Escape' || event.key === 'ArrowDown' || event.key === 'Enter') {
              event.preventDefault();
              focusTree();
            }
          }}
        />
        <Tooltip label={t('refreshAll')}>
          <ActionIcon aria-label={t('refreshAll')} onClick={() => void refreshTree()}>
            <IconRefresh size={16} stroke={1.5} />
          </ActionIcon>
        </Tooltip>
        <Menu position="bottom-end">
          <Menu.Target>
            <Tooltip label={t('add')}>
              <ActionIcon aria-label={t('add')}>
                <IconPlus size={16} stroke={1.5} />
              </ActionIcon>
            </Tooltip>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item
              leftSection={<IconServer2 size={16} stroke={1.5} />}
              onClick={() => run({ do: 'register-server' })}
            >
              {t('menu.registerServer')}
            </Menu.Item>
            <Menu.Item
              leftSection={<IconFolderPlus size={16} stroke={1.5} />}
              onClick={() => run({ do: 'create-group' })}
            >
              {t('menu.createGroup')}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </div>
      {scopeLine?.content.type === 'folder' ? (
        <div className={classes.scope}>
          <IconFilter size={14} stroke={1.5} aria-hidden />
          <span className={classes.scopeName}>
            {t('filterIn', {
              folder: t(`folders.${scopeLine.content.folder}`),
              parent: scopeLine.content.place.parent?.name ?? '',
            })}
          </span>
          <ActionIcon size="sm" aria-label={t('filterAll')} onClick={() => setFilter({ ...filter, scope: null })}>
            <IconX size={14} stroke={1.5} />
          </ActionIcon>
        </div>
      ) : null}
      {filter.text === '' || searched === null ? null : (
        <UnstyledButton
          className={classes.search ?? ''}
          onClick={() => run({ do: 'search-objects', ...searched, text: filter.text })}
        >
          <IconSearch size={14} stroke={1.5} aria-hidden />
          {t('searchIn', { text: filter.text, database: searched.database })}
        </UnstyledButton>
      )}
      {listError === null ? null : <ErrorPanel error={listError} onRetry={() => void loadServers()} />}
      {servers !== null && servers.length === 0 && groups.length === 0 ? (
        <EmptyState
          title={t('empty.title')}
          text={t('empty.text')}
          action={<Button onClick={() => run({ do: 'register-server' })}>{t('empty.register')}</Button>}
          link={
            <Button variant="subtle" onClick={() => run({ do: 'create-instance' })}>
              {t('empty.createInstance')}
            </Button>
          }
        />
      ) : (
        <div ref={treeHost} className={classes.tree}>
          <Tree
            label={t('label')}
            lines={lines}
            activeKey={active}
            renderLine={(line) => <ExplorerLineView line={line} onRetry={retry} />}
            nameOf={(line) => lineName(line, t)}
            dragOf={draggedOf}
            onActivate={(line) => {
              setActive(line.key);
              setSearched(databaseOf(line));
            }}
            onToggle={toggle}
            onOpen={open}
            onMenu={(line, at) => {
              if (line.content.type !== 'favourites') setMenu({ line, ...at });
            }}
            onType={(text) => {
              setFilter({ ...filter, text: filter.text + text });
              filterInput.current?.focus();
            }}
            onKey={onKey}
          />
        </div>
      )}
      {menu === null ? null : <ExplorerMenu target={menu} onClose={closeMenu} onAsk={setQuestion} />}
      {question === null ? null : <ExplorerQuestion question={question} onClose={() => setQuestion(null)} />}
    </div>
  );
}
