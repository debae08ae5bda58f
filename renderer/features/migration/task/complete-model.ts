import type { Completion } from '../../../../shared/model/migration';
import type { MigrationJobDetail } from '../../../../shared/model/migration-api';
import { CUT_OVER_STEPS, type CutOverStepId } from '../../../../shared/model/migration-words';

/** `forward`: from the source to the target; `back`: undoes it. */
export type Way = 'forward' | 'back';

type Asked = Pick<MigrationJobDetail, 'completion' | 'canMoveAddress'>;

/**
 * What stands in the dialog at first: what was chosen before, when it is asked for again. The way back takes the address with it when the
 * way there did.
 */
export function firstCompletion({ completion, canMoveAddress }: Asked, way: Way): Completion {
  if (way === 'back') {
    return {
      stopWrites: completion?.stopWrites ?? 'byHand',
      moveAddress: canMoveAddress && completion?.moveAddress === true,
      failBack: false,
      compare: completion?.compare ?? 'rowCount',
    };
  }
  return completion ?? { stopWrites: 'byHand', moveAddress: canMoveAddress, failBack: false, compare: 'rowCount' };
}

/** What will be done, in order. */
export const cutOverPlan = ({ compare, failBack }: Completion): CutOverStepId[] =>
  CUT_OVER_STEPS.filter((step) => {
    if (step === 'compare') return compare !== null;
    return step !== 'armFailBack' || failBack;
  });

/** Key of the words that say what a step will do, below `task.complete.plan`. */
export function planWords(step: CutOverStepId, { stopWrites, moveAddress, compare }: Completion): string {
  if (step === 'stopWrites') return `stopWrites.${stopWrites}`;
  if (step === 'open') return moveAddress ? 'open.moved' : 'open.told';
  if (step === 'compare') return `compare.${compare ?? 'rowCount'}`;
  return step;
}
