import { describe, expect, it } from 'vitest';
import type { DescribeMachineResponse, DrillNote, InstanceNote, RateCard } from '../../../shared/model/control-plane';
import type { World } from './world';

/** The service of our own, by the official SDK's client for any service. */
export function ownServiceOf(world: World): void {
  const notes = async (body: object = {}): Promise<InstanceNote[]> =>
    (await world.own.answer<{ InstanceNoteSet: InstanceNote[] }>('DescribeInstanceNotes', body)).InstanceNoteSet;

  describe('our own service', () => {
    it('tells how an instance does', async () => {
      expect((await notes()).map(({ DBInstanceId }) => DBInstanceId).toSorted()).toEqual(
        [world.single, world.pair].toSorted(),
      );
      await expect
        .poll(() => notes({ DBInstanceId: world.pair }), { timeout: 20_000 })
        .toMatchObject([
          {
            DBInstanceId: world.pair,
            AdminName: 'shop',
            Operation: '',
            Progress: null,
            Waiting: null,
            CertificateValidUntil: null,
            Nodes: [
              { Role: 'primary', State: 'ready', LagBytes: null, Pid: expect.any(Number) },
              { Role: 'standby', State: 'ready', LagBytes: expect.any(Number), Pid: expect.any(Number) },
            ],
          },
        ]);
      const [note] = await notes({ DBInstanceId: world.single });
      expect(note?.InstanceHours).toBeGreaterThan(0);
      expect(note?.GbHours).toBeGreaterThan(note?.InstanceHours ?? 0);
      expect(await world.own.refusal('DescribeInstanceNotes', { DBInstanceId: 'postgres-00000000' })).toBe(
        'ResourceNotFound.InstanceNotFoundError',
      );
    });

    it('tells what happened, who is connected and which drills there were', async () => {
      const { EventSet } = await world.own.answer<{ EventSet: { Text: string }[] }>('DescribeInstanceEvents', {
        DBInstanceId: world.pair,
      });
      expect(EventSet.every(({ Text }) => Text !== '')).toBe(true);
      expect(await world.own.answer('DescribeSessions', { DBInstanceId: world.pair })).toMatchObject({
        SessionSet: [],
      });
      const { DrillSet } = await world.own.answer<{ DrillSet: DrillNote[] }>('DescribeDrills', {
        DBInstanceId: world.pair,
      });
      expect(DrillSet).toEqual([]);
      expect(await world.own.refusal('StartDrill', { DBInstanceId: world.pair, Scenario: 'flood' })).toBe(
        'InvalidParameterValue',
      );
      expect(await world.own.refusal('StartDrill', { DBInstanceId: world.single, Scenario: 'kill' })).toBe(
        'FailedOperation.NoAvailableStandby',
      );
    });

    it('shows which rule decides', async () => {
      const preview = (Source: string, Port = 5432) =>
        world.own.answer('PreviewSecurityGroups', { SecurityGroupIds: ['sg-dflt0041'], Source, Port });
      expect(await preview('127.0.0.1')).toMatchObject({
        Action: 'ACCEPT',
        SecurityGroupId: 'sg-dflt0041',
        PolicyIndex: 0,
      });
      expect(await preview('127.0.0.1', 22)).toMatchObject({
        Action: 'DROP',
        SecurityGroupId: null,
        PolicyIndex: null,
      });
      const wrong = { SecurityGroupIds: ['sg-dflt0041'], Source: 'home', Port: 5432 };
      expect(await world.own.refusal('PreviewSecurityGroups', wrong)).toBe('InvalidParameterValue');
      expect(await world.own.refusal('PreviewSecurityGroups', { ...wrong, SecurityGroupIds: ['sg-0'] })).toBe(
        'InvalidParameterValue',
      );
    });

    it('has a rate card that prices follow', async () => {
      const card: RateCard = { Currency: 'EUR', CpuHour: 10, MemoryGbHour: 2.5, StorageGbHour: 0.01 };
      await world.own.answer('ModifyRateCard', card);
      expect(await world.own.answer('DescribeRateCard')).toMatchObject(card);
      const wanted = { Zone: 'ap-guangzhou-3', SpecCode: 'pg.it.medium4', Storage: 100, InstanceCount: 2, Period: 1 };
      // Two times two CPUs, 4 GB of memory and 100 GB of disk.
      expect(await world.postgres.answer('InquiryPriceCreateDBInstances', wanted)).toMatchObject({
        Price: 62,
        Currency: 'EUR',
      });
      // An inquiry before a purchase is for one node each; one about an instance is for all of its nodes.
      const inquiry = { Zone: 'ap-guangzhou-3', SpecCode: 'pg.it.small2', Storage: 20, InstanceCount: 1, Period: 1 };
      const { Price } = await world.postgres.answer<{ Price: number }>('InquiryPriceCreateDBInstances', inquiry);
      expect(Price).toBeGreaterThan(0);
      const upgrade = { DBInstanceId: world.single, Memory: 2, Storage: 20 };
      expect(await world.postgres.answer('InquiryPriceUpgradeDBInstance', upgrade)).toMatchObject({ Price });
      const ofPair = { ...upgrade, DBInstanceId: world.pair };
      const pair = await world.postgres.answer<{ Price: number }>('InquiryPriceUpgradeDBInstance', ofPair);
      expect(Math.abs(pair.Price - 2 * Price)).toBeLessThanOrEqual(1);
      expect(await world.own.refusal('ModifyRateCard', { ...card, CpuHour: -1 })).toBe(
        'InvalidParameterValue.ParameterOutOfRange',
      );
      expect(await world.own.refusal('ModifyRateCard', { ...card, Currency: 'Euro' })).toBe('InvalidParameterValue');
      await world.own.answer('ModifyRateCard', { Currency: 'CNY', CpuHour: 0, MemoryGbHour: 0, StorageGbHour: 0 });
    });

    it('hands out the certificate of the authority', async () => {
      expect(await world.own.answer('DescribeCertificateAuthority')).toMatchObject({
        Certificate: expect.stringMatching(/^-----BEGIN CERTIFICATE-----/),
      });
      const { InstalledVersions } = await world.own.answer<DescribeMachineResponse>('DescribeMachine');
      expect(InstalledVersions).toHaveLength(9);
      expect(InstalledVersions.every(({ Installed, Origin }) => Installed === (Origin !== ''))).toBe(true);
      expect(InstalledVersions.filter(({ Origin }) => Origin === 'embedded').length).toBeGreaterThan(0);
      expect(await world.own.refusal('DescribeDBInstances')).toBe('InvalidAction');
    });
  });
}
