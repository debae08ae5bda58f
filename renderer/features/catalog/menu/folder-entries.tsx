import { IconFilter, IconRefresh, IconTable } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { FolderKind } from '../../../../shared/model/catalog';
import { useCommand, useKeysText } from '../../../ui/workbench';
import type { Place } from '../model';
import { formsWithin } from './creatable';
import { CreateEntries } from './create-entries';
import { Entry } from './entry';

export interface FolderEntriesProps {
  readonly folder: FolderKind;
  readonly place: Place;
  readonly version: number;
  readonly onFilter: () => void;
  readonly onRefresh: () => void;
}

/** Everything that can be done with a folder. */
export function FolderEntries({ folder, place, version, onFilter, onRefresh }: FolderEntriesProps) {
  const { t } = useTranslation('objects');
  const { t: words } = useTranslation('catalog');
  const run = useCommand();
  const keysText = useKeysText();
  return (
    <>
      <CreateEntries {...place} forms={formsWithin(folder, place.parent, version)} />
      <Entry
        icon={IconTable}
        label={t('menu.grid')}
        keys="Ctrl+Enter"
        onClick={() => run({ do: 'show-folder', ...place, folder })}
      />
      <Entry icon={IconFilter} label={words('menu.filter')} onClick={onFilter} />
      <Entry icon={IconRefresh} label={words('menu.refresh')} keys={keysText('refresh-tree')} onClick={onRefresh} />
    </>
  );
}
