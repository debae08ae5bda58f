import { Button, Group, Modal, Textarea } from '@mantine/core';
import { IconFolderOpen } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ErrorPanel } from '../../../ui/error-panel';
import { openPlanFile, planFrom } from './plan-files';
import type { KeptPlan } from './plan-store';

export interface OpenPlanDialogProps {
  readonly opened: boolean;
  readonly onOpen: (plan: KeptPlan) => void;
  readonly onClose: () => void;
}

/** Takes a plan in JSON from the clipboard or a file. */
export function OpenPlanDialog({ opened, onOpen, onClose }: OpenPlanDialogProps) {
  const { t } = useTranslation('explain');
  const [text, setText] = useState('');
  const [error, setError] = useState<unknown>(null);
  const done = (plan: KeptPlan) => {
    setText('');
    setError(null);
    onOpen(plan);
  };
  const paste = () => {
    try {
      done(planFrom(t('open.pasted'), text));
    } catch (failure) {
      setError(failure);
    }
  };
  const file = async () => {
    try {
      const plan = await openPlanFile(t);
      if (plan) done(plan);
    } catch (failure) {
      setError(failure);
    }
  };
  return (
    <Modal opened={opened} onClose={onClose} title={t('open.title')} size="lg">
      <Textarea
        label={t('open.text')}
        description={t('open.hint')}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setError(null);
        }}
        rows={12}
        spellCheck={false}
        data-autofocus
      />
      {error === null ? null : <ErrorPanel error={error} />}
      <Group justify="flex-end" mt="md">
        <Button
          variant="default"
          leftSection={<IconFolderOpen size={16} stroke={1.5} aria-hidden />}
          onClick={() => void file()}
        >
          {t('open.file')}
        </Button>
        <Button disabled={text.trim() === ''} onClick={paste}>
          {t('open.deed')}
        </Button>
      </Group>
    </Modal>
  );
}
