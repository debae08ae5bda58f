import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ImportPlan } from '../../../shared/contract/transfer';
import { isOver } from '../../../shared/model/task';
import { api } from '../../api';
import { ErrorPanel } from '../../ui/error-panel';
import { useTabTitle } from '../../ui/workbench';
import { CommandStrip } from './command-strip';
import classes from './import-wizard.module.css';
import {
  draftOf,
  isBlocked,
  newDraft,
  planOf,
  sourceReady,
  stepStates,
  suggestName,
  type Draft,
  type Step,
} from './model';
import { OptionsStep } from './options-step';
import { ResultStep } from './result-step';
import { RunStep } from './run-step';
import { SourceStep } from './source-step';
import { StepList } from './step-list';
import { TargetStep } from './target-step';
import { useCommands, useDatabases, useFindings, useImport, useServerList } from './use-wizard';

export interface ImportWizardProps {
  readonly serverId?: string | undefined;
  readonly database?: string | undefined;
  /** An import that was started before: the wizard opens at its progress. */
  readonly taskId?: string | undefined;
}

/** Source, target with its checks, options, the run, the result. */
export function ImportWizard({ serverId, database, taskId: startedBefore }: ImportWizardProps) {
  const { t } = useTranslation('transfer');
  const servers = useServerList();
  const [taskId, setTaskId] = useState<string | null>(startedBefore ?? null);
  // `watch`: the run, and its result as soon as it is over.
  const [chosen, setStep] = useState<Step | 'watch'>(startedBefore === undefined ? 'source' : 'watch');
  const [draft, setDraft] = useState<Draft>(() => newDraft(serverId ?? '', database ?? ''));
  const [starting, setStarting] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);

  const targetServer = servers?.find(({ id }) => id === draft.targetServer);
  const databases = useDatabases(targetServer);
  const suggestion = suggestName(draft, databases.value?.map(({ name }) => name) ?? []);
  const plan = planOf(draft, suggestion);
  const imported = useImport(taskId);
  const over = imported.task !== null && isOver(imported.task.state);
  const step: Step = chosen !== 'watch' ? chosen : over && imported.report !== null ? 'result' : 'run';
  const checking = taskId === null && step !== 'source' ? plan : null;
  const findings = useFindings(checking);
  const shownPlan: ImportPlan | null = taskId === null ? plan : imported.plan;
  const planned = useCommands(taskId === null && step !== 'source' ? plan : null);
  const commands = taskId === null ? planned : (imported.report?.commands ?? planned);

  const title = shownPlan ? t('tabTitle', { database: shownPlan.target.database }) : t('title');
  useTabTitle(title);

  const checked = findings.value !== null && !isBlocked(findings.value);
  const states = stepStates(step, sourceReady(draft), checked && plan !== null, taskId === null ? null : imported.task);

  const start = async () => {
    if (plan === null) return;
    setStarting(true);
    setFailure(null);
    try {
      const started = await api.transfer.start({ plan });
      setTaskId(started.taskId);
      setStep('watch');
    } catch (error) {
      setFailure(error);
    } finally {
      setStarting(false);
    }
  };

  const startOver = () => {
    setDraft((before) => (before.file === null && imported.plan ? draftOf(imported.plan) : before));
    setTaskId(null);
    setFailure(null);
    setStep('source');
  };

  const content = () => {
    switch (step) {
      case 'source':
        return <SourceStep draft={draft} servers={servers} onChange={setDraft} />;
      case 'target':
        return (
          <TargetStep
            draft={draft}
            servers={servers}
            databases={databases}
            suggestion={suggestion}
            findings={findings}
            onChange={setDraft}
          />
        );
      case 'options':
        return <OptionsStep draft={draft} onChange={setDraft} />;
      case 'run':
        return imported.task ? <RunStep task={imported.task} /> : null;
      case 'result':
        return imported.report && imported.plan && imported.task ? (
          <ResultStep
            task={imported.task}
            plan={imported.plan}
            report={imported.report}
            onAgain={startOver}
            onUndone={imported.reload}
          />
        ) : null;
    }
  };

  return (
    <div className={classes.page}>
      <div className={classes.wizard}>
        <StepList states={states} onChoose={setStep} />
        <div className={classes.main}>
          <div className={classes.content}>
            {imported.error === null ? null : <ErrorPanel error={imported.error} />}
            {content()}
            {failure === null ? null : <ErrorPanel title={t('startFailed')} error={failure} />}
          </div>
          {step === 'source' ? (
            <div className={classes.bar}>
              <Button disabled={!sourceReady(draft)} onClick={() => setStep('target')}>
                {t('next')}
              </Button>
            </div>
          ) : null}
          {step === 'target' ? (
            <div className={classes.bar}>
              <Button variant="default" onClick={() => setStep('source')}>
                {t('back')}
              </Button>
              <Button disabled={!checked} onClick={() => setStep('options')}>
                {t('next')}
              </Button>
            </div>
          ) : null}
          {step === 'options' ? (
            <div className={classes.bar}>
              <Button variant="default" onClick={() => setStep('target')}>
                {t('back')}
              </Button>
              <Button disabled={!checked || plan === null} loading={starting} onClick={() => void start()}>
                {t('start', { database: plan?.target.database ?? '' })}
              </Button>
            </div>
          ) : null}
          {commands.length > 0 ? <CommandStrip commands={commands} /> : null}
        </div>
      </div>
    </div>
  );
}
