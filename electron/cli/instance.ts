import { AppError } from '../../shared/errors';
import type { CommandLine } from './io';

/** `howdah instance`: not built yet. */
export const instanceCommand: CommandLine = async () => {
  throw new AppError({ code: 'unsupported', message: 'instance is not built yet' });
};
