import { AppError } from '../../../shared/errors';
import { containsCidr, formatCidr, overlaps, parseCidr, type Cidr } from '../../../shared/model/cidr';
import { checkRules, type SecurityRule } from '../../../shared/model/security-rules';

/** Most VPCs of a region, subnets of a VPC, groups of a region: the cloud's quotas. */
export const QUOTAS = { vpcs: 20, subnets: 100, groups: 50 } as const;

const NAME_MAX = 60;
const REMARK_MAX = 100;
const VPC_BITS = { min: 16, max: 28 } as const;
const SUBNET_BITS_MAX = 29;

/** Own VPCs lie in the upper half of loopback, so that they meet neither the default VPCs nor 127.0.0.1. */
const OWN_RANGE: Cidr = { first: 127 * 2 ** 24 + 128 * 2 ** 16, bits: 9 };

export const invalid = (field: string, message: string, hint?: string): AppError =>
  new AppError({ code: 'invalid-input', message, field, ...(hint === undefined ? {} : { hint }) });

export const conflict = (message: string, field?: string): AppError =>
  new AppError({ code: 'conflict', message, ...(field === undefined ? {} : { field }) });

export const unknown = (what: string, id: string): AppError =>
  new AppError({ code: 'not-found', message: `There is no ${what} ${id}` });

export function checkName(name: string): void {
  if (name.trim() === '') throw invalid('name', 'The name is empty');
  if (Array.from(name).length > NAME_MAX) throw invalid('name', `The name has more than ${NAME_MAX} characters`);
}

export function checkRemark(remark: string): void {
  if (Array.from(remark).length > REMARK_MAX)
    throw invalid('remark', `The remark has more than ${REMARK_MAX} characters`);
}

export function checkQuota(count: number, max: number, what: string): void {
  if (count >= max) throw invalid('count', `There are ${max} ${what} already, more are not possible`);
}

function readBlock(text: string, example: string): Cidr {
  const block = parseCidr(text);
  if (!block) throw invalid('cidr', `${text} is no CIDR block`, `A block starts at its first address, e.g. ${example}`);
  return block;
}

/** The block of a new VPC: inside the range for own VPCs, of a size from /16 to /28, and apart from every other VPC. */
export function checkVpcBlock(text: string, others: readonly { readonly id: string; readonly cidr: string }[]): void {
  const block = readBlock(text, '127.200.0.0/16');
  if (block.bits < VPC_BITS.min || block.bits > VPC_BITS.max)
    throw invalid(
      'cidr',
      `The block of a VPC is of a size from /${VPC_BITS.min} to /${VPC_BITS.max}, not /${block.bits}`,
    );
  if (!containsCidr(OWN_RANGE, block))
    throw invalid('cidr', `${text} is not inside ${formatCidr(OWN_RANGE)}, where own VPCs take their addresses from`);
  apart(block, text, others, 'VPC');
}

/** The block of a new subnet: inside its VPC, not smaller than /29, and apart from the other subnets. */
export function checkSubnetBlock(
  text: string,
  vpc: { readonly id: string; readonly cidr: string },
  others: readonly { readonly id: string; readonly cidr: string }[],
): void {
  const block = readBlock(text, vpc.cidr.replace(/\d+$/, '24'));
  const outer = parseCidr(vpc.cidr);
  if (block.bits > SUBNET_BITS_MAX)
    throw invalid('cidr', `The block of a subnet is of a size up to /${SUBNET_BITS_MAX}, not /${block.bits}`);
  if (!outer || !containsCidr(outer, block))
    throw invalid('cidr', `${text} is not inside ${vpc.cidr}, the block of its VPC`);
  apart(block, text, others, 'subnet');
}

function apart(
  block: Cidr,
  text: string,
  others: readonly { readonly id: string; readonly cidr: string }[],
  what: string,
): void {
  for (const { id, cidr } of others) {
    const other = parseCidr(cidr);
    if (other && overlaps(block, other))
      throw conflict(`${text} overlaps with ${cidr}, the block of the ${what} ${id}`, 'cidr');
  }
}

const WORDS: Readonly<Record<string, string>> = {
  rules: 'there are more than {max} rules',
  action: 'the action is not ACCEPT or DROP',
  source: '{found} is no address or CIDR block',
  protocol: 'the protocol {found} is not known',
  ports: 'the ports {found} are not valid',
  remark: 'the description is longer than {max} characters',
};

/** Fails with `invalid-input`, field `rules`, and names the rule by its position. */
export function checkGroupRules(rules: readonly SecurityRule[]): void {
  const [broken] = checkRules(rules);
  if (!broken) return;
  const words = (WORDS[broken.field] ?? '').replace(/\{(\w+)\}/g, (_, key: string) => String(broken.values[key] ?? ''));
  const example = broken.example === '' ? undefined : `For example ${broken.example}`;
  throw invalid(
    'rules',
    broken.field === 'rules' ? `A group is too long: ${words}` : `Rule ${broken.index}: ${words}`,
    example,
  );
}
