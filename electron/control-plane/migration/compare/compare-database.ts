import { AppError } from '../../../../shared/errors';
import type { CompareDatabaseOptions, CompareTotals } from './compare-model';

/**
 * Compares the rows of a database with those of its copy, table by table. What one table cannot be compared for is told with it; what ends
 * everything (a server that is away, the signal) is thrown.
 */
export function compareDatabase(options: CompareDatabaseOptions): Promise<CompareTotals> {
  return Promise.reject(new AppError({ code: 'unsupported', message: `${options.database} cannot be compared yet` }));
}
