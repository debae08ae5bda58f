import { ActionIcon, Button, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import classes from './tag-fields.module.css';

export interface Tag {
  readonly key: string;
  readonly value: string;
}

/** Most tags that something can have, as the contracts say. */
const MOST_TAGS = 20;

export interface TagFieldsProps {
  readonly tags: readonly Tag[];
  /** Characters of a key; default 127. */
  readonly keyMax?: number;
  readonly problem: string | undefined;
  readonly onChange: (tags: Tag[]) => void;
  readonly onLeave?: () => void;
}

/** Keys and values, a row each, to change, add and remove. */
export function TagFields({ tags, keyMax, problem, onChange, onLeave }: TagFieldsProps) {
  const { t } = useTranslation('app');
  const setTag = (at: number, change: Partial<Tag>) =>
    onChange(tags.map((tag, index) => (index === at ? { ...tag, ...change } : tag)));
  return (
    <>
      {tags.map((tag, index) => (
        <div key={index} className={classes.row}>
          <TextInput
            aria-label={t('ui.tags.keyOf', { number: index + 1 })}
            data-field="tags"
            placeholder={t('ui.tags.key')}
            value={tag.key}
            onChange={(event) => setTag(index, { key: event.currentTarget.value })}
            onBlur={onLeave}
            aria-invalid={problem !== undefined}
            maxLength={keyMax ?? 127}
          />
          <TextInput
            aria-label={t('ui.tags.valueOf', { number: index + 1 })}
            placeholder={t('ui.tags.value')}
            value={tag.value}
            onChange={(event) => setTag(index, { value: event.currentTarget.value })}
            maxLength={255}
          />
          <ActionIcon
            aria-label={t('ui.tags.remove', { number: index + 1 })}
            onClick={() => onChange(tags.filter((_tag, at) => at !== index))}
          >
            <IconTrash size={16} stroke={1.5} />
          </ActionIcon>
        </div>
      ))}
      {problem === undefined ? null : (
        <p className={classes.problem} role="alert">
          {problem}
        </p>
      )}
      {tags.length >= MOST_TAGS ? null : (
        <Button
          size="xs"
          variant="default"
          leftSection={<IconPlus size={16} stroke={1.5} />}
          onClick={() => onChange([...tags, { key: '', value: '' }])}
        >
          {t('ui.tags.add')}
        </Button>
      )}
    </>
  );
}
