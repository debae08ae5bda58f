import { UnstyledButton } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import classes from './wizard-steps.module.css';

export type WizardStepState = 'done' | 'current' | 'open' | 'locked';

/** A step of a wizard: one that is not locked can be entered. */
export interface WizardStepView<Step extends string> {
  readonly step: Step;
  readonly label: string;
  readonly state: WizardStepState;
  /** The state in words, for those who do not see its mark. */
  readonly stateLabel: string;
  /** Cannot be gone back to, though it is done. */
  readonly over?: boolean;
}

interface WizardStepsProps<Step extends string> {
  readonly label: string;
  readonly steps: readonly WizardStepView<Step>[];
  readonly onChoose: (step: Step) => void;
}

/** The steps of a wizard with their state: one under the other in a narrow column, else in a row. */
export function WizardSteps<Step extends string>({ label, steps, onChoose }: WizardStepsProps<Step>) {
  return (
    <nav className={classes.nav} aria-label={label}>
      <ol className={classes.steps}>
        {steps.map(({ step, label: name, state, stateLabel, over = false }, index) => (
          <li key={step}>
            <UnstyledButton
              className={classes.step ?? ''}
              data-state={state}
              disabled={state === 'locked' || over}
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
                {name}
                <span className="visually-hidden">{stateLabel}</span>
              </span>
            </UnstyledButton>
          </li>
        ))}
      </ol>
    </nav>
  );
}
