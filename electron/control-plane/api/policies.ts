import { z } from 'zod';
import type {
  SecurityGroupPolicy,
  SecurityGroupPolicySet,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/vpc/v20170312/vpc_models';
import { RULE_ACTIONS, type SecurityRule } from '../../../shared/model/security-rules';
import type { SecurityGroup } from '../network/networks';
import { apiTime } from './common';
import { ApiError } from './errors';
import { vpcInvalid, vpcMissing, vpcUnsupported } from './vpc-common';

/** Rules of security groups as vpc 2017-03-12 writes them. */

const template = z.looseObject({}).optional();

export const policy = z.strictObject({
  PolicyIndex: z.number().int().min(0).optional(),
  Protocol: z.string().optional(),
  Port: z.string().optional(),
  ServiceTemplate: template,
  CidrBlock: z.string().optional(),
  Ipv6CidrBlock: z.string().optional(),
  SecurityGroupId: z.string().optional(),
  AddressTemplate: template,
  Action: z.string().optional(),
  PolicyDescription: z.string().optional(),
  ModifyTime: z.string().optional(),
  Priority: z.number().optional(),
});
type Policy = z.output<typeof policy>;

export const policySet = z.strictObject({
  Version: z.union([z.string(), z.number().transform(String)]).optional(),
  Egress: z.array(policy).optional(),
  Ingress: z.array(policy).optional(),
  PolicyStatistics: z.looseObject({}).optional(),
});
export type PolicySet = z.output<typeof policySet>;

const malformed = (message: string): ApiError => new ApiError('InvalidParameterValue.Malformed', message);

/** A template that names something; a group that was described carries empty ones. */
const isGiven = (value: object | undefined): boolean =>
  value !== undefined && Object.values(value).some((each) => each !== '');

function protocolOf({ Protocol = 'ALL' }: Policy): SecurityRule['protocol'] {
  const name = Protocol.toUpperCase();
  if (name === 'ALL' || name === 'TCP' || name === 'UDP' || name === 'ICMP') return name;
  if (name === 'ICMPV6') return 'ICMP';
  if (name === 'GRE') throw vpcUnsupported('The protocol GRE is not available here');
  throw malformed(`The protocol ${Protocol} is not known`);
}

/** A rule from a policy of a request; what stands behind references (groups, templates) does not exist on one machine. */
export function ruleOf(wanted: Policy): SecurityRule {
  if (wanted.SecurityGroupId) throw vpcUnsupported('A security group as the source of a rule is not available here');
  if (isGiven(wanted.AddressTemplate) || isGiven(wanted.ServiceTemplate))
    throw vpcUnsupported('Templates of addresses and ports are not available here');
  if (wanted.CidrBlock && wanted.Ipv6CidrBlock) {
    throw new ApiError('InvalidParameter.Coexist', 'CidrBlock and Ipv6CidrBlock cannot be given at the same time');
  }
  const source = wanted.CidrBlock || wanted.Ipv6CidrBlock;
  if (!source) throw vpcMissing('CidrBlock');
  if (source === 'MY_PUBLIC_IP') throw vpcUnsupported('MY_PUBLIC_IP is not available here: name the address');
  const action = RULE_ACTIONS.find((each) => each === wanted.Action?.toUpperCase());
  if (wanted.Action === undefined) throw vpcMissing('Action');
  if (!action) throw vpcInvalid(`The Action ${wanted.Action} is not ACCEPT or DROP`);
  const protocol = protocolOf(wanted);
  const port = wanted.Port ?? 'ALL';
  return {
    action,
    // The cloud takes 0.0.0.0 of any length for every address.
    source: source.startsWith('0.0.0.0/') ? '0.0.0.0/0' : source,
    protocol,
    ports: /^all$/i.test(port) || port === '' ? 'ALL' : port,
    remark: wanted.PolicyDescription ?? '',
  };
}

export function policyView(rule: SecurityRule, PolicyIndex: number, modifiedAt: number): SecurityGroupPolicy {
  const isIpv6 = rule.source.includes(':');
  return {
    PolicyIndex,
    Protocol: rule.protocol.toLowerCase() === 'all' ? 'ALL' : rule.protocol.toLowerCase(),
    Port: rule.ports,
    ServiceTemplate: { ServiceId: '', ServiceGroupId: '' },
    CidrBlock: isIpv6 ? '' : rule.source,
    Ipv6CidrBlock: isIpv6 ? rule.source : '',
    SecurityGroupId: '',
    AddressTemplate: { AddressId: '', AddressGroupId: '' },
    Action: rule.action,
    PolicyDescription: rule.remark,
    ModifyTime: apiTime(modifiedAt === 0 ? null : modifiedAt),
    Priority: PolicyIndex,
  };
}

const count = (rules: readonly SecurityRule[], isIpv6: boolean): number =>
  rules.filter(({ source }) => source.includes(':') === isIpv6).length;

/** All rules of a group; `keeps` is what filters let through. */
export function policySetView(
  group: SecurityGroup,
  keeps: (rule: SecurityRule, direction: 'INBOUND' | 'OUTBOUND') => boolean,
): SecurityGroupPolicySet {
  const view = (rules: readonly SecurityRule[], direction: 'INBOUND' | 'OUTBOUND'): SecurityGroupPolicy[] =>
    rules
      .map((rule, index) => ({ rule, index }))
      .filter(({ rule }) => keeps(rule, direction))
      .map(({ rule, index }) => policyView(rule, index, group.updatedAt));
  return {
    Version: String(group.version),
    Ingress: view(group.inbound, 'INBOUND'),
    Egress: view(group.outbound, 'OUTBOUND'),
    PolicyStatistics: {
      IngressIPv4TotalCount: count(group.inbound, false),
      IngressIPv6TotalCount: count(group.inbound, true),
      EgressIPv4TotalCount: count(group.outbound, false),
      EgressIPv6TotalCount: count(group.outbound, true),
    },
  };
}

/** A version that the request names must be the group's: somebody else may have changed the rules meanwhile. */
export function checkVersion(group: SecurityGroup, { Version }: PolicySet): void {
  if (Version === undefined || Version === '' || Version === String(group.version)) return;
  throw new ApiError(
    'UnsupportedOperation.VersionMismatch',
    `The rules of ${group.id} are at version ${group.version}, not ${Version}: describe them again`,
  );
}

/** The policies of a request that may speak of one direction only. */
export function oneDirection(set: PolicySet): { direction: 'inbound' | 'outbound'; policies: readonly Policy[] } {
  const { Ingress = [], Egress = [] } = set;
  if (Ingress.length > 0 && Egress.length > 0) {
    throw new ApiError('InvalidParameter.Coexist', 'Ingress and Egress cannot be given at the same time');
  }
  if (Ingress.length === 0 && Egress.length === 0) throw vpcMissing('SecurityGroupPolicySet.Ingress');
  return Ingress.length > 0 ? { direction: 'inbound', policies: Ingress } : { direction: 'outbound', policies: Egress };
}

const sameRule = (a: SecurityRule, b: SecurityRule): boolean =>
  a.action === b.action && a.source === b.source && a.protocol === b.protocol && a.ports === b.ports;

/** Position of the rule that a policy means: by its index, or by what it says. */
export function positionOf(rules: readonly SecurityRule[], wanted: Policy): number {
  if (wanted.PolicyIndex !== undefined) {
    if (wanted.PolicyIndex < rules.length) return wanted.PolicyIndex;
    throw new ApiError('InvalidParameterValue.Range', `There is no rule ${wanted.PolicyIndex}`);
  }
  const meant = ruleOf(wanted);
  const found = rules.findIndex((rule) => sameRule(rule, meant));
  if (found < 0) throw new ApiError('ResourceNotFound', 'There is no rule like the one that is meant');
  return found;
}

/** Fails with `UnsupportedOperation.DuplicatePolicy` when a new rule is there already. */
export function refuseTwins(rules: readonly SecurityRule[], added: readonly SecurityRule[]): void {
  const twin = added.find((rule, index) => [...rules, ...added.slice(0, index)].some((each) => sameRule(each, rule)));
  if (twin)
    throw new ApiError('UnsupportedOperation.DuplicatePolicy', `There is such a rule for ${twin.source} already`);
}
