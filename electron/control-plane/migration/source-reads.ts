import { AppError } from '../../../shared/errors';
import type { SourceReads } from './job-reads';
import { readDatabases } from './plan/read-databases';
import { readSourceObjects } from './plan/source-objects';

/** What of a source is read for the choice of objects. */
export const sourceReads: SourceReads = {
  objects: readSourceObjects,
  closure: async () => {
    throw new AppError({ code: 'unsupported', message: 'What objects need is not read yet' });
  },
  databases: readDatabases,
};
