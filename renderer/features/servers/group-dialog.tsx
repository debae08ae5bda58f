import { Button, Modal, Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { errorInfo } from '../../../shared/errors';
import type { ServerGroup } from '../../../shared/model/server';
import { api } from '../../api';
import { ErrorPanel } from '../../ui/error-panel';
import { groupChoices, groupsOutside } from './form-model';
import classes from './servers.module.css';

export interface GroupDialogProps {
  /** What the dialog starts with; the id is empty for a new group. */
  readonly group: ServerGroup;
  readonly groups: readonly ServerGroup[];
  readonly onClose: () => void;
}

/** *Create - Server group*, or the same for one that is there. */
export function GroupDialog({ group, groups, onClose }: GroupDialogProps) {
  const { t } = useTranslation('servers');
  const [name, setName] = useState(group.name);
  const [parent, setParent] = useState(group.parentId ?? '');
  const [visited, setVisited] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [saving, setSaving] = useState(false);
  const info = error === null ? null : errorInfo(error);
  const atField = info?.field === 'name';
  const missing = visited && name.trim() === '' ? t('rules.required') : undefined;

  const save = async (): Promise<void> => {
    setVisited(true);
    if (name.trim() === '') return;
    setSaving(true);
    try {
      await api.servers.saveGroup({ id: group.id, name: name.trim(), parentId: parent === '' ? null : parent });
      onClose();
    } catch (thrown) {
      setError(thrown);
      setSaving(false);
    }
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={group.id === '' ? t('groups.create') : t('groups.edit', { name: group.name })}
      size={480}
      closeButtonProps={{ 'aria-label': t('dialog.close') }}
    >
      <form
        className={classes.connect}
        onSubmit={(event) => {
          event.preventDefault();
          if (!saving) void save();
        }}
      >
        <TextInput
          data-autofocus
          label={t('fields.name')}
          withAsterisk
          value={name}
          error={atField ? info.message : missing}
          onBlur={() => setVisited(true)}
          onChange={(event) => {
            setName(event.currentTarget.value);
            setError(null);
          }}
        />
        <Select
          label={t('groups.parent')}
          data={groupChoices(groupsOutside(groups, group.id), t('groups.root'))}
          value={parent}
          onChange={(value) => setParent(value ?? '')}
        />
        {error === null || atField ? null : <ErrorPanel error={error} />}
        <div className={classes.actions}>
          <span className={classes.spacer} />
          <Button variant="default" onClick={onClose}>
            {t('dialog.cancel')}
          </Button>
          <Button type="submit" loading={saving}>
            {t('dialog.save')}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
