import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../../api';
import { ConfirmDialog } from '../../../ui/confirm-dialog';
import type { DialogProps } from './dialog-props';

/** Longest name of a task, as the contract says. */
const LONGEST = 128;

export function RenameDialog({ job, onClose, onDone }: DialogProps) {
  const { t } = useTranslation('migration');
  const [name, setName] = useState(job.name);
  const [left, setLeft] = useState(false);
  const wanted = name.trim();
  return (
    <ConfirmDialog
      opened
      title={t('action.rename.title', { name: job.name })}
      deed={t('action.rename.deed')}
      ready={wanted !== '' && wanted !== job.name}
      onConfirm={async () => {
        await api.migration.rename({ id: job.id, name: wanted });
        onDone();
      }}
      onClose={onClose}
    >
      <TextInput
        data-autofocus
        label={t('action.rename.name')}
        value={name}
        maxLength={LONGEST}
        onChange={(event) => setName(event.currentTarget.value)}
        onBlur={() => setLeft(true)}
        error={left && wanted === '' ? t('action.rename.missing') : undefined}
        autoComplete="off"
        spellCheck={false}
      />
    </ConfirmDialog>
  );
}
