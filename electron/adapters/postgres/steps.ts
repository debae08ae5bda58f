import { errorInfo } from '../../../shared/errors';
import type { ConnectionStep, TestStep } from '../../../shared/model/server';

export type OnStep = (step: TestStep) => void;

/** Runs the parts of a connection one after the other and reports each as it ends. */
export interface StepReporter {
  /** The step that runs or ran last. */
  readonly current: ConnectionStep;
  /** Runs one step; `detail` turns its result into what was found, null into a step that had nothing to do. */
  run<T>(step: ConnectionStep, work: () => Promise<T>, detail: (result: T) => string | null): Promise<T>;
  /** Reports a step that has no work to do. */
  skip(step: ConnectionStep): void;
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
        const found = detail(result);
        onStep({ step, state: found === null ? 'skipped' : 'ok', detail: found ?? '', hint: '', ms: ms() });
        return result;
      } catch (error) {
        const { message, detail: words, hint, field } = errorInfo(error);
        // A host key's detail is its fingerprint, which is shown by itself.
        const said = words && words !== message && field !== 'ssh.hostKey' ? `${message} (${words})` : message;
        onStep({ step, state: 'failed', detail: said, hint: hint ?? '', ms: ms() });
        throw error;
      }
    },
    skip: (step) => onStep({ step, state: 'skipped', detail: '', hint: '', ms: 0 }),
  };
}
