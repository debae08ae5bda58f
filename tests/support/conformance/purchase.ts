import { describe, expect, it } from 'vitest';
import type { World } from './world';

/** What can be bought, and for how much. */
export function purchase(world: World): void {
  describe('what can be bought', () => {
    it('is told in tables', async () => {
      const { RegionSet } = await world.postgres.answer<{ RegionSet: { Region: string }[] }>('DescribeRegions');
      expect(RegionSet).toHaveLength(9);
      await world.postgres.answer('DescribeZones');
      await world.postgres.answer('DescribeDBVersions');
      await world.postgres.answer('DescribeClasses', {
        Zone: 'ap-guangzhou-3',
        DBEngine: 'postgresql',
        DBMajorVersion: '17',
      });
      const { SpecInfoList } = await world.postgres.answer<{
        SpecInfoList: { Zone: string; SpecItemInfoList: unknown[] }[];
      }>('DescribeProductConfig');
      expect(SpecInfoList.map(({ Zone }) => Zone)).toEqual(['ap-guangzhou-3', 'ap-guangzhou-4', 'ap-guangzhou-6']);
      expect(SpecInfoList[0]?.SpecItemInfoList.length).toBeGreaterThan(50);
      expect(await world.postgres.answer('DescribeProductConfig', { DBEngine: 'mssql_compatible' })).toMatchObject({
        SpecInfoList: [],
      });
      expect(await world.postgres.refusal('DescribeProductConfig', { Zone: 'ap-beijing-3' })).toBe(
        'InvalidParameterValue.IllegalZone',
      );
    });

    it('is free until there is a rate card', async () => {
      const wanted = { Zone: 'ap-guangzhou-3', SpecCode: 'pg.it.medium4', Storage: 100, InstanceCount: 2, Period: 1 };
      expect(await world.postgres.answer('InquiryPriceCreateDBInstances', wanted)).toMatchObject({
        Price: 0,
        OriginalPrice: 0,
        Currency: 'CNY',
      });
      expect(await world.postgres.refusal('InquiryPriceCreateDBInstances', { ...wanted, Period: 13 })).toBe(
        'InvalidParameterValue',
      );
      expect(await world.postgres.refusal('InquiryPriceCreateDBInstances', { ...wanted, SpecCode: 'pg.none' })).toBe(
        'InvalidParameterValue.BadSpec',
      );
      expect(await world.postgres.refusal('InquiryPriceCreateDBInstances', { ...wanted, DBEngine: 'mysql' })).toBe(
        'InvalidParameterValue',
      );
      expect(await world.postgres.refusal('InquiryPriceCreateDBInstances', { ...wanted, InstanceCount: 101 })).toBe(
        'InvalidParameterValue.ParameterOutOfRange',
      );
      expect(
        await world.postgres.refusal('InquiryPriceCreateDBInstances', { ...wanted, InstanceChargeType: 'PREPAID' }),
      ).toBe('UnsupportedOperation');
    });
  });
}
