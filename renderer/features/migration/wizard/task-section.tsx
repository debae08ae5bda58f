import { ActionIcon, Button, Select, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { ChoiceGroup } from '../../../ui/choice-group';
import { FormRow } from '../../../ui/form-row';
import { localTime, SIZES, type TaskDraft } from '../model';
import classes from './migration-wizard.module.css';
import type { FormChecks } from './use-form';

/** As the contract says. */
const MOST_TAGS = 20;
const HOUR_MS = 3_600_000;

export interface TaskSectionProps {
  readonly draft: TaskDraft;
  /** The task is there: its size is settled. */
  readonly created: boolean;
  /** What it is called when nothing is typed. */
  readonly suggestion: string;
  readonly checks: FormChecks;
  readonly onChange: (draft: TaskDraft) => void;
}

/** What the task is called, when it runs, how much of the servers it may take. */
export function TaskSection({ draft, created, suggestion, checks, onChange }: TaskSectionProps) {
  const { t } = useTranslation('migration');
  const set = (change: Partial<TaskDraft>) => onChange({ ...draft, ...change });
  return (
    <section className={classes.section} aria-label={t('wizard.task')}>
      <FormRow label={t('wizard.name')} htmlFor="migration-name" required>
        <TextInput
          id="migration-name"
          data-field="name"
          className={classes.narrow ?? ''}
          value={draft.name}
          placeholder={suggestion}
          onChange={(event) => set({ name: event.currentTarget.value })}
          onBlur={() => checks.onLeave('name')}
          error={checks.problemOf('name')}
          maxLength={128}
          autoComplete="off"
          spellCheck={false}
        />
      </FormRow>
      <FormRow label={t('wizard.runMode')} required>
        <ChoiceGroup
          label={t('wizard.runMode')}
          value={draft.runMode}
          choices={(['immediate', 'timed'] as const).map((value) => ({ value, label: t(`wizard.runModes.${value}`) }))}
          onChange={(value) =>
            set(
              value === 'timed'
                ? { runMode: 'timed', at: draft.at === '' ? localTime(Date.now() + HOUR_MS) : draft.at }
                : { runMode: 'immediate' },
            )
          }
        />
        {draft.runMode === 'timed' ? (
          <TextInput
            type="datetime-local"
            className={classes.moment ?? ''}
            aria-label={t('wizard.at')}
            data-field="at"
            value={draft.at}
            onChange={(event) => set({ at: event.currentTarget.value })}
            onBlur={() => checks.onLeave('at')}
            error={checks.problemOf('at')}
          />
        ) : null}
        <p className={classes.note}>{t(`wizard.runModeNotes.${draft.runMode}`)}</p>
      </FormRow>
      <FormRow label={t('wizard.size')} htmlFor="migration-size">
        <Select
          id="migration-size"
          className={classes.narrow ?? ''}
          data={SIZES.map((value) => ({ value, label: t(`wizard.sizes.${value}`) }))}
          value={draft.size}
          onChange={(size) => set({ size: size ?? 'medium' })}
          allowDeselect={false}
          disabled={created}
        />
        <p className={classes.note}>
          {t(`wizard.sizeNotes.${draft.size}`)} {t(created ? 'wizard.sizeSettled' : 'wizard.sizeNote')}
        </p>
      </FormRow>
      <FormRow label={t('wizard.tags')}>
        <Tags draft={draft} checks={checks} onChange={onChange} />
      </FormRow>
    </section>
  );
}

function Tags({ draft, checks, onChange }: Pick<TaskSectionProps, 'draft' | 'checks' | 'onChange'>) {
  const { t } = useTranslation('migration');
  const { tags } = draft;
  const set = (next: TaskDraft['tags']) => onChange({ ...draft, tags: next });
  const change = (at: number, part: { key?: string; value?: string }) =>
    set(tags.map((tag, index) => (index === at ? { ...tag, ...part } : tag)));
  const problem = checks.problemOf('tags');
  return (
    <>
      {tags.map((tag, index) => (
        <div key={index} className={classes.tag}>
          <TextInput
            aria-label={t('instances:buy.tagKey', { number: index + 1 })}
            data-field="tags"
            placeholder={t('instances:buy.key')}
            value={tag.key}
            onChange={(event) => change(index, { key: event.currentTarget.value })}
            onBlur={() => checks.onLeave('tags')}
            aria-invalid={problem !== undefined}
            maxLength={127}
          />
          <TextInput
            aria-label={t('instances:buy.tagValue', { number: index + 1 })}
            placeholder={t('instances:buy.value')}
            value={tag.value}
            onChange={(event) => change(index, { value: event.currentTarget.value })}
            maxLength={255}
          />
          <ActionIcon
            aria-label={t('instances:buy.removeTag', { number: index + 1 })}
            onClick={() => set(tags.filter((_tag, at) => at !== index))}
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
          onClick={() => set([...tags, { key: '', value: '' }])}
        >
          {t('instances:buy.addTag')}
        </Button>
      )}
    </>
  );
}
