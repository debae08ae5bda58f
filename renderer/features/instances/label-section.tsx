import { ActionIcon, Button, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { COUNT_MAX } from '../../../shared/model/instance-rules';
import { FormRow } from '../../ui/form-row';
import type { SectionProps } from './create-form';
import classes from './create-instance-view.module.css';
import { FigureRow } from './figure-row';

/** Most tags an instance can have, as the contract says. */
const MOST_TAGS = 20;

/** Quantity and tags. */
export function LabelSection({ form, onChange, problemOf, onLeave }: SectionProps) {
  const { t } = useTranslation('instances');
  const setTag = (at: number, change: { key?: string; value?: string }) =>
    onChange({ ...form, tags: form.tags.map((tag, index) => (index === at ? { ...tag, ...change } : tag)) });
  const problem = problemOf('tags');
  return (
    <section className={classes.section} aria-label={t('buy.labels')}>
      <FigureRow
        id="instance-count"
        label={t('buy.count')}
        min={1}
        max={COUNT_MAX}
        value={form.count}
        error={problemOf('count')}
        onChange={(count) => onChange({ ...form, count })}
        onLeave={() => onLeave('count')}
      />
      <FormRow label={t('buy.tags')}>
        {form.tags.map((tag, index) => (
          <div key={index} className={classes.tagRow}>
            <TextInput
              aria-label={t('buy.tagKey', { number: index + 1 })}
              placeholder={t('buy.key')}
              value={tag.key}
              onChange={(event) => setTag(index, { key: event.currentTarget.value })}
              onBlur={() => onLeave('tags')}
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
              onClick={() => onChange({ ...form, tags: form.tags.filter((_tag, at) => at !== index) })}
            >
              <IconTrash size={16} stroke={1.5} />
            </ActionIcon>
          </div>
        ))}
        {problem === undefined ? null : <p className={classes.problem}>{problem}</p>}
        {form.tags.length >= MOST_TAGS ? null : (
          <Button
            size="xs"
            variant="default"
            leftSection={<IconPlus size={16} stroke={1.5} />}
            onClick={() => onChange({ ...form, tags: [...form.tags, { key: '', value: '' }] })}
          >
            {t('buy.addTag')}
          </Button>
        )}
      </FormRow>
    </section>
  );
}
