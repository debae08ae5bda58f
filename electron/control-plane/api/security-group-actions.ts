import { z } from 'zod';
import type {
  CreateSecurityGroupResponse,
  CreateSecurityGroupWithPoliciesResponse,
  DeleteSecurityGroupResponse,
  DescribeSecurityGroupAssociationStatisticsResponse,
  DescribeSecurityGroupsResponse,
  ModifySecurityGroupAttributeResponse,
  SecurityGroup as ApiGroup,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/vpc/v20170312/vpc_models';
import type { SecurityGroup } from '../network/networks';
import { vpcAction, type ActionTable, type ApiDeps } from './action';
import { apiTime, sorted } from './common';
import { ApiError } from './errors';
import { policySet, ruleOf } from './policies';
import {
  coded,
  contains,
  filters,
  noTags,
  paging,
  select,
  TEXT_CODES,
  vpcMissing,
  type FieldCodes,
} from './vpc-common';

export const GROUP_CODES: FieldCodes = {
  ...TEXT_CODES,
  'invalid-input:rules': 'InvalidParameterValue.Malformed',
};

const time = (ms: number): string => apiTime(ms === 0 ? null : ms);

const groupView = (group: SecurityGroup): ApiGroup => ({
  SecurityGroupId: group.id,
  SecurityGroupName: group.name,
  SecurityGroupDesc: group.remark,
  ProjectId: String(group.projectId),
  IsDefault: group.isDefault,
  CreatedTime: time(group.createdAt),
  TagSet: [],
  UpdateTime: time(group.updatedAt),
});

/** Fails with `ResourceNotFound`. */
export function mustGroup(deps: ApiDeps, id: string): SecurityGroup {
  const group = deps.networks.group(id);
  if (!group) throw new ApiError('ResourceNotFound', `There is no security group ${id}`);
  return group;
}

const boundTo = (deps: ApiDeps, id: string): number =>
  deps.instances.list().filter(({ securityGroupIds }) => securityGroupIds.includes(id)).length;

const FILTERS: Readonly<Record<string, (group: SecurityGroup, value: string) => boolean>> = {
  'security-group-id': ({ id }, value) => id === value,
  'project-id': ({ projectId }, value) => String(projectId) === value,
  'security-group-name': ({ name }, value) => contains(name, value),
  'tag-key': () => false,
};

const project = z
  .union([z.string().regex(/^\d{1,9}$/, 'the number of a project'), z.number().int().min(0)])
  .default(0)
  .transform(Number);

const wanted = { GroupName: z.string(), GroupDescription: z.string(), ProjectId: project, Tags: noTags };

function create(
  deps: ApiDeps,
  region: string,
  request: { readonly GroupName: string; readonly GroupDescription: string; readonly ProjectId: number },
): Promise<SecurityGroup> {
  if (region === '') throw vpcMissing('X-TC-Region');
  const { GroupName: name, GroupDescription: remark, ProjectId: projectId } = request;
  return coded(GROUP_CODES, () => deps.networks.createGroup({ region, name, remark, projectId }));
}

/** Security groups without their rules. */
export const SECURITY_GROUP_ACTIONS: ActionTable = {
  CreateSecurityGroup: vpcAction(
    z.strictObject(wanted),
    async (request, { deps, region }): Promise<CreateSecurityGroupResponse> => ({
      SecurityGroup: groupView(await create(deps, region, request)),
    }),
    true,
  ),

  CreateSecurityGroupWithPolicies: vpcAction(
    z.strictObject({ ...wanted, SecurityGroupPolicySet: policySet.optional() }),
    async (request, { deps, region }): Promise<CreateSecurityGroupWithPoliciesResponse> => {
      const inbound = (request.SecurityGroupPolicySet?.Ingress ?? []).map(ruleOf);
      const outbound = (request.SecurityGroupPolicySet?.Egress ?? []).map(ruleOf);
      const group = await create(deps, region, request);
      try {
        await coded(GROUP_CODES, () => deps.networks.changeGroup(group.id, { inbound, outbound }));
      } catch (error) {
        await deps.networks.deleteGroup(group.id, () => false);
        throw error;
      }
      return { SecurityGroup: groupView(mustGroup(deps, group.id)) };
    },
    true,
  ),

  DescribeSecurityGroups: vpcAction(
    z.strictObject({
      SecurityGroupIds: z.array(z.string()).max(100).optional(),
      Filters: filters,
      ...paging,
      OrderField: z.enum(['CreatedTime', 'UpdateTime']).optional(),
      OrderDirection: z.enum(['ASC', 'DESC']).default('ASC'),
    }),
    async (request, { deps, region }): Promise<DescribeSecurityGroupsResponse> => {
      const { SecurityGroupIds, Filters, Offset, Limit, OrderField, OrderDirection } = request;
      const groups = deps.networks.groups(region === '' ? undefined : region);
      const found = select(groups, FILTERS, Filters, SecurityGroupIds, ({ id }) => id);
      const key = OrderField === 'CreatedTime' ? 'createdAt' : 'updatedAt';
      const ordered = OrderField
        ? sorted(found, (group) => group[key], OrderDirection === 'ASC' ? 'asc' : 'desc')
        : found;
      return { TotalCount: found.length, SecurityGroupSet: ordered.slice(Offset, Offset + Limit).map(groupView) };
    },
  ),

  ModifySecurityGroupAttribute: vpcAction(
    z.strictObject({
      SecurityGroupId: z.string(),
      GroupName: z.string().optional(),
      GroupDescription: z.string().optional(),
    }),
    async (request, { deps }): Promise<ModifySecurityGroupAttributeResponse> => {
      const { GroupName: name, GroupDescription: remark } = request;
      const { id } = mustGroup(deps, request.SecurityGroupId);
      await coded(GROUP_CODES, () =>
        deps.networks.changeGroup(id, {
          ...(name === undefined ? {} : { name }),
          ...(remark === undefined ? {} : { remark }),
        }),
      );
      return {};
    },
    true,
  ),

  DeleteSecurityGroup: vpcAction(
    z.strictObject({ SecurityGroupId: z.string() }),
    async ({ SecurityGroupId }, { deps }): Promise<DeleteSecurityGroupResponse> => {
      await deps.networks.deleteGroup(mustGroup(deps, SecurityGroupId).id, (id) => boundTo(deps, id) > 0);
      return {};
    },
    true,
  ),

  DescribeSecurityGroupAssociationStatistics: vpcAction(
    z.strictObject({ SecurityGroupIds: z.array(z.string()).min(1).max(100) }),
    async ({ SecurityGroupIds }, { deps }): Promise<DescribeSecurityGroupAssociationStatisticsResponse> => ({
      SecurityGroupAssociationStatisticsSet: SecurityGroupIds.map((id) => {
        const InstanceCount = boundTo(deps, mustGroup(deps, id).id);
        return {
          SecurityGroupId: id,
          CVM: 0,
          CDB: 0,
          ENI: 0,
          SG: 0,
          CLB: 0,
          InstanceStatistics: [{ InstanceType: 'postgres', InstanceCount }],
          TotalCount: InstanceCount,
        };
      }),
    }),
  ),
};
