import { addressCount, formatCidr, overlaps, parseCidr, type Cidr } from '../../../shared/model/cidr';
import type { VpcView } from '../../../shared/model/network';
import type { SecurityRule } from '../../../shared/model/security-rules';

/** Prefix of a subnet that is suggested: 256 addresses. */
const USUAL_BITS = 24;

/** The first block of a network that no subnet of it takes, as a suggestion; the network's own block when none is left. */
export function freeBlock(vpc: Pick<VpcView, 'cidr' | 'subnets'>): string {
  const whole = parseCidr(vpc.cidr);
  if (whole === null) return vpc.cidr;
  const bits = Math.max(whole.bits, USUAL_BITS);
  const taken = vpc.subnets.flatMap(({ cidr }) => parseCidr(cidr) ?? []);
  const step = addressCount({ first: 0, bits });
  for (let first = whole.first; first < whole.first + addressCount(whole); first += step) {
    const block: Cidr = { first, bits };
    if (!taken.some((each) => overlaps(each, block))) return formatCidr(block);
  }
  return vpc.cidr;
}

export const NEW_RULE: SecurityRule = {
  action: 'ACCEPT',
  source: '127.0.0.0/8',
  protocol: 'TCP',
  ports: '5432',
  remark: '',
};

export const TEMPLATES = ['postgresql', 'open', 'custom'] as const;
export type Template = (typeof TEMPLATES)[number];

const accept = (source: string, protocol: SecurityRule['protocol'], ports: string): SecurityRule => ({
  action: 'ACCEPT',
  source,
  protocol,
  ports,
  remark: '',
});

/** The rules that a new group starts with; *custom* has none yet and so lets nobody in. */
export function rulesOf(template: Template): SecurityRule[] {
  switch (template) {
    case 'postgresql':
      return [accept('0.0.0.0/0', 'TCP', '5432')];
    case 'open':
      return [accept('0.0.0.0/0', 'ALL', 'ALL'), accept('::/0', 'ALL', 'ALL')];
    case 'custom':
      return [];
  }
}

/** A protocol without ports has `ALL` of them; one with ports gets PostgreSQL's back. */
export function withProtocol(rule: SecurityRule, protocol: SecurityRule['protocol']): SecurityRule {
  const portless = protocol === 'ALL' || protocol === 'ICMP';
  const ports = portless ? 'ALL' : rule.ports === 'ALL' && protocol === 'TCP' ? '5432' : rule.ports;
  return { ...rule, protocol, ports };
}

export const sameRules = (a: readonly SecurityRule[], b: readonly SecurityRule[]): boolean =>
  JSON.stringify(a) === JSON.stringify(b);
