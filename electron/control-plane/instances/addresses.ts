import { randomInt } from 'node:crypto';
import { findRegion, findZone } from './regions';

export interface Address {
  readonly host: string;
  readonly port: number;
}

const POSTGRES_PORT = 5432;
/** Where one address must serve for all: from here upwards. */
const FIRST_SHARED_PORT = 15_432;

/** Whether all of 127.0.0.0/8 can be bound without asking the system first. */
const wholeLoopback = (): boolean => process.platform === 'linux' || process.platform === 'win32';

/**
 * Addresses that a new instance of a zone may try, best first: addresses of the zone's subnet with port 5432; when another program holds
 * that port everywhere, addresses of the subnet with another port. Where only 127.0.0.1 exists: ports of 127.0.0.1. Other control planes
 * of this machine use the same ranges, so the start is random and the bind decides.
 */
export function addressCandidates(zoneCode: string, taken: readonly Address[]): Address[] {
  const zone = findZone(zoneCode);
  const region = zone && findRegion(zone.region);
  if (!zone || !region) return [];
  const isTaken = (address: Address): boolean =>
    taken.some((each) => each.host === address.host && each.port === address.port);
  if (!wholeLoopback()) {
    return Array.from({ length: 200 }, (_, index) => ({ host: '127.0.0.1', port: FIRST_SHARED_PORT + index }))
      .filter((address) => !isTaken(address))
      .slice(0, 64);
  }
  const first = randomInt(2, 255);
  const hosts = Array.from({ length: 253 }, (_, index) => {
    const last = 2 + ((first - 2 + index) % 253);
    return `127.${region.octet}.${zone.octet}.${last}`;
  }).filter((host) => taken.every((each) => each.host !== host));
  return [
    ...hosts.slice(0, 24).map((host) => ({ host, port: POSTGRES_PORT })),
    ...hosts.slice(24, 48).map((host, index) => ({ host, port: FIRST_SHARED_PORT + index })),
  ];
}
