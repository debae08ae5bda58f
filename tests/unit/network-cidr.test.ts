import { describe, expect, it } from 'vitest';
import {
  addressCount,
  containsAddress,
  containsCidr,
  formatAddress,
  formatCidr,
  lastAddress,
  overlaps,
  parseAddress,
  parseCidr,
  type Cidr,
} from '../../shared/model/cidr';

const block = (text: string): Cidr => {
  const found = parseCidr(text);
  if (!found) throw new Error(`${text} is no block`);
  return found;
};

describe('addresses', () => {
  it.each(['0.0.0.0', '127.0.0.1', '127.255.255.255', '255.255.255.255', '10.2.3.4'])('reads and writes %s', (text) => {
    expect(formatAddress(parseAddress(text) ?? -1)).toBe(text);
  });

  it.each(['', '1.2.3', '1.2.3.4.5', '256.1.1.1', '1.2.3.-4', '01.2.3.4', '1.2.3.4 ', 'localhost', '::1', '1e2.1.1.1'])(
    'refuses %j',
    (text) => expect(parseAddress(text)).toBeNull(),
  );
});

describe('blocks', () => {
  it.each(['0.0.0.0/0', '127.128.0.0/9', '127.200.0.0/16', '127.200.4.0/22', '127.200.4.8/29', '255.255.255.255/32'])(
    'reads and writes %s',
    (text) => expect(formatCidr(block(text))).toBe(text),
  );

  it.each([
    '127.0.0.1/8',
    '127.200.1.0/16',
    '127.0.0.0',
    '127.0.0.0/33',
    '127.0.0.0/-1',
    '127.0.0.0/',
    '/8',
    '1.2.3.4/31x',
  ])('refuses %j', (text) => expect(parseCidr(text)).toBeNull());

  it('counts its addresses', () => {
    expect(addressCount(block('10.0.0.0/24'))).toBe(256);
    expect(addressCount(block('0.0.0.0/0'))).toBe(2 ** 32);
    expect(formatAddress(lastAddress(block('127.200.4.0/22')))).toBe('127.200.7.255');
  });

  it('knows what is inside', () => {
    expect(containsAddress(block('127.41.3.0/24'), parseAddress('127.41.3.255') ?? 0)).toBe(true);
    expect(containsAddress(block('127.41.3.0/24'), parseAddress('127.41.4.0') ?? 0)).toBe(false);
    expect(containsCidr(block('127.128.0.0/9'), block('127.255.0.0/16'))).toBe(true);
    expect(containsCidr(block('127.128.0.0/9'), block('127.0.0.0/8'))).toBe(false);
    expect(containsCidr(block('127.128.0.0/16'), block('127.128.0.0/16'))).toBe(true);
  });

  it('agrees with a count of addresses about overlaps', () => {
    let seed = 42;
    const random = (below: number): number => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) % below;
    for (let round = 0; round < 500; round += 1) {
      const [a, b] = [0, 1].map(() => {
        const bits = 24 + random(9);
        return { first: random(2 ** (bits - 24)) * 2 ** (32 - bits), bits };
      });
      if (!a || !b) continue;
      const shared = Array.from({ length: 256 }, (_, address) => address).some(
        (address) => containsAddress(a, address) && containsAddress(b, address),
      );
      expect([formatCidr(a), formatCidr(b), overlaps(a, b)]).toEqual([formatCidr(a), formatCidr(b), shared]);
    }
  });
});
