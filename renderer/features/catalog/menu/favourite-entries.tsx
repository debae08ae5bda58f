import { Menu } from '@mantine/core';
import { IconExternalLink, IconStarOff } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { ObjectRef } from '../../../../shared/model/catalog';
import { useCommand } from '../../../ui/workbench';
import { toggleFavourite } from '../favourites';
import { useNode } from '../use-node';
import { Entry } from './entry';
import { ObjectEntries } from './object-entries';

export interface FavouriteEntriesProps {
  readonly serverId: string;
  readonly database: string;
  readonly object: ObjectRef;
  readonly version: number;
}

/** Everything that can be done with a favourite, as it is now; of one that can't be read, only what needs nothing of it. */
export function FavouriteEntries({ serverId, database, object, version }: FavouriteEntriesProps) {
  const { t } = useTranslation('objects');
  const { t: words } = useTranslation('catalog');
  const run = useCommand();
  const { value: found, error } = useNode(serverId, database, object);
  if (found !== null) {
    return (
      <ObjectEntries
        serverId={serverId}
        database={database}
        object={object}
        note={found.node.note}
        mark={found.node.mark}
        version={version}
        parent={found.parent}
        withOpen
        isFavourite
      />
    );
  }
  return (
    <>
      <Entry
        icon={IconExternalLink}
        label={words('menu.open')}
        keys="Enter"
        onClick={() => run({ do: 'show-object', serverId, database, object })}
      />
      <Entry
        icon={IconStarOff}
        label={t('menu.forget')}
        onClick={() => toggleFavourite({ serverId, database, object })}
      />
      {error === null ? <Menu.Item disabled>{words('loading')}</Menu.Item> : null}
    </>
  );
}
