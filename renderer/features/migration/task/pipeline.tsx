import { useTranslation } from 'react-i18next';
import type { MigrationProgress } from '../../../../shared/model/migration';
import type { MigrationJobDetail } from '../../../../shared/model/migration-api';
import { formatDuration, formatPercent, formatTime } from '../../../ui/bytes';
import { ProgressBar } from '../../../ui/progress-bar';
import { StatusPill } from '../../../ui/status-pill';
import { TONE_OF_STEP, tookMs } from './model';
import { pipelineOf } from './pipeline-model';
import classes from './pipeline.module.css';

export interface PipelineProps {
  readonly job: MigrationJobDetail;
  readonly progress: MigrationProgress | null;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** The steps across the page: what is done, what runs and how far, how long each took. */
export function Pipeline({ job, progress, now }: PipelineProps) {
  const { t, i18n } = useTranslation('migration');
  const steps = pipelineOf(job, progress);
  return (
    <ol className={classes.pipeline} aria-label={t('step.label')} data-steps={steps.length}>
      {steps.map((step) => {
        const name = t(`step.${step.step}`);
        const running = step.state === 'running';
        const endedAt = step.endedAt ?? (running ? now : job.endedAt);
        const took = endedAt === null ? null : tookMs(step.startedAt, endedAt, now);
        const checked = step.step === 'verify' && step.endedAt !== null ? formatTime(step.endedAt, i18n.language) : '';
        const told = [took === null || step.state === 'notStarted' ? '' : formatDuration(took), step.note, checked]
          .filter((part) => part !== '')
          .join(' · ');
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
            </span>
            {running ? (
              <ProgressBar fraction={step.fraction} label={t('step.progressOf', { step: name })} />
            ) : (
              <span className={classes.line} />
            )}
            <span className={classes.note} title={told}>
              {told}
            </span>
          </li>
        );
      })}
    </ol>
  );
}
