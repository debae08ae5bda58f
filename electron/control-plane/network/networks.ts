import type { SecurityRule } from '../../../shared/model/security-rules';
import type { DocumentTrouble } from './kept-document';

/** A private network: a CIDR block inside 127.0.0.0/8 from whose subnets instances take their addresses. */
export interface Vpc {
  readonly id: string;
  readonly name: string;
  readonly region: string;
  readonly cidr: string;
  readonly isDefault: boolean;
  readonly createdAt: number;
}

export interface Subnet {
  readonly id: string;
  readonly vpcId: string;
  readonly name: string;
  readonly zone: string;
  readonly cidr: string;
  readonly isDefault: boolean;
  readonly createdAt: number;
}

export interface SecurityGroup {
  readonly id: string;
  readonly name: string;
  readonly remark: string;
  readonly region: string;
  readonly projectId: number;
  readonly isDefault: boolean;
  readonly inbound: readonly SecurityRule[];
  readonly outbound: readonly SecurityRule[];
  /** Rises by one with every change of the rules, from 1. */
  readonly version: number;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/**
 * VPCs, subnets and security groups of this control plane. Every region has a default VPC with a subnet per zone and a default group; they
 * exist without being stored, and only their names and rules can change. Changes are on disk when they resolve. Failures: `not-found`,
 * `conflict` (overlap: `field` is `cidr`; still in use, or a default: no field), `invalid-input` with `field` (`name`, `remark`, `cidr`, `zone`,
 * `rules`, `count` when there are too many).
 */
export interface Networks {
  /** What had become of their document when it was opened; null is nothing. */
  readonly trouble: DocumentTrouble | null;
  vpcs(region?: string): readonly Vpc[];
  subnets(region?: string): readonly Subnet[];
  groups(region?: string): readonly SecurityGroup[];
  vpc(id: string): Vpc | undefined;
  subnet(id: string): Subnet | undefined;
  group(id: string): SecurityGroup | undefined;
  createVpc(wanted: { readonly region: string; readonly name: string; readonly cidr: string }): Promise<Vpc>;
  renameVpc(id: string, name: string): Promise<void>;
  /** Fails with `conflict` while it has subnets. */
  deleteVpc(id: string): Promise<void>;
  createSubnet(wanted: {
    readonly vpcId: string;
    readonly name: string;
    readonly zone: string;
    readonly cidr: string;
  }): Promise<Subnet>;
  renameSubnet(id: string, name: string): Promise<void>;
  /** `inUse`: whether an instance has an address in it. */
  deleteSubnet(id: string, inUse: (subnetId: string) => boolean): Promise<void>;
  createGroup(wanted: {
    readonly region: string;
    readonly name: string;
    readonly remark: string;
    readonly projectId: number;
    readonly inbound?: readonly SecurityRule[];
  }): Promise<SecurityGroup>;
  changeGroup(
    id: string,
    change: {
      readonly name?: string;
      readonly remark?: string;
      readonly inbound?: readonly SecurityRule[];
      readonly outbound?: readonly SecurityRule[];
    },
  ): Promise<void>;
  deleteGroup(id: string, bound: (groupId: string) => boolean): Promise<void>;
  /** The rules of several groups as one list: the first group has priority. Unknown ids are passed over. */
  rulesOf(groupIds: readonly string[]): SecurityRule[];
  /** Runs after rules of a group changed. Returns the function that stops listening. */
  onRules(listener: (groupId: string) => void): () => void;
}
