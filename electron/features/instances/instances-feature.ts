import type { Emit, Handlers } from '../../../shared/contract/define';
import type { Contract } from '../../../shared/contract/index';
import { AppError } from '../../../shared/errors';
import { NEW_SERVER, type ServerDefinition } from '../../../shared/model/server';
import type { ControlPlane } from '../../adapters/control-plane/control-plane';
import type { Plane } from '../../adapters/control-plane/plane';
import { anyResponse, createResponse } from '../../adapters/control-plane/responses';
import type { Logger } from '../../log';
import type { FileTokens } from '../../ports';
import { saveCertificate } from './certificate';
import { adjust, ownCall, setTags, startDrill, startZoneDrill } from './changes';
import { findAdmin, readDetail } from './instance-detail';
import { readDrills, readEvents, readList, readSessions, readTasks } from './instance-reads';
import { readClassViews, readOptions, readPrice } from './options';
import { createRequest, nodeSet, switchTime } from './requests';
import type { StartAtLogin } from './start-at-login';
import { createWatch, type Watch } from './watch';

export interface InstancesOptions {
  readonly controlPlane: ControlPlane;
  /** Fails with `not-found` for one that is not registered. */
  readonly planeOf: (id: string) => Plane;
  /** Puts an instance into the object tree, once per `instanceId`, and returns the server's id. */
  readonly registerServer: (definition: ServerDefinition, password: string | null) => Promise<string>;
  readonly files: FileTokens;
  readonly startAtLogin: StartAtLogin;
  readonly emit: Emit<Contract['instances']>;
  readonly log: Logger;
}

export interface InstancesFeature {
  readonly handlers: Handlers<Contract['instances']>;
  close(): Promise<void>;
}

/** Between two looks at instances that change. */
const WATCH_MS = { local: 400, cloud: 3_000 } as const;

/** Instances of all control planes: what the console pages and the command line do with them. */
export function createInstancesFeature(options: InstancesOptions): InstancesFeature {
  const { controlPlane, planeOf, emit } = options;
  const watches = new Map<string, Watch>();

  const watch = (plane: Plane): void => {
    const known = watches.get(plane.id);
    const started =
      known ??
      createWatch(
        (signal) => readList(planeOf(plane.id), signal),
        () => emit('changed', {}),
        options.log,
        plane.local ? WATCH_MS.local : WATCH_MS.cloud,
      );
    watches.set(plane.id, started);
    started.start();
  };

  /** A change of one instance: accepted, then watched until what it began has ended. */
  const change = async (
    { plane: planeId, id }: { readonly plane: string; readonly id: string },
    action: string,
    more: object,
    signal: AbortSignal,
  ): Promise<void> => {
    const plane = planeOf(planeId);
    await plane.call({ action, body: { DBInstanceId: id, ...more }, response: anyResponse, signal });
    watch(plane);
  };

  const changeMany = async (planeId: string, action: string, body: object, signal: AbortSignal): Promise<void> => {
    const plane = planeOf(planeId);
    await plane.call({ action, body, response: anyResponse, signal });
    watch(plane);
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
      options: ({ plane }, { signal }) => readOptions(planeOf(plane), signal),
      price: ({ plane, ...wanted }, { signal }) => readPrice(planeOf(plane), wanted, signal),
      classes: ({ plane, zone, major }, { signal }) => readClassViews(planeOf(plane), zone, major, signal),
      async create(input, { signal }) {
        const plane = planeOf(input.plane);
        const { DBInstanceIdSet } = await plane.call({
          action: 'CreateInstances',
          region: input.region,
          body: createRequest(input),
          response: createResponse,
          signal,
        });
        watch(plane);
        return { ids: DBInstanceIdSet };
      },

      list: ({ plane }, { signal }) => readList(planeOf(plane), signal),
      detail: ({ plane, id }, { signal }) => readDetail(planeOf(plane), id, signal),
      tasks: ({ plane, id }, { signal }) => readTasks(planeOf(plane), id, signal),
      events: ({ plane, id }, { signal }) => readEvents(planeOf(plane), id, signal),
      sessions: ({ plane, id }, { signal }) => readSessions(planeOf(plane), id, signal),
      drills: ({ plane, id }, { signal }) => readDrills(planeOf(plane), id, signal),

      restart: (one, { signal }) => change(one, 'RestartDBInstance', {}, signal),
      isolate: ({ plane, id }, { signal }) =>
        changeMany(plane, 'IsolateDBInstances', { DBInstanceIdSet: [id] }, signal),
      restore: ({ plane, id }, { signal }) =>
        changeMany(plane, 'DisIsolateDBInstances', { DBInstanceIdSet: [id] }, signal),
      destroy: (one, { signal }) => change(one, 'DestroyDBInstance', {}, signal),

      rename: ({ name, ...one }, { signal }) => change(one, 'ModifyDBInstanceName', { InstanceName: name }, signal),
      setProject: ({ plane, ids, projectId }, { signal }) =>
        changeMany(plane, 'ModifyDBInstancesProject', { DBInstanceIdSet: ids, ProjectId: String(projectId) }, signal),
      async setTags({ plane, id, tags }, { signal }) {
        await setTags(planeOf(plane), id, tags, signal);
        watch(planeOf(plane));
      },
      setDeletionProtection: ({ enabled, ...one }, { signal }) =>
        change(one, 'ModifyDBInstanceDeletionProtection', { DeletionProtection: enabled }, signal),
      setMaintenance: ({ weekdays, start, duration, ...one }, { signal }) =>
        change(
          one,
          'ModifyMaintainTimeWindow',
          { MaintainStartTime: start, MaintainDuration: duration, MaintainWeekDays: weekdays },
          signal,
        ),
      setHa: ({ syncMode, maxStandbyLag, maxStandbyLatency, ...more }, { signal }) => {
        const { maxSyncStandbyLag, maxSyncStandbyLatency, ...one } = more;
        const body = {
          SyncMode: syncMode,
          MaxStandbyLag: maxStandbyLag,
          MaxStandbyLatency: maxStandbyLatency,
          // Both left out: commits wait for the standby for ever.
          ...(maxSyncStandbyLag === null ? {} : { MaxSyncStandbyLag: maxSyncStandbyLag }),
          ...(maxSyncStandbyLatency === null ? {} : { MaxSyncStandbyLatency: maxSyncStandbyLatency }),
        };
        return change(one, 'ModifyDBInstanceHAConfig', body, signal);
      },

      switchPrimary: ({ force, when, ...one }, { signal }) =>
        change(one, 'SwitchDBInstancePrimary', { Force: force, ...switchTime(when) }, signal),
      switchNow: (one, { signal }) => change(one, 'ModifySwitchTimePeriod', { SwitchTag: 0 }, signal),
      async cancelWaiting({ plane: planeId, id }, { signal }) {
        const plane = planeOf(planeId);
        const body = { DBInstanceId: id };
        const call = ownCall(plane, 'Taking back a waiting operation');
        await call({ action: 'CancelWaitingOperation', body, response: anyResponse, signal });
        watch(plane);
      },
      async drill({ plane: planeId, id, scenario }, { signal }) {
        const plane = planeOf(planeId);
        const drillId = await startDrill(plane, id, scenario, signal);
        watch(plane);
        return { drillId };
      },
      async drillZone({ plane: planeId, zone }, { signal }) {
        const plane = planeOf(planeId);
        const begun = await startZoneDrill(plane, zone, signal);
        watch(plane);
        return begun;
      },
      async adjust({ plane, ...wanted }, { signal }) {
        await adjust(planeOf(plane), wanted, signal);
        watch(planeOf(plane));
      },
      deploy: ({ zone, standbyZone, when, ...one }, { signal }) =>
        change(
          one,
          'ModifyDBInstanceDeployment',
          { DBNodeSet: nodeSet(zone, standbyZone), ...switchTime(when) },
          signal,
        ),

      openPublic: (one, { signal }) => change(one, 'OpenDBExtranetAccess', {}, signal),
      closePublic: (one, { signal }) => change(one, 'CloseDBExtranetAccess', {}, signal),
      addNetwork: ({ network: { vpcId, subnetId, host }, ...one }, { signal }) =>
        change(
          one,
          'CreateDBInstanceNetworkAccess',
          { VpcId: vpcId, SubnetId: subnetId, IsAssignVip: host !== '', ...(host === '' ? {} : { Vip: host }) },
          signal,
        ),
      removeNetwork: ({ network: { vpcId, subnetId, host }, ...one }, { signal }) =>
        change(one, 'DeleteDBInstanceNetworkAccess', { VpcId: vpcId, SubnetId: subnetId, Vip: host }, signal),
      setSsl: ({ enabled, connectAddress, ...one }, { signal }) =>
        change(
          one,
          'ModifyDBInstanceSSLConfig',
          { SSLEnabled: enabled, ...(enabled ? { ConnectAddress: connectAddress } : {}) },
          signal,
        ),
      saveCertificate: ({ plane, id, fileToken }, { signal }) =>
        saveCertificate(planeOf(plane), id, options.files.path(fileToken, 'write'), signal),

      async register({ plane: planeId, id, password }, { signal }) {
        const plane = planeOf(planeId);
        const instance = (await readList(plane, signal)).find((each) => each.id === id);
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
          user: instance.adminUser || (await findAdmin(plane, id, signal)),
          database: 'postgres',
          instanceId: instance.id,
        };
        return { serverId: await options.registerServer(definition, password ?? null) };
      },

      startAtLogin: () => options.startAtLogin.state(),
      setStartAtLogin: ({ enabled }) => options.startAtLogin.set(enabled),
    },
    async close() {
      for (const each of watches.values()) each.stop();
    },
  };
}
