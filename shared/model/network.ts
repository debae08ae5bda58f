/** Private networks as the pages show them. */
export interface VpcView {
  readonly id: string;
  readonly name: string;
  readonly region: string;
  readonly cidr: string;
  readonly isDefault: boolean;
  readonly createdAt: number;
  readonly subnets: readonly SubnetView[];
}

export interface SubnetView {
  readonly id: string;
  readonly vpcId: string;
  readonly name: string;
  readonly zone: string;
  readonly cidr: string;
  readonly isDefault: boolean;
  readonly createdAt: number;
  readonly availableAddresses: number;
}

/** What a source address would get, and by which rule. */
export interface RulePreview {
  readonly action: 'ACCEPT' | 'DROP';
  /** Null: no rule fits, so it is dropped. */
  readonly groupId: string | null;
  /** Position in its group, from 0. */
  readonly rule: number | null;
}
