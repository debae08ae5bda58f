import { z } from 'zod';
import type {
  CreateSecurityGroupPoliciesResponse,
  DeleteSecurityGroupPoliciesResponse,
  DescribeSecurityGroupPoliciesResponse,
  Filter,
  ModifySecurityGroupPoliciesResponse,
  ReplaceSecurityGroupPoliciesResponse,
  ReplaceSecurityGroupPolicyResponse,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/vpc/v20170312/vpc_models';
import type { SecurityRule } from '../../../shared/model/security-rules';
import { vpcAction, type ActionTable, type ApiDeps } from './action';
import { ApiError } from './errors';
import {
  checkVersion,
  oneDirection,
  policySet,
  policySetView,
  positionOf,
  refuseTwins,
  ruleOf,
  type PolicySet,
} from './policies';
import { GROUP_CODES, mustGroup } from './security-group-actions';
import { coded, contains, filters, vpcMissing, vpcUnsupported } from './vpc-common';

type Direction = 'INBOUND' | 'OUTBOUND';

/** How each documented filter looks at a rule. */
const FILTERS: Readonly<Record<string, (rule: SecurityRule, value: string, direction: Direction) => boolean>> = {
  'security-group-id': () => false,
  ip: ({ source }, value) => contains(source, value),
  'address-module': () => false,
  'service-module': () => false,
  'protocol-type': ({ protocol }, value) => value.toUpperCase() === 'ALL' || protocol === value.toUpperCase(),
  port: ({ ports }, value) => value.toUpperCase() === 'ALL' || contains(ports, value),
  poly: (rule, value) => value.toUpperCase() === 'ALL' || rule.action === value.toUpperCase(),
  direction: (_, value, direction) => value.toUpperCase() === 'ALL' || direction === value.toUpperCase(),
  description: ({ remark }, value) => contains(remark, value),
};

function keeper(wanted: readonly Filter[]): (rule: SecurityRule, direction: Direction) => boolean {
  const tests = wanted.map(({ Name, Values }) => {
    const fits = Object.hasOwn(FILTERS, Name) ? FILTERS[Name] : undefined;
    if (!fits) throw new ApiError('InvalidParameter.FilterInvalidKey', `The filter ${Name} is not known`);
    return (rule: SecurityRule, direction: Direction) =>
      Values.length === 0 || Values.some((value) => fits(rule, value, direction));
  });
  return (rule, direction) => tests.every((test) => test(rule, direction));
}

const change = (deps: ApiDeps, id: string, rules: Parameters<ApiDeps['networks']['changeGroup']>[1]): Promise<void> =>
  coded(GROUP_CODES, () => deps.networks.changeGroup(id, rules));

/** Puts other rules in the place of those that the policies name by their index. */
async function replace(deps: ApiDeps, id: string, set: PolicySet): Promise<void> {
  const group = mustGroup(deps, id);
  checkVersion(group, set);
  const { direction, policies } = oneDirection(set);
  const rules = [...group[direction]];
  for (const policy of policies) {
    if (policy.PolicyIndex === undefined) throw vpcMissing('PolicyIndex');
    rules[positionOf(group[direction], policy)] = ruleOf(policy);
  }
  await change(deps, id, { [direction]: rules });
}

const one = { SecurityGroupId: z.string(), SecurityGroupPolicySet: policySet };

/** Rules of security groups. Sessions that new inbound rules forbid end at once. */
export const POLICY_ACTIONS: ActionTable = {
  DescribeSecurityGroupPolicies: vpcAction(
    z.strictObject({ SecurityGroupId: z.string(), Filters: filters }),
    async ({ SecurityGroupId, Filters = [] }, { deps }): Promise<DescribeSecurityGroupPoliciesResponse> => ({
      SecurityGroupPolicySet: policySetView(mustGroup(deps, SecurityGroupId), keeper(Filters)),
    }),
  ),

  CreateSecurityGroupPolicies: vpcAction(
    z.strictObject(one),
    async (
      { SecurityGroupId, SecurityGroupPolicySet: set },
      { deps },
    ): Promise<CreateSecurityGroupPoliciesResponse> => {
      const group = mustGroup(deps, SecurityGroupId);
      checkVersion(group, set);
      const { direction, policies } = oneDirection(set);
      const [index, ...others] = new Set(policies.map(({ PolicyIndex }) => PolicyIndex));
      if (others.length > 0)
        throw new ApiError('InvalidParameterValue.Range', 'All rules of a request go to the same PolicyIndex');
      const rules = group[direction];
      const at = index ?? rules.length;
      if (at > rules.length)
        throw new ApiError('InvalidParameterValue.Range', `There are ${rules.length} rules: ${at} is behind the last`);
      const added = policies.map(ruleOf);
      refuseTwins(rules, added);
      await change(deps, group.id, { [direction]: rules.toSpliced(at, 0, ...added) });
      return {};
    },
    true,
  ),

  ModifySecurityGroupPolicies: vpcAction(
    z.strictObject({ ...one, SortPolicys: z.boolean().optional() }),
    async (
      { SecurityGroupId, SecurityGroupPolicySet: set },
      { deps },
    ): Promise<ModifySecurityGroupPoliciesResponse> => {
      const group = mustGroup(deps, SecurityGroupId);
      // Version 0 takes all rules away, whatever else is said.
      if (set.Version === '0') {
        await change(deps, group.id, { inbound: [], outbound: [] });
        return {};
      }
      checkVersion(group, set);
      if (!set.Ingress) throw vpcMissing('SecurityGroupPolicySet.Ingress');
      if (!set.Egress) throw vpcMissing('SecurityGroupPolicySet.Egress');
      if ([...set.Ingress, ...set.Egress].some(({ PolicyIndex }) => PolicyIndex !== undefined)) {
        throw new ApiError(
          'InvalidParameterValue',
          'A full replacement takes no PolicyIndex: the order of the rules is their index',
        );
      }
      await change(deps, group.id, { inbound: set.Ingress.map(ruleOf), outbound: set.Egress.map(ruleOf) });
      return {};
    },
    true,
  ),

  ReplaceSecurityGroupPolicies: vpcAction(
    z.strictObject({
      ...one,
      OriginalSecurityGroupPolicySet: policySet.optional(),
      UpdateType: z.enum(['Policy', 'Priority', 'Both']).default('Policy'),
    }),
    async (
      { SecurityGroupId, SecurityGroupPolicySet: set, UpdateType },
      { deps },
    ): Promise<ReplaceSecurityGroupPoliciesResponse> => {
      if (UpdateType !== 'Policy') throw vpcUnsupported('The order is changed by ModifySecurityGroupPolicies');
      await replace(deps, SecurityGroupId, set);
      return {};
    },
    true,
  ),

  ReplaceSecurityGroupPolicy: vpcAction(
    z.strictObject({ ...one, OriginalSecurityGroupPolicySet: policySet.optional() }),
    async ({ SecurityGroupId, SecurityGroupPolicySet: set }, { deps }): Promise<ReplaceSecurityGroupPolicyResponse> => {
      await replace(deps, SecurityGroupId, set);
      return {};
    },
    true,
  ),

  DeleteSecurityGroupPolicies: vpcAction(
    z.strictObject(one),
    async (
      { SecurityGroupId, SecurityGroupPolicySet: set },
      { deps },
    ): Promise<DeleteSecurityGroupPoliciesResponse> => {
      const group = mustGroup(deps, SecurityGroupId);
      checkVersion(group, set);
      const { direction, policies } = oneDirection(set);
      const rules = group[direction];
      const gone = new Set(policies.map((policy) => positionOf(rules, policy)));
      await change(deps, group.id, { [direction]: rules.filter((_, index) => !gone.has(index)) });
      return {};
    },
    true,
  ),
};
