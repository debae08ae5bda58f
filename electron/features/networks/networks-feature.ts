import type { networks } from '../../../shared/contract/networks';
import type { Handlers } from '../../../shared/contract/define';
import type { RulePreview } from '../../../shared/model/network';
import { decide, type SecurityRule } from '../../../shared/model/security-rules';
import { groupResponse, subnetResponse, vpcResponse } from '../../adapters/control-plane/network-responses';
import type { Plane } from '../../adapters/control-plane/plane';
import { anyResponse } from '../../adapters/control-plane/responses';
import { readBindings, readGroups, readRules, readVpcs } from './network-reads';
import { policySet } from './policies';

export interface NetworksOptions {
  /** Fails with `not-found` for one that is not registered. */
  readonly planeOf: (id: string) => Plane;
}

/** A rule of one of several groups, with its position there. */
interface PlacedRule {
  readonly groupId: string;
  readonly at: number;
  readonly rule: SecurityRule;
}

/** VPCs, subnets and security groups of all control planes, by the public services. */
export function createNetworksFeature({ planeOf }: NetworksOptions): { readonly handlers: Handlers<typeof networks> } {
  const vpc = async (
    { plane, region }: { readonly plane: string; readonly region: string },
    action: string,
    body: object,
    signal: AbortSignal,
  ): Promise<void> => {
    await planeOf(plane).call({ service: 'vpc', action, region, body, response: anyResponse, signal });
  };

  const preview = async (
    plane: Plane,
    wanted: {
      readonly region: string;
      readonly groupIds: readonly string[];
      readonly source: string;
      readonly port: number;
    },
    signal: AbortSignal,
  ): Promise<RulePreview> => {
    const placed = (
      await Promise.all(
        wanted.groupIds.map(async (groupId): Promise<PlacedRule[]> => {
          const { inbound } = await readRules(plane, wanted.region, groupId, signal);
          return inbound.map((rule, at) => ({ groupId, at, rule }));
        }),
      )
    ).flat();
    const { action, index } = decide(
      placed.map(({ rule }) => rule),
      wanted.source,
      wanted.port,
    );
    const found = index === null ? undefined : placed[index];
    return { action, groupId: found?.groupId ?? null, rule: found?.at ?? null };
  };

  return {
    handlers: {
      vpcs: ({ plane, region }, { signal }) => readVpcs(planeOf(plane), region, signal),
      async createVpc({ plane, region, name, cidr }, { signal }) {
        const body = { VpcName: name, CidrBlock: cidr };
        const call = { service: 'vpc', action: 'CreateVpc', region, body, response: vpcResponse, signal } as const;
        return { id: (await planeOf(plane).call(call)).Vpc.VpcId };
      },
      renameVpc: ({ id, name, ...where }, { signal }) =>
        vpc(where, 'ModifyVpcAttribute', { VpcId: id, VpcName: name }, signal),
      deleteVpc: ({ id, ...where }, { signal }) => vpc(where, 'DeleteVpc', { VpcId: id }, signal),

      async createSubnet({ plane, region, vpcId, name, zone, cidr }, { signal }) {
        const body = { VpcId: vpcId, SubnetName: name, CidrBlock: cidr, Zone: zone };
        const call = {
          service: 'vpc',
          action: 'CreateSubnet',
          region,
          body,
          response: subnetResponse,
          signal,
        } as const;
        return { id: (await planeOf(plane).call(call)).Subnet.SubnetId };
      },
      renameSubnet: ({ id, name, ...where }, { signal }) =>
        vpc(where, 'ModifySubnetAttribute', { SubnetId: id, SubnetName: name }, signal),
      deleteSubnet: ({ id, ...where }, { signal }) => vpc(where, 'DeleteSubnet', { SubnetId: id }, signal),

      groups: ({ plane, region }, { signal }) => readGroups(planeOf(plane), region, signal),
      bindings: ({ plane, region, id }, { signal }) => readBindings(planeOf(plane), region, id, signal),
      async createGroup({ plane, region, name, remark, inbound }, { signal }) {
        const named = { GroupName: name, GroupDescription: remark };
        const call = { service: 'vpc', region, response: groupResponse, signal } as const;
        const { SecurityGroup } =
          inbound.length === 0
            ? await planeOf(plane).call({ ...call, action: 'CreateSecurityGroup', body: named })
            : await planeOf(plane).call({
                ...call,
                action: 'CreateSecurityGroupWithPolicies',
                body: { ...named, SecurityGroupPolicySet: policySet(inbound, []) },
              });
        return { id: SecurityGroup.SecurityGroupId };
      },
      changeGroup: ({ id, name, remark, ...where }, { signal }) =>
        vpc(
          where,
          'ModifySecurityGroupAttribute',
          { SecurityGroupId: id, GroupName: name, GroupDescription: remark },
          signal,
        ),
      setRules: ({ id, inbound, outbound, ...where }, { signal }) =>
        vpc(
          where,
          'ModifySecurityGroupPolicies',
          // In this order, whatever the cloud would make of it.
          { SecurityGroupId: id, SecurityGroupPolicySet: policySet(inbound, outbound), SortPolicys: true },
          signal,
        ),
      deleteGroup: ({ id, ...where }, { signal }) => vpc(where, 'DeleteSecurityGroup', { SecurityGroupId: id }, signal),

      async bind({ plane, instanceId, groupIds }, { signal }) {
        await planeOf(plane).call({
          action: 'ModifyDBInstanceSecurityGroups',
          body: { DBInstanceId: instanceId, SecurityGroupIdSet: groupIds },
          response: anyResponse,
          signal,
        });
      },
      preview: ({ plane, ...wanted }, { signal }) => preview(planeOf(plane), wanted, signal),
    },
  };
}
