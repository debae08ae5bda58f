import type { MigrationStep } from '../../../../shared/model/migration';
import type { RunTelling } from './telling';

/** Steps of the whole run while databases go through them one after the other. */
export interface RunSteps {
  /** The next database begins. */
  database(index: number, of: number): void;
  begin(step: MigrationStep): void;
  /** Of the database at hand, 0 … 1. */
  fraction(step: MigrationStep, fraction: number): void;
  /** The database at hand is through; `failed`: how many objects could not be done. */
  end(step: MigrationStep, failed: number): void;
  skip(step: MigrationStep, note: string): void;
}

export function createRunSteps(telling: RunTelling): RunSteps {
  let index = 0;
  let count = 1;
  const failures = new Map<MigrationStep, number>();
  return {
    database(at, of) {
      index = at;
      count = of;
    },
    begin(step) {
      const state = telling.stepState(step);
      if (state === 'notStarted') telling.step(step, { state: 'running', fraction: index / count });
    },
    fraction: (step, fraction) => telling.step(step, { fraction: (index + fraction) / count }),
    end(step, failed) {
      const sum = (failures.get(step) ?? 0) + failed;
      failures.set(step, sum);
      if (index + 1 < count) telling.step(step, { fraction: (index + 1) / count });
      else if (sum === 0) telling.step(step, { state: 'success' });
      else telling.step(step, { state: 'failed', fraction: 1, note: `${sum} failed` });
    },
    skip(step, note) {
      if (telling.stepState(step) === 'notStarted') telling.step(step, { state: 'skipped', note });
    },
  };
}
