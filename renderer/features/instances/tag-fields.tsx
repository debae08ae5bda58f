import { ActionIcon, Button, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import classes from './tag-fields.module.css';

export interface Tag {
  readonly key: string;
  readonly value: string;
}

/** Most tags an instance can have, as the contract says. */
const MOST_TAGS = 20;

export interface TagFieldsProps {
  readonly tags: readonly Tag[];
  readonly problem: string | undefined;
  readonly onChange: (tags: Tag[]) => void;
  readonly onLeave: () => void;
}

/** Keys and values, a row each, to change, add and remove. */
export function TagFields({ tags, problem, onChange, onLeave }: TagFieldsProps) {
  const { t } = useTranslation('instances');
  const setTag = (at: number, change: Partial<Tag>) =>
    onChange(tags.map((tag, index) => (index === at ? { ...tag, ...change } : tag)));
  return (
    <>
      {tags.map((tag, index) => (
        <div key={index} className={classes.row}>
          <TextInput
            aria-label={t('buy.tagKey', { number: index + 1 })}
            placeholder={t('buy.key')}
            value={tag.key}
            onChange={(event) => setTag(index, { key: event.currentTarget.value })}
            onBlur={onLeave}
            aria-invalid={problem !== undefined}
            maxLength={63}
          />
          <TextInput
            aria-label={t('buy.tagValue', { number: index + 1 })}
            placeholder={t('buy.value')}
            value={tag.value}
            onChange={(event) => setTag(index, { value: event.currentTarget.value })}
            maxLength={255}
          />
          <ActionIcon
            aria-label={t('buy.removeTag', { number: index + 1 })}
            onClick={() => onChange(tags.filter((_tag, at) => at !== index))}
          >
            <IconTrash size={16} stroke={1.5} />
          </ActionIcon>
        </div>
      ))}
      {problem === undefined ? null : <p className={classes.problem}>{problem}</p>}
      {tags.length >= MOST_TAGS ? null : (
        <Button
          size="xs"
          variant="default"
          leftSection={<IconPlus size={16} stroke={1.5} />}
          onClick={() => onChange([...tags, { key: '', value: '' }])}
        >
          {t('buy.addTag')}
        </Button>
      )}
    </>
  );
}
