/** Arithmetic of IPv4 addresses and CIDR blocks. Addresses are numbers of 32 bits without sign. */

export interface Cidr {
  /** First address of the block. */
  readonly first: number;
  /** Length of the prefix, 0 … 32. */
  readonly bits: number;
}

const ADDRESS = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/;
const BLOCK = /^([\d.]+)\/(\d{1,2})$/;

/** Null when the text is no dotted address. Numbers with leading zeros are refused: some programs read them as octal. */
export function parseAddress(text: string): number | null {
  const parts = ADDRESS.exec(text)?.slice(1);
  if (!parts || parts.some((part) => Number(part) > 255 || String(Number(part)) !== part)) return null;
  return parts.reduce((sum, part) => sum * 256 + Number(part), 0);
}

export const formatAddress = (address: number): string =>
  [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join('.');

/** How many addresses a block has. */
export const addressCount = ({ bits }: Cidr): number => 2 ** (32 - bits);

/** The last address of a block. */
export const lastAddress = (block: Cidr): number => block.first + addressCount(block) - 1;

/** A block `a.b.c.d/n`. Null when it is none, or when the address is not the first one of its block. */
export function parseCidr(text: string): Cidr | null {
  const [, address = '', length = ''] = BLOCK.exec(text) ?? [];
  const first = parseAddress(address);
  const bits = Number(length);
  if (first === null || bits > 32 || first % 2 ** (32 - bits) !== 0) return null;
  return { first, bits };
}

export const formatCidr = ({ first, bits }: Cidr): string => `${formatAddress(first)}/${bits}`;

export const containsAddress = (block: Cidr, address: number): boolean =>
  address >= block.first && address <= lastAddress(block);

/** Whether all of `inner` lies in `outer`. */
export const containsCidr = (outer: Cidr, inner: Cidr): boolean =>
  inner.bits >= outer.bits && containsAddress(outer, inner.first);

export const overlaps = (a: Cidr, b: Cidr): boolean => containsCidr(a, b) || containsCidr(b, a);
