import { expect, it } from 'vitest';
import { policySet, ruleOf } from '../../electron/features/networks/policies';
import type { SecurityRule } from '../../shared/model/security-rules';

const rules: readonly SecurityRule[] = [
  { action: 'ACCEPT', source: '10.0.0.0/8', protocol: 'TCP', ports: '5432', remark: 'office' },
  { action: 'DROP', source: '0.0.0.0/0', protocol: 'ALL', ports: 'ALL', remark: '' },
  { action: 'ACCEPT', source: '2001:db8::/32', protocol: 'UDP', ports: '5000-6000', remark: '' },
  { action: 'ACCEPT', source: 'sg-abc12345', protocol: 'TCP', ports: '5432,5433', remark: 'another group' },
  { action: 'ACCEPT', source: 'ipm-abc12345', protocol: 'TCP', ports: '5432', remark: 'a template' },
  { action: 'ACCEPT', source: 'ipmg-abc12345', protocol: 'TCP', ports: '5432', remark: '' },
];

it('keeps every rule on its way to the API and back', () => {
  const { Ingress, Egress } = policySet(rules, rules.slice(0, 1)) as { Ingress: object[]; Egress: object[] };
  expect(Ingress.map(ruleOf)).toEqual(rules);
  expect(Egress.map(ruleOf)).toEqual(rules.slice(0, 1));
  expect(Ingress[1]).toEqual({
    Protocol: 'ALL',
    Port: 'all',
    CidrBlock: '0.0.0.0/0',
    Action: 'DROP',
    PolicyDescription: '',
  });
  expect(Ingress[2]).toMatchObject({ Ipv6CidrBlock: '2001:db8::/32' });
});

it('keeps templates of ports', () => {
  const policy = { ServiceTemplate: { ServiceId: 'ppm-abc12345' }, CidrBlock: '10.0.0.1', Action: 'ACCEPT' };
  const rule = ruleOf(policy);
  expect(rule).toMatchObject({ ports: 'ppm-abc12345', source: '10.0.0.1' });
  expect((policySet([rule], []) as { Ingress: object[] }).Ingress[0]).toMatchObject({
    ServiceTemplate: { ServiceId: 'ppm-abc12345' },
  });
});

it('says that a group is to have no rules', () => {
  expect(policySet([], [])).toEqual({ Version: '0', Ingress: [], Egress: [] });
});

it('reads what clouds write in small letters, and takes no other protocol for TCP', () => {
  expect(ruleOf({ Protocol: 'tcp', Port: 'ALL', CidrBlock: '0.0.0.0/0', Action: 'accept' })).toEqual({
    action: 'ACCEPT',
    source: '0.0.0.0/0',
    protocol: 'TCP',
    ports: 'ALL',
    remark: '',
  });
  expect(ruleOf({ Protocol: 'gre', CidrBlock: '0.0.0.0/0', Action: 'ACCEPT' }).protocol).toBe('ICMP');
});
