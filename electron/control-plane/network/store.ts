import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import type { Logger } from '../../log';
import { findRegion, findZone } from '../instances/regions';
import {
  checkGroupRules,
  checkName,
  checkQuota,
  checkRemark,
  checkSubnetBlock,
  checkVpcBlock,
  conflict,
  invalid,
  QUOTAS,
  unknown,
} from './checks';
import { DEFAULT_GROUPS, DEFAULT_SUBNETS, DEFAULT_VPCS } from './defaults';
import { NETWORKS_VERSION, networksDocument, NO_NETWORKS, type GroupContent, type NetworksDocument } from './document';
import { openKeptDocument } from './kept-document';
import type { Networks, SecurityGroup, Subnet, Vpc } from './networks';

const LETTERS = '0123456789abcdefghijklmnopqrstuvwxyz';

/** `vpc-`, `subnet-` or `sg-` and eight letters or digits, none of those that are taken. */
function newId(prefix: string, taken: (id: string) => boolean): string {
  for (;;) {
    const id = `${prefix}-${Array.from({ length: 8 }, () => LETTERS[randomInt(36)]).join('')}`;
    if (!taken(id)) return id;
  }
}

const own = <T>(item: T): T & { readonly isDefault: false } => ({ ...item, isDefault: false });

const vpcsOf = (document: NetworksDocument): Vpc[] => [
  ...DEFAULT_VPCS.map((vpc) => ({ ...vpc, name: document.names[vpc.id] ?? vpc.name })),
  ...document.vpcs.map(own),
];

const subnetsOf = (document: NetworksDocument): Subnet[] => [
  ...DEFAULT_SUBNETS.map((subnet) => ({ ...subnet, name: document.names[subnet.id] ?? subnet.name })),
  ...document.subnets.map(own),
];

const groupsOf = (document: NetworksDocument): SecurityGroup[] => [
  ...DEFAULT_GROUPS.map((group) => ({ ...group, ...document.defaultGroups[group.id] })),
  ...document.groups.map(own),
];

const contentOf = ({ name, remark, inbound, outbound, version, updatedAt }: SecurityGroup): GroupContent => ({
  name,
  remark,
  inbound: [...inbound],
  outbound: [...outbound],
  version,
  updatedAt,
});

/** The networks of a control plane, kept in `networks.json` of its state folder, with a copy beside it. */
export function openNetworks(folder: string, log: Logger): Networks {
  const document = openKeptDocument({
    file: join(folder, 'networks.json'),
    schema: networksDocument,
    version: NETWORKS_VERSION,
    defaults: NO_NETWORKS,
    log,
  });
  const listeners = new Set<(groupId: string) => void>();

  const vpcs = (): Vpc[] => vpcsOf(document.current());
  const subnets = (): Subnet[] => subnetsOf(document.current());
  const groups = (): SecurityGroup[] => groupsOf(document.current());
  const find = <T extends { readonly id: string }>(list: readonly T[], id: string): T | undefined =>
    list.find((each) => each.id === id);
  const must = <T extends { readonly id: string }>(list: readonly T[], what: string, id: string): T => {
    const found = find(list, id);
    if (!found) throw unknown(what, id);
    return found;
  };
  const regionOfSubnet = ({ zone }: Subnet): string => findZone(zone)?.region ?? '';

  async function rename(kind: 'vpcs' | 'subnets', id: string, name: string): Promise<void> {
    checkName(name);
    await document.update((current) =>
      current[kind].some((each) => each.id === id)
        ? { ...current, [kind]: current[kind].map((each) => (each.id === id ? { ...each, name } : each)) }
        : { ...current, names: { ...current.names, [id]: name } },
    );
  }

  return {
    trouble: document.trouble,
    vpcs: (region) => vpcs().filter((vpc) => region === undefined || vpc.region === region),
    subnets: (region) => subnets().filter((subnet) => region === undefined || regionOfSubnet(subnet) === region),
    groups: (region) => groups().filter((group) => region === undefined || group.region === region),
    vpc: (id) => find(vpcs(), id),
    subnet: (id) => find(subnets(), id),
    group: (id) => find(groups(), id),

    async createVpc({ region, name, cidr }) {
      if (!findRegion(region)) throw unknown('region', region);
      checkName(name);
      const all = vpcs();
      checkQuota(
        document.current().vpcs.filter((vpc) => vpc.region === region).length,
        QUOTAS.vpcs,
        'VPCs in this region',
      );
      checkVpcBlock(cidr, all);
      const id = newId('vpc', (each) => find(all, each) !== undefined);
      const made = { id, name, region, cidr, createdAt: Date.now() };
      await document.update((current) => ({ ...current, vpcs: [...current.vpcs, made] }));
      return own(made);
    },

    async renameVpc(id, name) {
      must(vpcs(), 'VPC', id);
      await rename('vpcs', id, name);
    },

    async deleteVpc(id) {
      const vpc = must(vpcs(), 'VPC', id);
      if (vpc.isDefault) throw conflict(`The default VPC ${id} cannot be deleted`);
      const inside = subnets().filter((subnet) => subnet.vpcId === id).length;
      if (inside > 0) throw conflict(`The VPC ${id} has ${inside} subnet${inside === 1 ? '' : 's'}`);
      await document.update((current) => ({ ...current, vpcs: current.vpcs.filter((each) => each.id !== id) }));
    },

    async createSubnet({ vpcId, name, zone, cidr }) {
      const vpc = must(vpcs(), 'VPC', vpcId);
      checkName(name);
      if (findZone(zone)?.region !== vpc.region)
        throw invalid('zone', `The zone ${zone} is not in ${vpc.region}, the region of the VPC`);
      const all = subnets();
      const siblings = all.filter((subnet) => subnet.vpcId === vpcId);
      checkQuota(siblings.length, QUOTAS.subnets, 'subnets in this VPC');
      checkSubnetBlock(cidr, vpc, siblings);
      const id = newId('subnet', (each) => find(all, each) !== undefined);
      const made = { id, vpcId, name, zone, cidr, createdAt: Date.now() };
      await document.update((current) => ({ ...current, subnets: [...current.subnets, made] }));
      return own(made);
    },

    async renameSubnet(id, name) {
      must(subnets(), 'subnet', id);
      await rename('subnets', id, name);
    },

    async deleteSubnet(id, inUse) {
      const subnet = must(subnets(), 'subnet', id);
      if (subnet.isDefault) throw conflict(`The default subnet ${id} cannot be deleted`);
      if (inUse(id)) throw conflict(`Instances have addresses in the subnet ${id}`);
      await document.update((current) => ({ ...current, subnets: current.subnets.filter((each) => each.id !== id) }));
    },

    async createGroup({ region, name, remark, projectId, inbound = [] }) {
      if (!findRegion(region)) throw unknown('region', region);
      checkName(name);
      checkRemark(remark);
      checkGroupRules(inbound);
      const all = groups();
      checkQuota(
        document.current().groups.filter((group) => group.region === region).length,
        QUOTAS.groups,
        'groups in this region',
      );
      const now = Date.now();
      const id = newId('sg', (each) => find(all, each) !== undefined);
      const made = {
        id,
        name,
        remark,
        region,
        projectId,
        inbound: [...inbound],
        outbound: [],
        version: 1,
        createdAt: now,
        updatedAt: now,
      };
      await document.update((current) => ({ ...current, groups: [...current.groups, made] }));
      return own(made);
    },

    async changeGroup(id, { name, remark, inbound, outbound }) {
      const group = must(groups(), 'security group', id);
      if (name !== undefined) checkName(name);
      if (remark !== undefined) checkRemark(remark);
      for (const rules of [inbound, outbound]) if (rules) checkGroupRules(rules);
      const content = contentOf({
        ...group,
        name: name ?? group.name,
        remark: remark ?? group.remark,
        inbound: inbound ?? group.inbound,
        outbound: outbound ?? group.outbound,
        version: group.version + (inbound || outbound ? 1 : 0),
        updatedAt: Date.now(),
      });
      await document.update((current) =>
        group.isDefault
          ? { ...current, defaultGroups: { ...current.defaultGroups, [id]: content } }
          : { ...current, groups: current.groups.map((each) => (each.id === id ? { ...each, ...content } : each)) },
      );
      if (inbound) for (const listener of listeners) listener(id);
    },

    async deleteGroup(id, bound) {
      const group = must(groups(), 'security group', id);
      if (group.isDefault) throw conflict(`The default security group ${id} cannot be deleted`);
      if (bound(id)) throw conflict(`The security group ${id} is bound to instances`);
      await document.update((current) => ({ ...current, groups: current.groups.filter((each) => each.id !== id) }));
    },

    rulesOf: (groupIds) => groupIds.flatMap((id) => find(groups(), id)?.inbound ?? []),

    onRules(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
