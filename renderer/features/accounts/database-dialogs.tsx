import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DatabaseView } from '../../../shared/model/account';
import { api } from '../../api';
import { ConfirmDialog } from '../../ui/confirm-dialog';
import { formatBytes } from '../../ui/bytes';
import { showNotice } from '../../ui/notice';
import { CreateDatabaseDialog } from './create-database-dialog';
import { OwnerField } from './owner-field';

export type AskedDatabase =
  | { readonly do: 'create'; readonly databases: readonly DatabaseView[] }
  | { readonly do: 'owner' | 'drop'; readonly database: DatabaseView };

export interface DatabaseDialogsProps {
  readonly plane: string;
  readonly id: string;
  readonly asked: AskedDatabase | null;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

/** The dialog that was asked for, if any. */
export function DatabaseDialogs({ plane, id, asked, onClose, onDone }: DatabaseDialogsProps) {
  if (asked === null) return null;
  const shared = { plane, id, onClose, onDone };
  switch (asked.do) {
    case 'create':
      return <CreateDatabaseDialog {...shared} databases={asked.databases} />;
    case 'owner':
      return <OwnerDialog {...shared} database={asked.database} />;
    case 'drop':
      return <DropDialog {...shared} database={asked.database} />;
  }
}

interface OneProps {
  readonly plane: string;
  readonly id: string;
  readonly database: DatabaseView;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

function OwnerDialog({ plane, id, database, onClose, onDone }: OneProps) {
  const { t } = useTranslation('accounts');
  const { name } = database;
  const [owner, setOwner] = useState(database.owner);
  return (
    <ConfirmDialog
      opened
      title={t('owner.title', { name })}
      deed={t('owner.deed')}
      ready={owner !== '' && owner !== database.owner}
      onConfirm={async () => {
        await api.accounts.setDatabaseOwner({ plane, id, name, owner });
        showNotice(t('owner.done', { name, owner }));
        onDone();
      }}
      onClose={onClose}
    >
      <p>{t('owner.text')}</p>
      <OwnerField plane={plane} id={id} value={owner} onChange={setOwner} />
    </ConfirmDialog>
  );
}

function DropDialog({ plane, id, database, onClose, onDone }: OneProps) {
  const { t } = useTranslation('accounts');
  const { name, size, connections } = database;
  return (
    <ConfirmDialog
      opened
      danger
      title={t('drop.title', { name })}
      deed={t('drop.deed', { name })}
      typeToConfirm={name}
      onConfirm={async () => {
        await api.accounts.dropDatabase({ plane, id, name });
        showNotice(t('drop.done', { name }));
        onDone();
      }}
      onClose={onClose}
    >
      <p>{t('drop.text')}</p>
      {size === null || connections === null ? null : (
        <p>{t('drop.figures', { size: formatBytes(size), count: connections })}</p>
      )}
    </ConfirmDialog>
  );
}
