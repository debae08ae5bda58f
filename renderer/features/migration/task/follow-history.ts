import type { FollowProgress } from '../../../../shared/model/migration';
import { createHistory, type History, type Moment } from './rate-history';

/** How a task that follows its source stood at one moment. */
export interface FollowSample extends Moment {
  readonly lagBytes: number;
  /** 0 while it is not known. */
  readonly lagSeconds: number;
  /** Rows a second that came from the source, and that were applied. */
  readonly rowsIn: number;
  readonly rowsOut: number;
}

export const followSample = (follow: FollowProgress, at: number): FollowSample => ({
  at,
  lagBytes: follow.lagBytes,
  lagSeconds: follow.lagSeconds ?? 0,
  rowsIn: follow.rowsInPerSecond,
  rowsOut: follow.rowsOutPerSecond,
});

/** A task follows one way, and later perhaps the other: what was seen of one says nothing of the other. */
export const streamOf = (id: string, { direction }: Pick<FollowProgress, 'direction'>): string => `${id} ${direction}`;

/** The following of every task, by its stream. */
export const followHistory: History<FollowSample> = createHistory();
