import { Select, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { ChoiceGroup } from '../../../ui/choice-group';
import { FormRow } from '../../../ui/form-row';
import { TagFields } from '../../../ui/tag-fields';
import { localTime, SIZES, type TaskDraft } from '../model';
import classes from './migration-wizard.module.css';
import type { FormChecks } from './use-form';

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
        <TagFields
          tags={draft.tags}
          problem={checks.problemOf('tags')}
          onChange={(tags) => set({ tags })}
          onLeave={() => checks.onLeave('tags')}
        />
      </FormRow>
    </section>
  );
}
