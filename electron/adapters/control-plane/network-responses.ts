import { z } from 'zod';

/** Answers of the `vpc` service, and what the `postgres` service says of bound groups. */

const total = z.object({ TotalCount: z.number() });
const vpc = z.object({
  VpcId: z.string(),
  VpcName: z.string(),
  CidrBlock: z.string(),
  IsDefault: z.boolean().nullish(),
  CreatedTime: z.string().nullish(),
});
const subnet = z.object({
  SubnetId: z.string(),
  SubnetName: z.string(),
  VpcId: z.string(),
  CidrBlock: z.string(),
  Zone: z.string(),
  IsDefault: z.boolean().nullish(),
  CreatedTime: z.string().nullish(),
  AvailableIpAddressCount: z.number().nullish(),
});
const group = z.object({
  SecurityGroupId: z.string(),
  SecurityGroupName: z.string(),
  SecurityGroupDesc: z.string().nullish(),
  ProjectId: z.union([z.string(), z.number()]).nullish(),
  IsDefault: z.boolean().nullish(),
  CreatedTime: z.string().nullish(),
});

export const vpcsResponse = total.extend({ VpcSet: z.array(vpc) });
export const vpcResponse = z.object({ Vpc: vpc });
export const subnetsResponse = total.extend({ SubnetSet: z.array(subnet) });
export const subnetResponse = z.object({ Subnet: subnet });
export const groupsResponse = total.extend({ SecurityGroupSet: z.array(group) });
export const groupResponse = z.object({ SecurityGroup: group });

export type SubnetResponse = z.output<typeof subnet>;
export type GroupResponse = z.output<typeof group>;

/** A rule; its source or its ports may be a template or another group, which only the cloud can resolve. */
const policy = z.object({
  Protocol: z.string().nullish(),
  Port: z.string().nullish(),
  CidrBlock: z.string().nullish(),
  Ipv6CidrBlock: z.string().nullish(),
  SecurityGroupId: z.string().nullish(),
  AddressTemplate: z.object({ AddressId: z.string().nullish(), AddressGroupId: z.string().nullish() }).nullish(),
  ServiceTemplate: z.object({ ServiceId: z.string().nullish(), ServiceGroupId: z.string().nullish() }).nullish(),
  Action: z.string().nullish(),
  PolicyDescription: z.string().nullish(),
});
export type PolicyResponse = z.output<typeof policy>;

export const policiesResponse = z.object({
  SecurityGroupPolicySet: z.object({
    Ingress: z.array(policy).nullish(),
    Egress: z.array(policy).nullish(),
  }),
});

/** How much each group is bound to. */
export const statisticsResponse = z.object({
  SecurityGroupAssociationStatisticsSet: z.array(z.object({ SecurityGroupId: z.string(), TotalCount: z.number() })),
});

/** Groups that are bound to an instance, the first with priority. */
export const boundGroupsResponse = z.object({
  SecurityGroupSet: z.array(z.object({ SecurityGroupId: z.string() })).nullish(),
});
