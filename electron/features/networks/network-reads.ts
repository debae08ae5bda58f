import type { z } from 'zod';
import type { SubnetView, VpcView } from '../../../shared/model/network';
import type { SecurityGroupView, SecurityRule } from '../../../shared/model/security-rules';
import {
  boundGroupsResponse,
  groupsResponse,
  policiesResponse,
  statisticsResponse,
  subnetsResponse,
  vpcsResponse,
  type GroupResponse,
  type SubnetResponse,
} from '../../adapters/control-plane/network-responses';
import type { Plane } from '../../adapters/control-plane/plane';
import { instanceIdsResponse, regionsResponse } from '../../adapters/control-plane/responses';
import { ruleOf } from './policies';

const PAGE = 100;

/** Times of the API are Beijing time; what has none is as old as can be. */
const timeOf = (text: string | null | undefined): number => {
  const found = Date.parse(`${(text ?? '').replace(' ', 'T')}+08:00`);
  return Number.isNaN(found) ? 0 : found;
};

/** All pages of a list of the `vpc` service, whose numbers are texts. */
async function readPages<Schema extends z.ZodType<{ readonly TotalCount: number }>, Row>(
  plane: Plane,
  action: string,
  region: string,
  response: Schema,
  rows: (page: z.output<Schema>) => readonly Row[],
  signal: AbortSignal,
): Promise<Row[]> {
  const found: Row[] = [];
  for (let total = 1; found.length < total;) {
    const body = { Offset: String(found.length), Limit: String(PAGE) };
    const page = await plane.call({ service: 'vpc', action, region, body, response, signal });
    const next = rows(page);
    if (next.length === 0) break;
    found.push(...next);
    total = page.TotalCount;
  }
  return found;
}

/** An answer of the `vpc` service says nothing of regions: each is asked by itself. A cloud is asked in its own only. */
async function regionsOf(plane: Plane, region: string, signal: AbortSignal): Promise<string[]> {
  if (plane.region !== '') return region === '' || region === plane.region ? [plane.region] : [];
  if (region !== '') return [region];
  const { RegionSet } = await plane.call({ action: 'DescribeRegions', body: {}, response: regionsResponse, signal });
  return RegionSet.map(({ Region }) => Region);
}

async function inRegions<T>(
  plane: Plane,
  region: string,
  read: (region: string) => Promise<T[]>,
  signal: AbortSignal,
): Promise<T[]> {
  const regions = await regionsOf(plane, region, signal);
  return (await Promise.all(regions.map(read))).flat();
}

export const subnetView = (subnet: SubnetResponse): SubnetView => ({
  id: subnet.SubnetId,
  vpcId: subnet.VpcId,
  name: subnet.SubnetName,
  zone: subnet.Zone,
  cidr: subnet.CidrBlock,
  isDefault: subnet.IsDefault ?? false,
  createdAt: timeOf(subnet.CreatedTime),
  availableAddresses: subnet.AvailableIpAddressCount ?? 0,
});

export const readVpcs = (plane: Plane, region: string, signal: AbortSignal): Promise<VpcView[]> =>
  inRegions(
    plane,
    region,
    async (each) => {
      const [vpcs, subnets] = await Promise.all([
        readPages(plane, 'DescribeVpcs', each, vpcsResponse, ({ VpcSet }) => VpcSet, signal),
        readPages(plane, 'DescribeSubnets', each, subnetsResponse, ({ SubnetSet }) => SubnetSet, signal),
      ]);
      return vpcs.map((vpc) => ({
        id: vpc.VpcId,
        name: vpc.VpcName,
        region: each,
        cidr: vpc.CidrBlock,
        isDefault: vpc.IsDefault ?? false,
        createdAt: timeOf(vpc.CreatedTime),
        subnets: subnets.filter(({ VpcId }) => VpcId === vpc.VpcId).map(subnetView),
      }));
    },
    signal,
  );

export async function readRules(
  plane: Plane,
  region: string,
  groupId: string,
  signal: AbortSignal,
): Promise<{ inbound: SecurityRule[]; outbound: SecurityRule[] }> {
  const { SecurityGroupPolicySet } = await plane.call({
    service: 'vpc',
    action: 'DescribeSecurityGroupPolicies',
    region,
    body: { SecurityGroupId: groupId },
    response: policiesResponse,
    signal,
  });
  return {
    inbound: (SecurityGroupPolicySet.Ingress ?? []).map(ruleOf),
    outbound: (SecurityGroupPolicySet.Egress ?? []).map(ruleOf),
  };
}

/** Groups that one request for counts may name. Source: the `vpc` service. */
const COUNTED_AT_ONCE = 100;

/** How many instances each group is bound to; of a key pair that may not ask, none is known. */
async function readCounts(
  plane: Plane,
  region: string,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for (let at = 0; at < ids.length; at += COUNTED_AT_ONCE) {
    const { SecurityGroupAssociationStatisticsSet } = await plane
      .call({
        service: 'vpc',
        action: 'DescribeSecurityGroupAssociationStatistics',
        region,
        body: { SecurityGroupIds: ids.slice(at, at + COUNTED_AT_ONCE) },
        response: statisticsResponse,
        signal,
      })
      .catch((error: unknown) => {
        if (signal.aborted) throw error;
        return { SecurityGroupAssociationStatisticsSet: [] };
      });
    for (const { SecurityGroupId, TotalCount } of SecurityGroupAssociationStatisticsSet)
      counts.set(SecurityGroupId, TotalCount);
  }
  return counts;
}

/** Instances that a group is bound to, sorted: the API tells it for one instance at a time. */
export async function readBindings(
  plane: Plane,
  region: string,
  groupId: string,
  signal: AbortSignal,
): Promise<string[]> {
  const ids: string[] = [];
  for (let total = 1; ids.length < total;) {
    const body = { Limit: PAGE, Offset: ids.length };
    const page = await plane.call({
      action: 'DescribeDBInstances',
      region,
      body,
      response: instanceIdsResponse,
      signal,
    });
    if (page.DBInstanceSet.length === 0) break;
    ids.push(...page.DBInstanceSet.map(({ DBInstanceId }) => DBInstanceId));
    total = page.TotalCount;
  }
  const bound: string[] = [];
  await Promise.all(
    ids.map(async (id) => {
      // An instance that was destroyed meanwhile binds nothing.
      const { SecurityGroupSet } = await plane
        .call({
          action: 'DescribeDBInstanceSecurityGroups',
          region,
          body: { DBInstanceId: id },
          response: boundGroupsResponse,
          signal,
        })
        .catch((error: unknown) => {
          if (signal.aborted) throw error;
          return { SecurityGroupSet: [] };
        });
      if (SecurityGroupSet?.some(({ SecurityGroupId }) => SecurityGroupId === groupId)) bound.push(id);
    }),
  );
  return bound.toSorted();
}

const groupView = (
  group: GroupResponse,
  region: string,
  rules: { readonly inbound: SecurityRule[]; readonly outbound: SecurityRule[] },
  boundCount: number | null,
): SecurityGroupView => ({
  id: group.SecurityGroupId,
  name: group.SecurityGroupName,
  remark: group.SecurityGroupDesc ?? '',
  region,
  projectId: Number(group.ProjectId ?? 0) || 0,
  isDefault: group.IsDefault ?? false,
  ...rules,
  createdAt: timeOf(group.CreatedTime),
  boundCount,
});

export const readGroups = (plane: Plane, region: string, signal: AbortSignal): Promise<SecurityGroupView[]> =>
  inRegions(
    plane,
    region,
    async (each) => {
      const groups = await readPages(
        plane,
        'DescribeSecurityGroups',
        each,
        groupsResponse,
        (page) => page.SecurityGroupSet,
        signal,
      );
      const ids = groups.map(({ SecurityGroupId }) => SecurityGroupId);
      const counts = await readCounts(plane, each, ids, signal);
      return Promise.all(
        groups.map(async (group) =>
          groupView(
            group,
            each,
            await readRules(plane, each, group.SecurityGroupId, signal),
            counts.get(group.SecurityGroupId) ?? null,
          ),
        ),
      );
    },
    signal,
  );
