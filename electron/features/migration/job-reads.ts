import type { z } from 'zod';
import type { CallParsed, CallResult } from '../../../shared/contract/define';
import type { Contract } from '../../../shared/contract/index';
import { AppError } from '../../../shared/errors';
import { BUSY_STATUSES } from '../../../shared/model/migration';
import type { MigrationJobView } from '../../../shared/model/migration-api';
import {
  jobListResponse,
  jobRowsResponse,
  migrateInstancesResponse,
} from '../../adapters/control-plane/migration-responses';
import type { CallPlane, Plane } from '../../adapters/control-plane/plane';
import type { Seen } from './watch';

const ENGINE = 'postgresql';
/** Most that one request lists. */
const PAGE = 100;
const JOB_ID = /^dts-[a-z0-9]{4,}$/;

/** Our own service, which tells what the public one has no words for. Only the local daemon has it. */
export function ownService(plane: Plane): CallPlane {
  if (plane.callOwn) return plane.callOwn;
  throw new AppError({ code: 'unsupported', message: 'Migration tasks run on the local control plane only' });
}

type Wanted = CallParsed<Contract['migration']['calls']['list']>;

/** The filters of the public list: an id is looked up as one, everything else is part of a name. */
function filters({ search, statuses, tag }: Pick<Wanted, 'search' | 'statuses' | 'tag'>): object {
  const words = search.trim();
  return {
    ...(words === '' ? {} : JOB_ID.test(words) ? { JobId: words } : { JobName: words }),
    ...(statuses.length === 0 ? {} : { Status: statuses }),
    ...(tag === null ? {} : { TagFilters: [{ TagKey: tag.key, TagValue: [tag.value] }] }),
  };
}

/** Ids in the order of the public list, newest first. */
async function listIds(plane: Plane, wanted: Wanted, signal: AbortSignal): Promise<{ total: number; ids: string[] }> {
  const ids: string[] = [];
  let total = 0;
  do {
    const limit = Math.min(PAGE, wanted.limit - ids.length);
    const body = { ...filters(wanted), Limit: limit, Offset: wanted.offset + ids.length };
    const page = await plane.call({
      service: 'dts',
      action: 'DescribeMigrationJobs',
      body,
      response: jobListResponse,
      signal,
    });
    total = page.TotalCount;
    ids.push(...page.JobList.map(({ JobId }) => JobId));
    if (page.JobList.length < limit) break;
  } while (ids.length < wanted.limit);
  return { total, ids };
}

interface JobPage {
  readonly total: number;
  readonly jobs: MigrationJobView[];
}

/** A page of those that are isolated, or have one of the other statuses: the public list cannot ask for isolated ones. */
async function readIsolated(plane: Plane, wanted: Wanted, signal: AbortSignal): Promise<JobPage> {
  const found: MigrationJobView[] = [];
  for (let offset = 0, total = 1; offset < total; offset += PAGE) {
    const page = await readJobs(plane, { ...wanted, statuses: [], offset, limit: PAGE }, signal);
    found.push(...page.jobs.filter(({ isolated, status }) => isolated || wanted.statuses.includes(status)));
    total = page.total;
  }
  return { total: found.length, jobs: found.slice(wanted.offset, wanted.offset + wanted.limit) };
}

/** A page of the list; the status `isolated` is one of its own here. A task that is destroyed between the two questions is left out. */
export async function readJobs(plane: Plane, wanted: Wanted, signal: AbortSignal): Promise<JobPage> {
  if (wanted.statuses.includes('isolated')) return readIsolated(plane, wanted, signal);
  const { total, ids } = await listIds(plane, wanted, signal);
  const own = ownService(plane);
  const jobs: MigrationJobView[] = [];
  for (let at = 0; at < ids.length; at += PAGE) {
    const body = { JobIds: ids.slice(at, at + PAGE) };
    jobs.push(...(await own({ action: 'DescribeMigrationJobViews', body, response: jobRowsResponse, signal })).Jobs);
  }
  return { total, jobs };
}

/**
 * Tasks at which something is going on, or will be at their time.
 * @param comparing tasks that may be compared though no worker of their own is at them; those that are not any more are taken out
 */
export async function readBusy(plane: Plane, comparing: Set<string>, signal: AbortSignal): Promise<Seen[]> {
  const look = async (filter: object): Promise<z.output<typeof jobListResponse>['JobList']> => {
    const body = { ...filter, Limit: PAGE, Offset: 0 };
    const response = jobListResponse;
    return (await plane.call({ service: 'dts', action: 'DescribeMigrationJobs', body, response, signal })).JobList;
  };
  const seen = await look({ Status: [...BUSY_STATUSES, 'readyRun'] });
  for (const id of comparing) {
    const [found] = await look({ JobId: id });
    if (found?.CompareTask?.Status !== 'running') comparing.delete(id);
    if (found && !seen.some(({ JobId }) => JobId === id) && comparing.has(id)) seen.push(found);
  }
  return seen.map(({ JobId, Status }) => ({ id: JobId, status: Status }));
}

/** Instances of this control plane that can be a side, and why others cannot. */
export async function readInstances(
  plane: Plane,
  role: 'source' | 'target',
  signal: AbortSignal,
): Promise<CallResult<Contract['migration']['calls']['instances']>> {
  const found: CallResult<Contract['migration']['calls']['instances']> = [];
  for (;;) {
    const { Instances } = await plane.call({
      service: 'dts',
      action: 'DescribeMigrateDBInstances',
      body: { DatabaseType: ENGINE, MigrateRole: role === 'source' ? 'src' : 'dst', Limit: PAGE, Offset: found.length },
      response: migrateInstancesResponse,
      signal,
    });
    found.push(
      ...Instances.map((each) => ({
        id: each.InstanceId,
        name: each.InstanceName ?? '',
        host: each.Vip ?? '',
        port: each.Vport ?? 0,
        usable: each.Usable !== 0,
        hint: each.Hint ?? '',
      })),
    );
    if (Instances.length < PAGE) return found;
  }
}
