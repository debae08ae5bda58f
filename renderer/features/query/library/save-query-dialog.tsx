import { Autocomplete, Button, Checkbox, Modal, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { AppError } from '../../../../shared/errors';
import type { SavedQuery } from '../../../../shared/model/library';
import { api } from '../../../api';
import { ErrorPanel } from '../../../ui/error-panel';
import { showNotice } from '../../../ui/notice';
import classes from './library-menu.module.css';

export interface SaveQueryDialogProps {
  /** What is saved; null is closed. */
  readonly sql: string | null;
  readonly saved: readonly SavedQuery[];
  readonly serverId: string;
  readonly database: string;
  readonly onClose: () => void;
}

/** Keeps a text under a name. */
export function SaveQueryDialog(props: SaveQueryDialogProps) {
  const { t } = useTranslation('library');
  return (
    <Modal opened={props.sql !== null} onClose={props.onClose} title={t('saveQuery.title')} size={480}>
      <Form {...props} />
    </Modal>
  );
}

function Form({ sql, saved, serverId, database, onClose }: SaveQueryDialogProps) {
  const { t } = useTranslation('library');
  const [name, setName] = useState('');
  const [folder, setFolder] = useState('');
  const [bound, setBound] = useState(true);
  const [taken, setTaken] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const folders = [...new Set(saved.map((each) => each.folder))].filter((each) => each !== '').toSorted();
  const save = async () => {
    const same = (one: string, other: string) => one.trim().toLowerCase() === other.trim().toLowerCase();
    const other = taken ? saved.find((each) => same(each.name, name) && same(each.folder, folder)) : undefined;
    try {
      await api.library.saveQuery({
        id: other?.id ?? '',
        name: name.trim(),
        folder,
        sql: sql ?? '',
        serverId: bound ? serverId : null,
        database: bound ? database : '',
      });
      showNotice(t('saveQuery.done', { query: name.trim() }));
      onClose();
    } catch (failure) {
      const conflict = failure instanceof AppError && failure.code === 'conflict';
      setTaken(conflict);
      setError(conflict ? null : failure);
    }
  };
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim() !== '') void save();
      }}
    >
      <TextInput
        label={t('fields.name')}
        value={name}
        maxLength={200}
        error={taken ? t('saveQuery.taken') : undefined}
        data-autofocus
        onChange={(event) => {
          setName(event.currentTarget.value);
          setTaken(false);
        }}
      />
      <Autocomplete
        label={t('fields.folder')}
        description={t('fields.folderHint')}
        data={folders}
        value={folder}
        maxLength={1000}
        onChange={(value) => {
          setFolder(value);
          setTaken(false);
        }}
      />
      <Checkbox
        label={t('saveQuery.bound')}
        checked={bound}
        onChange={(event) => setBound(event.currentTarget.checked)}
      />
      {error === null ? null : <ErrorPanel error={error} />}
      <div className={classes.deeds}>
        <Button variant="default" onClick={onClose}>
          {t('cancel')}
        </Button>
        <Button type="submit" color={taken ? 'error' : 'accent'} disabled={name.trim() === ''}>
          {taken ? t('saveQuery.replace') : t('saveQuery.deed')}
        </Button>
      </div>
    </form>
  );
}
