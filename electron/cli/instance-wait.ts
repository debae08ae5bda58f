import { AppError, throwIfAborted } from '../../shared/errors';
import { LOCAL_PLANE } from '../../shared/model/plane';
import type { DrillView, InstanceView } from '../../shared/model/instance';
import type { InstancesFeature } from '../features/instances/instances-feature';
import { isStill } from '../features/instances/watch';

const WAIT_MS = 300_000;
const POLL_MS = 250;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function poll<T>(look: () => Promise<T | null>, signal: AbortSignal): Promise<T> {
  for (const deadline = Date.now() + WAIT_MS; ; await pause(POLL_MS)) {
    throwIfAborted(signal);
    const found = await look();
    if (found !== null) return found;
    if (Date.now() > deadline) {
      throw new AppError({
        code: 'control-plane',
        message: 'The operation still runs; look again with: howdah instance list',
      });
    }
  }
}

/** Polls until none of the instances changes any more; those that were destroyed are missing in the answer. */
export const settle = (
  feature: InstancesFeature,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<InstanceView[]> =>
  poll(async () => {
    const found = (await feature.handlers.list({ plane: LOCAL_PLANE }, { signal })).filter(({ id }) =>
      ids.includes(id),
    );
    return found.every(({ status }) => isStill(status)) ? found : null;
  }, signal);

/** Polls until the drill has ended. */
export const settleDrill = (
  feature: InstancesFeature,
  id: string,
  drillId: string,
  signal: AbortSignal,
): Promise<DrillView> =>
  poll(async () => {
    const drills = await feature.handlers.drills({ plane: LOCAL_PLANE, id }, { signal });
    return drills.find((each) => each.id === drillId && each.endedAt !== null) ?? null;
  }, signal);
