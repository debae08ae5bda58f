import type { FollowProgress } from '../../../../shared/model/migration';

/** What is told last of a task that is over: its streams have ended, and there is no gap any more. */
export const nothingLeft = (last: FollowProgress): FollowProgress => ({
  ...last,
  databases: last.databases.map((each) => ({ ...each, lagBytes: 0, lagSeconds: 0 })),
  lagBytes: 0,
  lagSeconds: 0,
  estimateSeconds: 0,
  fallingBehind: false,
  blockers: [],
});
