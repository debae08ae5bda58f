import { AppError } from '../../../shared/errors';
import type { CompareTasks } from './compare-tasks';

const refuse = (): never => {
  throw new AppError({ code: 'unsupported', message: 'Nothing can be compared here' });
};

/** Where nothing is compared. */
export const NO_COMPARES: CompareTasks = {
  list: () => [],
  get: refuse,
  wish: refuse,
  create: refuse,
  change: refuse,
  rename: refuse,
  start: refuse,
  stop: refuse,
  remove: refuse,
  tables: refuse,
  differences: refuse,
  drop: async () => undefined,
  resume: async () => undefined,
  close: async () => undefined,
};
