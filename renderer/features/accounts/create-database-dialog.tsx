import { Autocomplete, Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { DATABASE_ENCODINGS, type DatabaseView } from '../../../shared/model/account';
import { checkDatabaseName } from '../../../shared/model/account-rules';
import { api } from '../../api';
import { ConfirmDialog } from '../../ui/confirm-dialog';
import { showNotice } from '../../ui/notice';
import { collationsFor } from './model';
import { OwnerField } from './owner-field';
import classes from './tab.module.css';

export interface CreateDatabaseDialogProps {
  readonly plane: string;
  readonly id: string;
  readonly databases: readonly DatabaseView[];
  readonly onClose: () => void;
  readonly onDone: () => void;
}

/** A new database; without a collation it gets the one that fits its encoding. */
export function CreateDatabaseDialog({ plane, id, databases, onClose, onDone }: CreateDatabaseDialogProps) {
  const { t } = useTranslation('accounts');
  const own = databases.find(({ name }) => name === 'postgres')?.encoding ?? 'UTF8';
  const [name, setName] = useState('');
  const [left, setLeft] = useState(false);
  const [owner, setOwner] = useState('');
  const [encoding, setEncoding] = useState(own);
  const [collate, setCollate] = useState('');
  const [ctype, setCtype] = useState('');
  const failure = checkDatabaseName(name);
  const taken = databases.some((each) => each.name === name);
  const collations = collationsFor(encoding, databases);
  const problem = taken
    ? t('createDatabase.taken', { name })
    : failure !== null && left
      ? t(failure.rule === 'name-reserved' ? 'createDatabase.reserved' : `rules.${failure.rule}`, {
          ...failure.values,
          example: failure.example,
        })
      : undefined;
  return (
    <ConfirmDialog
      opened
      title={t('createDatabase.title')}
      deed={t('createDatabase.deed')}
      ready={failure === null && !taken && owner !== ''}
      onConfirm={async () => {
        await api.accounts.createDatabase({ plane, id, name, owner, encoding, collate, ctype });
        showNotice(t('createDatabase.done', { name }));
        onDone();
      }}
      onClose={onClose}
    >
      <div className={classes.fields}>
        <TextInput
          data-autofocus
          required
          label={t('fields.databaseName')}
          description={t('fields.databaseNameNote')}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          onBlur={() => setLeft(name !== '')}
          error={problem}
          autoComplete="off"
          spellCheck={false}
        />
        <OwnerField plane={plane} id={id} value={owner} onChange={setOwner} />
        <Select
          label={t('fields.encoding')}
          allowDeselect={false}
          data={[...DATABASE_ENCODINGS]}
          value={encoding}
          onChange={(next) => {
            if (next === null) return;
            setEncoding(next);
            setCollate('');
            setCtype('');
          }}
        />
        <Autocomplete
          label={t('fields.collate')}
          description={t('fields.collateNote')}
          data={collations}
          value={collate}
          onChange={setCollate}
        />
        <Autocomplete label={t('fields.ctype')} data={collations} value={ctype} onChange={setCtype} />
      </div>
    </ConfirmDialog>
  );
}
