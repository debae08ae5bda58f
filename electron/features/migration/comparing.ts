import type { Handlers } from '../../../shared/contract/define';
import type { Contract } from '../../../shared/contract/index';
import {
  compareIdResponse,
  compareTablesResponse,
  differencesResponse,
} from '../../adapters/control-plane/migration-responses';
import type { Plane } from '../../adapters/control-plane/plane';
import { ownService } from './job-reads';

type Comparing = Pick<
  Handlers<Contract['migration']>,
  'compare' | 'stopCompare' | 'deleteCompare' | 'compareTables' | 'differences'
>;

/** Does one action of the public service on a task and has it watched. */
export type Act = (id: string, action: string, signal: AbortSignal, more: object) => Promise<void>;

/**
 * Comparisons of source and target.
 * @param watch has the task looked at from now on
 */
export const comparingHandlers = (plane: () => Plane, act: Act, watch: (id: string) => void): Comparing => ({
  async compare({ id, name, mode, samplePercent, tables }, { signal }) {
    const body = { JobId: id, Name: name, Mode: mode, SamplePercent: samplePercent, Tables: tables };
    const response = compareIdResponse;
    const made = await ownService(plane())({ action: 'CreateMigrationCompare', body, response, signal });
    watch(id);
    return { compareId: made.CompareTaskId };
  },
  stopCompare: ({ id, compareId }, { signal }) => act(id, 'StopCompare', signal, { CompareTaskId: compareId }),
  deleteCompare: ({ id, compareId }, { signal }) => act(id, 'DeleteCompareTask', signal, { CompareTaskId: compareId }),
  async compareTables({ id, compareId, search, result, offset, limit }, { signal }) {
    const paged = { Search: search, Result: result, Offset: offset, Limit: limit };
    const body = { JobId: id, CompareTaskId: compareId, ...paged };
    const response = compareTablesResponse;
    const found = await ownService(plane())({ action: 'DescribeMigrationCompare', body, response, signal });
    return { compare: found.Compare, total: found.TotalCount, tables: found.Tables };
  },
  async differences({ id, compareId, database, schema, name }, { signal }) {
    const body = { JobId: id, CompareTaskId: compareId, Database: database, Schema: schema, Name: name };
    const response = differencesResponse;
    const found = await ownService(plane())({ action: 'DescribeMigrationDifferences', body, response, signal });
    return found.Differences;
  },
});
