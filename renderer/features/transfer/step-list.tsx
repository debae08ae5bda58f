import { useTranslation } from 'react-i18next';
import { WizardSteps } from '../../ui/wizard-steps';
import { STEPS, type Step, type StepState } from './model';

export interface StepListProps {
  readonly states: Readonly<Record<Step, StepState>>;
  readonly onChoose: (step: Step) => void;
}

/** The five steps with their state; a step can be entered once what it needs is there, and what is chosen stands once the import runs. */
export function StepList({ states, onChoose }: StepListProps) {
  const { t } = useTranslation('transfer');
  const running = states.run === 'done' || states.run === 'current' || states.run === 'open';
  const steps = STEPS.map((step, index) => ({
    step,
    label: t(`steps.${step}`),
    state: states[step],
    stateLabel: t(`steps.states.${states[step]}`),
    over: index < 3 && running,
  }));
  return <WizardSteps label={t('steps.label')} steps={steps} onChoose={onChoose} />;
}
