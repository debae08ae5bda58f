import { z } from 'zod';
import { RULE_ACTIONS, RULE_PROTOCOLS, type SecurityGroupView } from '../model/security-rules';
import type { RulePreview, VpcView } from '../model/network';
import { call } from './define';

const text = (max: number) => z.string().max(max);
const plane = text(64).default('local');
const id = z.string().min(1).max(64);
const rule = z.object({
  action: z.enum(RULE_ACTIONS),
  source: text(64),
  protocol: z.enum(RULE_PROTOCOLS),
  ports: text(64),
  remark: text(100),
});
const rules = z.array(rule).max(100);

/** VPCs, subnets and security groups of a control plane. Empty `region`: all. */
export const networks = {
  calls: {
    vpcs: call<VpcView[]>()(z.object({ plane, region: text(64) })),
    createVpc: call<{ id: string }>()(z.object({ plane, region: id, name: text(60), cidr: text(32) })),
    renameVpc: call<void>()(z.object({ plane, region: text(64), id, name: text(60) })),
    deleteVpc: call<void>()(z.object({ plane, region: text(64), id })),
    createSubnet: call<{ id: string }>()(
      z.object({ plane, region: text(64), vpcId: id, name: text(60), zone: id, cidr: text(32) }),
    ),
    renameSubnet: call<void>()(z.object({ plane, region: text(64), id, name: text(60) })),
    deleteSubnet: call<void>()(z.object({ plane, region: text(64), id })),
    groups: call<SecurityGroupView[]>()(z.object({ plane, region: text(64) })),
    /** Ids of the instances that a group is bound to. The API tells it for one instance at a time: for the group that is looked at only. */
    bindings: call<string[]>()(z.object({ plane, region: text(64), id })),
    createGroup: call<{ id: string }>()(
      z.object({ plane, region: id, name: text(60), remark: text(100), inbound: rules }),
    ),
    changeGroup: call<void>()(z.object({ plane, region: text(64), id, name: text(60), remark: text(100) })),
    /** Replaces the inbound rules; sessions that they forbid end at once. */
    setRules: call<void>()(z.object({ plane, region: text(64), id, inbound: rules, outbound: rules })),
    deleteGroup: call<void>()(z.object({ plane, region: text(64), id })),
    /** Binds the groups to an instance, the first with priority. */
    bind: call<void>()(z.object({ plane, instanceId: id, groupIds: z.array(id).min(1).max(20) })),
    preview: call<RulePreview>()(
      z.object({
        plane,
        region: text(64),
        groupIds: z.array(id).min(1).max(20),
        source: text(64),
        port: z.number().int(),
      }),
    ),
  },
  pushes: {},
};
