import { useTranslation } from 'react-i18next';
import type { MigrationProgress, StepProgress } from '../../../../shared/model/migration';
import { STEPS, type JobStatus, type StepState } from '../../../../shared/model/migration-words';
import type { MigrationJobDetail } from '../../../../shared/model/migration-api';
import { formatDuration, formatPercent, formatTime } from '../../../ui/bytes';
import { ProgressBar } from '../../../ui/progress-bar';
import { StatusPill } from '../../../ui/status-pill';
import { isAtWork, TONE_OF_STEP, tookMs } from './model';
import classes from './pipeline.module.css';

/** A step as it is drawn; `verify` comes before those of the run. */
export interface PipelineStep extends Omit<StepProgress, 'step' | 'state'> {
  readonly step: StepProgress['step'] | 'verify';
  /** `halted`: it was being done when the task paused, failed or was stopped. */
  readonly state: StepState | 'halted';
}

const NOT_VERIFIED: ReadonlySet<JobStatus> = new Set(['created', 'checking', 'checkNotPass']);

function verifyState({ status, checkedAt }: Pick<MigrationJobDetail, 'status' | 'checkedAt'>): StepState {
  if (status === 'checking') return 'running';
  if (!NOT_VERIFIED.has(status)) return 'success';
  return checkedAt === null ? 'notStarted' : 'failed';
}

/** The way of a task from its checks to its end; steps that the worker has not spoken of yet have not started. */
export function pipelineOf(
  job: Pick<MigrationJobDetail, 'status' | 'checkedAt'>,
  progress: MigrationProgress | null,
): readonly PipelineStep[] {
  const unknown = { state: 'notStarted', fraction: null, startedAt: null, endedAt: null, note: '' } as const;
  return [
    { ...unknown, step: 'verify', state: verifyState(job), endedAt: job.checkedAt },
    ...STEPS.map((step): PipelineStep => {
      const told = progress?.steps.find((each) => each.step === step) ?? { ...unknown, step };
      return told.state === 'running' && !isAtWork(job) ? { ...told, state: 'halted' } : told;
    }),
  ];
}

export interface PipelineProps {
  readonly job: MigrationJobDetail;
  readonly progress: MigrationProgress | null;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** The steps across the page: what is done, what runs and how far, how long each took. */
export function Pipeline({ job, progress, now }: PipelineProps) {
  const { t, i18n } = useTranslation('migration');
  return (
    <ol className={classes.pipeline} aria-label={t('step.label')}>
      {pipelineOf(job, progress).map((step) => {
        const name = t(`step.${step.step}`);
        const running = step.state === 'running';
        const endedAt = step.endedAt ?? (running ? now : job.endedAt);
        const took = endedAt === null ? null : tookMs(step.startedAt, endedAt, now);
        const checked = step.step === 'verify' && step.endedAt !== null ? formatTime(step.endedAt, i18n.language) : '';
        return (
          <li
            key={step.step}
            className={classes.step}
            data-step={step.step}
            data-state={step.state}
            aria-current={running ? 'step' : undefined}
          >
            <StatusPill tone={step.state === 'halted' ? 'warn' : TONE_OF_STEP[step.state]}>
              <span className={classes.name}>{name}</span>
            </StatusPill>
            <span className={classes.state}>
              {running && step.fraction !== null ? formatPercent(step.fraction) : t(`step.states.${step.state}`)}
              {took === null || step.state === 'notStarted' ? '' : ` · ${formatDuration(took)}`}
            </span>
            {running ? (
              <ProgressBar fraction={step.fraction} label={t('step.progressOf', { step: name })} />
            ) : (
              <span className={classes.line} />
            )}
            <span className={classes.note} title={step.note === '' ? checked : step.note}>
              {step.note === '' ? checked : step.note}
            </span>
          </li>
        );
      })}
    </ol>
  );
}
