import { describe, expect, it } from 'vitest';
import { requestFields, sample, wrong } from '../sdk-types';
import { configuration, supported, type DtsWorld } from './dts-world';

const NO_JOB = 'dts-00000000';
/** What the declarations call optional and the documentation does not. */
const NEEDED: Readonly<Record<string, object>> = { DestroyMigrateJob: { JobId: 'x' } };

/** A request with nothing but what must be there, of the right types. */
function smallest({ dts }: DtsWorld, name: string): Record<string, unknown> {
  const fields = requestFields(dts.sdk, name).filter(({ required }) => required);
  return { ...Object.fromEntries(fields.map((field) => [field.name, sample(dts.sdk, field.type)])), ...NEEDED[name] };
}

const names = ({ dts }: DtsWorld): string[] => [...dts.sdk.actions.keys()];

/** Bad input to every action of dts, made from the declarations of the SDK. */
export function everyDtsAction(world: DtsWorld): void {
  describe('every action', () => {
    it('is answered, or says why it is not', async () => {
      expect(names(world).length).toBeGreaterThanOrEqual(84);
      const refused: string[] = [];
      for (const name of names(world)) {
        const result = await world.dts.outcome(name, { Colour: 'red' });
        if (result.ok) throw new Error(`${name} takes what it does not know`);
        if (result.code === 'UnknownParameter') continue;
        expect([name, result.code]).toEqual([name, 'UnsupportedOperation']);
        expect(result.message).toMatch(new RegExp(`^${name} is not available: .{20,}`));
        refused.push(name);
      }
      // Transactions are compared by their numbers where the engine is MySQL.
      expect(refused.filter((name) => /Migrat/.test(name))).toEqual(['DescribeMigrateGtidCompareReport']);
      expect(refused).toEqual(expect.arrayContaining(['CreateSyncJob', 'CreateSubscribe']));
      expect(names(world).length - refused.length).toBe(30);
      expect(await world.dts.refusal('DescribeElephants')).toBe('InvalidAction');
      expect(await world.dts.refusal('toString')).toBe('InvalidAction');
    });

    it('refuses bad input with its code and the name of the parameter', async () => {
      const told: string[] = [];
      const expectRefusal = async (name: string, body: object, code: string, parameter: string): Promise<void> => {
        const result = await world.dts.outcome(name, body);
        if (!result.ok && result.code === code && result.message.includes(parameter)) return;
        const found = result.ok ? 'answered' : `${result.code}: ${result.message}`;
        told.push(`${name} ${JSON.stringify(body)} is ${found}, not ${code}`);
      };
      for (const name of await supported(world)) {
        const good = smallest(world, name);
        await expectRefusal(name, { ...good, Colour: 'red' }, 'UnknownParameter', 'Colour');
        for (const field of requestFields(world.dts.sdk, name)) {
          const { [field.name]: _, ...rest } = good;
          if (field.required) await expectRefusal(name, rest, 'MissingParameter', field.name);
          await expectRefusal(name, { ...good, [field.name]: wrong(field.type) }, 'InvalidParameter', field.name);
        }
      }
      expect(told).toEqual([]);
    });

    it('knows every parameter that is documented', async () => {
      const told: string[] = [];
      for (const name of await supported(world)) {
        const fields = requestFields(world.dts.sdk, name);
        const all = Object.fromEntries(fields.map((field) => [field.name, sample(world.dts.sdk, field.type)]));
        const result = await world.dts.outcome(name, all);
        const code = result.ok ? '' : result.code;
        if (/^(UnknownParameter|InvalidParameter|MissingParameter|InternalError|InvalidAction)$/.test(code)) {
          told.push(`${name} ${JSON.stringify(all)} is ${code}`);
        }
      }
      expect(told).toEqual([]);
    });

    it('that is about a task says that there is none', async () => {
      const told: string[] = [];
      for (const name of await supported(world)) {
        if (
          !requestFields(world.dts.sdk, name).some((field) => field.name === 'JobId') ||
          name === 'DescribeMigrationJobs'
        )
          continue;
        const result = await world.dts.outcome(name, { ...smallest(world, name), JobId: NO_JOB });
        const code = result.ok ? 'answered' : result.code;
        // Some input is looked at before the task is.
        if (!/^(ResourceNotFound\.JobNotExist|InvalidParameterValue)$/.test(code)) told.push(`${name}: ${code}`);
      }
      expect(told).toEqual([]);
      expect(await world.dts.refusal('ModifyMigrationJob', configuration(world, NO_JOB))).toBe(
        'ResourceNotFound.JobNotExist',
      );
    });
  });
}
