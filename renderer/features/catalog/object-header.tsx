import { ActionIcon, Button, Menu, Tooltip } from '@mantine/core';
import { IconDots, IconEdit, IconPlayerPlay, IconRefresh, IconTerminal, IconTrash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { ObjectRef } from '../../../shared/model/catalog';
import { displayName, hasRows, selectScript } from '../../../shared/model/catalog-rules';
import { CopyButton } from '../../ui/copy-button';
import { ObjectIcon } from '../../ui/object-icon';
import { useCopy } from '../../ui/clipboard';
import { useTip } from '../../ui/tip';
import { visibleText } from '../../ui/visible-text';
import { useCommand, useTabActions } from '../../ui/workbench';
import { ObjectEntries } from './menu/object-entries';
import type { FoundNode } from './use-node';
import { canDrop, canEdit } from './object-deeds';
import classes from './object-view.module.css';

export interface ObjectHeaderProps {
  readonly serverId: string;
  readonly database: string;
  readonly object: ObjectRef;
  /** As the tree has it, and what it stands under; null until it is known. */
  readonly found: FoundNode | null;
  readonly version: number;
  readonly onReload: () => void;
}

/** Name and kind of an object with what can be done with it. */
export function ObjectHeader({ serverId, database, object, found, version, onReload }: ObjectHeaderProps) {
  const { t } = useTranslation('catalog');
  const { t: words } = useTranslation('objects');
  const run = useCommand();
  const place = object.kind === 'database' ? '' : database;
  const copy = useCopy();
  const tip = useTip();
  const rowsLabel = t('menu.selectRows', { count: 100 });
  const showRows = () => run({ do: 'open-query', serverId, database, sql: selectScript(object, 100), run: true });
  const openQuery = () => run({ do: 'open-query', serverId, database });
  const edit = () => run({ do: 'edit-object', serverId, database: place, object });
  const drop = () => run({ do: 'drop-objects', serverId, database: place, objects: [object], cascade: false });
  useTabActions([
    { id: 'object.copy-name', label: t('menu.copyName'), run: () => copy(displayName(object)) },
    { id: 'object.rows', label: rowsLabel, disabled: !hasRows(object.kind), run: showRows },
    { id: 'object.query', label: t('menu.queryTool'), disabled: database === '', run: openQuery },
    { id: 'object.refresh', label: t('menu.refresh'), run: onReload },
    { id: 'object.edit', label: t('menu.edit'), disabled: !canEdit(object), run: edit },
    { id: 'object.drop', label: words('menu.drop'), disabled: !canDrop(object), run: drop },
  ]);
  return (
    <header className={classes.header}>
      <span className={classes.icon}>
        <ObjectIcon kind={object.kind} />
      </span>
      <h1 className={classes.name} title={visibleText(displayName(object))}>
        {visibleText(displayName(object))}
      </h1>
      <CopyButton text={displayName(object)} label={t('menu.copyName')} />
      <span className={classes.kind}>{t(`kinds.${object.kind}`)}</span>
      {hasRows(object.kind) ? (
        <Tooltip label={tip(rowsLabel, 'object.rows')}>
          <ActionIcon aria-label={rowsLabel} onClick={showRows}>
            <IconPlayerPlay size={16} stroke={1.5} />
          </ActionIcon>
        </Tooltip>
      ) : null}
      {database === '' ? null : (
        <Tooltip label={tip(t('menu.queryTool'), 'object.query')}>
          <ActionIcon aria-label={t('menu.queryTool')} onClick={openQuery}>
            <IconTerminal size={16} stroke={1.5} />
          </ActionIcon>
        </Tooltip>
      )}
      <Tooltip label={tip(t('menu.refresh'), 'refresh-tree')}>
        <ActionIcon aria-label={t('menu.refresh')} onClick={onReload}>
          <IconRefresh size={16} stroke={1.5} />
        </ActionIcon>
      </Tooltip>
      {canEdit(object) ? (
        <Button size="xs" variant="default" leftSection={<IconEdit size={16} stroke={1.5} />} onClick={edit}>
          {t('menu.edit')}
        </Button>
      ) : null}
      {!canDrop(object) ? null : (
        <Button size="xs" variant="default" leftSection={<IconTrash size={16} stroke={1.5} />} onClick={drop}>
          {words('menu.drop')}
        </Button>
      )}
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon aria-label={words('more')} disabled={found === null}>
            <IconDots size={16} stroke={1.5} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {found === null ? null : (
            <ObjectEntries
              serverId={serverId}
              database={database}
              object={object}
              note={found.node.note}
              mark={found.node.mark}
              version={version}
              parent={found.parent}
              withOpen={false}
            />
          )}
        </Menu.Dropdown>
      </Menu>
    </header>
  );
}
