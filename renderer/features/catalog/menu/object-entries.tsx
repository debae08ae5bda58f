import { Menu } from '@mantine/core';
import {
  IconArrowsDiff,
  IconCopy,
  IconDatabaseImport,
  IconEdit,
  IconExternalLink,
  IconGauge,
  IconListNumbers,
  IconRefresh,
  IconSchema,
  IconSearch,
  IconStar,
  IconStarOff,
  IconTerminal,
  IconTerminal2,
  IconTrash,
  IconTrashX,
} from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { ObjectRef } from '../../../../shared/model/catalog';
import { hasRows, isOfServer } from '../../../../shared/model/catalog-rules';
import { quoteQualified } from '../../../../shared/model/quote';
import { useCopy } from '../../../ui/clipboard';
import { useCommand, useKeysText } from '../../../ui/workbench';
import { isSameFavourite, toggleFavourite, useFavourites } from '../favourites';
import { canDrop, canEdit } from '../object-deeds';
import { ActionEntries } from './action-entries';
import { formsUnder } from './creatable';
import { useCountRows } from './count-rows';
import { CreateEntries } from './create-entries';
import { Entry } from './entry';
import { ScriptEntries } from './script-entries';

export interface ObjectEntriesProps {
  readonly serverId: string;
  /** Where the object is read from; its own name for a database. */
  readonly database: string;
  readonly object: ObjectRef;
  readonly note: string;
  readonly mark: string;
  readonly version: number;
  /** What the object stands under in the tree. */
  readonly parent: ObjectRef | null;
  /** Reads what stands under it again; absent where nothing does. */
  readonly onRefresh?: (() => void) | undefined;
  /** Opens the object's own page; absent on that page. */
  readonly withOpen: boolean;
  /** Shown for a favourite, where Delete does nothing. */
  readonly isFavourite?: true;
}

/** Enter opens the others in the tree. */
const opensByEnter = (kind: ObjectRef['kind']): boolean => kind !== 'database' && kind !== 'schema';

const NO_CASCADE = new Set(['database', 'role', 'tablespace', 'user-mapping']);

/** Everything that can be done with an object. */
export function ObjectEntries(props: ObjectEntriesProps) {
  const { serverId, database, object, note, mark, version, parent, onRefresh, withOpen, isFavourite } = props;
  const { t } = useTranslation('objects');
  const { t: words } = useTranslation('catalog');
  const run = useCommand();
  const keysText = useKeysText();
  const copy = useCopy();
  const { kind } = object;
  const isDatabase = kind === 'database';
  const isPartition = mark === 'partition' || (parent?.kind === 'table' && kind.endsWith('table'));
  const closed = mark === 'closed';
  const place = isDatabase ? '' : database;
  const favourite = { serverId, database: isDatabase ? object.name : database, object };
  const isKept = useFavourites(({ list }) => list.some((each) => isSameFavourite(each, favourite)));
  const drop = (cascade: boolean): void =>
    run({ do: 'drop-objects', serverId, database: place, objects: [object], cascade });
  const count = useCountRows();
  // The keys are those of the tree.
  const keysOf = (keys: string): { readonly keys?: string } => (withOpen ? { keys } : {});
  return (
    <>
      {withOpen ? (
        <Entry
          icon={IconExternalLink}
          label={words('menu.open')}
          keys={opensByEnter(kind) ? 'Enter' : 'Alt+Enter'}
          onClick={() => run({ do: 'show-object', serverId, database, object })}
        />
      ) : null}
      {database === '' || closed ? null : (
        <Entry
          icon={IconTerminal}
          label={words('menu.queryTool')}
          onClick={() => run({ do: 'open-query', serverId, database })}
        />
      )}
      {!isDatabase || closed ? null : (
        <>
          <Entry
            icon={IconGauge}
            label={words('menu.dashboard')}
            onClick={() => run({ do: 'show-dashboard', serverId, database })}
          />
          <Entry
            icon={IconTerminal2}
            label={words('menu.psql')}
            onClick={() => run({ do: 'open-terminal', serverId, database })}
          />
        </>
      )}
      {closed || isOfServer(object) ? null : (
        <CreateEntries
          serverId={serverId}
          database={database}
          parent={object}
          forms={formsUnder(kind, mark, version)}
        />
      )}
      {canEdit(object) ? (
        <Entry
          icon={IconEdit}
          label={words('menu.edit')}
          {...keysOf('F2')}
          onClick={() => run({ do: 'edit-object', serverId, database: place, object })}
        />
      ) : null}
      {closed ? null : <ScriptEntries subject={{ serverId, database, object, note }} />}
      {hasRows(kind) ? (
        <Entry icon={IconListNumbers} label={t('menu.count')} onClick={() => count({ serverId, database, object })} />
      ) : null}
      {closed ? null : (
        <ActionEntries
          serverId={serverId}
          database={database}
          object={object}
          mark={mark}
          note={note}
          isPartition={isPartition}
          version={version}
          isOfView={parent?.kind === 'view'}
        />
      )}
      {isDatabase || kind === 'schema' || kind === 'table' ? (
        <Entry
          icon={IconSchema}
          label={t('menu.diagram')}
          onClick={() => run({ do: 'show-diagram', serverId, database, ...(isDatabase ? {} : { objects: [object] }) })}
        />
      ) : null}
      {isDatabase || kind === 'schema' ? (
        <>
          <Entry
            icon={IconArrowsDiff}
            label={t('menu.compare')}
            onClick={() => run({ do: 'compare', serverId, database, ...(isDatabase ? {} : { schema: object.name }) })}
          />
          <Entry
            icon={IconSearch}
            label={t('menu.search')}
            onClick={() => run({ do: 'search-objects', serverId, database })}
          />
        </>
      ) : null}
      {isDatabase ? (
        <Entry
          icon={IconDatabaseImport}
          label={words('menu.importInto')}
          onClick={() => run({ do: 'import', serverId, database })}
        />
      ) : null}
      <Menu.Divider />
      <Entry
        icon={IconCopy}
        label={words('menu.copyName')}
        onClick={() =>
          copy(kind === 'column' || object.schema === '' ? object.name : quoteQualified(object.schema, object.name))
        }
      />
      <Entry
        icon={isKept ? IconStarOff : IconStar}
        label={t(isKept ? 'menu.forget' : 'menu.keep')}
        onClick={() => toggleFavourite(favourite)}
      />
      {onRefresh === undefined ? null : (
        <Entry icon={IconRefresh} label={words('menu.refresh')} keys={keysText('refresh-tree')} onClick={onRefresh} />
      )}
      {!canDrop(object) ? null : (
        <>
          <Menu.Divider />
          <Entry
            icon={IconTrash}
            danger
            label={t('menu.drop')}
            {...(isFavourite ? {} : keysOf('Del'))}
            onClick={() => drop(false)}
          />
          {NO_CASCADE.has(kind) ? null : (
            <Entry icon={IconTrashX} danger label={t('menu.dropCascade')} onClick={() => drop(true)} />
          )}
        </>
      )}
    </>
  );
}
