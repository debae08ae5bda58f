import { randomInt } from 'node:crypto';
import { addressCount, formatAddress, parseCidr } from '../../../shared/model/cidr';

export interface Address {
  readonly host: string;
  readonly port: number;
}

const POSTGRES_PORT = 5432;
/** Where one address must serve for all: from here upwards. */
const FIRST_SHARED_PORT = 15_432;
/** So many addresses are tried at most. */
const TRIES = 24;

/** Whether all of 127.0.0.0/8 can be bound without asking the system first. */
export const wholeLoopback = (): boolean => process.platform === 'linux' || process.platform === 'win32';

/** Addresses of a subnet that an instance may have: not its first (the network), its second (the cloud's router) and its last one. */
export function usableAddresses(cidr: string): { readonly first: number; readonly count: number } {
  const block = parseCidr(cidr);
  return block ? { first: block.first + 2, count: Math.max(0, addressCount(block) - 3) } : { first: 0, count: 0 };
}

/**
 * Addresses of a subnet that an instance may try, best first: with port 5432; when another program holds that port everywhere, with another
 * port. Where only 127.0.0.1 exists: ports of 127.0.0.1. Other control planes of this machine use the same ranges, so the start is random
 * and the bind decides.
 */
export function addressCandidates(cidr: string, taken: readonly Address[]): Address[] {
  if (!wholeLoopback()) {
    const ports = new Set(taken.filter(({ host }) => host === '127.0.0.1').map(({ port }) => port));
    return Array.from({ length: 200 }, (_, index) => ({ host: '127.0.0.1', port: FIRST_SHARED_PORT + index }))
      .filter(({ port }) => !ports.has(port))
      .slice(0, 64);
  }
  const { first, count } = usableAddresses(cidr);
  if (count === 0) return [];
  const hosts = new Set(taken.map(({ host }) => host));
  const start = randomInt(count);
  const free: string[] = [];
  for (let index = 0; index < count && free.length < 2 * TRIES; index += 1) {
    const host = formatAddress(first + ((start + index) % count));
    if (!hosts.has(host)) free.push(host);
  }
  // A small subnet has few addresses: all of them are tried with the usual port, then again with others.
  const others = free.length > TRIES ? free.slice(TRIES) : free;
  return [
    ...free.slice(0, TRIES).map((host) => ({ host, port: POSTGRES_PORT })),
    ...others.map((host, index) => ({ host, port: FIRST_SHARED_PORT + index })),
  ];
}
