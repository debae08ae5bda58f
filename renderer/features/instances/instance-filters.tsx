import { Select, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { INSTANCE_STATUSES, type InstanceView } from '../../../shared/model/instance';
import classes from './instance-filters.module.css';
import { projectName } from './labels';
import { regionName } from '../../ui/place-names';
import { choicesOf, tagText, type InstanceFilter } from './model';

export interface InstanceFiltersProps {
  readonly list: readonly InstanceView[];
  readonly filter: InstanceFilter;
  readonly onChange: (filter: InstanceFilter) => void;
}

/** Text, region, project, status and tag; only values that occur are offered. */
export function InstanceFilters({ list, filter, onChange }: InstanceFiltersProps) {
  const { t } = useTranslation('instances');
  const tags = choicesOf(list, (instance) => instance.tags.map(tagText));
  const projects = choicesOf(list, (instance) => [String(instance.projectId)]);
  return (
    <div className={classes.filters} role="search" aria-label={t('filters.label')}>
      <TextInput
        className={classes.text ?? ''}
        aria-label={t('filters.text')}
        placeholder={t('filters.text')}
        leftSection={<IconSearch size={16} stroke={1.5} aria-hidden />}
        value={filter.text}
        onChange={(event) => onChange({ ...filter, text: event.currentTarget.value })}
      />
      <Select
        aria-label={t('columns.region')}
        placeholder={t('filters.allRegions')}
        data={choicesOf(list, (instance) => [instance.region]).map((code) => ({
          value: code,
          label: regionName(t, code),
        }))}
        value={filter.region}
        onChange={(region) => onChange({ ...filter, region })}
        clearable
      />
      {projects.length < 2 && filter.project === null ? null : (
        <Select
          aria-label={t('columns.project')}
          placeholder={t('filters.allProjects')}
          data={projects.map((id) => ({ value: id, label: projectName(t, Number(id)) }))}
          value={filter.project === null ? null : String(filter.project)}
          onChange={(project) => onChange({ ...filter, project: project === null ? null : Number(project) })}
          clearable
        />
      )}
      <Select
        aria-label={t('columns.status')}
        placeholder={t('filters.allStatuses')}
        data={choicesOf(list, (instance) => [instance.status]).map((status) => ({
          value: status,
          label: t(`statuses.${status}`),
        }))}
        value={filter.status}
        onChange={(value) =>
          onChange({ ...filter, status: INSTANCE_STATUSES.find((status) => status === value) ?? null })
        }
        clearable
      />
      {tags.length === 0 ? null : (
        <Select
          aria-label={t('columns.tags')}
          placeholder={t('filters.allTags')}
          data={tags}
          value={filter.tag}
          onChange={(tag) => onChange({ ...filter, tag })}
          clearable
          searchable
        />
      )}
    </div>
  );
}
