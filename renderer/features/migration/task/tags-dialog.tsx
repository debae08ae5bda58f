import { ActionIcon, Button, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { checkTags } from '../../../../shared/model/instance-rules';
import { api } from '../../../api';
import { ConfirmDialog } from '../../../ui/confirm-dialog';
import type { DialogProps } from './dialog-props';
import classes from './dialogs.module.css';

interface Tag {
  readonly key: string;
  readonly value: string;
}

/** Most tags a task can have, as the contract says. */
const MOST = 20;

/** The tags of a task: a key and a value each. */
export function TagsDialog({ job, onClose, onDone }: DialogProps) {
  const { t } = useTranslation('migration');
  const [tags, setTags] = useState<readonly Tag[]>(job.tags);
  const failure = checkTags([...tags]);
  const change = (at: number, part: Partial<Tag>) =>
    setTags(tags.map((tag, index) => (index === at ? { ...tag, ...part } : tag)));
  return (
    <ConfirmDialog
      opened
      title={t('action.tags.title', { name: job.name })}
      deed={t('action.tags.deed')}
      ready={failure === null}
      onConfirm={async () => {
        await api.migration.setTags({ id: job.id, tags: [...tags] });
        onDone();
      }}
      onClose={onClose}
    >
      {tags.length === 0 ? <p className={classes.quiet}>{t('action.tags.none')}</p> : null}
      {tags.map((tag, index) => (
        <div key={index} className={classes.tag}>
          <TextInput
            aria-label={t('action.tags.keyOf', { number: index + 1 })}
            placeholder={t('action.tags.key')}
            value={tag.key}
            maxLength={127}
            onChange={(event) => change(index, { key: event.currentTarget.value })}
          />
          <TextInput
            aria-label={t('action.tags.valueOf', { number: index + 1 })}
            placeholder={t('action.tags.value')}
            value={tag.value}
            maxLength={255}
            onChange={(event) => change(index, { value: event.currentTarget.value })}
          />
          <ActionIcon
            aria-label={t('action.tags.remove', { number: index + 1 })}
            onClick={() => setTags(tags.filter((_tag, at) => at !== index))}
          >
            <IconTrash size={16} stroke={1.5} />
          </ActionIcon>
        </div>
      ))}
      {failure === null ? null : (
        <p className={classes.problem} role="alert">
          {t(`action.tags.rules.${failure.rule}`, { ...failure.values, example: failure.example })}
        </p>
      )}
      {tags.length >= MOST ? null : (
        <Button
          size="xs"
          variant="default"
          leftSection={<IconPlus size={16} stroke={1.5} />}
          onClick={() => setTags([...tags, { key: '', value: '' }])}
        >
          {t('action.tags.add')}
        </Button>
      )}
    </ConfirmDialog>
  );
}
