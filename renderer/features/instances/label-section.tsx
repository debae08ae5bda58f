import { Checkbox } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { COUNT_MAX } from '../../../shared/model/instance-rules';
import { FormRow } from '../../ui/form-row';
import { TagFields } from '../../ui/tag-fields';
import type { SectionProps } from './create-form';
import classes from './create-instance-view.module.css';
import { FigureRow } from './figure-row';

/** Greatest project number of the public API. */
const PROJECT_MAX = 2 ** 31 - 1;

/** Quantity, project, tags, and whether it is guarded against being taken away. */
export function LabelSection({ form, onChange, problemOf, onLeave }: SectionProps) {
  const { t } = useTranslation('instances');
  return (
    <section className={classes.section} aria-label={t('buy.labels')}>
      <FigureRow
        id="instance-project"
        label={t('columns.project')}
        min={0}
        max={PROJECT_MAX}
        value={form.projectId}
        error={problemOf('projectId')}
        onChange={(projectId) => onChange({ ...form, projectId })}
        onLeave={() => onLeave('projectId')}
      >
        <p className={classes.note}>{t('projects.note')}</p>
      </FigureRow>
      <FormRow label={t('buy.tags')}>
        <TagFields
          tags={form.tags}
          keyMax={63}
          problem={problemOf('tags')}
          onChange={(tags) => onChange({ ...form, tags })}
          onLeave={() => onLeave('tags')}
        />
      </FormRow>
      <FormRow label={t('protection.label')}>
        <Checkbox
          className={classes.box ?? ''}
          label={t('protection.on')}
          description={t('protection.note')}
          checked={form.deletionProtection}
          onChange={(event) => onChange({ ...form, deletionProtection: event.currentTarget.checked })}
        />
      </FormRow>
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
    </section>
  );
}
