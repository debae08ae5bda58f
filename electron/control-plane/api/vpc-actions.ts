import { z } from 'zod';
import type {
  CreateSubnetResponse,
  CreateVpcResponse,
  DeleteSubnetResponse,
  DeleteVpcResponse,
  DescribeSubnetsResponse,
  DescribeVpcsResponse,
  ModifySubnetAttributeResponse,
  ModifyVpcAttributeResponse,
  Subnet as ApiSubnet,
  Vpc as ApiVpc,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/vpc/v20170312/vpc_models';
import { usableAddresses } from '../instances/addresses';
import { findZone } from '../instances/regions';
import type { Subnet, Vpc } from '../network/networks';
import { vpcAction, type ActionTable, type ApiDeps } from './action';
import { apiTime } from './common';
import { ApiError } from './errors';
import {
  coded,
  contains,
  filters,
  isTruth,
  noTags,
  paging,
  select,
  TEXT_CODES,
  vpcInvalid,
  vpcMissing,
  vpcUnsupported,
  type FieldCodes,
} from './vpc-common';

const VPC_CODES: FieldCodes = {
  ...TEXT_CODES,
  'conflict:cidr': 'InvalidParameterValue.VpcCidrConflict',
  'invalid-input:cidr': 'InvalidParameterValue.Malformed',
};

const SUBNET_CODES: FieldCodes = {
  ...TEXT_CODES,
  'conflict:cidr': 'InvalidParameterValue.SubnetConflict',
  'invalid-input:cidr': 'InvalidParameterValue.SubnetRange',
  'invalid-input:zone': 'InvalidParameterValue.UnavailableZone',
};

const made = (ms: number): string => apiTime(ms === 0 ? null : ms);

const vpcView = (vpc: Vpc): ApiVpc => ({
  VpcName: vpc.name,
  VpcId: vpc.id,
  CidrBlock: vpc.cidr,
  IsDefault: vpc.isDefault,
  EnableMulticast: false,
  CreatedTime: made(vpc.createdAt),
  DnsServerSet: [],
  DomainName: '',
  DhcpOptionsId: '',
  EnableDhcp: false,
  Ipv6CidrBlock: '',
  TagSet: [],
  AssistantCidrSet: [],
  EnableRouteVpcPublish: false,
  Ipv6CidrBlockSet: [],
  EnableRouteVpcPublishIpv6: false,
});

const hostsIn = (deps: ApiDeps, subnetId: string): number =>
  deps.instances
    .list()
    .flatMap(({ networks }) => networks)
    .filter((network) => network.subnetId === subnetId).length;

function subnetView(deps: ApiDeps, subnet: Subnet): ApiSubnet {
  const usable = usableAddresses(subnet.cidr).count;
  return {
    VpcId: subnet.vpcId,
    SubnetId: subnet.id,
    SubnetName: subnet.name,
    CidrBlock: subnet.cidr,
    IsDefault: subnet.isDefault,
    EnableBroadcast: false,
    Zone: subnet.zone,
    RouteTableId: '',
    CreatedTime: made(subnet.createdAt),
    AvailableIpAddressCount: Math.max(0, usable - hostsIn(deps, subnet.id)),
    Ipv6CidrBlock: '',
    NetworkAclId: '',
    IsRemoteVpcSnat: false,
    TotalIpAddressCount: usable,
    TagSet: [],
    CdcId: '',
    IsCdcSubnet: 0,
  };
}

const VPC_FILTERS: Readonly<Record<string, (vpc: Vpc, value: string) => boolean>> = {
  'vpc-name': ({ name }, value) => contains(name, value),
  'is-default': ({ isDefault }, value) => isTruth(isDefault, value),
  'vpc-id': ({ id }, value) => id === value,
  'cidr-block': ({ cidr }, value) => cidr === value,
  'tag-key': () => false,
};

const SUBNET_FILTERS: Readonly<Record<string, (subnet: Subnet, value: string) => boolean>> = {
  'subnet-id': ({ id }, value) => id === value,
  'vpc-id': ({ vpcId }, value) => vpcId === value,
  'cidr-block': ({ cidr }, value) => cidr === value || cidr.split('/')[0] === value,
  'is-default': ({ isDefault }, value) => isTruth(isDefault, value),
  'is-remote-vpc-snat': (_, value) => isTruth(false, value),
  'subnet-name': ({ name }, value) => contains(name, value),
  zone: ({ zone }, value) => zone === value,
  'tag-key': () => false,
  'cdc-id': () => false,
  'is-cdc-subnet': (_, value) => value === '0',
};

const ids = z.array(z.string()).max(100).optional();
const flag = z.string().optional();

/** What a network of the cloud may be told and one on this machine has no use for: accepted when it says no. */
function refuseOff(request: Readonly<Record<string, unknown>>, ...names: string[]): void {
  for (const name of names) {
    const value = request[name];
    const off =
      value === undefined ||
      value === false ||
      value === 'false' ||
      value === '' ||
      (Array.isArray(value) && value.length === 0);
    if (!off) throw vpcUnsupported(`${name} is not available here`);
  }
}

const ofRegion = (region: string): string | undefined => (region === '' ? undefined : region);

const notFound = (what: string, id: string): ApiError => new ApiError('ResourceNotFound', `There is no ${what} ${id}`);

function mustVpc(deps: ApiDeps, id: string): Vpc {
  const vpc = deps.networks.vpc(id);
  if (!vpc) throw notFound('VPC', id);
  return vpc;
}

function mustSubnet(deps: ApiDeps, id: string): Subnet {
  const subnet = deps.networks.subnet(id);
  if (!subnet) throw notFound('subnet', id);
  return subnet;
}

/** Private networks and their subnets. */
export const VPC_ACTIONS: ActionTable = {
  CreateVpc: vpcAction(
    z.strictObject({
      VpcName: z.string(),
      CidrBlock: z.string(),
      EnableMulticast: flag,
      DnsServers: z.array(z.string()).optional(),
      DomainName: z.string().optional(),
      Tags: noTags,
      EnableRouteVpcPublish: z.boolean().optional(),
      EnableRouteVpcPublishIpv6: z.boolean().optional(),
    }),
    async (request, { deps, region }): Promise<CreateVpcResponse> => {
      if (region === '') throw vpcMissing('X-TC-Region');
      refuseOff(
        request,
        'EnableMulticast',
        'DnsServers',
        'DomainName',
        'EnableRouteVpcPublish',
        'EnableRouteVpcPublishIpv6',
      );
      const wanted = { region, name: request.VpcName, cidr: request.CidrBlock };
      return { Vpc: vpcView(await coded(VPC_CODES, () => deps.networks.createVpc(wanted))) };
    },
    true,
  ),

  DescribeVpcs: vpcAction(
    z.strictObject({ VpcIds: ids, Filters: filters, ...paging }),
    async ({ VpcIds, Filters, Offset, Limit }, { deps, region }): Promise<DescribeVpcsResponse> => {
      const found = select(deps.networks.vpcs(ofRegion(region)), VPC_FILTERS, Filters, VpcIds, ({ id }) => id);
      return { TotalCount: found.length, VpcSet: found.slice(Offset, Offset + Limit).map(vpcView) };
    },
  ),

  ModifyVpcAttribute: vpcAction(
    z.strictObject({
      VpcId: z.string(),
      VpcName: z.string().optional(),
      EnableMulticast: flag,
      DnsServers: z.array(z.string()).optional(),
      DomainName: z.string().optional(),
      EnableRouteVpcPublish: z.boolean().optional(),
      EnableCdcPublish: z.boolean().optional(),
      EnableRouteVpcPublishIpv6: z.boolean().optional(),
    }),
    async (request, { deps }): Promise<ModifyVpcAttributeResponse> => {
      const vpc = mustVpc(deps, request.VpcId);
      refuseOff(
        request,
        'EnableMulticast',
        'DnsServers',
        'DomainName',
        'EnableRouteVpcPublish',
        'EnableCdcPublish',
        'EnableRouteVpcPublishIpv6',
      );
      const name = request.VpcName;
      if (name !== undefined) await coded(VPC_CODES, () => deps.networks.renameVpc(vpc.id, name));
      return {};
    },
    true,
  ),

  DeleteVpc: vpcAction(
    z.strictObject({ VpcId: z.string() }),
    async ({ VpcId }, { deps }): Promise<DeleteVpcResponse> => {
      await deps.networks.deleteVpc(mustVpc(deps, VpcId).id);
      return {};
    },
    true,
  ),

  CreateSubnet: vpcAction(
    z.strictObject({
      VpcId: z.string(),
      SubnetName: z.string(),
      CidrBlock: z.string(),
      Zone: z.string(),
      Tags: noTags,
      CdcId: z.string().optional(),
    }),
    async (request, { deps, region }): Promise<CreateSubnetResponse> => {
      refuseOff(request, 'CdcId');
      const vpc = mustVpc(deps, request.VpcId);
      if (region !== '' && vpc.region !== region) throw notFound('VPC', vpc.id);
      if (!findZone(request.Zone))
        throw new ApiError('InvalidParameterValue.UnavailableZone', `The zone ${request.Zone} is not known`);
      const wanted = { vpcId: vpc.id, name: request.SubnetName, zone: request.Zone, cidr: request.CidrBlock };
      return { Subnet: subnetView(deps, await coded(SUBNET_CODES, () => deps.networks.createSubnet(wanted))) };
    },
    true,
  ),

  DescribeSubnets: vpcAction(
    z.strictObject({
      SubnetIds: ids,
      Filters: filters,
      ...paging,
      MaxResults: z.number().int().min(1).max(100).optional(),
      NextToken: z.string().optional(),
    }),
    async (request, { deps, region }): Promise<DescribeSubnetsResponse> => {
      const { SubnetIds, Filters, MaxResults, NextToken } = request;
      const found = select(deps.networks.subnets(ofRegion(region)), SUBNET_FILTERS, Filters, SubnetIds, ({ id }) => id);
      if (NextToken && !/^\d{1,9}$/.test(NextToken)) throw vpcInvalid('NextToken is none that was handed out');
      const from = MaxResults === undefined ? request.Offset : Number(NextToken ?? 0);
      const until = from + (MaxResults ?? request.Limit);
      return {
        TotalCount: found.length,
        SubnetSet: found.slice(from, until).map((subnet) => subnetView(deps, subnet)),
        NextToken: MaxResults !== undefined && until < found.length ? String(until) : '',
      };
    },
  ),

  ModifySubnetAttribute: vpcAction(
    z.strictObject({ SubnetId: z.string(), SubnetName: z.string().optional(), EnableBroadcast: flag }),
    async (request, { deps }): Promise<ModifySubnetAttributeResponse> => {
      const subnet = mustSubnet(deps, request.SubnetId);
      refuseOff(request, 'EnableBroadcast');
      const name = request.SubnetName;
      if (name !== undefined) await coded(SUBNET_CODES, () => deps.networks.renameSubnet(subnet.id, name));
      return {};
    },
    true,
  ),

  DeleteSubnet: vpcAction(
    z.strictObject({ SubnetId: z.string() }),
    async ({ SubnetId }, { deps }): Promise<DeleteSubnetResponse> => {
      await deps.networks.deleteSubnet(mustSubnet(deps, SubnetId).id, (id) => hostsIn(deps, id) > 0);
      return {};
    },
    true,
  ),
};
