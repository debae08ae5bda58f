/**
 * Inbound rules of security groups: ordered, the first that fits decides, and what no rule fits is dropped. One piece of code decides in the
 * gateway, in the preview of the page and in the tests.
 */

export const RULE_ACTIONS = ['ACCEPT', 'DROP'] as const;
export const RULE_PROTOCOLS = ['ALL', 'TCP', 'UDP', 'ICMP'] as const;

export interface SecurityRule {
  readonly action: (typeof RULE_ACTIONS)[number];
  /** IPv4 or IPv6 address or CIDR block; `0.0.0.0/0` and `::/0` are every address of their family. */
  readonly source: string;
  readonly protocol: (typeof RULE_PROTOCOLS)[number];
  /** `ALL`, `5432`, `5432,5433` or `5000-6000`. */
  readonly ports: string;
  readonly remark: string;
}

export interface SecurityGroupView {
  readonly id: string;
  readonly name: string;
  readonly remark: string;
  readonly region: string;
  readonly projectId: number;
  /** The region's own group: bound when none is chosen, cannot be deleted. */
  readonly isDefault: boolean;
  readonly inbound: readonly SecurityRule[];
  /** Stored only: outbound rules have no effect on a database. */
  readonly outbound: readonly SecurityRule[];
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** How many instances it is bound to; null where the control plane does not tell. */
  readonly boundCount: number | null;
}

/** Keys of `networks.rules.*` in the translations. */
export type SecurityRuleKey =
  | 'rules-too-many'
  | 'source-missing'
  | 'source-invalid'
  | 'source-prefix'
  | 'source-host-bits'
  | 'ports-missing'
  | 'ports-invalid'
  | 'ports-range'
  | 'ports-order'
  | 'ports-too-many'
  | 'ports-all-only'
  | 'action-unknown'
  | 'protocol-unknown'
  | 'remark-too-long';

export interface SecurityRuleFailure {
  /** Position of the rule, from 0. */
  readonly index: number;
  readonly field: 'rules' | 'action' | 'source' | 'protocol' | 'ports' | 'remark';
  readonly rule: SecurityRuleKey;
  /** Values for the message: `{{max}}`, `{{found}}`. */
  readonly values: Readonly<Record<string, string | number>>;
  /** A value that would be accepted in its place. */
  readonly example: string;
}

export interface Decision {
  readonly action: (typeof RULE_ACTIONS)[number];
  /** Position of the rule that decided, from 0; null: none fits, so it is dropped. */
  readonly index: number | null;
}

export const RULES_MAX = 100;
export const REMARK_MAX = 100;
/** Ports of one rule that are listed by comma. */
export const PORTS_MAX = 15;
const PORT_LAST = 65_535;

/** An address as 32-bit words: one for IPv4, four for IPv6. */
type Words = readonly number[];

const FULL = 0xff_ff_ff_ff;

function parseIpv4(text: string): number | null {
  const parts = text.split('.');
  if (parts.length !== 4) return null;
  let word = 0;
  for (const part of parts) {
    // A leading zero would be octal to some and decimal to others.
    if (!/^(?:0|[1-9]\d{0,2})$/.test(part) || Number(part) > 255) return null;
    word = word * 256 + Number(part);
  }
  return word;
}

/** The 16-bit groups of one side of `::`; the very last may be written as an IPv4 address. */
function groupsOf(text: string, isLast: boolean): number[] | null {
  if (text === '') return [];
  const groups: number[] = [];
  const parts = text.split(':');
  for (const [at, part] of parts.entries()) {
    const dotted = isLast && at === parts.length - 1 && part.includes('.') ? parseIpv4(part) : null;
    if (dotted !== null) groups.push(dotted >>> 16, dotted & 0xff_ff);
    else if (/^[0-9a-f]{1,4}$/i.test(part)) groups.push(Number.parseInt(part, 16));
    else return null;
  }
  return groups;
}

function parseIpv6(text: string): Words | null {
  const sides = text.split('::');
  if (sides.length > 2) return null;
  const left = groupsOf(sides[0] ?? '', sides.length === 1);
  const right = groupsOf(sides[1] ?? '', true);
  if (!left || !right) return null;
  const missing = 8 - left.length - right.length;
  if (sides.length === 2 ? missing < 1 : missing !== 0) return null;
  const groups = [...left, ...Array.from({ length: missing }, () => 0), ...right];
  return [0, 2, 4, 6].map((at) => (groups[at] ?? 0) * 0x1_00_00 + (groups[at + 1] ?? 0));
}

const isMapped = (words: Words): boolean => words[0] === 0 && words[1] === 0 && words[2] === 0xff_ff;

/** Reads an address. An IPv4 address that comes in IPv6's clothes (`::ffff:10.0.0.1`) is the IPv4 address; a zone (`%eth0`) is passed over. */
function parseAddress(text: string): Words | null {
  if (!text.includes(':')) {
    const word = parseIpv4(text);
    return word === null ? null : [word];
  }
  const words = parseIpv6(text.split('%', 1)[0] ?? '');
  return words && isMapped(words) ? words.slice(3) : words;
}

/** Whether a preview can be asked for this source. */
export const isAddress = (text: string): boolean => parseAddress(text) !== null;

/** The mask of each word for a prefix of so many bits. */
const masks = (words: number, prefix: number): Words =>
  Array.from({ length: words }, (_, at) => {
    const bits = Math.min(32, Math.max(0, prefix - 32 * at));
    return bits === 0 ? 0 : (FULL << (32 - bits)) >>> 0;
  });

interface Block {
  readonly words: Words;
  readonly masks: Words;
  readonly prefix: number;
}

function parseBlock(source: string): Block | SecurityRuleKey {
  const [address = '', prefix, ...rest] = source.split('/');
  const words = address.includes('%') || rest.length > 0 ? null : parseAddress(address);
  if (!words) return 'source-invalid';
  const bits = words.length * 32;
  // The prefix of an IPv4 block that is written as IPv6 counts from the front of the IPv6 address.
  const shift = bits === 32 && address.includes(':') ? 96 : 0;
  if (prefix !== undefined && !/^(?:0|[1-9]\d{0,2})$/.test(prefix)) return 'source-prefix';
  const length = prefix === undefined ? bits : Number(prefix) - shift;
  if (length < 0 || length > bits) return 'source-prefix';
  return { words, masks: masks(words.length, length), prefix: length };
}

const hasHostBits = (block: Block): boolean =>
  block.words.some((word, at) => (word & ~(block.masks[at] ?? FULL)) !== 0);

function formatBlock({ words, masks: kept, prefix }: Block): string {
  const network = words.map((word, at) => (word & (kept[at] ?? FULL)) >>> 0);
  const text =
    network.length === 1
      ? [24, 16, 8, 0].map((bits) => ((network[0] ?? 0) >>> bits) & 0xff).join('.')
      : network.flatMap((word) => [word >>> 16, word & 0xff_ff].map((group) => group.toString(16))).join(':');
  return `${text.replace(/(?:^|:)0(?::0)+(?::|$)/, '::')}/${prefix}`;
}

type Range = readonly [from: number, to: number];

function parsePorts(ports: string): Range[] | SecurityRuleKey {
  if (/^all$/i.test(ports)) return [[0, PORT_LAST]];
  const parts = ports.split(',');
  if (parts.length > PORTS_MAX) return 'ports-too-many';
  const ranges: Range[] = [];
  for (const part of parts) {
    const match = /^\s*(\d{1,6})\s*(?:-\s*(\d{1,6})\s*)?$/.exec(part);
    if (!match || (match[2] !== undefined && parts.length > 1)) return 'ports-invalid';
    const [from, to] = [Number(match[1]), Number(match[2] ?? match[1])];
    if (from < 1 || to < 1 || from > PORT_LAST || to > PORT_LAST) return 'ports-range';
    if (from > to) return 'ports-order';
    ranges.push([from, to]);
  }
  return ranges;
}

const EXAMPLES: Readonly<Record<SecurityRuleFailure['field'], string>> = {
  rules: '',
  action: 'ACCEPT',
  source: '127.0.0.0/8',
  protocol: 'TCP',
  ports: '5432',
  remark: '',
};

/** What is wrong with one rule, every field at most once. */
function checkRule(rule: SecurityRule, index: number): SecurityRuleFailure[] {
  const failures: SecurityRuleFailure[] = [];
  const fail = (
    field: SecurityRuleFailure['field'],
    key: SecurityRuleKey,
    values: SecurityRuleFailure['values'] = {},
    example = EXAMPLES[field],
  ): void => void failures.push({ index, field, rule: key, values, example });

  if (!RULE_ACTIONS.includes(rule.action)) fail('action', 'action-unknown', { found: rule.action });
  const block = parseBlock(rule.source.trim());
  if (rule.source.trim() === '') fail('source', 'source-missing');
  else if (typeof block === 'string')
    fail('source', block, { found: rule.source, max: rule.source.includes(':') ? 128 : 32 });
  else if (hasHostBits(block)) fail('source', 'source-host-bits', { found: rule.source }, formatBlock(block));

  if (!RULE_PROTOCOLS.includes(rule.protocol)) fail('protocol', 'protocol-unknown', { found: rule.protocol });
  const ports = rule.ports.trim();
  const ranges = parsePorts(ports);
  const portless = rule.protocol === 'ICMP' || rule.protocol === 'ALL';
  if (ports === '') fail('ports', 'ports-missing');
  else if (typeof ranges === 'string')
    fail('ports', ranges, { found: ports, max: ranges === 'ports-too-many' ? PORTS_MAX : PORT_LAST });
  else if (portless && !/^all$/i.test(ports)) fail('ports', 'ports-all-only', { found: rule.protocol }, 'ALL');

  if (Array.from(rule.remark).length > REMARK_MAX) fail('remark', 'remark-too-long', { max: REMARK_MAX });
  return failures;
}

/** What is wrong with the rules of a group, in their order; empty: nothing. The form and the API ask the same. */
export function checkRules(rules: readonly SecurityRule[]): SecurityRuleFailure[] {
  const tooMany: SecurityRuleFailure[] =
    rules.length > RULES_MAX
      ? [{ index: RULES_MAX, field: 'rules', rule: 'rules-too-many', values: { max: RULES_MAX }, example: '' }]
      : [];
  return [...tooMany, ...rules.flatMap(checkRule)];
}

/** `source`: address of a client, without its port. */
export type Decide = (source: string, port: number) => Decision;

const DROPPED: Decision = { action: 'DROP', index: null };

type Test = (words: Words, port: number) => boolean;

/**
 * One rule as a test of TCP connections. Rules are checked before they are stored; one that cannot be read nevertheless errs on the safe side:
 * it accepts nobody, or drops everybody.
 */
function testOf(rule: SecurityRule): Test | null {
  if (rule.protocol !== 'TCP' && rule.protocol !== 'ALL') return null;
  const block = parseBlock(rule.source.trim());
  const ranges = parsePorts(rule.ports.trim());
  if (typeof block === 'string' || typeof ranges === 'string') return rule.action === 'ACCEPT' ? null : () => true;
  const network = block.words.map((word, at) => (word & (block.masks[at] ?? 0)) >>> 0);
  return (words, port) => {
    if (words.length !== network.length) return false;
    for (let at = 0; at < network.length; at += 1)
      if (((words[at] ?? 0) & (block.masks[at] ?? 0)) >>> 0 !== network[at]) return false;
    return ranges.some(([from, to]) => port >= from && port <= to);
  };
}

/** Prepares rules for many decisions (the gateway asks at every connection). */
export function compileRules(rules: readonly SecurityRule[]): Decide {
  const tests = rules.flatMap((rule, index) => {
    const test = testOf(rule);
    return test ? [{ test, decision: { action: rule.action, index } }] : [];
  });
  return (source, port) => {
    const words = parseAddress(source);
    if (!words) return DROPPED;
    return tests.find(({ test }) => test(words, port))?.decision ?? DROPPED;
  };
}

/** What a TCP connection from this address to this port gets: the first rule that fits decides. */
export const decide = (rules: readonly SecurityRule[], source: string, port: number): Decision =>
  compileRules(rules)(source, port);
