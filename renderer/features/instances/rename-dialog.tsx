import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { checkInstanceName } from '../../../shared/model/instance-rules';
import { api } from '../../api';
import { ConfirmDialog } from '../../ui/confirm-dialog';
import type { DialogProps } from './dialog-props';
import { refresh } from './store';

export function RenameDialog({ instance, onClose, onDone }: DialogProps) {
  const { t } = useTranslation('instances');
  const [name, setName] = useState(instance.name);
  const failure = checkInstanceName(name);
  const { plane, id } = instance;
  return (
    <ConfirmDialog
      opened
      title={t('rename.title', { name: instance.name })}
      deed={t('rename.deed')}
      ready={failure === null && name !== instance.name}
      onConfirm={async () => {
        await api.instances.rename({ plane, id, name });
        onDone();
        void refresh(plane);
      }}
      onClose={onClose}
    >
      <TextInput
        data-autofocus
        label={t('buy.name')}
        description={t('buy.nameNote')}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        error={
          failure === null ? undefined : t(`rules.${failure.rule}`, { ...failure.values, example: failure.example })
        }
        autoComplete="off"
        spellCheck={false}
      />
    </ConfirmDialog>
  );
}
