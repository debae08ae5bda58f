import { z } from 'zod';
import type {
  CloseDBExtranetAccessResponse,
  CreateDBInstanceNetworkAccessResponse,
  DeleteDBInstanceNetworkAccessResponse,
  DescribeDBInstanceSSLConfigResponse,
  ModifyDBInstanceSSLConfigResponse,
  OpenDBExtranetAccessResponse,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/postgres/v20170312/postgres_models';
import type { InstanceRecord } from '../instances/record';
import { findRegion } from '../instances/regions';
import { action, type ActionTable } from './action';
import { invalid, missing, mustInstance, mustServe, one } from './common';
import { ApiError } from './errors';
import { networkOf } from './place';

const NETWORKS_MAX = 2;

const denied = (message: string): ApiError => new ApiError('OperationDenied.InstanceStatusLimitError', message);

function refuseIpv6(IsIpv6: number | undefined): void {
  if (IsIpv6 === 1) {
    throw new ApiError('OperationDenied.InstanceIpv6NotSupportedError', 'IPv6 addresses are not available here');
  }
}

/** It is done when the answer goes out; the task tells that it was. */
const done = (task: number): { FlowId: number; TaskId: number } => ({ FlowId: task, TaskId: task });

const addressesOf = (record: InstanceRecord): string[] => [
  ...record.networks.map(({ host }) => host),
  ...(record.publicAddress ? [record.publicAddress.host] : []),
];

/** Addresses of an instance, and the certificate behind them. */
export const ADDRESS_ACTIONS: ActionTable = {
  OpenDBExtranetAccess: action(
    z.strictObject({ DBInstanceId: z.string(), IsIpv6: z.number().int().min(0).max(1).optional() }),
    async ({ DBInstanceId, IsIpv6 }, { deps }): Promise<OpenDBExtranetAccessResponse> => {
      const record = mustServe(deps, DBInstanceId, 'a public address');
      refuseIpv6(IsIpv6);
      if (!findRegion(record.region)?.publicAddress) {
        throw new ApiError(
          'InvalidParameterValue.RegionNotSupported',
          `There are no public addresses in the region ${record.region}`,
        );
      }
      if (record.publicAddress) throw denied(`The instance ${record.id} has its public address already`);
      return done(await deps.instances.openPublic(record.id));
    },
    true,
  ),

  CloseDBExtranetAccess: action(
    z.strictObject({ DBInstanceId: z.string(), IsIpv6: z.number().int().min(0).max(1).optional() }),
    async ({ DBInstanceId, IsIpv6 }, { deps }): Promise<CloseDBExtranetAccessResponse> => {
      const record = mustServe(deps, DBInstanceId, 'closing the public address');
      refuseIpv6(IsIpv6);
      if (!record.publicAddress) throw denied(`The instance ${record.id} has no public address`);
      return done(await deps.instances.closePublic(record.id));
    },
    true,
  ),

  CreateDBInstanceNetworkAccess: action(
    z.strictObject({
      DBInstanceId: z.string(),
      VpcId: z.string().min(1),
      SubnetId: z.string().min(1),
      IsAssignVip: z.boolean(),
      Vip: z.string().optional(),
    }),
    async (request, { deps }): Promise<CreateDBInstanceNetworkAccessResponse> => {
      const record = mustServe(deps, request.DBInstanceId, 'another network');
      const region = findRegion(record.region);
      if (!region) throw new Error(`instance ${record.id} is in no region`);
      const network = networkOf(deps, request, region, record.zone);
      if (record.networks.length >= NETWORKS_MAX) {
        throw new ApiError('FailedOperation.NetworkNumLimitError', `An instance has ${NETWORKS_MAX} networks at most`);
      }
      const host = request.IsAssignVip ? (request.Vip ?? '') : '';
      return done(await deps.instances.addNetwork(record.id, { ...network, host }));
    },
    true,
  ),

  DeleteDBInstanceNetworkAccess: action(
    z.strictObject({ DBInstanceId: z.string(), VpcId: z.string(), SubnetId: z.string(), Vip: z.string() }),
    async ({ DBInstanceId, VpcId, SubnetId, Vip }, { deps }): Promise<DeleteDBInstanceNetworkAccessResponse> => {
      const record = mustServe(deps, DBInstanceId, 'one network less');
      const found = record.networks.find(
        ({ vpcId, subnetId, host }) => vpcId === VpcId && subnetId === SubnetId && host === Vip,
      );
      if (!found) throw invalid(`The instance ${record.id} has no address ${Vip} in the subnet ${SubnetId}`);
      if (record.networks.length === 1) {
        throw new ApiError('FailedOperation.NetworkNumLimitError', 'An instance keeps its last network');
      }
      return done(await deps.instances.removeNetwork(record.id, { vpcId: VpcId, subnetId: SubnetId, host: Vip }));
    },
    true,
  ),

  DescribeDBInstanceSSLConfig: action(
    one,
    async ({ DBInstanceId }, { deps }): Promise<DescribeDBInstanceSSLConfigResponse> => {
      const { ssl } = mustInstance(deps, DBInstanceId);
      return {
        SSLEnabled: ssl.enabled,
        // There is no place on the network to fetch it from: the certificate itself is in `CACert`.
        CAUrl: '',
        ConnectAddress: ssl.enabled ? ssl.connectAddress : '',
        CACert: ssl.enabled ? await deps.instances.certificateAuthority() : '',
      };
    },
  ),

  ModifyDBInstanceSSLConfig: action(
    z.strictObject({ DBInstanceId: z.string(), SSLEnabled: z.boolean(), ConnectAddress: z.string().optional() }),
    async ({ DBInstanceId, SSLEnabled, ConnectAddress }, { deps }): Promise<ModifyDBInstanceSSLConfigResponse> => {
      const record = mustServe(deps, DBInstanceId, 'a change of TLS');
      if (!SSLEnabled) {
        if (!record.ssl.enabled) throw denied(`TLS of the instance ${record.id} is off already`);
        return { TaskId: await deps.instances.begin('ssl', record.id, { connectAddress: '' }) };
      }
      if (!ConnectAddress) throw missing('ConnectAddress');
      if (!addressesOf(record).includes(ConnectAddress)) {
        throw invalid(`ConnectAddress must be an address of the instance: ${addressesOf(record).join(', ')}`);
      }
      return { TaskId: await deps.instances.begin('ssl', record.id, { connectAddress: ConnectAddress }) };
    },
    true,
  ),
};
