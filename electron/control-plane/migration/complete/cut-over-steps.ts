import { CUT_OVER_STEPS, type CutOverStep, type CutOverStepId } from '../../../../shared/model/migration';

/** The steps of a cut-over as they are told. */
export interface CutOverSteps {
  /** All of them as not begun. */
  reset(): void;
  begin(step: CutOverStepId): void;
  /** What the step at hand is at, or waits for. */
  note(text: string): void;
  done(note?: string): void;
  skip(step: CutOverStepId, note: string): void;
  /** The step at hand has failed. */
  fail(reason: string): void;
  /** Those up to and with this one were done by an earlier worker. */
  doneBefore(upTo: CutOverStepId): void;
}

const FRESH: readonly CutOverStep[] = CUT_OVER_STEPS.map((step) => ({
  step,
  state: 'notStarted',
  note: '',
  startedAt: null,
  endedAt: null,
}));

export function createCutOverSteps(tell: (steps: readonly CutOverStep[]) => void): CutOverSteps {
  let steps: readonly CutOverStep[] = FRESH;
  let current: CutOverStepId | null = null;
  const change = (step: CutOverStepId, to: Partial<CutOverStep>): void => {
    const before = steps;
    steps = before.map((each) => (each.step === step ? { ...each, ...to } : each));
    tell(steps);
  };
  return {
    reset() {
      steps = FRESH;
      current = null;
      tell(steps);
    },
    begin(step) {
      current = step;
      change(step, { state: 'running', note: '', startedAt: Date.now(), endedAt: null });
    },
    note(text) {
      if (current && steps.find(({ step }) => step === current)?.note !== text) change(current, { note: text });
    },
    done(note = '') {
      if (current) change(current, { state: 'success', note, endedAt: Date.now() });
      current = null;
    },
    skip: (step, note) => change(step, { state: 'skipped', note, endedAt: Date.now() }),
    fail(reason) {
      if (current) change(current, { state: 'failed', note: reason, endedAt: Date.now() });
      current = null;
    },
    doneBefore(upTo) {
      const last = CUT_OVER_STEPS.indexOf(upTo);
      steps = FRESH.map((each, index) => (index <= last ? { ...each, state: 'success' } : each));
      tell(steps);
    },
  };
}
