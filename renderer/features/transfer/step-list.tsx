import { UnstyledButton } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import classes from './import-wizard.module.css';
import { STEPS, type Step, type StepState } from './model';

export interface StepListProps {
  readonly states: Readonly<Record<Step, StepState>>;
  readonly onChoose: (step: Step) => void;
}

/** The five steps with their state; a step can be entered once what it needs is there. */
export function StepList({ states, onChoose }: StepListProps) {
  const { t } = useTranslation('transfer');
  const running = states.run === 'done' || states.run === 'current' || states.run === 'open';
  return (
    <nav aria-label={t('steps.label')}>
      <ol className={classes.steps}>
        {STEPS.map((step, index) => {
          const state = states[step];
          const before = index < 3;
          return (
            <li key={step}>
              <UnstyledButton
                className={classes.step ?? ''}
                data-state={state}
                disabled={state === 'locked' || (before && running)}
                aria-current={state === 'current' ? 'step' : undefined}
                onClick={() => onChoose(step)}
              >
                {state === 'done' ? (
                  <IconCheck size={16} stroke={1.5} aria-hidden />
                ) : (
                  <span className={classes.number} aria-hidden>
                    {index + 1}
                  </span>
                )}
                {t(`steps.${step}`)}
                <span className="visually-hidden">{t(`steps.states.${state}`)}</span>
              </UnstyledButton>
            </li>
          );
        })}
      </ol>
    </nav>
  );
}
