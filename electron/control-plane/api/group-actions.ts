import { z } from 'zod';
import type {
  DescribeDBInstanceSecurityGroupsResponse,
  ModifyDBInstanceSecurityGroupsResponse,
  PolicyRule,
  SecurityGroup as ApiGroup,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/postgres/v20170312/postgres_models';
import type { SecurityRule } from '../../../shared/model/security-rules';
import type { SecurityGroup } from '../network/networks';
import { action, type ActionTable } from './action';
import { apiTime, missing, mustExist, mustInstance, unsupported } from './common';
import { groupsOf } from './place';

const ruleView = ({ action: Action, source, ports, protocol, remark }: SecurityRule): PolicyRule => ({
  Action,
  CidrIp: source,
  PortRange: ports,
  IpProtocol: protocol,
  Description: remark,
});

const groupView = (group: SecurityGroup): ApiGroup => ({
  ProjectId: group.projectId,
  CreateTime: apiTime(group.createdAt === 0 ? null : group.createdAt),
  Inbound: group.inbound.map(ruleView),
  Outbound: group.outbound.map(ruleView),
  SecurityGroupId: group.id,
  SecurityGroupName: group.name,
  SecurityGroupDescription: group.remark,
});

/** The instance of a request that could speak of a read-only group as well. */
function instanceOf(request: {
  readonly DBInstanceId?: string | undefined;
  readonly ReadOnlyGroupId?: string | undefined;
}): string {
  if (request.ReadOnlyGroupId) throw unsupported('There are no read-only groups here yet');
  if (!request.DBInstanceId) throw missing('DBInstanceId');
  return request.DBInstanceId;
}

const which = { DBInstanceId: z.string().optional(), ReadOnlyGroupId: z.string().optional() };

/** Security groups of an instance. */
export const GROUP_ACTIONS: ActionTable = {
  DescribeDBInstanceSecurityGroups: action(
    z.strictObject(which),
    async (request, { deps }): Promise<DescribeDBInstanceSecurityGroupsResponse> => {
      const { securityGroupIds } = mustInstance(deps, instanceOf(request));
      return {
        SecurityGroupSet: securityGroupIds
          .map((id) => deps.networks.group(id))
          .filter((group) => group !== undefined)
          .map(groupView),
      };
    },
  ),

  ModifyDBInstanceSecurityGroups: action(
    z.strictObject({ ...which, SecurityGroupIdSet: z.array(z.string()).min(1).max(20) }),
    async (request, { deps }): Promise<ModifyDBInstanceSecurityGroupsResponse> => {
      // Whatever operation runs: who may come in is not to wait for it.
      const record = mustExist(deps, instanceOf(request), 'a change of the security groups');
      await deps.instances.bindGroups(record.id, groupsOf(deps, request.SecurityGroupIdSet, record.region));
      return {};
    },
    true,
  ),
};
