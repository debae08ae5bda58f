import { useTranslation } from 'react-i18next';
import { WizardSteps, type WizardStepState } from '../../../ui/wizard-steps';

export const WIZARD_STEPS = ['endpoints', 'options', 'verify'] as const;
export type WizardStep = (typeof WIZARD_STEPS)[number];

export interface StepListProps {
  readonly states: Readonly<Record<WizardStep, WizardStepState>>;
  readonly onChoose: (step: WizardStep) => void;
}

/** The three steps with their state; one can be entered once what it needs is saved. */
export function StepList({ states, onChoose }: StepListProps) {
  const { t } = useTranslation('migration');
  const steps = WIZARD_STEPS.map((step) => ({
    step,
    label: t(`wizard.steps.${step}`),
    state: states[step],
    stateLabel: t(`wizard.steps.states.${states[step]}`),
  }));
  return <WizardSteps label={t('wizard.steps.label')} steps={steps} onChoose={onChoose} />;
}
