import { errorInfo } from '../../../shared/errors';
import type { ConnectionStep, TestStep } from '../../../shared/model/server';

export type OnStep = (step: TestStep) => void;

/** Runs the parts of a connection one after the other and reports each as it ends. */
export interface StepReporter {
  /** The step that runs or ran last. */
  readonly current: ConnectionStep;
  /** Runs one step; `detail` turns its result into what was found. */
  run<T>(step: ConnectionStep, work: () => Promise<T>, detail: (result: T) => string): Promise<T>;
  /** Reports a step that has no work to do. */
  skip(step: ConnectionStep, detail: string): void;
  /** Reports a step whose work was part of another one's. */
  passed(step: ConnectionStep, detail: string): void;
}

export function createStepReporter(onStep: OnStep = () => undefined): StepReporter {
  let current: ConnectionStep = 'name';
  return {
    get current() {
      return current;
    },
    async run(step, work, detail) {
      current = step;
      const begun = performance.now();
      const ms = () => Math.round(performance.now() - begun);
      try {
        const result = await work();
        onStep({ step, state: 'ok', detail: detail(result), hint: '', ms: ms() });
        return result;
      } catch (error) {
        const { message, detail: words, hint } = errorInfo(error);
        const said = words && words !== message ? `${message} (${words})` : message;
        onStep({ step, state: 'failed', detail: said, hint: hint ?? '', ms: ms() });
        throw error;
      }
    },
    skip: (step, detail) => onStep({ step, state: 'skipped', detail, hint: '', ms: 0 }),
    passed: (step, detail) => onStep({ step, state: 'ok', detail, hint: '', ms: 0 }),
  };
}
