import { RULE_PROTOCOLS, type SecurityRule } from '../../../shared/model/security-rules';
import type { PolicyResponse } from '../../adapters/control-plane/network-responses';

/** Rules of a group between the API's form and ours. Templates and other groups as a source keep their ids, so that saving loses nothing. */

/** Anything but TCP never meets a database: what we have no name for may be any of the others. */
const protocolOf = (text: string): SecurityRule['protocol'] =>
  RULE_PROTOCOLS.find((each) => each === text.toUpperCase()) ?? 'ICMP';

export function ruleOf(policy: PolicyResponse): SecurityRule {
  const source =
    policy.CidrBlock ||
    policy.Ipv6CidrBlock ||
    policy.SecurityGroupId ||
    policy.AddressTemplate?.AddressGroupId ||
    policy.AddressTemplate?.AddressId ||
    '';
  const ports =
    policy.ServiceTemplate?.ServiceGroupId || policy.ServiceTemplate?.ServiceId || (policy.Port ?? '') || 'ALL';
  return {
    action: policy.Action?.toUpperCase() === 'ACCEPT' ? 'ACCEPT' : 'DROP',
    source,
    protocol: protocolOf(policy.Protocol || 'ALL'),
    ports: ports.toLowerCase() === 'all' ? 'ALL' : ports,
    remark: policy.PolicyDescription ?? '',
  };
}

function sourceOf(source: string): object {
  if (/^sg-/i.test(source)) return { SecurityGroupId: source };
  if (/^ipmg-/i.test(source)) return { AddressTemplate: { AddressGroupId: source } };
  if (/^ipm-/i.test(source)) return { AddressTemplate: { AddressId: source } };
  return source.includes(':') ? { Ipv6CidrBlock: source } : { CidrBlock: source };
}

function portsOf({ protocol, ports }: SecurityRule): object {
  if (/^ppmg-/i.test(ports)) return { ServiceTemplate: { ServiceGroupId: ports } };
  if (/^ppm-/i.test(ports)) return { ServiceTemplate: { ServiceId: ports } };
  return { Protocol: protocol, Port: ports.toUpperCase() === 'ALL' ? 'all' : ports };
}

const policyOf = (rule: SecurityRule): object => ({
  ...portsOf(rule),
  ...sourceOf(rule.source),
  Action: rule.action,
  PolicyDescription: rule.remark,
});

/** A whole set. Version 0 says that the group is to have no rules: an empty list alone says nothing. */
export const policySet = (inbound: readonly SecurityRule[], outbound: readonly SecurityRule[]): object => ({
  ...(inbound.length + outbound.length === 0 ? { Version: '0' } : {}),
  Ingress: inbound.map(policyOf),
  Egress: outbound.map(policyOf),
});
