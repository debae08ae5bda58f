import type { Emit, Handlers } from '../../../shared/contract/define';
import type { Contract } from '../../../shared/contract/index';
import type { MigrationSide } from '../../../shared/contract/migration';
import { AppError } from '../../../shared/errors';
import type { CompareStatus } from '../../../shared/model/migration';
import {
  closureResponse,
  endpointTestResponse,
  findingsResponse,
  jobIdsResponse,
  jobResponse,
  migrationLogResponse,
  objectsResponse,
  progressResponse,
  sourceObjectsResponse,
  sourceRolesResponse,
  tablesResponse,
} from '../../adapters/control-plane/migration-responses';
import type { Plane } from '../../adapters/control-plane/plane';
import { anyResponse } from '../../adapters/control-plane/responses';
import type { Logger } from '../../log';
import type { Connections, FileTokens } from '../../ports';
import { comparingHandlers } from './comparing';
import { completingHandlers } from './completing';
import { ownService, readBusy, readInstances, readJobs } from './job-reads';
import { saveReport } from './save-report';
import { selectionBody } from './selection-body';
import { sideBody } from './sides';
import { createMigrationWatch } from './watch';

export interface MigrationFeatureOptions {
  /** The local control plane, which the tasks belong to. */
  readonly plane: () => Plane;
  readonly connections: Connections;
  readonly files: FileTokens;
  readonly emit: Emit<Contract['migration']>;
  readonly log: Logger;
}

export interface MigrationFeature {
  readonly handlers: Handlers<Contract['migration']>;
  close(): Promise<void>;
}

/** What the public service wants of a task besides its name; where its servers are is told when it is configured. */
const NEW_JOB = {
  SrcDatabaseType: 'postgresql',
  DstDatabaseType: 'postgresql',
  SrcRegion: 'ap-guangzhou',
  DstRegion: 'ap-guangzhou',
} as const;

const COMPARING: ReadonlySet<CompareStatus> = new Set(['readyRun', 'running', 'stopping']);

/** Migration tasks as the window has them: the public `dts` actions where there is one, our own service for the rest. */
export function createMigrationFeature({
  plane,
  connections,
  files,
  emit,
  log,
}: MigrationFeatureOptions): MigrationFeature {
  /** Tasks that are compared, whatever else they do. */
  const comparing = new Set<string>();
  const watch = createMigrationWatch(
    (signal) => readBusy(plane(), comparing, signal),
    (ids) => emit('changed', { ids }),
    log,
  );

  /** A public action on one task: accepted, then watched. */
  const act = async (id: string, action: string, signal: AbortSignal, more: object = {}): Promise<void> => {
    await plane().call({ service: 'dts', action, body: { JobId: id, ...more }, response: anyResponse, signal });
    watch.start(id);
  };
  const actOwn = async (id: string, action: string, signal: AbortSignal, more: object): Promise<void> => {
    await ownService(plane())({ action, body: { JobId: id, ...more }, response: anyResponse, signal });
    watch.start(id);
  };
  const reach = (side: MigrationSide, signal: AbortSignal) => sideBody(side, connections, signal);

  return {
    handlers: {
      async list(wanted, { signal }) {
        const found = await readJobs(plane(), wanted, signal);
        // What was begun elsewhere, or before the window was opened, is followed as well.
        watch.start();
        return found;
      },
      async detail({ id }, { signal }) {
        const body = { JobId: id };
        const { Job } = await ownService(plane())({
          action: 'DescribeMigrationJob',
          body,
          response: jobResponse,
          signal,
        });
        const isCompared = Job.compares.some(({ status }) => COMPARING.has(status));
        if (isCompared && !comparing.has(id)) {
          comparing.add(id);
          watch.start();
        }
        return Job;
      },
      instances: ({ role }, { signal }) => readInstances(plane(), role, signal),

      async create({ name, size, tags }, { signal }) {
        const Tags = tags.map(({ key, value }) => ({ TagKey: key, TagValue: value }));
        const { JobIds } = await plane().call({
          service: 'dts',
          action: 'CreateMigrationService',
          body: { ...NEW_JOB, InstanceClass: size, JobName: name, Count: 1, ...(Tags.length > 0 ? { Tags } : {}) },
          response: jobIdsResponse,
          signal,
        });
        const [id] = JobIds;
        if (id === undefined) throw new AppError({ code: 'control-plane', message: 'No task was created' });
        watch.start(id);
        return { id };
      },
      async configure({ id, source, target, ...rest }, { signal }) {
        await actOwn(id, 'ConfigureMigrationJob', signal, {
          Name: rest.name,
          Tags: rest.tags,
          RunMode: rest.runMode,
          At: rest.at,
          Source: await reach(source, signal),
          Target: await reach(target, signal),
          Options: { ...rest.options, objects: selectionBody(rest.options.objects) },
          RetryMinutes: rest.retryMinutes,
        });
      },
      async test({ id, role, side }, { signal }) {
        const body = { ...(id === null ? {} : { JobId: id }), Side: role, Endpoint: await reach(side, signal) };
        const { Steps, Facts, NewHostKey } = await ownService(plane())({
          action: 'TestMigrationEndpoint',
          body,
          response: endpointTestResponse,
          signal,
        });
        return { steps: Steps, facts: Facts, newHostKey: NewHostKey ?? null };
      },
      async sourceObjects({ id, database }, { signal }) {
        const body = { JobId: id, Database: database };
        const response = sourceObjectsResponse;
        return (await ownService(plane())({ action: 'DescribeSourceObjects', body, response, signal })).Objects;
      },
      async sourceRoles({ id }, { signal }) {
        const body = { JobId: id };
        const response = sourceRolesResponse;
        return (await ownService(plane())({ action: 'DescribeSourceRoles', body, response, signal })).Roles;
      },
      async closure({ id, objects }, { signal }) {
        const body = { JobId: id, Objects: selectionBody(objects) };
        const response = closureResponse;
        return (await ownService(plane())({ action: 'DescribeObjectClosure', body, response, signal })).Notes;
      },

      check: ({ id }, { signal }) => act(id, 'CreateMigrateCheckJob', signal),
      async findings({ id }, { signal }) {
        const body = { JobId: id };
        const response = findingsResponse;
        const found = await ownService(plane())({ action: 'DescribeMigrationFindings', body, response, signal });
        return { findings: found.Findings, skipped: found.Skipped };
      },
      skip: ({ id, steps }, { signal }) => act(id, 'SkipCheckItem', signal, { StepIds: steps }),
      fix: ({ id, check, database, side }, { signal }) =>
        actOwn(id, 'ApplyMigrationFix', signal, { Check: check, Database: database, Side: side }),

      start: ({ id }, { signal }) => act(id, 'StartMigrateJob', signal),
      pause: ({ id }, { signal }) => act(id, 'PauseMigrateJob', signal),
      goOn: ({ id }, { signal }) => act(id, 'ContinueMigrateJob', signal),
      stop: ({ id }, { signal }) => act(id, 'StopMigrateJob', signal),
      resume: ({ id }, { signal }) => act(id, 'ResumeMigrateJob', signal, { ResumeOption: 'normal' }),
      isolate: ({ id }, { signal }) => act(id, 'IsolateMigrateJob', signal),
      recover: ({ id }, { signal }) => act(id, 'RecoverMigrateJob', signal),
      destroy: ({ id }, { signal }) => act(id, 'DestroyMigrateJob', signal),
      rename: ({ id, name }, { signal }) => act(id, 'ModifyMigrateName', signal, { JobName: name }),
      ...completingHandlers(actOwn),
      ...comparingHandlers(plane, act, (id) => {
        comparing.add(id);
        watch.start(id);
      }),

      async progress({ id }, { signal }) {
        const body = { JobId: id };
        const response = progressResponse;
        return (await ownService(plane())({ action: 'DescribeMigrationProgress', body, response, signal })).Progress;
      },
      async tables({ id, search, state, offset, limit }, { signal }) {
        const body = { JobId: id, Search: search, State: state, Offset: offset, Limit: limit };
        const response = tablesResponse;
        const page = await ownService(plane())({ action: 'DescribeMigrationTables', body, response, signal });
        return { total: page.TotalCount, tables: page.Tables };
      },
      async objects({ id, search, outcome, offset, limit }, { signal }) {
        const body = { JobId: id, Search: search, Outcome: outcome, Offset: offset, Limit: limit };
        const response = objectsResponse;
        const page = await ownService(plane())({ action: 'DescribeMigrationObjects', body, response, signal });
        return { total: page.TotalCount, objects: page.Objects };
      },
      async log({ id, from, limit }, { signal }) {
        const body = { JobId: id, From: from, Limit: limit };
        const response = migrationLogResponse;
        const page = await ownService(plane())({ action: 'DescribeMigrationLog', body, response, signal });
        return { total: page.TotalCount, lines: page.Lines };
      },
      saveReport: ({ id, fileToken, language = 'en' }, { signal }) =>
        saveReport(ownService(plane()), { id, file: files.path(fileToken, 'write'), language }, signal),
    },
    async close() {
      watch.stop();
    },
  };
}
