import { defaultSubnet, defaultVpc, REGIONS, type Region, type Zone } from '../instances/regions';
import type { SecurityGroup, Subnet, Vpc } from './networks';

/** Id of the group of a region that is bound when none is chosen. */
export const defaultGroup = (region: Region): string => `sg-dflt${String(region.octet).padStart(4, '0')}`;

/** When the defaults were made is not known: they are there from the start. */
const ALWAYS = 0;

const vpcOf = (region: Region): Vpc => ({
  id: defaultVpc(region),
  name: 'Default-VPC',
  region: region.code,
  cidr: `127.${region.octet}.0.0/16`,
  isDefault: true,
  createdAt: ALWAYS,
});

const subnetOf = (region: Region, zone: Zone): Subnet => ({
  id: defaultSubnet(zone),
  vpcId: defaultVpc(region),
  name: 'Default-Subnet',
  zone: zone.code,
  cidr: `127.${region.octet}.${zone.octet}.0/24`,
  isDefault: true,
  createdAt: ALWAYS,
});

/** Lets everyone in at the port of the databases: on one machine that is the person and who was let in to the network. */
const groupOf = (region: Region): SecurityGroup => ({
  id: defaultGroup(region),
  name: 'default',
  remark: 'System created security group',
  region: region.code,
  projectId: 0,
  isDefault: true,
  inbound: [{ action: 'ACCEPT', source: '0.0.0.0/0', protocol: 'TCP', ports: '5432', remark: '' }],
  outbound: [{ action: 'ACCEPT', source: '0.0.0.0/0', protocol: 'ALL', ports: 'ALL', remark: '' }],
  version: 1,
  createdAt: ALWAYS,
  updatedAt: ALWAYS,
});

export const DEFAULT_VPCS: readonly Vpc[] = REGIONS.map(vpcOf);
export const DEFAULT_SUBNETS: readonly Subnet[] = REGIONS.flatMap((region) =>
  region.zones.map((zone) => subnetOf(region, zone)),
);
export const DEFAULT_GROUPS: readonly SecurityGroup[] = REGIONS.map(groupOf);
