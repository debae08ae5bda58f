import { describe, expect, it } from 'vitest';
import type { Service } from '../sdk-call';
import { requestFields, sample, wrong } from '../sdk-types';
import type { World } from './world';

/** Actions of vpc that a local control plane answers. */
const VPC_ACTIONS = [
  'CreateVpc',
  'DescribeVpcs',
  'ModifyVpcAttribute',
  'DeleteVpc',
  'CreateSubnet',
  'DescribeSubnets',
  'ModifySubnetAttribute',
  'DeleteSubnet',
  'CreateSecurityGroup',
  'CreateSecurityGroupWithPolicies',
  'DescribeSecurityGroups',
  'ModifySecurityGroupAttribute',
  'DeleteSecurityGroup',
  'DescribeSecurityGroupPolicies',
  'CreateSecurityGroupPolicies',
  'ModifySecurityGroupPolicies',
  'ReplaceSecurityGroupPolicies',
  'ReplaceSecurityGroupPolicy',
  'DeleteSecurityGroupPolicies',
  'DescribeSecurityGroupAssociationStatistics',
];
const TAG_ACTIONS = ['TagResources', 'UnTagResources', 'ModifyResourceTags', 'GetResources'];

/** Actions that exist, check their input, and are refused always: instances are billed by the hour. */
const ALWAYS_REFUSED = [
  'InquiryPriceRenewDBInstance',
  'ModifyDBInstanceChargeType',
  'RenewInstance',
  'SetAutoRenewFlag',
];

/** What the declarations call optional and the documentation does not. */
const NEEDED: Readonly<Record<string, object>> = { CreateAccount: { Password: 'x' } };

const everyName = ({ postgres }: World): string[] => [...postgres.sdk.actions.keys()];

/** The answered ones: the others say why they are not before anything else is looked at. */
async function supported(world: World): Promise<string[]> {
  const found: string[] = [];
  for (const name of everyName(world)) {
    if ((await world.postgres.refusal(name, { Colour: 'red' })) === 'UnknownParameter') found.push(name);
  }
  return found;
}

const namesOf = async (world: World, which: 'postgres' | 'vpc' | 'tag'): Promise<string[]> =>
  which === 'postgres' ? supported(world) : which === 'vpc' ? VPC_ACTIONS : TAG_ACTIONS;

/** A request with nothing but what must be there, of the right types. */
function smallest(service: Service, name: string): Record<string, unknown> {
  const fields = requestFields(service.sdk, name).filter(({ required }) => required);
  return {
    ...Object.fromEntries(fields.map((field) => [field.name, sample(service.sdk, field.type)])),
    ...NEEDED[name],
  };
}

/** Bad input to every action, made from the SDK's own declarations. */
export function everyAction(world: World): void {
  describe('every action', () => {
    it('of postgres is answered, or says why it is not', async () => {
      const names = everyName(world);
      expect(names.length).toBeGreaterThanOrEqual(127);
      const refused: string[] = [];
      for (const name of names) {
        const result = await world.postgres.outcome(name, { Colour: 'red' });
        if (result.ok) throw new Error(`${name} takes what it does not know`);
        if (result.code === 'UnknownParameter') continue;
        expect([name, result.code]).toEqual([name, 'UnsupportedOperation']);
        expect(result.message).toMatch(new RegExp(`^${name} is not available: .{20,}`));
        refused.push(name);
      }
      expect(names.length - refused.length).toBeGreaterThanOrEqual(50);
    });

    it.each(['postgres', 'vpc', 'tag'] as const)(
      'of %s refuses bad input with its code and the name of the parameter',
      async (which) => {
        const service = world[which];
        const told: string[] = [];
        const expectRefusal = async (name: string, body: object, code: string, parameter: string): Promise<void> => {
          const result = await service.outcome(name, body);
          if (!result.ok && result.code === code && result.message.includes(parameter)) return;
          const found = result.ok ? 'answered' : `${result.code}: ${result.message}`;
          told.push(`${name} ${JSON.stringify(body)} is ${found}, not ${code}`);
        };
        for (const name of await namesOf(world, which)) {
          const good = smallest(service, name);
          await expectRefusal(name, { ...good, Colour: 'red' }, 'UnknownParameter', 'Colour');
          for (const field of requestFields(service.sdk, name)) {
            const { [field.name]: _, ...rest } = good;
            if (field.required) await expectRefusal(name, rest, 'MissingParameter', field.name);
            await expectRefusal(name, { ...good, [field.name]: wrong(field.type) }, 'InvalidParameter', field.name);
          }
        }
        expect(told).toEqual([]);
      },
    );

    it.each(['postgres', 'vpc', 'tag'] as const)('of %s knows every parameter that is documented', async (which) => {
      const service = world[which];
      const told: string[] = [];
      for (const name of await namesOf(world, which)) {
        const fields = requestFields(service.sdk, name);
        const all = Object.fromEntries(fields.map((field) => [field.name, sample(service.sdk, field.type)]));
        const result = await service.outcome(name, all);
        const code = result.ok ? '' : result.code;
        if (/^(UnknownParameter|InvalidParameter|MissingParameter|InternalError|InvalidAction)$/.test(code)) {
          told.push(`${name} ${JSON.stringify(all)} is ${code}`);
        }
      }
      expect(told).toEqual([]);
    });

    it('of postgres that is about an instance says that there is none', async () => {
      const told: string[] = [];
      for (const name of await supported(world)) {
        const fields = requestFields(world.postgres.sdk, name);
        const field = fields.find((each) => each.name === 'DBInstanceId' || each.name === 'DBInstanceIdSet');
        // A list may be empty.
        if (!field || name === 'DescribeTasks') continue;
        const id = 'postgres-00000000';
        const body = { ...smallest(world.postgres, name), [field.name]: field.type === 'string' ? id : [id] };
        const result = await world.postgres.outcome(name, body);
        const code = result.ok ? 'answered' : result.code;
        // Some input is looked at before the instance is: names, passwords, ranges.
        if (!/^(ResourceNotFound\.InstanceNotFoundError|InvalidParameterValue(\..+)?)$/.test(code)) {
          told.push(`${name}: ${code}`);
        }
      }
      expect(told).toEqual([]);
    });

    it('that does not exist is told from one that does', async () => {
      expect(await world.postgres.refusal('DescribeElephants')).toBe('InvalidAction');
      expect(await world.vpc.refusal('CreateNatGateway')).toBe('InvalidAction');
      expect(await world.postgres.refusal('toString')).toBe('InvalidAction');
    });
  });
}

/** To be called last. */
export function everyAnswer(world: World): void {
  it('every action that a local control plane answers was answered, in the form that the SDK declares', async () => {
    const silent = (service: Service, names: readonly string[]): string[] =>
      names.filter((name) => !service.answered.has(name)).toSorted();
    expect(silent(world.postgres, await supported(world))).toEqual(ALWAYS_REFUSED);
    expect(silent(world.vpc, VPC_ACTIONS)).toEqual([]);
    expect(silent(world.tag, TAG_ACTIONS)).toEqual([]);
  });
}
