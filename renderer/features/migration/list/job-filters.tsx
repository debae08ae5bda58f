import { Select, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { JOB_STATUSES } from '../../../../shared/model/migration-words';
import { tagText } from '../task/model';
import classes from './job-filters.module.css';
import type { JobFilter } from './use-jobs';

export interface JobFiltersProps {
  readonly filter: JobFilter;
  /** Tags that were seen so far. */
  readonly tags: readonly NonNullable<JobFilter['tag']>[];
  readonly onChange: (filter: JobFilter) => void;
}

/** Text, status and tag. */
export function JobFilters({ filter, tags, onChange }: JobFiltersProps) {
  const { t } = useTranslation('migration');
  return (
    <div className={classes.filters} role="search" aria-label={t('list.filters.label')}>
      <TextInput
        className={classes.text ?? ''}
        aria-label={t('list.filters.text')}
        placeholder={t('list.filters.text')}
        leftSection={<IconSearch size={16} stroke={1.5} aria-hidden />}
        value={filter.search}
        maxLength={200}
        onChange={(event) => onChange({ ...filter, search: event.currentTarget.value })}
      />
      <Select
        aria-label={t('list.columns.status')}
        placeholder={t('list.filters.allStatuses')}
        data={[...JOB_STATUSES, 'isolated'].map((status) => ({ value: status, label: t(`status.${status}`) }))}
        value={filter.status}
        onChange={(status) => onChange({ ...filter, status })}
        clearable
      />
      {tags.length === 0 && filter.tag === null ? null : (
        <Select
          aria-label={t('list.columns.tags')}
          placeholder={t('list.filters.allTags')}
          data={tags.map(tagText)}
          value={filter.tag === null ? null : tagText(filter.tag)}
          onChange={(text) => onChange({ ...filter, tag: tags.find((tag) => tagText(tag) === text) ?? null })}
          clearable
          searchable
        />
      )}
    </div>
  );
}
