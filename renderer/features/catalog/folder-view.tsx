import { ActionIcon, Button, Menu, TextInput, Tooltip } from '@mantine/core';
import {
  IconCheck,
  IconColumns3,
  IconPlus,
  IconRefresh,
  IconSearch,
  IconShieldLock,
  IconTool,
  IconTrash,
} from '@tabler/icons-react';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isKnownFor } from '../../../shared/model/actions/simple-actions';
import type { FolderKind, Listing, ObjectRef } from '../../../shared/model/catalog';
import { isOfServer } from '../../../shared/model/catalog-rules';
import type { ObjectAction } from '../../../shared/model/command';
import { api } from '../../api/index';
import { formatCount } from '../../ui/bytes';
import { EmptyState } from '../../ui/empty-state';
import { focusSoon } from '../../ui/focus-soon';
import { FolderIcon } from '../../ui/object-icon';
import { useTip } from '../../ui/tip';
import { useCommand, useOnCommand, useTab, useTabActions, useTabTitle } from '../../ui/workbench';
import classes from './folder/folder-view.module.css';
import { ListingGrid } from './folder/listing-grid';
import { listingWidths, nextSorting, rowKey, shownRows, type Sorting } from './folder/listing-model';
import { formsWithin } from './menu/creatable';
import { CreateEntry } from './menu/create-entries';
import { objectTitle } from './model';
import headerClasses from './object-view.module.css';
import { Outcome } from './outcome';
import { useExplorer } from './store';
import { useLoaded } from './use-loaded';
import { useServer } from './use-server';

export interface FolderViewProps {
  readonly serverId: string;
  readonly database: string;
  readonly folder: FolderKind;
  readonly parent: ObjectRef | null;
}

const NONE: ReadonlySet<string> = new Set();

/** The things of one folder as a grid: to look over, sort and filter, and to work on many at once. */
export function FolderView({ serverId, database, folder, parent: given }: FolderViewProps) {
  const { t, i18n } = useTranslation('catalog');
  const { t: words } = useTranslation('objects');
  const run = useCommand();
  const server = useServer(serverId);
  const showSystem = useExplorer((state) => state.showSystem);
  const [filter, setFilter] = useState('');
  const [sorting, setSorting] = useState<Sorting | null>(null);
  const [chosen, setChosen] = useState(NONE);
  const [hidden, setHidden] = useState(NONE);
  const { active, setStatus } = useTab();
  const parentKey = JSON.stringify(given);
  const parent = useMemo(() => JSON.parse(parentKey) as ObjectRef | null, [parentKey]);
  const title = words('folder.title', { folder: t(`folders.${folder}`), parent: parent?.name ?? '' }).trim();
  useTabTitle(objectTitle(title, database, server?.name ?? ''));
  useEffect(() => {
    if (!server) return;
    const { name, environment, status } = server;
    setStatus({ server: name, database, user: status.user, environment, transaction: '' });
  }, [server, database, setStatus]);

  const read = useCallback(
    (signal: AbortSignal) => api.catalog.listing({ serverId, database, folder, parent, showSystem }, signal),
    [serverId, database, folder, parent, showSystem],
  );
  const listing = useLoaded(true, read);
  useOnCommand('refresh-tree', (command) => {
    if (active || command.serverId === serverId) listing.reload();
  });
  const rows = useMemo(
    () => (listing.value === null ? [] : shownRows(listing.value, filter, sorting)),
    [listing.value, filter, sorting],
  );
  const chosenRefs = useMemo(() => rows.filter((row) => chosen.has(rowKey(row))).map(({ ref }) => ref), [rows, chosen]);
  const version = server?.status.versionNum ?? 0;
  const forms = formsWithin(folder, parent, version);
  const droppable = folder !== 'replicas' && folder !== 'catalogs' && !(parent && isOfServer(parent));
  const drop = (cascade: boolean): void => {
    if (droppable && chosenRefs.length > 0)
      run({ do: 'drop-objects', serverId, database, objects: chosenRefs, cascade });
  };
  const act = (action: ObjectAction): void =>
    run({ do: 'act-on-objects', action, serverId, database, objects: chosenRefs });
  const can = (action: ObjectAction): boolean =>
    chosenRefs.length > 0 && chosenRefs.every(({ kind }) => isKnownFor(action, kind, version));

  const tip = useTip();
  const field = useRef<HTMLInputElement>(null);
  const [creating, setCreating] = useState(false);
  const none = chosenRefs.length === 0;
  useTabActions([
    { id: 'folder.filter', label: t('filter'), run: () => focusSoon(field) },
    { id: 'folder.refresh', label: t('menu.refresh'), run: listing.reload },
    { id: 'folder.create', label: words('menu.create'), disabled: forms.length === 0, run: () => setCreating(true) },
    { id: 'folder.grant', label: words('actions.grant.menu'), disabled: !can('grant'), run: () => act('grant') },
    {
      id: 'folder.maintain',
      label: words('actions.maintain.menu'),
      disabled: !can('maintain'),
      run: () => act('maintain'),
    },
    { id: 'folder.drop', label: words('menu.drop'), disabled: !droppable || none, run: () => drop(false) },
    {
      id: 'folder.drop-cascade',
      label: words('menu.dropCascade'),
      disabled: !droppable || none,
      run: () => drop(true),
    },
  ]);

  return (
    <div className={headerClasses.view} data-testid="folder-view">
      <header className={headerClasses.header}>
        <span className={headerClasses.icon}>
          <FolderIcon folder={folder} />
        </span>
        <h1 className={headerClasses.name} title={title}>
          {title}
        </h1>
        <span className={headerClasses.kind}>
          {listing.value === null ? '' : formatCount(listing.value.rows.length, i18n.language)}
        </span>
        {forms.length === 0 ? null : (
          <Menu position="bottom-end" opened={creating} onChange={setCreating}>
            <Menu.Target>
              <Button size="xs" variant="default" leftSection={<IconPlus size={16} stroke={1.5} />}>
                {words('menu.create')}
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              {forms.map((form) => (
                <CreateEntry
                  key={`${form.kind} ${form.variant}`}
                  form={form}
                  serverId={serverId}
                  database={database}
                  parent={parent}
                />
              ))}
            </Menu.Dropdown>
          </Menu>
        )}
        <Tooltip label={tip(t('menu.refresh'), 'refresh-tree')}>
          <ActionIcon aria-label={t('menu.refresh')} onClick={listing.reload}>
            <IconRefresh size={16} stroke={1.5} />
          </ActionIcon>
        </Tooltip>
      </header>
      <div className={classes.bar}>
        <TextInput
          ref={field}
          className={classes.filter ?? ''}
          size="xs"
          aria-label={t('filter')}
          placeholder={t('filter')}
          leftSection={<IconSearch size={14} stroke={1.5} />}
          value={filter}
          onChange={(event) => setFilter(event.currentTarget.value)}
        />
        <span className={classes.chosen} aria-live="polite">
          {chosenRefs.length === 0
            ? ''
            : words('folder.count', { count: chosenRefs.length, shown: formatCount(chosenRefs.length, i18n.language) })}
        </span>
        {can('grant') ? (
          <Button
            size="xs"
            variant="default"
            leftSection={<IconShieldLock size={16} stroke={1.5} />}
            onClick={() => act('grant')}
          >
            {words('actions.grant.menu')}
          </Button>
        ) : null}
        {can('maintain') ? (
          <Button
            size="xs"
            variant="default"
            leftSection={<IconTool size={16} stroke={1.5} />}
            onClick={() => act('maintain')}
          >
            {words('actions.maintain.menu')}
          </Button>
        ) : null}
        {!droppable ? null : (
          <>
            <Button
              size="xs"
              variant="default"
              disabled={none}
              leftSection={<IconTrash size={16} stroke={1.5} />}
              onClick={() => drop(false)}
            >
              {words('menu.drop')}
            </Button>
            <Button size="xs" variant="default" disabled={none} onClick={() => drop(true)}>
              {words('menu.dropCascade')}
            </Button>
          </>
        )}
        {listing.value === null ? null : <ColumnChoice listing={listing.value} hidden={hidden} onChange={setHidden} />}
      </div>
      <div className={classes.body}>
        <Outcome error={listing.error} onRetry={listing.reload} ready={listing.value !== null}>
          {listing.value === null ? null : listing.value.rows.length === 0 ? (
            <EmptyState
              title={words('folder.empty', { folder: t(`folders.${folder}`) })}
              text={words('folder.emptyText')}
            />
          ) : (
            <Rows
              listing={listing.value}
              hidden={hidden}
              label={title}
              rows={rows}
              chosen={chosen}
              sorting={sorting}
              onSort={(column) => setSorting(nextSorting(sorting, column))}
              onChoose={setChosen}
              onOpen={({ ref }) =>
                run({
                  do: 'show-object',
                  serverId,
                  database: ref.kind === 'database' ? ref.name : database,
                  object: ref,
                })
              }
              onDelete={() => drop(false)}
            />
          )}
        </Outcome>
      </div>
    </div>
  );
}

type RowsProps = Omit<Parameters<typeof ListingGrid>[0], 'columns'> & {
  readonly listing: Listing;
  readonly hidden: ReadonlySet<string>;
};

/** The grid with the columns that are shown. */
function Rows({ listing, hidden, ...props }: RowsProps) {
  const { t } = useTranslation('catalog');
  const columns = useMemo(() => {
    const widths = listingWidths(
      listing,
      listing.columns.map((key) => t(`columns.${key}`)),
    );
    return listing.columns
      .map((key, at) => ({ key, at, width: widths[at] ?? 0 }))
      .filter(({ key }) => !hidden.has(key));
  }, [listing, hidden, t]);
  return <ListingGrid {...props} columns={columns} />;
}

interface ColumnChoiceProps {
  readonly listing: Listing;
  readonly hidden: ReadonlySet<string>;
  readonly onChange: (hidden: ReadonlySet<string>) => void;
}

/** Which columns are shown; the name always is. */
function ColumnChoice({ listing, hidden, onChange }: ColumnChoiceProps) {
  const { t } = useTranslation('catalog');
  const { t: words } = useTranslation('objects');
  const toggle = (key: string): void => {
    const next = new Set(hidden);
    if (!next.delete(key)) next.add(key);
    onChange(next);
  };
  return (
    <Menu position="bottom-end" closeOnItemClick={false}>
      <Menu.Target>
        <ActionIcon aria-label={words('folder.columns')}>
          <IconColumns3 size={16} stroke={1.5} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {listing.columns.slice(1).map((key) => (
          <Menu.Item
            key={key}
            role="menuitemcheckbox"
            aria-checked={!hidden.has(key)}
            leftSection={
              hidden.has(key) ? <span className={headerClasses.blank} /> : <IconCheck size={16} stroke={1.5} />
            }
            onClick={() => toggle(key)}
          >
            {t(`columns.${key}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
