import { AppError } from '../../shared/errors';
import type { CommandLine } from './io';

/** `howdah ddl`: not built yet. */
export const ddlCommand: CommandLine = async () => {
  throw new AppError({ code: 'unsupported', message: 'ddl is not built yet' });
};
