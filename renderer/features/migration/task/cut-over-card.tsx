import { Button } from '@mantine/core';
import { IconArrowBackUp } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { CutOverStep } from '../../../../shared/model/migration';
import type { MigrationJobDetail } from '../../../../shared/model/migration-api';
import { formatDuration } from '../../../ui/bytes';
import { StatusPill } from '../../../ui/status-pill';
import { Card } from './card';
import type { Way } from './complete-model';
import classes from './cut-over-card.module.css';
import { isAtWork, TONE_OF_STEP, tookMs } from './model';

export interface CutOverCardProps {
  readonly job: MigrationJobDetail;
  readonly way: Way;
  readonly steps: readonly CutOverStep[];
  readonly now: number;
  readonly onTakeBack: () => void;
}

/** What is done at the cut-over, one below the other, with what became of it and how long it took. */
export function CutOverCard({ job, way, steps, now, onTakeBack }: CutOverCardProps) {
  const { t } = useTranslation('migration');
  return (
    <Card
      title={t(`task.cutOver.title.${way}`)}
      actions={
        job.actions.includes('takeBack') ? (
          <Button
            size="xs"
            variant="default"
            leftSection={<IconArrowBackUp size={16} stroke={1.5} />}
            onClick={onTakeBack}
          >
            {t('action.takeBack')}
          </Button>
        ) : null
      }
    >
      <ol className={classes.steps} aria-label={t(`task.cutOver.title.${way}`)}>
        {steps.map(({ step, state, note, startedAt, endedAt }) => {
          const halted = state === 'running' && !isAtWork(job);
          const took = state === 'notStarted' || halted ? null : tookMs(startedAt, endedAt, now);
          return (
            <li
              key={step}
              className={classes.step}
              data-cut-over={step}
              data-state={halted ? 'halted' : state}
              aria-current={state === 'running' && !halted ? 'step' : undefined}
            >
              <StatusPill tone={halted ? 'warn' : TONE_OF_STEP[state]}>
                {t(`step.states.${halted ? 'halted' : state}`)}
              </StatusPill>
              <span className={classes.name}>{t(`task.cutOver.steps.${step}`)}</span>
              <span className={classes.note}>{note}</span>
              <span className={classes.took}>{took === null ? '' : formatDuration(took)}</span>
            </li>
          );
        })}
      </ol>
    </Card>
  );
}
