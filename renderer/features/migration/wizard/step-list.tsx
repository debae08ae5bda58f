import { UnstyledButton } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import classes from './migration-wizard.module.css';

export const WIZARD_STEPS = ['endpoints', 'options', 'verify'] as const;
export type WizardStep = (typeof WIZARD_STEPS)[number];
export type WizardStepState = 'done' | 'current' | 'open' | 'locked';

export interface StepListProps {
  readonly states: Readonly<Record<WizardStep, WizardStepState>>;
  readonly onChoose: (step: WizardStep) => void;
}

/** The three steps with their state; one can be entered once what it needs is saved. */
export function StepList({ states, onChoose }: StepListProps) {
  const { t } = useTranslation('migration');
  return (
    <nav aria-label={t('wizard.steps.label')}>
      <ol className={classes.steps}>
        {WIZARD_STEPS.map((step, index) => {
          const state = states[step];
          return (
            <li key={step}>
              <UnstyledButton
                className={classes.step ?? ''}
                data-state={state}
                disabled={state === 'locked'}
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
                <span>
                  {t(`wizard.steps.${step}`)}
                  <span className="visually-hidden">{t(`wizard.steps.states.${state}`)}</span>
                </span>
              </UnstyledButton>
            </li>
          );
        })}
      </ol>
    </nav>
  );
}
