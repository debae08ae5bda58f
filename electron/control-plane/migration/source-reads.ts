import type { SourceReads } from './job-reads';
import { readClosure } from './plan/closure';
import { readDatabases } from './plan/read-databases';
import { readSourceObjects } from './plan/source-objects';

/** What of a source is read for the choice of objects. */
export const sourceReads: SourceReads = {
  objects: readSourceObjects,
  closure: async (session, choice, signal) => [...(await readClosure(session, choice, signal))],
  databases: readDatabases,
};
