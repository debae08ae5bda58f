import type { CreateInstanceInput } from '../../../shared/contract/instances';
import type { Emit, Handlers } from '../../../shared/contract/define';
import type { Contract } from '../../../shared/contract/index';
import { AppError } from '../../../shared/errors';
import { CHARSETS } from '../../../shared/model/instance-rules';
import type { InstanceOptions, InstanceView } from '../../../shared/model/instance';
import { NEW_SERVER, type ServerDefinition } from '../../../shared/model/server';
import type { ControlPlane } from '../../adapters/control-plane/control-plane';
import {
  anyResponse,
  classesResponse,
  createResponse,
  instancesResponse,
  machineResponse,
  notesResponse,
  regionsResponse,
  versionsResponse,
  zonesResponse,
  type DbInstanceResponse,
} from '../../adapters/control-plane/responses';
import type { Logger } from '../../log';
import { instanceView } from './instance-view';
import { createWatch } from './watch';

export interface InstancesOptions {
  readonly controlPlane: ControlPlane;
  /** Puts an instance into the object tree, once per `instanceId`, and returns the server's id. */
  readonly registerServer: (definition: ServerDefinition, password: string | null) => Promise<string>;
  readonly emit: Emit<Contract['instances']>;
  readonly log: Logger;
}

export interface InstancesFeature {
  readonly handlers: Handlers<Contract['instances']>;
  close(): Promise<void>;
}

const PAGE = 100;
/** The cloud asks for a region with every request; the local control plane answers for all of them without. */
const ENGINE = 'postgresql';

/** Instances of the local control plane: what the console pages and the command line do with it. */
export function createInstancesFeature(options: InstancesOptions): InstancesFeature {
  const { controlPlane, emit } = options;

  const readPages = async (signal: AbortSignal): Promise<DbInstanceResponse[]> => {
    const found: DbInstanceResponse[] = [];
    for (let total = 1; found.length < total;) {
      const body = { Limit: PAGE, Offset: found.length };
      const page = await controlPlane.call({
        action: 'DescribeDBInstances',
        body,
        response: instancesResponse,
        signal,
      });
      if (page.DBInstanceSet.length === 0) break;
      found.push(...page.DBInstanceSet);
      total = page.TotalCount;
    }
    return found;
  };

  const list = async (signal: AbortSignal): Promise<InstanceView[]> => {
    const [found, { InstanceNoteSet }] = await Promise.all([
      readPages(signal),
      controlPlane.callOwn({ action: 'DescribeInstanceNotes', body: {}, response: notesResponse, signal }),
    ]);
    return found.map((each) =>
      instanceView(
        each,
        InstanceNoteSet.find(({ DBInstanceId }) => DBInstanceId === each.DBInstanceId),
      ),
    );
  };

  const watch = createWatch(list, () => emit('changed', {}), options.log);

  const readOptions = async (signal: AbortSignal): Promise<InstanceOptions> => {
    const [regions, zones, versions, machine] = await Promise.all([
      controlPlane.call({ action: 'DescribeRegions', body: {}, response: regionsResponse, signal }),
      controlPlane.call({ action: 'DescribeZones', body: {}, response: zonesResponse, signal }),
      controlPlane.call({ action: 'DescribeDBVersions', body: {}, response: versionsResponse, signal }),
      controlPlane.callOwn({ action: 'DescribeMachine', body: {}, response: machineResponse, signal }),
    ]);
    const body = {
      Zone: zones.ZoneSet[0]?.Zone ?? '',
      DBEngine: ENGINE,
      DBMajorVersion: versions.VersionSet[0]?.DBMajorVersion ?? '',
    };
    const classes = await controlPlane.call({ action: 'DescribeClasses', body, response: classesResponse, signal });
    return {
      regions: regions.RegionSet.map(({ Region, RegionName }) => ({ code: Region, name: RegionName })),
      zones: zones.ZoneSet.map(({ Zone, ZoneName }) => ({
        code: Zone,
        name: ZoneName,
        // Source: the API's naming, region code and number.
        region: Zone.replace(/-\d+$/, ''),
      })),
      versions: versions.VersionSet.map(({ DBVersion, DBMajorVersion }) => ({
        major: Number(DBMajorVersion),
        version: DBVersion,
        installed: machine.InstalledVersions.some((each) => each.DBMajorVersion === DBMajorVersion && each.Installed),
      })),
      classes: classes.ClassInfoSet.map((each) => ({
        code: each.SpecCode,
        cpu: each.CPU,
        memoryGb: each.Memory / 1024,
        minStorageGb: each.MinStorage,
        maxStorageGb: each.MaxStorage,
        maxConnections: machine.ClassLimits.find(({ SpecCode }) => SpecCode === each.SpecCode)?.MaxConnections ?? 0,
      })),
      charsets: CHARSETS,
      machine: {
        cpus: machine.Cpus,
        memoryBytes: machine.MemoryBytes,
        diskFreeBytes: machine.DiskFreeBytes,
      },
    };
  };

  const create = async (input: CreateInstanceInput, signal: AbortSignal): Promise<string[]> => {
    const { DBInstanceIdSet } = await controlPlane.call({
      action: 'CreateInstances',
      region: input.region,
      body: {
        SpecCode: input.classCode,
        Storage: input.storageGb,
        InstanceCount: input.count,
        Period: 1,
        Charset: input.charset,
        AdminName: input.adminUser,
        AdminPassword: input.adminPassword,
        Zone: input.zone,
        DBMajorVersion: String(input.major),
        InstanceChargeType: 'POSTPAID_BY_HOUR',
        Name: input.name,
        TagList: input.tags.map(({ key, value }) => ({ TagKey: key, TagValue: value })),
      },
      response: createResponse,
      signal,
    });
    return DBInstanceIdSet;
  };

  /** An operation on one instance: accepted, then watched until it has ended. */
  const operate = async (action: string, body: object, signal: AbortSignal): Promise<void> => {
    await controlPlane.call({ action, body, response: anyResponse, signal });
    watch.start();
  };

  return {
    handlers: {
      async controlPlane(_, { signal }) {
        // The view shows why it does not run: a failure is an answer here.
        await controlPlane.connect(signal).catch((error: unknown) => {
          if (!(error instanceof AppError)) throw error;
        });
        return controlPlane.state();
      },
      options: (_, { signal }) => readOptions(signal),
      async create(input, { signal }) {
        const ids = await create(input, signal);
        watch.start();
        return { ids };
      },
      list: (_, { signal }) => list(signal),
      restart: ({ id }, { signal }) => operate('RestartDBInstance', { DBInstanceId: id }, signal),
      isolate: ({ id }, { signal }) => operate('IsolateDBInstances', { DBInstanceIdSet: [id] }, signal),
      restore: ({ id }, { signal }) => operate('DisIsolateDBInstances', { DBInstanceIdSet: [id] }, signal),
      destroy: ({ id }, { signal }) => operate('DestroyDBInstance', { DBInstanceId: id }, signal),
      async register({ id, password }, { signal }) {
        const instance = (await list(signal)).find((each) => each.id === id);
        if (!instance) throw new AppError({ code: 'not-found', message: `There is no instance ${id}` });
        if (instance.host === '') {
          throw new AppError({
            code: 'conflict',
            message: `The instance ${instance.name} has no address yet`,
            hint: 'Wait until it is running.',
            retry: true,
          });
        }
        const definition: ServerDefinition = {
          ...NEW_SERVER,
          name: instance.name,
          host: instance.host,
          port: instance.port,
          user: instance.adminUser,
          database: 'postgres',
          instanceId: instance.id,
        };
        return { serverId: await options.registerServer(definition, password ?? null) };
      },
    },
    close: async () => watch.stop(),
  };
}
