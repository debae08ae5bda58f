import { Button, Skeleton } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { MigrationJobDetail } from '../../../../shared/model/migration-api';
import type { ServerView } from '../../../../shared/model/server';
import { api } from '../../../api';
import { EmptyState } from '../../../ui/empty-state';
import { ErrorPanel } from '../../../ui/error-panel';
import type { WizardStepState } from '../../../ui/wizard-steps';
import { useCommand, useTab, useTabTitle } from '../../../ui/workbench';
import { configurationOf, draftOf, newDraft, taskProblems, type TaskDraft } from '../model';
import { useEndpointTest } from '../use-endpoint-test';
import { useServers } from '../use-servers';
import { EndpointsStep } from './endpoints-step';
import classes from './migration-wizard.module.css';
import { OptionsStep } from './options-step';
import { StepList, type WizardStep } from './step-list';
import { useFormChecks } from './use-form';
import { useJobDetail } from './use-wizard';
import { VerifyStep } from './verify-step';

export interface MigrationWizardProps {
  /** A task that was begun before: the wizard goes on where it was left. */
  readonly jobId?: string | undefined;
}

/** Source and target, what travels and how, the checks; from the last one the task is started. */
export function MigrationWizard({ jobId }: MigrationWizardProps) {
  const { t } = useTranslation('migration');
  const run = useCommand();
  const tab = useTab();
  const servers = useServers();
  const begun = useJobDetail(jobId ?? null);
  const waits = servers === null || (jobId !== undefined && begun.value === null);
  const [opened, setOpened] = useState<MigrationJobDetail | null>(null);
  // Read once: what the task becomes while the wizard stands open is followed further inside.
  if (opened === null && begun.value !== null) setOpened(begun.value);
  const openTask = (id: string) => {
    run({ do: 'show-migration', id });
    tab.close();
  };
  const editable = opened === null || opened.actions.includes('modify') || opened.status === 'checking';
  return (
    <div className={classes.page}>
      {waits && begun.error === null ? <Waiting /> : null}
      {begun.error === null || opened !== null ? null : (
        <ErrorPanel title={t('wizard.readFailed')} error={begun.error} onRetry={begun.reload} />
      )}
      {waits || editable ? null : (
        <EmptyState
          title={t('wizard.started')}
          text={t('wizard.startedText')}
          action={<Button onClick={() => openTask(opened?.id ?? '')}>{t('wizard.openTask')}</Button>}
        />
      )}
      {waits || !editable || (jobId !== undefined && opened === null) ? null : (
        <WizardForm begun={opened} servers={servers ?? []} onStarted={openTask} />
      )}
    </div>
  );
}

/** While the task and the servers are read. */
function Waiting() {
  const { t } = useTranslation('migration');
  useTabTitle(t('wizard.title'));
  return (
    <div className={classes.wizard} role="status" aria-label={t('endpoint.loading')}>
      <Skeleton height={120} />
      <div className={classes.content}>
        <Skeleton height={32} />
        <Skeleton height={320} />
      </div>
    </div>
  );
}

/** The step at which a task is gone on with. */
const stepOf = (job: MigrationJobDetail | null): WizardStep =>
  job === null || job.source === null ? 'endpoints' : job.status === 'created' ? 'options' : 'verify';

interface WizardFormProps {
  readonly begun: MigrationJobDetail | null;
  readonly servers: readonly ServerView[];
  readonly onStarted: (id: string) => void;
}

function WizardForm({ begun, servers, onStarted }: WizardFormProps) {
  const { t } = useTranslation('migration');
  const { setDirty } = useTab();
  const [id, setId] = useState<string | null>(begun?.id ?? null);
  const [opened] = useState<TaskDraft>(() => (begun === null ? newDraft() : draftOf(begun, servers)));
  const [draft, setDraft] = useState(opened);
  /** What the daemon has of the draft. */
  const [saved, setSaved] = useState<TaskDraft | null>((begun?.source ?? null) === null ? null : opened);
  const [step, setStep] = useState<WizardStep>(() => stepOf(begun));
  const [saving, setSaving] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const [now, setNow] = useState(() => Date.now());
  const problems = taskProblems(draft, now);
  const checks = useFormChecks(problems);
  const tests = {
    source: useEndpointTest('source', id, draft.source),
    target: useEndpointTest('target', id, draft.target),
  };
  const changed = draft !== saved;
  const unsaved = changed && draft !== opened;
  useEffect(() => setDirty(unsaved), [setDirty, unsaved]);
  const main = useRef<HTMLDivElement>(null);
  const shown = useRef(step);
  useEffect(() => {
    if (shown.current === step) return;
    shown.current = step;
    // What had the focus is gone with its step.
    main.current?.focus({ preventScroll: true });
    main.current?.closest(`.${classes.page ?? ''}`)?.scrollTo({ top: 0 });
  }, [step]);
  useTabTitle(draft.name === '' ? t('wizard.title') : t('wizard.tabTitle', { name: draft.name }));

  const change = (next: TaskDraft) => {
    setDraft(next);
    setNow(Date.now());
    setFailure(null);
  };

  const loaded = saved ?? opened;
  /** Back to what the daemon has, or to the empty form. */
  const reset = draft === loaded ? null : () => change(loaded);

  /** Creates the task at the first time, so that a half-done one stands in the list and can be gone on with. */
  const save = async (next: WizardStep) => {
    setSaving(true);
    setFailure(null);
    try {
      const configured = { ...configurationOf(id ?? '', draft) };
      const used =
        id ?? (await api.migration.create({ name: configured.name, size: draft.size, tags: configured.tags })).id;
      setId(used);
      await api.migration.configure({ ...configured, id: used });
      setSaved(draft);
      setStep(next);
    } catch (error) {
      setFailure(error);
    } finally {
      setSaving(false);
    }
  };
  const leaveEndpoints = () => {
    const last = Date.now();
    setNow(last);
    if (!checks.reveal(Object.keys(taskProblems(draft, last)))) return;
    if (changed || id === null) void save('options');
    else setStep('options');
  };

  const configured = id !== null && saved !== null;
  const stateOf = (own: WizardStep, done: boolean, reachable: boolean): WizardStepState =>
    step === own ? 'current' : done ? 'done' : reachable ? 'open' : 'locked';
  const states = {
    endpoints: stateOf('endpoints', configured, true),
    options: stateOf('options', configured && step === 'verify', configured),
    verify: stateOf('verify', false, configured && !changed),
  };

  return (
    <div className={classes.wizard}>
      <StepList states={states} onChoose={setStep} />
      <div ref={main} className={classes.main} tabIndex={-1}>
        {step === 'endpoints' ? (
          <form
            className={classes.main}
            style={{ flex: 1 }}
            noValidate
            aria-label={t('wizard.endpoints.title')}
            onSubmit={(event) => {
              event.preventDefault();
              if (!saving) leaveEndpoints();
            }}
          >
            <div className={classes.content}>
              <EndpointsStep
                draft={draft}
                created={id !== null}
                servers={servers}
                checks={checks}
                tests={tests}
                onChange={change}
              />
              {failure === null ? null : <ErrorPanel title={t('wizard.saveFailed')} error={failure} />}
            </div>
            <div className={classes.bar}>
              <span className={classes.barText}>
                {id === null ? t('wizard.notCreated') : t('wizard.inList', { id })}
              </span>
              {reset === null ? null : (
                <Button variant="default" onClick={reset}>
                  {t('wizard.reset')}
                </Button>
              )}
              <Button type="submit" loading={saving}>
                {t('wizard.saveAndNext')}
              </Button>
            </div>
          </form>
        ) : null}
        {step === 'options' && id !== null ? (
          <OptionsStep
            jobId={id}
            draft={draft}
            saving={saving}
            failure={failure}
            onChange={change}
            onReset={reset}
            onBack={() => setStep('endpoints')}
            onNext={() => (changed ? void save('verify') : setStep('verify'))}
          />
        ) : null}
        {step === 'verify' && id !== null ? (
          <VerifyStep
            jobId={id}
            servers={servers}
            timed={draft.runMode === 'timed'}
            onBack={() => setStep('options')}
            onStarted={onStarted}
          />
        ) : null}
      </div>
    </div>
  );
}
