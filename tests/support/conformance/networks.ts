import type {
  SecurityGroup,
  SecurityGroupPolicy,
  SecurityGroupPolicySet,
  Subnet,
  Vpc,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/vpc/v20170312/vpc_models';
import { describe, expect, it } from 'vitest';
import { nextSecond } from '../cloud-client';
import { vpcService } from '../sdk-call';
import type { World } from './world';

const DEFAULT = 'vpc-dflt0041';

/** VPCs and subnets. */
function vpcs(world: World): void {
  const list = async (body: object): Promise<(string | undefined)[]> =>
    (await world.vpc.answer<{ VpcSet: Vpc[] }>('DescribeVpcs', body)).VpcSet.map(({ VpcName }) => VpcName);
  const create = (VpcName: string, CidrBlock: string) =>
    world.vpc.answer<{ Vpc: Vpc }>('CreateVpc', { VpcName, CidrBlock });

  it('are made, found, renamed and deleted', async () => {
    const { Vpc } = await create('conformance', '127.220.0.0/16');
    expect(Vpc).toMatchObject({ VpcName: 'conformance', CidrBlock: '127.220.0.0/16', IsDefault: false });
    const filter = (Name: string, ...Values: string[]) => list({ Filters: [{ Name, Values }] });
    expect(await list({ VpcIds: [Vpc.VpcId] })).toEqual(['conformance']);
    expect(await filter('vpc-name', 'FORM')).toEqual(['conformance']);
    expect(await filter('cidr-block', '127.220.0.0/16', '127.221.0.0/16')).toEqual(['conformance']);
    expect(await filter('is-default', 'true')).toEqual(['Default-VPC']);
    expect(await filter('tag-key', 'x')).toEqual([]);
    expect(await list({ Offset: '1', Limit: '1' })).toHaveLength(1);
    expect(await list({ Offset: 1, Limit: 1 })).toHaveLength(1);
    await world.vpc.answer('ModifyVpcAttribute', { VpcId: Vpc.VpcId, VpcName: 'renamed' });
    expect(await list({ VpcIds: [Vpc.VpcId] })).toEqual(['renamed']);
    await world.vpc.answer('DeleteVpc', { VpcId: Vpc.VpcId });
    expect(await list({ VpcIds: [Vpc.VpcId] })).toEqual([]);
  });

  it('are refused with their codes', async () => {
    const { Vpc } = await create('taken', '127.222.0.0/16');
    const cases: [object, string][] = [
      [{ CidrBlock: '10.0.0.0/16' }, 'InvalidParameterValue.Malformed'],
      [{ CidrBlock: '127.128.0.0/8' }, 'InvalidParameterValue.Malformed'],
      [{ CidrBlock: 'home' }, 'InvalidParameterValue.Malformed'],
      [{ CidrBlock: '127.222.16.0/20' }, 'InvalidParameterValue.VpcCidrConflict'],
      [{ VpcName: 'x'.repeat(61) }, 'InvalidParameterValue.TooLong'],
      [{ EnableMulticast: 'true' }, 'UnsupportedOperation'],
      [{ Tags: [{ Key: 'a', Value: 'b' }] }, 'InvalidParameterValue.LimitExceeded'],
    ];
    for (const [change, code] of cases) {
      const refused = await world.vpc.refusal('CreateVpc', { VpcName: 'b', CidrBlock: '127.223.0.0/16', ...change });
      expect([change, refused]).toEqual([change, code]);
    }
    await world.vpc.answer('DeleteVpc', { VpcId: Vpc.VpcId });
  });

  it('of another region, unknown ones and default ones are safe', async () => {
    const other = vpcService(world.plane, 'ap-beijing');
    expect(await other.answer('DescribeVpcs')).toMatchObject({ TotalCount: 1, VpcSet: [{ VpcId: 'vpc-dflt0048' }] });
    expect(await world.vpc.refusal('DeleteVpc', { VpcId: DEFAULT })).toBe('ResourceInUse');
    expect(await world.vpc.refusal('DeleteVpc', { VpcId: 'vpc-00000000' })).toBe('ResourceNotFound');
    expect(await world.vpc.refusal('ModifyVpcAttribute', { VpcId: 'vpc-00000000' })).toBe('ResourceNotFound');
    expect(await world.vpc.refusal('DescribeVpcs', { Limit: '101' })).toBe('InvalidParameterValue.Range');
    expect(await world.vpc.refusal('DescribeVpcs', { VpcIds: [], Filters: [] })).toBe('InvalidParameter.Coexist');
    const colour = { Filters: [{ Name: 'colour', Values: ['red'] }] };
    expect(await world.vpc.refusal('DescribeVpcs', colour)).toBe('InvalidParameter.FilterInvalidKey');
  });

  it('have subnets', async () => {
    const { Vpc } = await create('streets', '127.224.0.0/16');
    const wanted = { VpcId: Vpc.VpcId, SubnetName: 'one', CidrBlock: '127.224.1.0/24', Zone: 'ap-guangzhou-3' };
    const { Subnet } = await world.vpc.answer<{ Subnet: Subnet }>('CreateSubnet', wanted);
    expect(Subnet).toMatchObject({ SubnetName: 'one', AvailableIpAddressCount: 253, Zone: 'ap-guangzhou-3' });
    const refused = (change: object) => world.vpc.refusal('CreateSubnet', { ...wanted, ...change });
    expect(await refused({ CidrBlock: '127.224.1.128/25' })).toBe('InvalidParameterValue.SubnetConflict');
    expect(await refused({ CidrBlock: '127.225.1.0/24' })).toBe('InvalidParameterValue.SubnetRange');
    expect(await refused({ CidrBlock: '127.224.2.0/24', Zone: 'ap-beijing-3' })).toBe(
      'InvalidParameterValue.UnavailableZone',
    );
    expect(await refused({ CidrBlock: '127.224.2.0/24', Zone: 'moon' })).toBe('InvalidParameterValue.UnavailableZone');
    expect(await refused({ VpcId: 'vpc-00000000' })).toBe('ResourceNotFound');
    expect(await world.vpc.refusal('DeleteVpc', { VpcId: Vpc.VpcId })).toBe('ResourceInUse');
    await world.vpc.answer('ModifySubnetAttribute', { SubnetId: Subnet.SubnetId, SubnetName: 'two' });
    const found = { Filters: [{ Name: 'vpc-id', Values: [Vpc.VpcId] }] };
    expect(await world.vpc.answer('DescribeSubnets', found)).toMatchObject({
      TotalCount: 1,
      SubnetSet: [{ SubnetName: 'two' }],
    });
    const first = await world.vpc.answer<{ NextToken: string; SubnetSet: Subnet[] }>('DescribeSubnets', {
      MaxResults: 3,
    });
    const rest = await world.vpc.answer<{ NextToken: string }>('DescribeSubnets', {
      MaxResults: 3,
      NextToken: first.NextToken,
    });
    expect([first.SubnetSet.length, first.NextToken, rest.NextToken]).toEqual([3, '3', '']);
    await world.vpc.answer('DeleteSubnet', { SubnetId: Subnet.SubnetId });
    await nextSecond();
    expect(await world.vpc.refusal('DeleteSubnet', { SubnetId: Subnet.SubnetId })).toBe('ResourceNotFound');
    await world.vpc.answer('DeleteVpc', { VpcId: Vpc.VpcId });
  });
}

const rule = (source: string, change: SecurityGroupPolicy = {}): SecurityGroupPolicy => ({
  Protocol: 'TCP',
  Port: '5432',
  CidrBlock: source,
  Action: 'ACCEPT',
  ...change,
});

/** Security groups and their ordered rules. */
function groups(world: World): void {
  let id = '';
  const set = async (): Promise<SecurityGroupPolicySet> =>
    (
      await world.vpc.answer<{ SecurityGroupPolicySet: SecurityGroupPolicySet }>('DescribeSecurityGroupPolicies', {
        SecurityGroupId: id,
      })
    ).SecurityGroupPolicySet;
  const sources = async () => (await set()).Ingress?.map(({ CidrBlock, Ipv6CidrBlock }) => CidrBlock || Ipv6CidrBlock);
  const policies = (SecurityGroupPolicySet: SecurityGroupPolicySet) => ({
    SecurityGroupId: id,
    SecurityGroupPolicySet,
  });
  const add = (...Ingress: SecurityGroupPolicy[]) => policies({ Ingress });

  it('are made, found and renamed', async () => {
    const wanted = { GroupName: 'door', GroupDescription: 'who may come in', ProjectId: '4' };
    const { SecurityGroup } = await world.vpc.answer<{ SecurityGroup: SecurityGroup }>('CreateSecurityGroup', wanted);
    id = SecurityGroup.SecurityGroupId;
    expect(SecurityGroup).toMatchObject({ SecurityGroupName: 'door', ProjectId: '4', IsDefault: false });
    await world.vpc.answer('ModifySecurityGroupAttribute', { SecurityGroupId: id, GroupName: 'gate' });
    const filter = (Name: string, value: string) =>
      world.vpc.answer('DescribeSecurityGroups', { Filters: [{ Name, Values: [value] }] });
    expect(await filter('security-group-name', 'gat')).toMatchObject({
      TotalCount: 1,
      SecurityGroupSet: [{ SecurityGroupId: id }],
    });
    expect(await filter('project-id', '4')).toMatchObject({ TotalCount: 1 });
    const ordered = { OrderField: 'UpdateTime', OrderDirection: 'DESC', Limit: 1 };
    expect(await world.vpc.answer('DescribeSecurityGroups', ordered)).toMatchObject({
      SecurityGroupSet: [{ SecurityGroupId: id }],
    });
    const remark = { SecurityGroupId: id, GroupDescription: 'x'.repeat(101) };
    expect(await world.vpc.refusal('ModifySecurityGroupAttribute', remark)).toBe('InvalidParameterValue.TooLong');
  });

  it('take rules at a place, one direction at a time, and no rule twice', async () => {
    await world.vpc.answer('CreateSecurityGroupPolicies', add(rule('127.0.0.1'), rule('127.0.0.2')));
    await world.vpc.answer('CreateSecurityGroupPolicies', add(rule('127.0.0.3', { PolicyIndex: 0 })));
    await world.vpc.answer('CreateSecurityGroupPolicies', policies({ Egress: [rule('127.0.0.9')] }));
    const ipv6 = { Protocol: 'ALL', Port: 'ALL', Ipv6CidrBlock: '::/0', Action: 'drop', PolicyDescription: 'nobody' };
    await world.vpc.answer('CreateSecurityGroupPolicies', add(ipv6));
    expect(await sources()).toEqual(['127.0.0.3', '127.0.0.1', '127.0.0.2', '::/0']);
    expect((await set()).PolicyStatistics).toEqual({
      IngressIPv4TotalCount: 3,
      IngressIPv6TotalCount: 1,
      EgressIPv4TotalCount: 1,
      EgressIPv6TotalCount: 0,
    });
    const refused = (...rules: SecurityGroupPolicy[]) =>
      world.vpc.refusal('CreateSecurityGroupPolicies', add(...rules));
    expect(await refused(rule('127.0.0.1'))).toBe('UnsupportedOperation.DuplicatePolicy');
    expect(await refused(rule('127.0.0.7', { PolicyIndex: 0 }), rule('127.0.0.8', { PolicyIndex: 1 }))).toBe(
      'InvalidParameterValue.Range',
    );
    expect(await refused(rule('127.0.0.7', { PolicyIndex: 9 }))).toBe('InvalidParameterValue.Range');
    expect(await refused(rule('127.0.0.300'))).toBe('InvalidParameterValue.Malformed');
    expect(await refused(rule('127.0.0.7', { Port: '70000' }))).toBe('InvalidParameterValue.Malformed');
    expect(await refused(rule('127.0.0.7', { Protocol: 'SMTP' }))).toBe('InvalidParameterValue.Malformed');
    expect(await refused(rule('127.0.0.7', { Protocol: 'GRE' }))).toBe('UnsupportedOperation');
    expect(await refused(rule('127.0.0.7', { Action: 'MAYBE' }))).toBe('InvalidParameterValue');
    expect(await refused(rule('127.0.0.7', { Ipv6CidrBlock: '::1' }))).toBe('InvalidParameter.Coexist');
    expect(await refused(rule('', { SecurityGroupId: id }))).toBe('UnsupportedOperation');
    expect(await refused(rule(''))).toBe('MissingParameter');
    const both = policies({ Ingress: [rule('127.0.0.7')], Egress: [rule('127.0.0.7')] });
    expect(await world.vpc.refusal('CreateSecurityGroupPolicies', both)).toBe('InvalidParameter.Coexist');
  });

  it('are replaced, in part and in whole, at the version that one has seen', async () => {
    await world.vpc.answer('ReplaceSecurityGroupPolicies', add(rule('127.0.0.4', { PolicyIndex: 1 })));
    await world.vpc.answer('ReplaceSecurityGroupPolicy', add(rule('127.0.0.5', { PolicyIndex: 0 })));
    expect(await sources()).toEqual(['127.0.0.5', '127.0.0.4', '127.0.0.2', '::/0']);
    expect(await world.vpc.refusal('ReplaceSecurityGroupPolicies', add(rule('127.0.0.4')))).toBe('MissingParameter');
    const { Version = '' } = await set();
    const whole = (change: SecurityGroupPolicySet) =>
      policies({ Version, Ingress: [rule('127.0.0.6'), rule('0.0.0.0/0', { Action: 'DROP' })], Egress: [], ...change });
    await world.vpc.answer('ModifySecurityGroupPolicies', whole({}));
    expect(await sources()).toEqual(['127.0.0.6', '0.0.0.0/0']);
    expect((await set()).Version).toBe(String(Number(Version) + 1));
    const refused = (change: SecurityGroupPolicySet) => world.vpc.refusal('ModifySecurityGroupPolicies', whole(change));
    expect(await refused({ Ingress: [] })).toBe('UnsupportedOperation.VersionMismatch');
    expect(await world.vpc.refusal('ModifySecurityGroupPolicies', add(rule('127.0.0.6')))).toBe('MissingParameter');
    expect(await refused({ Version: '', Ingress: [rule('127.0.0.6', { PolicyIndex: 0 })] })).toBe(
      'InvalidParameterValue',
    );
  });

  it('are filtered, and lose rules by index and by content', async () => {
    const filter = (Name: string, value: string) =>
      world.vpc.answer('DescribeSecurityGroupPolicies', { SecurityGroupId: id, Filters: [{ Name, Values: [value] }] });
    const found = (...indexes: number[]) => ({
      SecurityGroupPolicySet: { Ingress: indexes.map((PolicyIndex) => ({ PolicyIndex })) },
    });
    expect(await filter('poly', 'DROP')).toMatchObject(found(1));
    expect(await filter('ip', '127.')).toMatchObject(found(0));
    expect(await filter('direction', 'OUTBOUND')).toMatchObject(found());
    expect(await filter('port', 'ALL')).toMatchObject(found(0, 1));
    await world.vpc.answer('DeleteSecurityGroupPolicies', add({ PolicyIndex: 0 }));
    expect(await world.vpc.refusal('DeleteSecurityGroupPolicies', add({ PolicyIndex: 7 }))).toBe(
      'InvalidParameterValue.Range',
    );
    expect(await world.vpc.refusal('DeleteSecurityGroupPolicies', add(rule('127.0.0.6')))).toBe('ResourceNotFound');
    await world.vpc.answer('DeleteSecurityGroupPolicies', add(rule('0.0.0.0/0', { Action: 'DROP' })));
    expect(await sources()).toEqual([]);
    await world.vpc.answer('ModifySecurityGroupPolicies', policies({ Version: '0' }));
    expect(
      await world.vpc.answer('DescribeSecurityGroupAssociationStatistics', { SecurityGroupIds: [id] }),
    ).toMatchObject({
      SecurityGroupAssociationStatisticsSet: [{ TotalCount: 0 }],
    });
    await world.vpc.answer('DeleteSecurityGroup', { SecurityGroupId: id });
    await nextSecond();
    expect(await world.vpc.refusal('DeleteSecurityGroup', { SecurityGroupId: id })).toBe('ResourceNotFound');
    expect(await world.vpc.refusal('DeleteSecurityGroup', { SecurityGroupId: 'sg-dflt0041' })).toBe('ResourceInUse');
  });

  it('are made with their rules at once, or not at all', async () => {
    const wanted = (...Ingress: SecurityGroupPolicy[]) => ({
      GroupName: 'whole',
      GroupDescription: '',
      SecurityGroupPolicySet: { Ingress },
    });
    const { SecurityGroup } = await world.vpc.answer<{ SecurityGroup: SecurityGroup }>(
      'CreateSecurityGroupWithPolicies',
      wanted(rule('127.0.0.1')),
    );
    id = SecurityGroup.SecurityGroupId;
    expect(await sources()).toEqual(['127.0.0.1']);
    expect(await world.vpc.refusal('CreateSecurityGroupWithPolicies', wanted(rule('nowhere')))).toBe(
      'InvalidParameterValue.Malformed',
    );
    const named = { Filters: [{ Name: 'security-group-name', Values: ['whole'] }] };
    expect(await world.vpc.answer('DescribeSecurityGroups', named)).toMatchObject({ TotalCount: 1 });
    await world.vpc.answer('DeleteSecurityGroup', { SecurityGroupId: id });
  });
}

export function networks(world: World): void {
  describe('VPCs', () => {
    vpcs(world);
  });
  describe('security groups', () => {
    groups(world);
  });
}
