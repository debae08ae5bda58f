import { z } from 'zod';
import { RULE_ACTIONS, RULE_PROTOCOLS } from '../../../shared/model/security-rules';

const rule = z.object({
  action: z.enum(RULE_ACTIONS),
  source: z.string(),
  protocol: z.enum(RULE_PROTOCOLS),
  ports: z.string(),
  remark: z.string(),
});

const vpc = z.object({
  id: z.string(),
  name: z.string(),
  region: z.string(),
  cidr: z.string(),
  createdAt: z.number(),
});

const subnet = z.object({
  id: z.string(),
  vpcId: z.string(),
  name: z.string(),
  zone: z.string(),
  cidr: z.string(),
  createdAt: z.number(),
});

/** What may change of a group, a default one included. */
const groupContent = z.object({
  name: z.string(),
  remark: z.string(),
  inbound: z.array(rule),
  outbound: z.array(rule),
  version: z.number().int(),
  updatedAt: z.number(),
});
export type GroupContent = z.output<typeof groupContent>;

const group = groupContent.extend({
  id: z.string(),
  region: z.string(),
  projectId: z.number().int(),
  createdAt: z.number(),
});

/** `networks.json`: what was made, and what was changed of the defaults, which themselves are in no file. */
export const networksDocument = z.object({
  vpcs: z.array(vpc),
  subnets: z.array(subnet),
  groups: z.array(group),
  /** New names of default VPCs and subnets, by id. */
  names: z.record(z.string(), z.string()),
  /** Changed default groups, by id. */
  defaultGroups: z.record(z.string(), groupContent),
});
export type NetworksDocument = z.output<typeof networksDocument>;

export const NETWORKS_VERSION = 1;
export const NO_NETWORKS: NetworksDocument = { vpcs: [], subnets: [], groups: [], names: {}, defaultGroups: {} };
