import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { MigrationOptions, ObjectSelection } from '../../../../shared/model/migration';
import { MIGRATION_TYPES } from '../../../../shared/model/migration-words';
import type { EndpointTest } from '../../../../shared/model/migration-api';
import { api } from '../../../api';
import { ChoiceGroup } from '../../../ui/choice-group';
import { ErrorPanel } from '../../../ui/error-panel';
import { FormRow } from '../../../ui/form-row';
import { EndpointSteps } from '../endpoint-steps';
import { sideOf, type TaskDraft } from '../model';
import { useAsked } from '../use-asked';
import { AdvancedSection } from './advanced-section';
import { ClosureNotes } from './closure-notes';
import { DatabaseNames } from './database-names';
import classes from './migration-wizard.module.css';
import { ObjectPicker } from './object-picker';
import { RolesSection } from './roles-section';
import { selectionProblems } from './selection-rules';

export interface OptionsStepProps {
  readonly jobId: string;
  readonly draft: TaskDraft;
  readonly saving: boolean;
  readonly failure: unknown;
  readonly onChange: (draft: TaskDraft) => void;
  /** Null while nothing was changed. */
  readonly onReset: (() => void) | null;
  readonly onBack: () => void;
  readonly onNext: () => void;
}

/** What travels, and how. */
export function OptionsStep({ jobId, draft, saving, failure, onChange, onReset, onBack, onNext }: OptionsStepProps) {
  const { t } = useTranslation('migration');
  const [tried, setTried] = useState(false);
  const { options } = draft;
  const { objects } = options;
  const set = (change: Partial<MigrationOptions>) => onChange({ ...draft, options: { ...options, ...change } });
  const choose = (next: ObjectSelection) => set({ objects: next });
  const source = useAsked(`${jobId} ${JSON.stringify(draft.source)}`, (signal) =>
    api.migration.test({ id: jobId, role: 'source', side: sideOf(draft.source) }, signal),
  );
  const databases = source.value?.facts?.databases ?? null;
  const problems = selectionProblems(
    objects,
    (databases ?? []).map(({ name }) => name),
  );
  const next = () => {
    setTried(true);
    if (Object.keys(problems).length === 0) onNext();
    else
      requestAnimationFrame(() =>
        document.querySelector('[data-view="migration-wizard"] [data-problem]')?.scrollIntoView({ block: 'center' }),
      );
  };
  const told = (key: string): string | null => {
    const rule = tried ? problems[key] : undefined;
    return rule === undefined ? null : t(`wizard.rules.${rule}`, { example: 'shop' });
  };
  return (
    <form
      className={classes.main}
      style={{ flex: 1 }}
      noValidate
      aria-label={t('wizard.options.title')}
      onSubmit={(event) => {
        event.preventDefault();
        if (!saving) next();
      }}
    >
      <div className={classes.content}>
        <div>
          <h2 className={classes.heading}>{t('wizard.options.title')}</h2>
          <p className={classes.lead}>{t('wizard.options.lead')}</p>
        </div>
        <section className={classes.section} aria-label={t('wizard.options.what')}>
          <FormRow label={t('wizard.type')} required>
            <ChoiceGroup
              label={t('wizard.type')}
              value={options.type}
              choices={MIGRATION_TYPES.map((value) => ({ value, label: t(`wizard.types.${value}`) }))}
              onChange={(value) => set({ type: MIGRATION_TYPES.find((each) => each === value) ?? 'full' })}
            />
            <p className={classes.note}>{t(`wizard.typeNotes.${options.type}`)}</p>
          </FormRow>
          <FormRow label={t('wizard.objects')} required>
            <ChoiceGroup
              label={t('wizard.objects')}
              value={objects.mode}
              choices={(['all', 'partial'] as const).map((value) => ({ value, label: t(`wizard.modes.${value}`) }))}
              onChange={(value) =>
                choose(
                  value === 'all'
                    ? { ...objects, mode: 'all', databases: [] }
                    : { ...objects, mode: 'partial', databases: [] },
                )
              }
            />
            <p className={classes.note}>{t(`wizard.modeNotes.${objects.mode}`)}</p>
          </FormRow>
        </section>
        <SourceProblem test={source.value} error={source.error} onRetry={source.again} />
        {objects.mode === 'all' ? (
          <DatabaseNames databases={databases} selection={objects} problems={problems} onChange={choose} />
        ) : (
          <>
            <ObjectPicker
              jobId={jobId}
              databases={databases}
              selection={objects}
              problems={problems}
              onChange={choose}
            />
            {told('selection') === null ? null : (
              <p className={classes.problem} data-problem role="alert">
                {told('selection')}
              </p>
            )}
            <ClosureNotes jobId={jobId} selection={objects} onChange={choose} />
          </>
        )}
        <RolesSection jobId={jobId} selection={objects} problem={told('roles')} onChange={choose} />
        <AdvancedSection draft={draft} onChange={onChange} />
        {failure === null ? null : <ErrorPanel title={t('wizard.saveFailed')} error={failure} />}
      </div>
      <div className={classes.bar}>
        {onReset === null ? null : (
          <Button variant="default" onClick={onReset}>
            {t('wizard.reset')}
          </Button>
        )}
        <Button variant="default" onClick={onBack}>
          {t('wizard.back')}
        </Button>
        <Button type="submit" loading={saving}>
          {t('wizard.saveAndVerify')}
        </Button>
      </div>
    </form>
  );
}

interface SourceProblemProps {
  readonly test: EndpointTest | null;
  readonly error: unknown;
  readonly onRetry: () => void;
}

/** Why the source's databases are not known. */
function SourceProblem({ test, error, onRetry }: SourceProblemProps) {
  const { t } = useTranslation('migration');
  if (error !== null) return <ErrorPanel title={t('wizard.options.noSource')} error={error} onRetry={onRetry} />;
  if (test === null || test.facts !== null) return null;
  return (
    <div className={classes.stack}>
      <strong>{t('wizard.options.noSource')}</strong>
      <EndpointSteps result={test} tunnelHost="" onTrust={onRetry} />
      <div>
        <Button size="xs" variant="default" onClick={onRetry}>
          {t('app:ui.retry')}
        </Button>
      </div>
    </div>
  );
}
